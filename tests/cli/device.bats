# mcprofile-device against a server that is not ours (tests/cli/device): python3's
# web server and plistlib, and openssl for every signature.  Only the SCEP
# answers are scep-ca's.  Mostly the server is wrong, and the rule is named.
load ../helper

config='Content-Type: application/x-apple-aspen-config'

setup_file() {
	warm
	cd "$BATS_FILE_TMPDIR"
	no_proxy=localhost,127.0.0.1
	export no_proxy
	selfsigned ca "/O=Example/CN=Example Root" -addext keyUsage=critical,keyCertSign,cRLSign
	certify tls /CN=localhost subjectAltName=DNS:localhost
	certify sign "/O=Example/CN=Example Profiles" keyUsage=critical,digitalSignature
	selfsigned other "/O=Example/CN=Example Root"
	scep-ca init --dir scep --subject "/O=Example/CN=Example Device CA" > /dev/null
	mcprofile-device factory --dir factory --quiet > pins 3>&-
	echo secret > pw
	mkdir root
	python3 "$SRC/tests/cli/device/serve.py" root tls.pem tls.key > port 2> serve.log 3>&- &
	echo $! > pid
	for _ in $(seq 100); do
		[ ! -s port ] || break
		sleep 0.1
	done
	# a device as it leaves the factory: an enrolment that gets no further
	profile enroll "https://localhost:$(cat port)/nowhere" x | sign | answer GET.enroll 200 "$config"
	mcprofile-device enroll "https://localhost:$(cat port)/enroll" --ca ca.pem --factory factory --identity made --quiet > made.log 2>&1 3>&- || true
	mkdir fresh
	mv made/device.pem made/device.key fresh
}

teardown_file() { kill "$(cat "$BATS_FILE_TMPDIR/pid")"; }

# certify NAME SUBJECT EXTENSION...: by ca.
certify() {
	local name=$1 subject=$2
	shift 2
	openssl req -new -newkey rsa:2048 -nodes -keyout "$name.key" -subj "$subject" 2> /dev/null |
		openssl x509 -req -CA ca.pem -CAkey ca.key -days 30 -extfile <(printf '%s\n' "$@") -out "$name.pem" 2> /dev/null
}

profile() { py "$SRC/tests/cli/device/profile.py" "$@"; }

# Signed as a server does: sign [CERT] < plist
sign() { openssl cms -sign -binary -nodetach -outform DER -signer "${1-sign}.pem" -inkey "${1-sign}.key" 2> /dev/null; }

# answer NAME STATUS [HEADER...] < body
answer() {
	local name=root/$1 status=$2
	shift 2
	rm -f "$name"
	cat > "$name"
	printf '%s\n' "$status" "$@" > "$name.head"
}

program() { chmod +x "root/$1"; }

# offer FINGERPRINT: a SCEP payload with a fresh challenge, as phase 2's answer.
offer() {
	challenge=$(scep-ca --dir scep challenge new --subject /O=Example/CN=phone)
	profile scep "$url/scep" "$challenge" "$1" | sign > root/phase2
}

# A server that does everything right; tests then break one thing.
setup() {
	cd "$BATS_FILE_TMPDIR"
	rm -rf root/*
	url=https://localhost:$(cat port)
	fingerprint=$(openssl x509 -in scep/ca.pem -outform DER | sha1sum | cut -c 1-40)
	profile enroll "$url/profile" "the + challenge" | sign | answer GET.enroll 200 "$config"
	offer "$fingerprint"
	answer POST.profile 200 "$config" <<- 'END'
		#!/bin/sh
		openssl cms -verify -noverify -binary -inform DER -signer root/signer.pem -out root/attributes.plist || exit
		if grep -q CHALLENGE root/attributes.plist; then
			cp root/signer.pem root/device.pem; cp root/attributes.plist root/attributes2.plist
			cat root/phase2
		else
			python3 "$SRC/tests/cli/device/profile.py" final root/signer.pem |
				openssl cms -sign -binary -nodetach -outform DER -signer sign.pem -inkey sign.key
		fi
	END
	program POST.profile
	scep-ca --dir scep cacert --format p7 | answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-ra-cert"
	scep-ca --dir scep caps | answer GET.scep.GetCACaps 200 "Content-Type: text/plain"
	printf '#!/bin/sh\nexec scep-ca --dir scep respond 3>&-\n' | answer POST.scep.PKIOperation 200 "Content-Type: application/x-pki-message"
	program POST.scep.PKIOperation
}

# A new device, with a certificate of the factory already, since keys take long.
enroll() {
	rm -rf device
	cp -R fresh device
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --identity device --quiet "$@" 3>&-
	show "$stderr"
}

# One from the factory itself.
enroll_new() {
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --factory factory --quiet "$@" 3>&-
	show "$stderr"
}

# Phase 3 alone, of the last that enrolled.
refresh() {
	run --separate-stderr mcprofile-device refresh --identity device --ca ca.pem --quiet 3>&-
	show "$stderr"
}

# refused STATUS TEXT: that status, nothing on standard output, that message.
refused() {
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[ "$stderr" = "mcprofile-device: $2" ] || { printf '%s\n' "$stderr" "want: mcprofile-device: $2"; false; }
}

get() { py -c 'import plistlib, sys; print(eval("p" + sys.argv[2], {"p": plistlib.load(open(sys.argv[1], "rb"))}))' "$@"; }

@test "an enrolment against openssl, python and scep-ca ends with the decrypted profile" {
	enroll --udid U1 --serial S1 --attribute "IMEI=01 335200 242816 7" --attribute UserLongName=Ålice -o final.plist
	[ "$(stat -c %a final.plist)" = 600 ]
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
	[ "$(get final.plist '["PayloadContent"][0]["URL"]')" = https://example.com/ ]
	# in its place, and nothing of the ciphertext left
	[ "$(get final.plist '["PayloadOrganization"]')" = after ]
	run -1 grep -c Encrypted final.plist
	[ "$(python3 -c 'import plistlib; print(" ".join(plistlib.load(open("final.plist", "rb")).keys()))')" = \
		"PayloadType PayloadVersion PayloadIdentifier PayloadDisplayName PayloadUUID PayloadContent PayloadOrganization" ]
}

@test "phase 2 has what was asked and is there, and CHALLENGE; phase 3 has no CHALLENGE" {
	enroll --udid U1 --serial S1 --attribute "IMEI=01 335200 242816 7"
	[ "$status" -eq 0 ]
	[ "$(get root/attributes2.plist '')" = "{'CHALLENGE': 'the + challenge', 'IMEI': '01 335200 242816 7', 'SERIAL': 'S1', 'UDID': 'U1'}" ]
	[ "$(get root/attributes.plist '')" = "{'IMEI': '01 335200 242816 7', 'SERIAL': 'S1', 'UDID': 'U1'}" ]
	grep -q '^POST /profile application/pkcs7-signature -$' root/log
	# only the first request carries the login
	[ "$(grep -c "Basic $(printf alice:secret | base64)" root/log)" -eq 1 ]
	grep -q '^GET /enroll - Basic' root/log
}

@test "phase 2 is signed by a certificate of the factory, phase 3 by the one from SCEP" {
	enroll_new
	# each is a device of its own
	not cmp <(openssl x509 -in fresh/device.pem) <(openssl x509 -in root/device.pem)
	openssl verify -no_check_time -CAfile factory/root.pem -untrusted factory/intermediate.pem -untrusted factory/device-ca.pem root/device.pem
	run -2 openssl verify -CAfile factory/root.pem -untrusted factory/intermediate.pem -untrusted factory/device-ca.pem root/device.pem
	[[ "$output" == *"certificate has expired"* ]]
	openssl verify -CAfile scep/ca.pem root/signer.pem
	[ "$(openssl x509 -in root/signer.pem -noout -subject -nameopt RFC2253)" = "subject=CN=phone,O=Example" ]
}

@test "GetCACert, GetCACaps and PKIOperation come in that order, with the payload's Name" {
	enroll
	[ "$(grep scep root/log | cut -d ' ' -f 1-2)" = "GET /scep?operation=GetCACert&message=the%20CA
GET /scep?operation=GetCACaps&message=the%20CA
POST /scep?operation=PKIOperation" ]
}

@test "without POSTPKIOperation the request goes by GET, with SHA-1 and 3DES where nothing is listed" {
	: | answer GET.scep.GetCACaps 200
	printf '#!/bin/sh\nprintf %%s "$MESSAGE" | base64 -d > root/request.der; openssl cms -cmsout -print -inform DER -in root/request.der > root/request.txt\n' |
		answer GET.scep.PKIOperation 200
	program GET.scep.PKIOperation
	enroll
	refused 65 "SCEP: PKIOperation: Content-Type: a device wants exactly application/x-pki-message, not none at all"
	grep -q 'algorithm: sha1 ' root/request.txt
	openssl cms -verify -noverify -inform DER -in root/request.der -out root/envelope.der
	openssl cms -cmsout -print -inform DER -in root/envelope.der | grep -q 'algorithm: des-ede3-cbc'
}

@test "an answer in the shape of iOS 6 is BER of indefinite length, SHA-1, RSA-1024, and openssl takes it" {
	enroll_new --shape ios6
	[ "$status" -eq 0 ]
	[ "$(openssl x509 -in root/device.pem -noout -text | grep -c '1024 bit')" -eq 1 ]
	rm -r root/POST.profile*
	enroll_new --shape ios6 --save messages
	[ "$(head -c 2 messages/2-answer.p7 | xxd -p)" = 3080 ]
	openssl cms -cmsout -print -inform DER -in messages/2-answer.p7 | grep -q 'algorithm: sha1 '
	openssl asn1parse -inform DER -in messages/2-answer.p7 | grep -q 'l=inf  cons: *OCTET STRING'
	openssl cms -verify -noverify -binary -inform DER -in messages/2-answer.p7 | grep -q CHALLENGE
	rm -r messages
}

@test "every message is kept with --save, and a refresh needs only the memory" {
	enroll_new --identity me --save kept --udid U7
	[ "$(ls kept | tr '\n' ' ')" = "1-enroll.mobileconfig 2-answer.p7 2-profile.mobileconfig 2-scep-cacaps 2-scep-cacert 2-scep-reply.der 2-scep-request.der 3-answer.p7 3-profile.mobileconfig " ]
	cmp kept/1-enroll.mobileconfig root/GET.enroll
	cmp kept/3-answer.p7 root/last.POST.profile
	[ "$(stat -c %a me/identity.key me/device.key me | tr '\n' ' ')" = "600 600 700 " ]
	rm root/log
	run --separate-stderr mcprofile-device refresh --identity me --ca ca.pem --quiet 3>&-
	[ "$status" -eq 0 ]
	[[ "$output" == *"<string>https://example.com/</string>"* ]]
	[ "$(cut -d ' ' -f 1-2 root/log)" = "POST /profile" ]
	[ "$(get root/attributes.plist '["UDID"]')" = U7 ]
	offer "$fingerprint"
	# the same device with the same factory certificate enrols again
	cp root/device.pem first.pem
	enroll_new --identity me
	[ "$status" -eq 0 ]
	cmp first.pem root/device.pem
	[ "$(get root/attributes.plist '["UDID"]')" = U7 ]
	rm -r me kept
}

@test "the story is told on standard error: who asked, what came, which certificate" {
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --factory factory --udid U1 3>&-
	[ "$status" -eq 0 ]
	for line in "The device: UDID U1, *" "  > GET $url/enroll  (as alice)" "  < 200 application/x-apple-aspen-config, * bytes" \
	    "    signed with SHA256 by /O=Example/CN=Example Profiles" "      which chains to /O=Example/CN=Example Root" \
	    '    PayloadType Profile Service: "Test" (com.example.test)' \
	    "    it asks for UDID SERIAL IMEI UserLongName SHOE_SIZE, with a challenge, to be sent to $url/profile" \
	    "    attributes and CHALLENGE, signed by /C=US/O=Stand-in Devices Inc./OU=Phone/CN=*" \
	    "    it has the fingerprint that the payload names" "    certificate /O=Example/CN=phone" "      serial *" "      valid from 20* to 20*" \
	    "      chain /O=Example/CN=phone" "         <- /O=Example/CN=Example Device CA" "    encrypted to the device's identity, and decrypted; 1 payload" \
	    '      com.apple.webClip.managed: "Test" (com.example.test)'; do
		found=no
		while IFS= read -r told; do
			# shellcheck disable=SC2053
			[[ "$told" != $line ]] || found=yes
		done <<< "$stderr"
		[ $found = yes ] || { echo "not told: $line"; echo "$stderr"; false; }
	done
	# no secret is
	[[ "$stderr" != *secret* && "$stderr" != *"$challenge"* && "$stderr" != *"the + challenge"* ]]
}

@test "what a server says moves no cursor" {
	profile enroll "$url/profile" x | sed $'s/>Test</>a\xc2\x9bb</' | sign | answer GET.enroll 200 "$config"
	answer POST.profile 500 $'Content-Type: x/\e[31my' < /dev/null
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --factory factory 3>&-
	[ "$status" -eq 74 ]
	[[ "$stderr" == *'"a?b"'* && "$stderr" == *'< 500 x/?[31my, 0 bytes'* ]]
	[[ "$stderr" != *$'\e'* && "$stderr" != *$'\xc2\x9b'* ]]
	profile enroll "$url/profile" x | sed $'s/>Profile Service</>a\xc2\x9bb</' | sign | answer GET.enroll 200 "$config"
	enroll
	refused 65 "phase 1: PayloadType: a device wants Profile Service at this step, not a?b"
}

# ---- HTTP

@test "401 and 403 mean no, and say why" {
	answer GET.enroll 401 'WWW-Authenticate: Basic realm="x"' < /dev/null
	enroll
	refused 1 "phase 1: $url/enroll: answered 401: the server does not know this user with this password"
	run --separate-stderr mcprofile-device enroll "$url/enroll" --ca ca.pem --factory factory --quiet 3>&-
	refused 1 "phase 1: $url/enroll: answered 401: the server wants a login: --user and --password"
	answer GET.enroll 403 < /dev/null
	enroll
	refused 1 "phase 1: $url/enroll: answered 403: the server does not allow this"
	answer GET.enroll 403 <<< '<p>id <code>8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A955</code> 00000000-0000-0000-0000-000000000000'
	enroll
	refused 1 "phase 1: $url/enroll: answered 403: the server does not allow this; the server's id of it: 8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A955"
	answer POST.profile 403 < /dev/null
	phase2 1 "answered 403: the server does not allow this; does the server know this factory (device-ca in its site.conf)?"
}

# phase2 STATUS TEXT: refused like that in phase 2, all being right in phase 1.
phase2() {
	profile enroll "$url/profile" x | sign | answer GET.enroll 200 "$config"
	enroll
	refused "$1" "phase 2: $url/profile: $2"
}

@test "each status has its own words" {
	while IFS='|' read -r http code words; do
		answer POST.profile "$http" < /dev/null
		phase2 "$code" "answered $http: $words"
	done <<- 'END'
		400|1|the server does not understand what was sent
		404|66|there is nothing at this path
		405|1|this path takes no POST
		413|1|what was sent is too long for the server
		415|1|the server does not take this Content-Type
		418|1|the server refuses
		500|74|the server failed
		502|74|the server failed
		503|75|the server cannot do it now
	END
	answer GET.enroll 405 < /dev/null
	enroll
	refused 1 "phase 1: $url/enroll: answered 405: this path takes no GET"
}

@test "a POST that is asked for a login is the server's mistake" {
	answer POST.profile 401 'WWW-Authenticate: Basic realm="x"' < /dev/null
	enroll
	refused 1 "phase 2: $url/profile: answered 401: a device posts without a login, so this path must not ask for one"
}

@test "301, 302 and 303 lose a POST; 307 and 308 do not; a GET follows all" {
	mv root/GET.enroll root/GET.there
	mv root/GET.enroll.head root/GET.there.head
	for n in 301 302 303; do
		answer GET.enroll $n "Location: /there" < /dev/null
		answer POST.profile $n "Location: /elsewhere" < /dev/null
		enroll
		refused 1 "phase 2: $url/profile: answered $n to $url/elsewhere: a device would go there with a GET and its message is lost; either the device is to enrol anew, or the path has moved and 307 or 308 would say so"
	done
	run -1 grep elsewhere root/log
	for n in 307 308; do
		answer POST.profile $n "Location: /moved" < /dev/null
		rm -f root/log
		enroll
		refused 66 "phase 2: $url/profile: answered 404: there is nothing at this path"
		grep -q '^POST /moved application/pkcs7-signature' root/log
		[ -s root/last.POST.moved ]
	done
	answer POST.profile 308 "Location: http://localhost:1/moved" < /dev/null
	enroll
	refused 12 "phase 2: $url/profile: redirects to http://localhost:1/moved, which is not https"
	answer POST.profile 308 "Location: /profile" < /dev/null
	enroll
	refused 74 "phase 2: $url/profile: more than 5 redirections"
}

@test "a server that fails, one that is busy, one that is away" {
	answer GET.enroll 500 < /dev/null
	enroll
	refused 74 "phase 1: $url/enroll: answered 500: the server failed"
	answer GET.enroll 503 < /dev/null
	enroll
	refused 75 "phase 1: $url/enroll: answered 503: the server cannot do it now"
	answer GET.enroll 204 < /dev/null
	enroll
	refused 65 "phase 1: $url/enroll: answered 204: only the body of a 200 counts for a device"
	port=$(free_port)
	run --separate-stderr mcprofile-device enroll "https://localhost:$port/enroll" --ca ca.pem --factory factory --quiet 3>&-
	[ "$status" -eq 74 ]
	[[ "$stderr" == "mcprofile-device: phase 1: https://localhost:$port/enroll: Failed to connect to localhost port $port"* ]]
}

@test "an answer of more than 1 MiB is cut short" {
	head -c 1048577 /dev/zero | answer GET.enroll 200 "$config"
	enroll
	refused 65 "phase 1: $url/enroll: the answer is longer than 1048576 bytes"
}

@test "TLS is verified: another CA, another name" {
	run --separate-stderr mcprofile-device enroll "$url/enroll" --ca other.pem --factory factory --quiet 3>&-
	[ "$status" -eq 12 ]
	[ -z "$output" ]
	[[ "$stderr" == "mcprofile-device: phase 1: $url/enroll: the server's TLS certificate does not hold (other.pem): "* ]]
	run --separate-stderr mcprofile-device enroll "https://127.0.0.1:$(cat port)/enroll" --ca ca.pem --factory factory --quiet 3>&-
	[ "$status" -eq 12 ]
	[ ! -e root/log ]
}

@test "no protocol but https, and nothing is announced or remembered before that is seen" {
	for u in "http://localhost:$(cat port)/enroll" file:///etc/passwd ftp://localhost/ localhost:8443/enroll nonsense:// https://; do
		run --separate-stderr mcprofile-device enroll "$u" --ca ca.pem --factory factory --identity nobody 3>&-
		refused 64 "want https://HOST/PATH, not $u"
	done
	[ ! -e nobody ]
	[ ! -e root/log ]
}

# ---- what devices insist on

@test "the Content-Type is exactly the one" {
	for type in text/xml "application/x-apple-aspen-config; charset=utf-8" application/pkcs7-mime; do
		cp root/GET.enroll body
		answer GET.enroll 200 "Content-Type: $type" < body
		enroll
		refused 65 "phase 1: $url/enroll: Content-Type: a device wants exactly application/x-apple-aspen-config, not $type"
	done
	answer GET.enroll 200 < body
	enroll
	refused 65 "phase 1: $url/enroll: Content-Type: a device wants exactly application/x-apple-aspen-config, not none at all"
}

@test "unsigned, truncated, altered, foreign" {
	profile enroll "$url/profile" x | answer GET.enroll 200 "$config"
	enroll
	[ "$status" -eq 10 ]
	[[ "$stderr" == "mcprofile-device: phase 1: $url/enroll: the profile's signature: "* ]]
	profile enroll "$url/profile" x | sign > body
	head -c 700 body | answer GET.enroll 200 "$config"
	enroll
	[ "$status" -eq 65 ]
	[ -z "$output" ]
	sed 's/Profile Service/Profile Servicf/' body | answer GET.enroll 200 "$config"
	enroll
	[ "$status" -eq 11 ]
	[ -z "$output" ]
	profile enroll "$url/profile" x | sign other | answer GET.enroll 200 "$config"
	enroll
	[ "$status" -eq 12 ]
	[ -z "$output" ]
}

@test "--signer-ca is for the profiles alone" {
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --signer-ca other.pem --factory factory --quiet 3>&-
	[ "$status" -eq 12 ]
	[[ "$stderr" == *"the profile's signature"* ]]
	profile enroll "$url/profile" x | sign other | answer GET.enroll 200 "$config"
	profile scep "$url/scep" "$challenge" "$fingerprint" | sign other > root/phase2
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --signer-ca other.pem --factory factory --quiet 3>&-
	show "$stderr"
	# as far as phase 3, which is signed by the first again
	[ "$status" -eq 12 ]
	[[ "$stderr" == "mcprofile-device: phase 3: $url/profile: the profile's signature: "* ]]
}

# edited PYTHON NAME...: the plist of a profile changed, signed anew.
edited() {
	local code=$1
	shift
	profile "$@" | py -c 'import plistlib, sys; p = plistlib.loads(sys.stdin.buffer.read()); exec(sys.argv[1]); sys.stdout.buffer.write(plistlib.dumps(p))' "$code" | sign
}

@test "phase 1: each rule is named" {
	while IFS='|' read -r code text; do
		edited "$code" enroll "$url/profile" x | answer GET.enroll 200 "$config"
		enroll
		refused 65 "phase 1: $text"
	done <<- END
		p["PayloadType"] = "Configuration"|PayloadType: a device wants Profile Service at this step, not Configuration
		p["PayloadContent"] = [p["PayloadContent"]]|PayloadContent: a device wants a dict in this profile, not array
		del p["PayloadContent"]|PayloadContent: a device wants a dict in this profile, not nothing
		p["PayloadContent"]["URL"] = "http://localhost/"|PayloadContent.URL: a device posts to https only, not to http://localhost/
		del p["PayloadContent"]["URL"]|PayloadContent.URL: a device posts to https only, not to nothing
		p["PayloadContent"]["DeviceAttributes"] = ["UDID", 1]|PayloadContent.DeviceAttributes: a device wants an array of strings here
		p["PayloadContent"]["Challenge"] = 7|PayloadContent.Challenge: string or data, not integer
		p["PayloadVersion"] = 2|$url/enroll: the profile: PayloadVersion: a device wants 1 here
		del p["PayloadUUID"]|$url/enroll: the profile: PayloadUUID: a device wants a string here, not nothing
		p["PayloadIdentifier"] = ""|$url/enroll: the profile: PayloadIdentifier: a device wants a string here, not an empty one
		p = [p]|$url/enroll: the profile: a profile is a dict, not array
	END
}

@test "a challenge may be data, and comes back as data" {
	edited 'p["PayloadContent"]["Challenge"] = b"\x00\xff"' enroll "$url/profile" x | answer GET.enroll 200 "$config"
	enroll
	[ "$status" -eq 0 ]
	[ "$(get root/attributes2.plist '["CHALLENGE"]')" = "b'\\x00\\xff'" ]
}

@test "phase 2: each rule is named" {
	while IFS='|' read -r code text; do
		edited "c = p['PayloadContent'][0]['PayloadContent']; $code" scep "$url/scep" x "$fingerprint" > root/phase2
		enroll
		refused 65 "phase 2: $text"
	done <<- END
		p["PayloadContent"] *= 2|PayloadContent: a device wants exactly one payload at this step, an identity; there are 2
		p["PayloadContent"] = []|PayloadContent: a device wants exactly one payload at this step, an identity; there are 0
		p["PayloadContent"][0]["PayloadType"] = "com.apple.wifi.managed"|PayloadContent.0: a device wants an identity here (com.apple.security.scep), not com.apple.wifi.managed
		p["PayloadContent"][0]["PayloadType"] = "com.apple.security.pkcs12"|PayloadContent.0: a device may take a pkcs12 identity, this one takes com.apple.security.scep only
		p["PayloadContent"][0]["PayloadContent"] = []|PayloadContent.0.PayloadContent: want a dict, not array
		c["URL"] = "ldap://x"|PayloadContent.0.PayloadContent: URL: want the http or https address of a CA, not ldap://x
		c["Keysize"] = 3072|PayloadContent.0.PayloadContent: Keysize: devices make keys of 1024, 2048 or 4096 bits, not 3072
		c["Keysize"] = "2048"|PayloadContent.0.PayloadContent: Keysize: want an integer, not string
		c["Key Usage"] = 2|PayloadContent.0.PayloadContent: Key Usage: want 1 (sign), 4 (encrypt) or 5 (both), not 2
		c["Key Type"] = "EC"|PayloadContent.0.PayloadContent: Key Type: want RSA, not EC
		c["CAFingerprint"] = b"123"|PayloadContent.0.PayloadContent: CAFingerprint: 3 bytes are no MD5, SHA-1, SHA-256 or SHA-512
		c["CAFingerprint"] = "00"|PayloadContent.0.PayloadContent: CAFingerprint: want data, not string
		c["Subject"] = "/CN=x"|PayloadContent.0.PayloadContent: Subject: want an array, not string
		c["Subject"] = [["CN", "x"]]|PayloadContent.0.PayloadContent: Subject: want arrays of arrays of [type, value]
		c["Subject"] = [[["NOSUCH", "x"]]]|PayloadContent.0.PayloadContent: Subject: no name can hold NOSUCH=x
		c["Subject"] = [[["C", "toolong"]]]|PayloadContent.0.PayloadContent: Subject: no name can hold C=toolong
	END
}

@test "phase 3: what is encrypted to somebody else, holds no array, or is there twice" {
	enroll
	[ "$status" -eq 0 ]
	sed -i 's#final root/signer.pem#& | python3 root/edit.py#' root/POST.profile
	while IFS='|' read -r code status_wanted text; do
		printf 'import plistlib, sys, subprocess\np = plistlib.loads(sys.stdin.buffer.read())\n%s\nsys.stdout.buffer.write(plistlib.dumps(p))\n' "$code" > root/edit.py
		refresh
		refused "$status_wanted" "phase 3: $text"
	done <<- 'END'
		p["PayloadContent"] = []|65|PayloadContent and EncryptedPayloadContent exclude each other
		p["EncryptedPayloadContent"] = "x"|65|EncryptedPayloadContent: want data, not string
		del p["EncryptedPayloadContent"]|65|PayloadContent: a device wants an array here
		p["PayloadType"] = "Profile Service"|65|PayloadType: a device wants Configuration at this step, not Profile Service
		e = lambda c, x: subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "-aes256", c], input=x, stdout=subprocess.PIPE).stdout; p["EncryptedPayloadContent"] = e("root/signer.pem", plistlib.dumps({}))|65|EncryptedPayloadContent: holds dict; a device wants the array of payloads itself
	END
	printf 'import plistlib, sys, subprocess\np = plistlib.loads(sys.stdin.buffer.read())\np["EncryptedPayloadContent"] = subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "-aes256", "sign.pem"], input=plistlib.dumps([]), stdout=subprocess.PIPE).stdout\nsys.stdout.buffer.write(plistlib.dumps(p))\n' > root/edit.py
	refresh
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" == "mcprofile-device: phase 3: EncryptedPayloadContent: "* ]]
}

# ---- SCEP

@test "the CA must have the fingerprint of the payload: MD5, SHA-1, SHA-256, SHA-512" {
	openssl x509 -in scep/ca.pem -outform DER > ca.der
	for sum in md5sum sha256sum sha512sum; do
		offer "$($sum < ca.der | cut -d ' ' -f 1)"
		enroll
		[ "$status" -eq 0 ]
	done
	profile scep "$url/scep" x "$(openssl x509 -in scep/ra.pem -outform DER | sha1sum | cut -c 1-40)" | sign > root/phase2
	enroll
	refused 12 "SCEP: GetCACert: the RA does not chain to a CA in the same answer that has the payload's CAFingerprint"
	answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-cert" < ca.der
	enroll
	refused 12 "SCEP: GetCACert: this is not the CA of the payload's CAFingerprint"
}

@test "GetCACert: its two types, and an RA that may sign and take keys" {
	cp root/GET.scep.GetCACert p7
	answer GET.scep.GetCACert 200 "Content-Type: application/octet-stream" < p7
	enroll
	refused 65 "SCEP: GetCACert: Content-Type: a device wants exactly application/x-x509-ca-cert or application/x-x509-ca-ra-cert, not application/octet-stream"
	answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-cert" < ca.der
	enroll
	refused 65 "SCEP: GetCACert: a CA without an RA must be usable for digitalSignature and keyEncipherment"
	certify ra /CN=ra keyUsage=critical,digitalSignature
	openssl crl2pkcs7 -nocrl -certfile ca.pem -certfile ra.pem -outform DER | answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-ra-cert"
	enroll
	refused 65 "SCEP: GetCACert: a device wants an RA certificate usable for keyEncipherment here"
	openssl crl2pkcs7 -nocrl -certfile ca.pem -outform DER | answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-ra-cert"
	enroll
	refused 65 "SCEP: GetCACert: a device wants an RA certificate usable for digitalSignature here"
	# a CA that could do it all itself is passed over where there is an RA
	openssl req -x509 -newkey rsa:2048 -nodes -keyout c.key -out c.pem -subj /CN=c -days 30 \
		-addext keyUsage=critical,keyCertSign,digitalSignature,keyEncipherment 2> /dev/null
	openssl req -new -key ra.key -subj "/O=A name that makes this the longer of the two/CN=ra" 2> /dev/null |
		openssl x509 -req -CA c.pem -CAkey c.key -days 30 -extfile <(echo keyUsage=digitalSignature,keyEncipherment) -out ra.pem 2> /dev/null
	profile scep "$url/scep" x "$(openssl x509 -in c.pem -outform DER | sha1sum | cut -c 1-40)" | sign > root/phase2
	openssl crl2pkcs7 -nocrl -certfile c.pem -certfile ra.pem -outform DER | answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-ra-cert"
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --factory factory 3>&-
	[ "$status" -ne 0 ]
	[[ "$stderr" == *"    CA /CN=c"*"    requests are encrypted to /O=A name that makes this the longer of the two/CN=ra"* ]]
	profile scep "$url/scep" x "$fingerprint" | sign > root/phase2
	head -c 100 p7 | answer GET.scep.GetCACert 200 "Content-Type: application/x-x509-ca-ra-cert"
	enroll
	[ "$status" -eq 65 ]
	[ -z "$output" ]
}

@test "a refusal of the CA is told with its failInfo" {
	profile scep "$url/scep" wrong "$fingerprint" | sign > root/phase2
	enroll
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" == "mcprofile-device: SCEP: PKIOperation: the CA answers FAILURE, badRequest"* ]]
}

@test "a reply that is not one, or of another transaction" {
	printf 'nothing' | answer POST.scep.PKIOperation 200 "Content-Type: application/x-pki-message"
	enroll
	refused 65 "SCEP: PKIOperation: CertRep: not signed: this is no CMS message"
	printf '#!/bin/sh\nexec scep-ca --dir scep respond 3>&-\n' | answer POST.scep.PKIOperation 200 "Content-Type: application/x-pki-message"
	program POST.scep.PKIOperation
	enroll --save kept
	[ "$status" -eq 0 ]
	cp kept/2-scep-reply.der old.der
	answer POST.scep.PKIOperation 200 "Content-Type: application/x-pki-message" < old.der
	enroll
	[ "$status" -ne 0 ]
	[ -z "$output" ]
	[[ "$stderr" == "mcprofile-device: SCEP: PKIOperation: "* ]]
	rm -r kept
}

@test "the query of the SCEP payload's URL is dropped, as iOS does" {
	profile scep "$url/scep?id=7" "$challenge" "$fingerprint" | sign > root/phase2
	enroll
	[ "$status" -eq 0 ]
	run -1 grep 'id=7' root/log
}

# ---- the command

@test "usage" {
	while IFS='|' read -r line text; do
		eval "run --separate-stderr mcprofile-device $line 3>&-"
		refused 64 "$text"
	done <<- 'END'
		enroll --ca ca.pem|URL is required
		enroll https://localhost --factory factory|--signer-ca or --ca is required: whose profiles to take
		enroll https://localhost --ca ca.pem --user a|--user and --password go together
		enroll https://localhost --ca ca.pem --password file:pw|--user and --password go together
		enroll https://localhost --ca ca.pem --factory factory --attribute UDID|--attribute: want NAME=VALUE, not UDID
		enroll https://localhost --ca ca.pem --factory factory --attribute USER=root|--attribute: devices have no attribute USER
		enroll https://localhost --ca ca.pem --factory factory --attribute CHALLENGE=x|--attribute: devices have no attribute CHALLENGE
		enroll https://localhost --ca ca.pem --shape ios7|--shape: want one of current|ios6, not ios7
		refresh --ca ca.pem|--identity DIR is required
		factory|--dir DIR is required
	END
	enroll_new --factory nowhere
	refused 66 "phase 2: factory: nowhere/device-ca.pem: No such file or directory"
	rm root/log
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem 3>&-
	refused 64 "--factory is required: this device has no certificate of its factory yet"
	run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password file:pw --ca ca.pem --identity nobody 3>&-
	refused 64 "--factory is required: this device has no certificate of its factory yet"
	[ ! -e root/log ]
	[ ! -e nobody ]
	run --separate-stderr mcprofile-device refresh --identity nobody --ca ca.pem --quiet 3>&-
	refused 66 "this device has not enrolled: nobody/enrolment.plist: No such file or directory"
	run --separate-stderr mcprofile-device enroll "$url/enroll" --ca nowhere.pem --factory factory --quiet 3>&-
	[ "$status" -eq 66 ]
}

@test "a password that is not there, is empty, has a NUL" {
	: > empty
	printf 'a\0b' > nul
	for spec in file:nowhere file:empty file:nul env:NOT_SET secret; do
		run --separate-stderr mcprofile-device enroll "$url/enroll" --user alice --password "$spec" --ca ca.pem --factory factory --quiet 3>&-
		show "$stderr"
		[ "$status" -ge 64 ]
		[[ "$stderr" == "mcprofile-device: --password: "* ]]
	done
	[ ! -e root/log ]
}

@test "a failed write is a failure" {
	run sh -c "mcprofile-device enroll $url/enroll --user alice --password file:pw --ca ca.pem --factory factory --quiet > /dev/full 3>&-"
	[ "$status" -eq 74 ]
}

@test "a factory is made once, and its keys are guarded" {
	[ "$(ls factory | tr '\n' ' ')" = "device-ca.key device-ca.pem intermediate.pem pins root.pem " ]
	cmp pins factory/pins
	[ "$(stat -c %a factory/device-ca.key)" = 600 ]
	for f in root intermediate device-ca; do
		grep -q "^$(openssl x509 -in factory/$f.pem -outform DER | sha256sum | cut -d ' ' -f 1)  Stand-in " factory/pins
	done
	run --separate-stderr mcprofile-device factory --dir factory 3>&-
	refused 1 "factory: there is a factory already; remove the folder first"
	cmp pins factory/pins
	run --separate-stderr mcprofile-device factory --dir no/such/folder 3>&-
	[ "$status" -ge 64 ]
	[ -z "$output" ]
}
