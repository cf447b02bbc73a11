# One complete enrolment through each kind of web server, with the stages built
# in and with each as a process of its own: the messages are the same.
load ../helper
load lib

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/site
	make_site "$SITE" 8443
	# every way is the same device, so that only what is random differs
	printf '%s\n' 00008101-000A11112222333A > "$BATS_FILE_TMPDIR/udid"
}
setup() { cd "$BATS_FILE_TMPDIR"; }
teardown() { stop_server; }

# enrol WAY PORT: the device, its messages in WAY.messages, its profile in
# WAY.mobileconfig; then what can be compared, in WAY.normal.
enrol() {
	local way=$1 port=$2
	"$SRC/examples/demo/site" "$SITE" "$port" > /dev/null
	mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$SITE/pw" --ca "$SITE/ca/ca.pem" \
	    --factory "$SITE/factory" --udid "$(cat udid)" --serial F000000001 --product iPhone15,2 --device-version 21A329 \
	    --identity "$way.identity" --save "$way.messages" -o "$way.mobileconfig" 2> "$way.log" || { cat "$way.log" "$SITE/log"; return 1; }
	{
		content < "$way.messages/1-enroll.mobileconfig" | normal
		content < "$way.messages/2-profile.mobileconfig" | normal
		content < "$way.messages/3-profile.mobileconfig" | normal
		normal < "$way.mobileconfig"
	} > "$way.normal"
	[ "$(grep -c '</plist>' "$way.normal")" -eq 4 ]
}

# same WAY: as the first way did.
same() { [ -e first.normal ] || cp "$1.normal" first.normal; diff first.normal "$1.normal"; }

# lighttpd HOW WAY [DRIVER-OPTION...]
through_lighttpd() {
	local how=$1 way=$2 port
	shift 2
	port=$(free_port)
	"$SRC/examples/demo/site" "$SITE" "$port" > /dev/null
	serve_lighttpd "$SITE" "$port" "$how" "$@"
	enrol "$way" "$port"
	same "$way"
}

through_socat() {
	local way=$1 port
	shift
	port=$(free_port)
	"$SRC/examples/demo/site" "$SITE" "$port" > /dev/null
	serve_bare "$SITE" "$port" "$@"
	enrol "$way" "$port"
	same "$way"
}

@test "FastCGI under lighttpd, stages built in" { through_lighttpd fcgi fcgi; }
@test "FastCGI under lighttpd, each stage a process" { through_lighttpd fcgi fcgi-exec --exec-all; }
@test "CGI under lighttpd, stages built in" { through_lighttpd cgi cgi; }
@test "CGI under lighttpd, each stage a process" { through_lighttpd cgi cgi-exec --exec-all; }
@test "bare HTTP behind socat with TLS, stages built in" { through_socat bare; }
@test "bare HTTP behind socat with TLS, each stage a process" { through_socat bare-exec --exec-all; }

@test "the final profile is the template with the variables filled in, as plistlib and openssl see it" {
	content < fcgi.messages/3-profile.mobileconfig > outer.plist
	get "['EncryptedPayloadContent']" < outer.plist > /dev/null
	python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.load(open("outer.plist", "rb"))["EncryptedPayloadContent"])' > content.p7
	openssl cms -decrypt -binary -inform DER -in content.p7 -recip fcgi.identity/identity.pem -inkey fcgi.identity/identity.key -out content.plist
	python3 - "$SITE/base.mobileconfig" "$(cat udid)" <<- 'EOF'
		import plistlib, re, sys
		values = {"user": "alice", "udid": sys.argv[2], "product": "iPhone15,2"}
		uuids = {}
		def fill(v):
		    if isinstance(v, dict): return {fill(k): fill(x) for k, x in v.items()}
		    if isinstance(v, list): return [fill(x) for x in v]
		    if isinstance(v, str): return re.sub(r"\$\{(\w+)\}", lambda m: values[m.group(1)], v)
		    return v
		def same(a, b, path=""):
		    assert type(a) is type(b), (path, a, b)
		    if isinstance(a, dict):
		        assert sorted(a) == sorted(b), (path, list(a), list(b))
		        for k in a: same(a[k], b[k], path + "." + k)
		    elif isinstance(a, list):
		        assert len(a) == len(b), path
		        for i, (x, y) in enumerate(zip(a, b)): same(x, y, "%s[%d]" % (path, i))
		    elif path.endswith("PayloadUUID"):
		        assert a != b and uuids.setdefault(b, a) == a, (path, a, b)
		    else:
		        assert a == b, (path, a, b)
		want = fill(plistlib.load(open(sys.argv[1], "rb")))
		final = plistlib.load(open("fcgi.mobileconfig", "rb"))
		same(want, final)
		assert len(uuids) == 3
		# what openssl decrypts is what the device says it decrypted
		assert plistlib.load(open("content.plist", "rb")) == final["PayloadContent"]
		# and the wrapping carries the rest of the top level
		outer = plistlib.load(open("outer.plist", "rb"))
		assert "PayloadContent" not in outer
		for k, v in final.items():
		    if k != "PayloadContent": assert outer[k] == v, k
	EOF
}

@test "openssl verifies each of the site's signatures, and the identity" {
	for m in 1-enroll 2-profile 3-profile; do
		openssl cms -verify -binary -inform DER -in "fcgi.messages/$m.mobileconfig" -CAfile "$SITE/ca/ca.pem" -out /dev/null
	done
	openssl verify -CAfile "$SITE/ca/ca.pem" fcgi.identity/identity.pem
}

@test "the identity has the subject that the site assigned, and is in the CA's record" {
	serial=$(openssl x509 -in fcgi.identity/identity.pem -noout -serial | cut -d= -f2)
	scep-ca --dir "$SITE/ca" list | grep -q "$serial"
	subject=$(content < fcgi.messages/2-profile.mobileconfig | get "['PayloadContent'][0]['PayloadContent']['Subject']")
	cn=$(python3 -c 'import ast, sys; print(ast.literal_eval(sys.argv[1])[-1][0][1])' "$subject")
	openssl x509 -in fcgi.identity/identity.pem -noout -subject | grep -qF "$cn"
}

@test "who asks is the same profile each time, who gives an identity another one" {
	uuid() { content < "$1" | get "['PayloadUUID']"; }
	[[ "$(uuid fcgi.messages/1-enroll.mobileconfig)" = ????????-????-5* ]]
	[ "$(uuid fcgi.messages/1-enroll.mobileconfig)" = "$(uuid bare.messages/1-enroll.mobileconfig)" ]
	[[ "$(uuid fcgi.messages/2-profile.mobileconfig)" = ????????-????-4* ]]
	[ "$(uuid fcgi.messages/2-profile.mobileconfig)" != "$(uuid bare.messages/2-profile.mobileconfig)" ]
}

@test "the enrolments are on record, each delivered to alice" {
	[ "$(mcprofile-track --dir "$SITE/track" list | grep -c 'alice.*delivered')" -eq 6 ]
}

@test "a device refreshes its profile at phase 3, as often as it likes" {
	port=$(free_port)
	"$SRC/examples/demo/site" "$SITE" "$port" > /dev/null
	sed -i "s/localhost:[0-9]*/localhost:$port/" bare.identity/enrolment.plist
	serve_bare "$SITE" "$port"
	for i in 1 2; do
		mcprofile-device refresh --identity bare.identity --ca "$SITE/ca/ca.pem" -o refreshed.mobileconfig
		diff <(normal < refreshed.mobileconfig) <(normal < bare.mobileconfig)
	done
}

@test "a program of the site's own decides: facts in, facts out, refusals" {
	cat > decide <<- 'EOF'
		#!/bin/sh
		# facts come in the environment, the message passes through
		[ "$MCPROFILE_UDID" = 00008101-000A11112222333A ] && [ "$MCPROFILE_USER" = alice ] || exit 1
		cat
		echo "TEMPLATE=$PWD/special.mobileconfig" >&3
		echo "DEPARTMENT=Accounts & <Audit>" >&3
	EOF
	chmod 755 decide
	sed 's/Help for \${user}/Help for ${department}/' "$SITE/base.mobileconfig" > "$SITE/special.mobileconfig"
	port=$(free_port)
	"$SRC/examples/demo/site" "$SITE" "$port" > /dev/null
	echo "decide = $PWD/decide" >> "$SITE/site.conf"
	sed -i "s/localhost:[0-9]*/localhost:$port/" bare.identity/enrolment.plist
	serve_bare "$SITE" "$port"
	mcprofile-device refresh --identity bare.identity --ca "$SITE/ca/ca.pem" -o special.mobileconfig
	[ "$(get "['PayloadContent'][1]['Label']" < special.mobileconfig)" = "Help for Accounts & <Audit>" ]

	echo 'exit 1' > decide.sh
	printf '#!/bin/sh\necho "not on a Sunday" >&2\nexit 1\n' > decide
	run -1 mcprofile-device refresh --identity bare.identity --ca "$SITE/ca/ca.pem" -o refused.mobileconfig
	[ ! -e refused.mobileconfig ]
	grep -q 'not on a Sunday' "$SITE/socat.log"
}

@test "scep-profile: the certificates are of that profile of our CA" {
	local port site=$BATS_TEST_TMPDIR/site
	port=$(free_port)
	make_site "$site" "$port"
	printf '%s\n' '[profile phones]' 'lifetime = 2d' '[profile servers]' 'extended-key-usage = serverAuth' > "$site/ca/ca.conf"
	echo 'scep-profile = phones' >> "$site/site.conf"
	serve_bare "$site" "$port"
	mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$site/pw" --ca "$site/ca/ca.pem" \
	    --factory "$site/factory" --identity "$site/phone" --save "$site/messages" -o "$site/got" || { cat "$site/log"; return 1; }
	content < "$site/messages/2-profile.mobileconfig" | grep -q "https://localhost:$port/scep/phones<"
	[ "$(scep-ca --dir "$site/ca" list --profile phones | wc -l)" = 2 ]
	[ "$(scep-ca --dir "$site/ca" list --profile servers | wc -l)" = 1 ]
	[ "$(scep-ca --dir "$site/ca" challenge list --format json | jq -r '.[].profile')" = phones ]
}
