load ../helper
# A request at the end of a pipe sets variables of the test.
shopt -s lastpipe

# mcprofile-cgi with routes of small programs: what HTTP, CGI and the chains do,
# apart from what enrolment makes of them (tests/flow).

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat > site.conf <<-END
		# a comment
		url = https://mdm.example.com
		organization = ACME "Inc." <x>
		routes = routes
		htdocs = $SRC/share/htdocs
		checkpassword = ./checkpassword
		stage-timeout = 2s
	END
	cat > routes <<-'END'
		/           GET,HEAD  anyone  text/html; charset=utf-8  page welcome
		/echo       POST      anyone  text/plain                cat
		/env        GET,POST  anyone  text/plain                ./env %{organization} "%{QUERY}x" a%{PATH}b
		/enroll     GET       user    text/plain                ./say %{USER}
		/profile    POST      device    text/plain              ./say device
		/profile    POST      enrolled  text/plain              ./say enrolled
		/type       GET       anyone  -                         ./type
		/notype     GET       anyone  -                         ./say x
		/no         GET       anyone  text/plain                ./no %{QUERY}
		/hang       GET       anyone  text/plain                sleep 100
		/flood      GET       anyone  text/plain                yes
		/kill       GET       anyone  text/plain                ./kill
		/absent     GET       anyone  text/plain                ./absent
		/unknown    GET       anyone  text/plain                ./say %{NOBODY}
		/again      GET       anyone  text/plain                ./again
		/below/*    GET       anyone  text/plain                ./say %{PATH}
	END
	program say 'printf "%s\n" "$*"'
	program env 'printf "<%s>\n" "$@"; env | sort'
	program type 'echo CONTENT_TYPE=image/x-test >&3; echo picture'
	program no 'echo UDID=0123 >&3; echo "no: the secret reason" >&2; echo the rest >&2; exit ${1:-1}'
	program kill 'kill -SEGV $$'
	program again 'echo REDIRECT=${P-/enroll} >&3; exit 1'
	program checkpassword 'login=$(tr "\0" "\n" <&3); case $login in
		"alice
		correct horse
		"*) exit 0 ;;
		"trouble
		"*) exit 111 ;;
		esac; exit 1'
	sed -i 's/^\t*//' checkpassword
}

program() {
	printf '#!/bin/sh\n%s\n' "$2" > "$1"
	chmod +x "$1"
}

# bare OPTION... < request: the answer in $answer, the log in $log.
bare() {
	mcprofile-cgi --site site.conf "$@" > answer 2> log 3>&- || { cat log; return 1; }
	parse
}

parse() {
	http=$(sed -n '1s/^HTTP\/1.1 \([0-9]*\) .*/\1/p; s/^Status: \([0-9]*\) .*/\1/p' answer | head -n 1)
	body=$(sed '1,/^\r$/d' answer)
}

header() { sed -n '1,/^\r$/p' answer | tr -d '\r' | sed -n "s/^$1: //Ip"; }
logged() { tail -n 1 log | jq -r ".$1 // \"\""; }
lacks() { if grep "$@"; then return 1; fi; }

get() { printf 'GET %s HTTP/1.1\r\nHost: x\r\n\r\n' "$1" | bare "${@:2}"; }

# cgi NAME=VALUE... [-- ARG...] < body
cgi() {
	local set=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		set+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	env -i PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS-}" GATEWAY_INTERFACE=CGI/1.1 MCPROFILE_SITE=site.conf \
	    REQUEST_METHOD=GET PATH_INFO=/ "${set[@]}" mcprofile-cgi "$@" > answer 2> log 3>&- || { cat log; return 1; }
	parse
}

@test "a page, with the headers that protect it" {
	get /
	[ "$http" = 200 ]
	[ "$(header content-type)" = "text/html; charset=utf-8" ]
	[ "$(header content-length)" -eq "$(sed '1,/^\r$/d' answer | wc -c)" ]
	[ "$(header cache-control)" = no-store ]
	[ "$(header x-content-type-options)" = nosniff ]
	[ "$(header x-frame-options)" = DENY ]
	[ "$(header referrer-policy)" = no-referrer ]
	[ "$(header connection)" = close ]
	[[ $(header content-security-policy) == "default-src 'none'; "* ]]
	[ -z "$(header strict-transport-security)" ]
	lacks -i '<script\|http-equiv\|src=' answer
	grep -q 'ACME &quot;Inc.&quot; &lt;x&gt;' answer
}

@test "HSTS binds every port of the host: only over TLS, and only where the site says so" {
	get / --tls
	[ -z "$(header strict-transport-security)" ]
	echo 'hsts = yes' >> site.conf
	get /
	[ -z "$(header strict-transport-security)" ]
	get / --tls
	[ "$(header strict-transport-security)" = max-age=31536000 ]
	get /nowhere --tls
	[ "$http $(header strict-transport-security)" = "404 max-age=31536000" ]
	cgi HTTPS=on PATH_INFO=/enroll REMOTE_USER=alice < /dev/null
	[ "$http $(header strict-transport-security)" = "200 max-age=31536000" ]
	cgi PATH_INFO=/ < /dev/null
	[ -z "$(header strict-transport-security)" ]
}

@test "HEAD is GET without the body, where the route says so" {
	get /
	local length
	length=$(header content-length)
	printf 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n' | bare
	[ "$http" = 200 ]
	[ "$(header content-length)" = "$length" ]
	[ -z "$body" ]
	printf 'HEAD /type HTTP/1.1\r\nHost: x\r\n\r\n' | bare
	[ "$http" = 405 ]
	[ -z "$body" ]
}

@test "unknown path, unknown method, method of another path" {
	get /nope
	[ "$http" = 404 ]
	[ "$(logged reason)" = "no route has this path" ]
	get /profile
	[ "$http" = 405 ]
	[ "$(header allow)" = POST ]
	printf 'DELETE /env HTTP/1.1\r\nHost: x\r\n\r\n' | bare
	[ "$http" = 405 ]
	[ "$(header allow)" = "GET, POST" ]
	get /below/a%20b
	[ "$http $body" = "200 /below/a b" ]
	get /below
	[ "$http" = 404 ]
	get /Echo
	[ "$http" = 404 ]
	get /below/../env
	[ "$http $body" = "200 /below/../env" ]
	get //env
	[ "$http" = 404 ]
}

@test "words are put in whole, and never cut, expanded or run" {
	get '/env?;touch%20x;$(id)`id`|*'
	[ "$http" = 200 ]
	[ "$(sed -n 1,3p <<< "$body")" = $'<ACME "Inc." <x>>\n<;touch%20x;$(id)`id`|*x>\n<a/envb>' ]
	[ ! -e x ]
}

@test "a program's environment is an allow-list and the facts" {
	export SECRET=1 LD_LIBRARY_PATHX=1 HTTP_LD_PRELOAD=/evil.so MCPROFILE_STRAY=1 TZ=UTC
	printf 'GET /env?q HTTP/1.1\r\nHost: x\r\nLD_PRELOAD: /evil.so\r\nProxy: http://evil\r\n\r\n' | bare --tls
	[ "$http" = 200 ]
	lacks 'SECRET\|LD_\|PROXY\|STRAY\|evil' answer
	[ "$(sed 1,3d <<< "$body" | sed 's/=.*//' | grep -v '^\(HOME\|LANG\|PWD\|OLDPWD\|SHLVL\|_\)$' | tr '\n' ' ')" = \
	    "MCPROFILE_HTTPS MCPROFILE_METHOD MCPROFILE_PATH MCPROFILE_QUERY MCPROFILE_REMOTE_ADDR MCPROFILE_REQUEST PATH TZ " ]
	grep -q '^MCPROFILE_QUERY=q$' answer
}

@test "CGI: variables in, Status out" {
	printf hello | cgi REQUEST_METHOD=POST SCRIPT_NAME=/echo PATH_INFO= CONTENT_LENGTH=5 REMOTE_ADDR=192.0.2.7
	[ "$(head -n 1 answer)" = $'Status: 200 OK\r' ]
	[ "$body" = hello ]
	[ "$(logged address)" = 192.0.2.7 ]
	cgi HTTPS=on PATH_INFO=/enroll REMOTE_USER=alice < /dev/null
	[ "$http $body" = "200 alice" ]
	[ "$(logged user)" = alice ]
	printf hell | cgi REQUEST_METHOD=POST PATH_INFO=/echo CONTENT_LENGTH=5
	[ "$http" = 400 ]
	printf hello | cgi REQUEST_METHOD=POST PATH_INFO=/echo CONTENT_LENGTH=5x
	[ "$http" = 400 ]
	printf hello | cgi REQUEST_METHOD=POST PATH_INFO=/echo
	[ "$http" = 411 ]
	printf hello | cgi REQUEST_METHOD=POST PATH_INFO=/echo CONTENT_LENGTH=1048577
	[ "$http" = 413 ]
	cgi PATH_INFO=$'/env\r\nSet-Cookie: a=b' < /dev/null
	[ "$http" = 400 ]
	lacks -i 'set-cookie' answer
	cgi PATH_INFO=/env HTTP_LD_PRELOAD=/evil.so LD_AUDITX=evil HTTP_PROXY=evil < /dev/null
	[ "$http" = 200 ]
	lacks evil answer
}

@test "CGI: argv that may be the client's is not looked at" {
	# what a server makes of GET /?--site+/etc/passwd, and of worse
	for args in "--key=x" "--site /etc/passwd" "--exec-all" "--help" "-h" "--version" "--tls" "a b c"; do
		cgi QUERY_STRING="${args// /+}" -- $args < /dev/null
		[ "$http" = 200 ]
		[ "$(header content-type)" = "text/html; charset=utf-8" ]
	done
	# a query hides the options of a script around the driver, and that is told
	cgi MCPROFILE_SITE= QUERY_STRING=abc -- --site site.conf < /dev/null || true
	grep -q '^Status: 400' answer
	grep -q 'looks like argv' log
}

@test "CGI: the options of a script around the driver count" {
	for query in "" "operation=GetCACaps"; do
		cgi MCPROFILE_SITE=/nonexistent QUERY_STRING="$query" -- --site site.conf < /dev/null
		[ "$http" = 200 ]
	done
}

@test "a site below a path" {
	sed -i 's,^url.*,url = https://mdm.example.com/apple/mdm,' site.conf
	get /apple/mdm/below/x
	[ "$http $body" = "200 /below/x" ]
	get /apple/mdm
	[ "$http" = 200 ]
	get /
	[ "$http" = 404 ]
	get /apple/mdmx
	[ "$http" = 404 ]
	cgi SCRIPT_NAME=/apple/mdm PATH_INFO=/below/y < /dev/null
	[ "$http $body" = "200 /below/y" ]
	# what pages and refusals lead to is below it too
	get /apple/mdm/
	grep -q ' href="https://mdm.example.com/apple/mdm/enroll"' answer
	lacks 'href="/' answer
	get /apple/mdm/nope
	grep -q ' href="https://mdm.example.com/apple/mdm/"' answer
	lacks 'href="/' answer
	get /apple/mdm/again
	[ "$http $(header location)" = "301 https://mdm.example.com/apple/mdm/enroll" ]
}

@test "Host changes nothing" {
	get /
	cp answer first
	for host in evil.example.com x:1 '"><script>' 'a b' ''; do
		printf 'GET / HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Host: evil\r\n\r\n' "$host" | bare
		diff <(grep -v ^Date first) <(grep -v ^Date answer)
	done
	printf 'GET http://evil.example.com/ HTTP/1.1\r\nHost: y\r\n\r\n' | bare
	diff <(grep -v ^Date first) <(grep -v ^Date answer)
}

@test "a login: never without TLS, never by a stranger" {
	local good bad
	good=$(printf 'alice:correct horse' | base64)
	bad=$(printf 'alice:correct' | base64)
	get /enroll
	[ "$http" = 403 ]
	[ -z "$(header www-authenticate)" ]
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nX-Forwarded-Proto: https\r\n\r\n' "$good" | bare
	[ "$http" = 403 ]
	cgi PATH_INFO=/enroll REMOTE_USER=alice < /dev/null
	[ "$http" = 403 ]
	cgi PATH_INFO=/enroll HTTPS=off HTTP_AUTHORIZATION="Basic $good" < /dev/null
	[ "$http" = 403 ]

	get /enroll --tls
	[ "$http" = 401 ]
	[[ $(header www-authenticate) == 'Basic realm="'* ]]
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\n\r\n' "$good" | bare --tls
	[ "$http $body" = "200 alice" ]
	for auth in "Basic $bad" "Basic" "Basic !" "Bearer $good" "Basic $(printf alice | base64)" "Basic $(printf ':x' | base64)" \
	    "Basic $(printf 'alice\0b:correct horse' | base64)" "Basic $(printf 'al\nice:correct horse' | base64)" \
	    "Basic $(printf 'alice:%0600d' 0 | base64 -w0)"; do
		printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n' "$auth" | bare --tls
		[ "$http" = 401 ]
		[ -n "$(header www-authenticate)" ]
	done
	for name in 'al\nice' 'al\tice' 'al\177ice' 'al\302\233ice'; do
		printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\n\r\n' "$(printf "$name:correct horse" | base64)" | bare --tls
		[ "$http $(logged reason)" = "401 the name holds a control character" ]
	done
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\n\r\n' "$(printf 'al\344:x' | base64)" | bare --tls
	[ "$http $(logged reason)" = "401 the name is not UTF-8" ]
	# a header that only looks like the web server's word
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nRemote-User: root\r\nREMOTE_USER: root\r\n\r\n' | bare --tls
	[ "$http" = 401 ]
}

@test "a login that nobody can check" {
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\n\r\n' "$(printf trouble:x | base64)" | bare --tls
	[ "$http" = 503 ]
	[ "$(logged reason)" = "checkpassword: exit status 111" ]
	sed -i 's/^checkpassword.*/checkpassword = .\/absent x/' site.conf
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eDp4\r\n\r\n' | bare --tls
	[ "$http" = 500 ]
	[ "$(logged reason)" = "checkpassword: cannot start ./absent: No such file or directory" ]
	sed -i /^checkpassword/d site.conf
	get /enroll --tls
	[ "$http" = 500 ]
	[[ $(logged reason) == "nobody checks passwords: let the web server do it, or set checkpassword in site.conf" ]]
}

@test "a message to be signed is of the right type, and signed" {
	printf 'POST /profile HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi' | bare
	[ "$http" = 415 ]
	printf 'POST /profile HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi' | bare
	[ "$http" = 415 ]
	[ "$(header content-type)" = "text/html; charset=utf-8" ]
	printf 'device-ca = %s\n' "$SRC/tests/vectors" >> site.conf
	printf 'POST /profile HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs7-signature; a=b\r\nContent-Length: 2\r\n\r\nhi' | bare
	[ "$http" = 403 ]
	[ "$(logged verdict)" = UNSIGNED ]
	[ "$(logged stage)" = mcprofile-verify ]
	{
		printf 'POST /profile HTTP/1.1\r\nHost: x\r\nContent-Type: Application/PKCS7-Signature\r\nContent-Length: %d\r\n\r\n' \
		    "$(stat -c %s "$SRC/tests/vectors/good-ios6.p7")"
		cat "$SRC/tests/vectors/good-ios6.p7"
	} > request
	bare < request
	[ "$http $body" = "200 device" ]
	[ "$(logged signer)" = device ]
	sed -i '/POST  *device/d' routes
	bare < request
	[ "$http" = 403 ]
	[ "$(logged verdict)" = UNTRUSTED ]
}

@test "a stage refuses: its status, and its words only in the log" {
	local n status
	for pair in 1:403 5:403 10:403 65:400 66:500 70:500 74:500 75:503 64:500 127:500; do
		get "/no?${pair%:*}"
		[ "$http" = "${pair#*:}" ]
		[ "$(logged reason)" = "the secret reason" ]
		[ "$(logged stage)" = no ]
		[ "$(logged udid)" = 0123 ]
		lacks 'secret\|the rest' answer
		grep -q "$(logged id)" answer
	done
}

@test "a stage hangs, floods, dies, is not there" {
	local began=$SECONDS
	get /hang
	[ "$http" = 503 ]
	[ "$(logged reason)" = "not done after 2 s: killed" ]
	[ $((SECONDS - began)) -lt 10 ]
	lacks . <(pgrep -fx 'sleep 100' -P $$)
	get /flood
	[ "$http" = 500 ]
	[ "$(logged reason)" = "the program writes: more than 16777216 bytes" ]
	get /kill
	[ "$http" = 500 ]
	[ "$(logged reason)" = "killed by signal 11 (Segmentation fault)" ]
	get /absent
	[ "$http" = 500 ]
	[ "$(logged reason)" = "cannot start ./absent: No such file or directory" ]
	get /unknown
	[ "$http" = 500 ]
	[ "$(logged reason)" = "%{NOBODY} is not known here" ]
	# no shell ever guesses what a file without #! might be
	printf 'echo ran by a shell\n' > absent
	chmod +x absent
	get /absent
	[ "$http" = 500 ]
	[ "$(logged reason)" = "cannot start ./absent: Exec format error" ]
}

@test "a refusal of an enrolment goes to the record, and changes no answer" {
	local id how
	id=$(mcprofile-track --dir record start --user alice > /dev/null; python3 -c 'import sqlite3
print(sqlite3.connect("record/store.db").execute("SELECT id FROM enrolment").fetchone()[0])')
	record() { mcprofile-track --dir record show "$id" | tail -n +2 | grep refused; }
	program no "echo ENROLMENT=$id >&3; printf 'no: a\\033[1m\\tb \\303\\251' >&2; exit 1"
	# no record, or nobody's enrolment: nothing to tell
	get /no
	[ "$http $(logged unrecorded)" = "403 " ]
	echo 'track = record' >> site.conf
	for how in --tls --exec-all; do
		get /no $how
		[ "$http" = 403 ]
		[ -z "$(logged unrecorded)" ] || { cat log; false; }
		[ "$(record | tail -n 1 | cut -d' ' -f3-)" = $'no     refused  a [1m b \303\251' ] || { record; false; }
	done
	[ "$(record | grep -c ' no ')" -eq 2 ]
	# a yes is not told, nor what mcprofile-track has refused itself
	printf '#!/bin/sh\necho ENROLMENT=%s >&3; exit 1\n' "$id" > mcprofile-track
	chmod +x mcprofile-track
	echo '/track GET anyone text/plain ./mcprofile-track' >> routes
	get /track
	[ "$http $(logged stage)" = "403 mcprofile-track" ]
	program say "echo ENROLMENT=$id >&3; echo yes"
	get /below/x
	[ "$http $body" = "200 yes" ]
	[ "$(record | wc -l)" -eq 3 ]
	# it cannot be told
	for how in --tls --exec-all; do
		sed -i 's/^track.*/track = nowhere/' site.conf
		get /no $how
		[ "$http" = 403 ]
		[[ "$(logged reason)" = a*b* ]]
		[[ "$(logged unrecorded)" = *"nowhere/store.db: No such file or directory" ]] || { cat log; false; }
		lacks 'nowhere' answer
	done
}

@test "the content type that a stage sets" {
	get /type
	[ "$http $body" = "200 picture" ]
	[ "$(header content-type)" = image/x-test ]
	get /notype
	[ "$http" = 500 ]
	[ "$(logged reason)" = "the chain has not set the fact CONTENT_TYPE" ]
}

@test "a refusal that says where to begin again" {
	get /again
	[ "$http" = 301 ]
	[ "$(header location)" = https://mdm.example.com/enroll ]
	for path in //evil.example.com '\r' 'http://evil' '/a b' '/a?b' ''; do
		program again "echo 'REDIRECT=$path' >&3; exit 1"
		get /again
		case $path in
		//*) [ "$(header location)" = "https://mdm.example.com$path" ] ;;
		*) [ "$http $(header location)" = "403 " ] ;;
		esac
	done
	# not for a fault of ours, and not with a yes
	program again "echo REDIRECT=/enroll >&3; exit 70"
	get /again
	[ "$http" = 500 ]
	program again "echo REDIRECT=/enroll >&3; echo yes"
	get /again
	[ "$http $body" = "200 yes" ]
}

@test "requests that two readers might understand differently" {
	local n=0 status
	while IFS='|' read -r status request; do
		n=$((n + 1))
		printf "$request" | bare
		[ "$http" = "$status" ] || { echo "want $status, got $http: $request"; return 1; }
		[ "$(grep -c '^HTTP/1.1 ' answer)" -eq 1 ]
	done <<-'END'
		400|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\nhi
		411|POST /echo HTTP/1.1\r\nHost: x\r\n\r\nhi
		411|POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n
		400|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nX: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\nHost: x\nContent-Length: 2\n\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nX: a\rb\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi
		400|POST  /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi
		400|POST /e%%0d%%0aX:%%20y HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi
		400|POST /e%%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi
		400|POST /echo HTTP/1.1 \r\nHost: x\r\nContent-Length: 2\r\n\r\nhi
		400|GET /\r\n\r\n
		400|\r\nGET / HTTP/1.0\r\n\r\n
		505|GET / HTTP/2.0\r\nHost: x\r\n\r\n
		417|POST /echo HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 2\r\n\r\nhi
		200|POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhiGET /env HTTP/1.1\r\nHost: x\r\n\r\n
		200|GET / HTTP/1.0\r\nTE: trailers\r\n\r\n
	END
	[ $n -eq 26 ]
}

@test "limits: head, body, query, and nobody's patience" {
	printf 'GET / HTTP/1.1\r\nHost: x\r\nX: %033000d\r\n\r\n' 0 | bare
	[ "$http" = 431 ]
	printf 'GET /env?%017000d HTTP/1.1\r\nHost: x\r\n\r\n' 0 | bare
	[ "$http" = 414 ]
	printf 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n' | bare
	[ "$http" = 413 ]
	printf 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n' | bare
	[ "$http" = 413 ]
	{ printf 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n' && head -c 1048576 /dev/zero; } | bare
	[ "$http" = 200 ]
	[ "$(header content-length)" = 1048576 ]
	printf 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nhi' | bare
	[ "$http" = 400 ]
	: | bare
	[ ! -s answer ]
	[ ! -s log ]
	# a client that goes on sending sees why it is refused
	printf 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\n' | "$SRC/tests/cli/bare.py" refused site.conf > answer
	parse
	[ "$http" = 413 ]
}

@test "every cut of a request gives the same answer" {
	printf 'POST /echo?q HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\na\r\n\r\nb' | "$SRC/tests/cli/bare.py" split site.conf > answer
	parse
	[ "$http" = 200 ]
	[ "$(tail -c 6 answer | od -An -c | tr -d ' ')" = 'a\r\n\r\nb' ]
}

@test "100 Continue, and a client that ends its side" {
	printf 'POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi' > request
	"$SRC/tests/cli/bare.py" expect site.conf < request > answer
	[ "$(head -n 1 answer)" = $'HTTP/1.1 100 Continue\r' ]
	[ "$(sed -n 3p answer)" = $'HTTP/1.1 200 OK\r' ]
	[ "$(tail -c 2 answer)" = hi ]
	# no body is asked for that would be refused
	printf 'POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n' | bare
	[ "$(head -n 1 answer)" = $'HTTP/1.1 413 Content Too Large\r' ]
	"$SRC/tests/cli/bare.py" half site.conf < request > answer
	[ "$(tail -c 2 answer)" = hi ]
}

@test "a client slower than the deadline: 408" {
	run "$SRC/tests/cli/bare.py" slow site.conf 45
	[[ $output =~ ^"HTTP/1.1 408 Request Timeout "(29|30|31|32|33)$ ]] || { show; false; }
}

@test "started or built in: the same bytes, the same log" {
	printf 'device-ca = %s\nca = ca\n' "$SRC/tests/vectors" >> site.conf
	scep-ca init --dir ca --subject /CN=x > out
	cat >> routes <<-'END'
		/CA    GET  anyone  application/x-x509-ca-cert  scep-ca --dir %{ca} cacert | cat
		/scep  GET,POST  anyone  -  scep-ca --dir %{ca} respond
	END
	same_both_ways() {
		bare < request
		grep -v ^Date answer | sed 's/[0-9A-F]\{8\}-[0-9A-F-]\{27\}/id/' > one
		jq -S 'del(.time, .id, .ms)' log > one.log
		bare --exec-all < request
		grep -v ^Date answer | sed 's/[0-9A-F]\{8\}-[0-9A-F-]\{27\}/id/' > two
		jq -S 'del(.time, .id, .ms)' log > two.log
		cmp one two
		diff one.log two.log
	}
	printf 'GET /CA HTTP/1.1\r\nHost: x\r\n\r\n' > request
	same_both_ways
	[ "$http" = 200 ]
	printf 'GET /scep?operation=GetCACaps HTTP/1.1\r\nHost: x\r\n\r\n' > request
	same_both_ways
	[ "$http" = 200 ]
	printf 'GET /scep?operation=Nonsense HTTP/1.1\r\nHost: x\r\n\r\n' > request
	same_both_ways
	[ "$http" = 400 ]
	[ "$(header content-type)" = "text/plain; charset=utf-8" ]
	for p7 in good-ios6 bad-signature bad-truncated; do
		{
			printf 'POST /profile HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs7-signature\r\nContent-Length: %d\r\n\r\n' \
			    "$(stat -c %s "$SRC/tests/vectors/$p7.p7")"
			cat "$SRC/tests/vectors/$p7.p7"
		} > request
		same_both_ways
	done
	[ "$http" != 200 ]
}

@test "nothing secret is in the log or in an argument" {
	program say 'tr "\0" " " < /proc/$$/cmdline >&2; echo >&2; echo TOKEN=canary3 >&3; exit 1'
	printf 'GET /enroll?token=canary1 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nCookie: canary2\r\n\r\n' \
	    "$(printf 'alice:correct horse' | base64)" | bare --tls
	[ "$http" = 403 ]
	[ "$(logged user)" = alice ]
	lacks 'canary\|correct\|horse\|Basic' log
	printf 'GET /enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\n\r\n' "$(printf 'alice:canary4' | base64)" | bare --tls
	lacks "canary\|$(printf 'alice:canary4' | base64)" log answer
}

@test "a log line is one JSON object, whatever is in it" {
	program no 'printf "no: \"}\n{\"forged\":1}\n" >&2; exit 1'
	printf 'GET /no%%22%%7d HTTP/1.1\r\nHost: x\r\n\r\n' | bare
	[ "$(wc -l < log)" -eq 1 ]
	[ "$(logged path)" = '/no"}' ]
	get /no
	[ "$(wc -l < log)" -eq 1 ]
	[ "$(logged reason)" = '"}' ]
	printf '#!/usr/bin/printf \\377bad\\n\n' > no
	get /no
	[ "$(wc -l < log)" -eq 1 ]
	jq . log
}

@test "site.conf: mistakes are told by file and line, and clients get a 500" {
	try() {
		cp site.conf saved
		sed -i "$1" site.conf
		run --separate-stderr bash -c 'printf "GET / HTTP/1.0\r\n\r\n" | mcprofile-cgi --site site.conf 3>&-'
		cp saved site.conf
		[ "$stderr" = "mcprofile-cgi: $2" ] || { echo "$stderr"; return 1; }
		[ "$status" -ge 64 ]
		[[ ${lines[0]} == "HTTP/1.1 500 "* ]]
	}
	bats_require_minimum_version 1.5.0
	try 's/^url.*/nonsense/' "site.conf:2: want NAME = VALUE"
	try 's/^url/uri/' "site.conf:2: uri: no such setting; did you mean url?"
	try '/^url/d' "site.conf: url is required"
	try 's/https/http/' "site.conf: url: http://mdm.example.com: want https://, devices take nothing else"
	try 's,^url.*,&/,' "site.conf: url: https://mdm.example.com/: leave out the / at its end"
	try 's,^url.*,&?a,' "site.conf: url: https://mdm.example.com?a: want https://HOST[:PORT][/PATH], without a query"
	try '2s/^/key-size = 1\n/' "site.conf:2: key-size: want one of 2048|1024|4096, not 1"
	try '2s/^/token-lifetime = soon\n/' "site.conf:2: token-lifetime: want a time like 90s, 15m, 1h or 2d, not soon"
	for name in token-lifetime challenge-lifetime stage-timeout; do
		try "/^stage-timeout/d; 2s/^/$name = 0s\n/" "site.conf:2: $name: want a time like 90s, 15m, 1h or 2d, not 0s"
	done
	try 's/^checkpassword.*/checkpassword = a | b/' 'site.conf: checkpassword: want PROGRAM ARG..., with | [ ] only in quotes'
	try '2s/^/ca = ca\nscep-challenge = file:x\n/' "site.conf: scep-challenge: the CA of the setting ca makes its own"
	try '2s/^/scep-profile = wifi\n/' "site.conf: scep-profile: is one of the CA of the setting ca, which is missing"
	try '2s,^,ca = ca\nscep-profile = a/b\n,' 'site.conf: scep-profile: "a/b": not a profile'"'s name"
	for end in "" /swifi /wifi/x; do
		try "2s,^,ca = ca\nscep-profile = wifi\nscep-url = https://x/scep$end\n," "site.conf: scep-url: has to end in /wifi, as scep-profile says"
	done
	try '2s/^/scep-challenge = secret\n/' "site.conf: scep-challenge: want file:PATH"
	try '2s/^/sign-passphrase = env:X\n/' "site.conf: sign-passphrase: want file:PATH"
	try 's/^routes.*/routes = nope/' "nope: No such file or directory"
}

@test "routes: mistakes are told by file and line" {
	bats_require_minimum_version 1.5.0
	try() {
		printf '%s\n' "$1" > routes
		run --separate-stderr bash -c 'printf "GET / HTTP/1.0\r\n\r\n" | mcprofile-cgi --site site.conf 3>&-'
		[ "$stderr" = "mcprofile-cgi: $2" ] || { echo "$stderr"; return 1; }
		[[ ${lines[0]} == "HTTP/1.1 500 "* ]]
	}
	try '' "routes: no routes"
	try $'# x\n/a GET anyone text/plain cat |' "routes:2: no stage after |"
	try '/a GET anyone text/plain cat %{nope}' "routes:1: %{nope}: there is no such setting"
	try '/a GET anyone text/plain cat [%{nope}]' "routes:1: %{nope}: there is no such setting"
	try '/a GET anyone text/plain cat %{sign-key}' "routes:1: %{sign-key}: this route needs the setting sign-key in site.conf"
	try '/a GET anyone text/plain page ../etc' "routes:1: page ../etc: want one name of small letters, digits and -"
	try '/a GET anyone text/plain' "routes:1: the chain is missing"
	printf 'attribute = A\nattribute = B\n' >> site.conf
	try '/a GET anyone text/plain cat %{attribute}' "routes:1: %{attribute}: is a list: write it in [ ]"
}

@test "a row that the settings leave nothing of is no row" {
	echo '/ca GET anyone text/plain [./say %{ca}]' >> routes
	get /ca
	[ "$http" = 404 ]
	echo 'ca = some folder' >> site.conf
	get /ca
	[ "$http $body" = "200 some folder" ]
}

@test "paths in site.conf begin at its folder" {
	mkdir elsewhere
	cd elsewhere
	printf 'GET /below/x HTTP/1.0\r\n\r\n' | mcprofile-cgi --site ../site.conf > ../answer 2> ../log 3>&-
	cd ..
	parse
	[ "$http" = 200 ]
}

@test "the command line" {
	run mcprofile-cgi
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-cgi: --site FILE is required" ]
	run mcprofile-cgi --site nope.conf < /dev/null
	[ "$status" -eq 66 ]
	[ "$output" = "mcprofile-cgi: nope.conf: No such file or directory" ]
	run mcprofile-cgi --nope
	[ "$status" -eq 64 ]
	printf 'GET / HTTP/1.0\r\n\r\n' > request
	run bash -c 'mcprofile-cgi --site site.conf < request 2>&1 > /dev/full 3>&-'
	[ "$status" -eq 74 ]
	[[ $output == *"mcprofile-cgi: write: No space left on device" ]]
}
