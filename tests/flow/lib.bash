# For the tests of the whole flow: a site, the ways to serve it, a device made
# of openssl, and a way to compare what two enrolments exchanged.
# shellcheck shell=bash
# A request at the end of a pipe sets variables of the test.
shopt -s lastpipe

# make_site DIR PORT: a site as the demo has it.
make_site() { "$SRC/examples/demo/site" "$1" "$2" > "$1.log" 2>&1 || { cat "$1.log"; return 1; }; }

# wait_port PORT PID: until something listens; the server's log when it died.
wait_port() {
	for _ in $(seq 100); do
		(exec 4<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return 0
		kill -0 "$2" 2> /dev/null || return 1
		sleep 0.1
	done
	return 1
}

# serve_lighttpd SITE PORT cgi|fcgi [DRIVER-OPTION...]: lighttpd in the
# foreground of its own process; its pid is in $server.
serve_lighttpd() {
	local site=$1 port=$2 how=$3
	shift 3
	"$SRC/examples/demo/lighttpd.conf" "$site" "$port" "$how" "$@" > "$site/lighttpd-$how.conf"
	lighttpd -D -f "$site/lighttpd-$how.conf" > "$site/lighttpd.log" 2>&1 3>&- &
	server=$!
	wait_port "$port" $server || { cat "$site/lighttpd.log"; return 1; }
}

# serve_bare SITE PORT [DRIVER-OPTION...]: one process a connection behind TLS.
serve_bare() {
	local site=$1 port=$2
	shift 2
	socat "OPENSSL-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork,verify=0,cert=$site/tls.pem,key=$site/tls.key" \
	    EXEC:"mcprofile-cgi --site $site/site.conf --tls${*:+ $*}" 2> "$site/socat.log" 3>&- &
	server=$!
	wait_port "$port" $server || { cat "$site/socat.log"; return 1; }
}

stop_server() {
	[ -z "${server-}" ] || { kill "$server" 2> /dev/null; wait "$server" 2> /dev/null; }
	server=
}

# cgi SITE METHOD PATH[?QUERY] [NAME=VALUE...] < body: one request through the
# driver as CGI/1.1, over HTTPS unless HTTPS= is given; $DRIVER may hold an
# option of it.  The answer is in $answer (a file), its status in $http, the
# log line in $logline.
cgi() {
	local site=$1 method=$2 target=$3 body=$BATS_TEST_TMPDIR/body
	shift 3
	cat > "$body"
	answer=$BATS_TEST_TMPDIR/answer
	env -i PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS-}" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$method" \
	    PATH_INFO="${target%%\?*}" SCRIPT_NAME= QUERY_STRING="$(case $target in *\?*) echo "${target#*\?}" ;; esac)" \
	    CONTENT_LENGTH="$(stat -c %s "$body")" REMOTE_ADDR=127.0.0.1 SERVER_PROTOCOL=HTTP/1.1 HTTPS=on "$@" \
	    mcprofile-cgi --site "$site/site.conf" ${DRIVER-} < "$body" > "$answer" 2> "$BATS_TEST_TMPDIR/log" 3>&- || { cat "$BATS_TEST_TMPDIR/log"; return 1; }
	http=$(sed -n '1,/^\r$/s/^Status: \([0-9]*\).*/\1/p' "$answer")
	logline=$(tail -n 1 "$BATS_TEST_TMPDIR/log")
}

# The answer's body, the answer's header NAME.
body() { py -c 'import sys; sys.stdout.buffer.write(open(sys.argv[1], "rb").read().split(b"\r\n\r\n", 1)[1])' "$answer"; }
header() { sed -n '1,/^\r$/p' "$answer" | tr -d '\r' | sed -n "s/^$1: //Ip"; }

# A field of the last log line.
logged() { jq -r ".$1 // \"\"" <<< "$logline"; }

# plist KEY VALUE...: an XML property list of strings.
plist() {
	py -c 'import plistlib, sys; a = sys.argv[1:]; sys.stdout.buffer.write(plistlib.dumps(dict(zip(a[::2], a[1::2]))))' "$@"
}

# get KEYPATH < plist: a value, in Python's words: get "['PayloadContent']['Challenge']".
get() { py -c 'import plistlib, sys; print(eval("p" + sys.argv[1], {"p": plistlib.loads(sys.stdin.buffer.read())}))' "$1"; }

# leaf SITE NAME: a factory certificate NAME.pem, NAME.key, by the site's
# stand-in for the makers' CA, made by openssl.
leaf() {
	openssl req -new -newkey rsa:2048 -nodes -keyout "$2.key" -subj "/CN=$2" 2> /dev/null |
	    openssl x509 -req -CA "$1/factory/device-ca.pem" -CAkey "$1/factory/device-ca.key" -set_serial "0x$(openssl rand -hex 12)" \
	        -days 30 -out "$2.pem" 2> /dev/null
}

# signed_by CERT KEY [CMS-OPTION...] < content: a message as devices send it.
signed_by() {
	local cert=$1 key=$2
	shift 2
	openssl cms -sign -binary -nodetach -nosmimecap -outform DER -signer "$cert" -inkey "$key" "$@" 2> /dev/null
}

# The content of a signed message, unchecked.
content() { openssl cms -verify -noverify -nosigs -binary -inform DER 2> /dev/null; }

# start_enrolment SITE USER: the challenge of a fresh phase 1.
start_enrolment() {
	cgi "$1" GET /enroll REMOTE_USER="$2" < /dev/null
	[ "$http" = 200 ]
	token=$(body | content | get "['PayloadContent']['Challenge']")
}

# post SITE < message: phase 2 or 3.
post() { cgi "$1" POST /profile CONTENT_TYPE=application/pkcs7-signature; }

# normal < plist: the same text for two profiles that differ in what is random
# or dated only: UUIDs, challenges, ports, addresses of the site.
normal() {
	python3 -c '
import plistlib, re, sys
def same(v, key=""):
    if isinstance(v, dict): return {same(k): same(x, k) for k, x in v.items()}
    if isinstance(v, list): return [same(x) for x in v]
    if isinstance(v, bytes) and key != "CAFingerprint": return b"bytes"
    if key in ("Challenge", "CHALLENGE"): return "challenge"
    if isinstance(v, str):
        v = re.sub(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}", "uuid", v)
        return re.sub(r"localhost:[0-9]+", "localhost:port", v)
    return v
sys.stdout.buffer.write(plistlib.dumps(same(plistlib.loads(sys.stdin.buffer.read())), sort_keys=False))'
}
