load ../helper

V=$SRC/tests/vectors
# when the vectors' factory had not expired yet, and a later day
THEN=2012-11-19T00:00:00Z
LATE=2026-01-01T00:00:00Z

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	mkdir factory pins-only && cp "$V/pins" pins-only
	cp "$V/pins" "$V"/{root,intermediate,device-ca}.pem factory
	for i in ca dev; do openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out $i.key; done
	openssl req -x509 -new -key ca.key -out ca.pem -subj "/CN=Enrolled CA" -days 30
	openssl req -new -key dev.key -subj /CN=device |
		openssl x509 -req -CA ca.pem -CAkey ca.key -set_serial 5 -days 20 -out dev.pem 2> /dev/null
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# The device's lines of a report: all from the first to the content.
part() { sed -n '/^\(phase\|factory\|clock\|sent\|wrong\): /,/^content: /p' "$1" | grep -v '^content: '; }

# Verify with this status: the report is in "report", what else is said in
# "words", one line where it fails and none where it does not.
judged() {
	local want=$1
	shift
	status=0
	mcprofile-verify "$@" > report 2> words || status=$?
	echo "$status, not $want"
	cat report words
	[ "$status" -eq "$want" ]
	[ "$(wc -l < words)" -eq $((want > 0)) ]
}

# The same, with the device's lines as on standard input.
tells() {
	judged "$@"
	diff <(cat) <(part report)
}

dict() {
	echo '<?xml version="1.0" encoding="UTF-8"?>'
	echo '<plist version="1.0"><dict>'
	cat
	echo '</dict></plist>'
}

# A dict of these lines, signed by the enrolled device.
enrolled() {
	dict > sent.plist
	openssl cms -sign -binary -nodetach -nosmimecap -signer dev.pem -inkey dev.key -in sent.plist -outform DER -out sent.p7
}

# The same, signed as a factory's device does it.
made() {
	dict > sent.plist
	made_of sent.plist
}

made_of() {
	PYTHONPATH=$V python3 - "$1" "$V" > sent.p7 << 'END'
import sys, make as m
from cryptography import x509
from cryptography.hazmat.primitives import serialization
v = sys.argv[2]
cert = x509.load_pem_x509_certificate(open(v + "/leaf.pem", "rb").read())
key = serialization.load_pem_private_key(open(v + "/leaf.key", "rb").read(), None)
body = open(sys.argv[1], "rb").read()
info = m.signer_info(cert, key, m.SHA1, m.attrs_for(body), m.RSA)
sys.stdout.buffer.write(m.signed_ber(body, [m.der(cert)], [info], m.SHA1))
END
}

@test "iOS 6: phase 2, on the day" {
	for i in ios6 leaf-only extra-certificate; do
		tells 0 --device-ca factory --at $THEN "$V/good-$i.p7" << 'END'
phase:     2, signed by a factory certificate, with a challenge of 16 bytes
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.2, as seen with iPhones
           valid until 2015-10-02T00:00:00Z
clock:     signed 72 minutes before the time of this report: an old message, or the device's clock is behind
sent:      IMEI            01 335200 242816 7
           PRODUCT         iPhone5,2
           UDID            ea750f0000000000000000000000000000003abc
           VERSION         10A525
END
	done
}

@test "the factory has expired since, and is told to have" {
	tells 0 --device-ca factory --at $LATE "$V/good-ios6.p7" << 'END'
phase:     2, signed by a factory certificate, with a challenge of 16 bytes
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.2, as seen with iPhones
           expired 2015-10-02T00:00:00Z; 2 of its chain's 2 have expired, as factory chains do
clock:     signed 4791 days before the time of this report: an old message, or the device's clock is behind
sent:      IMEI            01 335200 242816 7
           PRODUCT         iPhone5,2
           UDID            ea750f0000000000000000000000000000003abc
           VERSION         10A525
END
}

@test "macOS 13: no signed attributes, so no clock; another mark; values that are empty" {
	tells 0 --device-ca factory --at $LATE "$V/good-macos13-no-attrs.p7" << 'END'
phase:     2, signed by a factory certificate, with a challenge of 16 bytes
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.4, as seen with Macs
           expired 2023-10-22T00:00:00Z; 2 of its chain's 2 have expired, as factory chains do
clock:     not known: the message has no signing time
sent:      IMEI            (empty)
           MEID            (empty)
           NotOnConsole    false
           PRODUCT         VirtualMac2,1
           SERIAL          Z000000001
           UDID            564D0000-0000-0000-0000-000000000001
           UserID          501
           UserLongName    Alice Example
           UserShortName   alice
           VERSION         22A380
END
}

@test "SHA-256: a leaf in date under a chain that is not; clocks ahead and behind" {
	tells 0 --device-ca factory --at $LATE "$V/good-sha256.p7" << 'END'
phase:     2, signed by a factory certificate, with a challenge of 16 bytes
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.2, as seen with iPhones
           valid until 2034-01-01T00:00:00Z; 1 of its chain's 2 have expired, as factory chains do
clock:     signed 578 days before the time of this report: an old message, or the device's clock is behind
sent:      PRODUCT         iPhone15,2
           SERIAL          F000000001
           UDID            00008101-000A11112222333A
           VERSION         21A329
END
	local at words
	while read -r at words; do
		mcprofile-verify --device-ca factory --at $at "$V/good-sha256.p7" > report
		grep "^clock: " report
		grep -Fx "clock:     $words" report
	done << 'END'
2024-06-01T12:00:00Z agrees
2024-06-01T11:59:59Z signed 1 second after the time of this report
2024-06-01T11:57:30Z signed 2 minutes after the time of this report
2024-06-01T12:05:00Z signed 5 minutes before the time of this report
2024-06-01T12:05:01Z signed 5 minutes before the time of this report: an old message, or the device's clock is behind
2024-06-01T10:00:00Z signed 2 hours after the time of this report: the device's clock is ahead
2024-05-01 signed 31 days after the time of this report: the device's clock is ahead
END
	mcprofile-verify --device-ca factory --at 2023-06-01 "$V/good-sha256.p7" > report
	grep -Fx "           not valid before 2024-01-01T00:00:00Z" report
}

@test "every vector that is refused: its status, its last words, and no content" {
	local i want text n=0
	while read -r i want text; do
		n=$((n + 1))
		judged "$want" --device-ca factory --at $THEN "$V/$i.p7"
		[ "$(cat words)" = "mcprofile-verify: $V/$i.p7: $text" ]
		status=0
		mcprofile-verify --device-ca factory --at $THEN --format json "$V/$i.p7" > out.json 2> /dev/null || status=$?
		[ "$status" -eq "$want" ]
		[ "$(jq .exit out.json)" -eq "$want" ]
		status=0
		mcprofile-verify --device-ca factory --at $THEN --extract "$V/$i.p7" > out 2> last || status=$?
		[ "$status" -eq "$want" ] && [ ! -s out ] && [ "$(wc -l < last)" -eq 1 ]
		not grep -e vector-challenge -e ea750 report out.json last
	done << 'END'
bad-swapped-body 11 altered
bad-signature 11 altered
bad-forged-issuer 12 not trusted
bad-forged-beside-real-ca 12 not trusted
scep-good-ios6 12 not trusted
bad-two-signers 65 several signers; exactly one is right
bad-no-signer 65 no signer: a message that carries certificates only
bad-attributes-as-content 65 signed attributes passed off as content
bad-two-digests 65 a signed attribute comes twice
bad-no-digest 65 signed attributes without messageDigest
bad-trailing-byte 65 message: 1 bytes too many
bad-truncated 65 message: cut short
END
	[ "$(ls "$V"/bad-*.p7 "$V"/scep-*.p7 | wc -l)" -eq "$n" ]
}

@test "what is altered has a phase, and nothing that it says is told" {
	tells 11 --device-ca factory --at $THEN "$V/bad-swapped-body.p7" << 'END'
phase:     2, signed by a factory certificate
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.2, as seen with iPhones
           valid until 2015-10-02T00:00:00Z
clock:     signed 72 minutes before the time of this report: an old message, or the device's clock is behind
END
}

@test "a forged factory has no phase, and nothing that it says is told" {
	for i in forged-issuer forged-beside-real-ca; do
		tells 12 --device-ca factory --at $THEN "$V/bad-$i.p7" << 'END'
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.2, as seen with iPhones
           valid until 2034-10-02T00:00:00Z
clock:     signed 72 minutes before the time of this report: an old message, or the device's clock is behind
END
	done
}

@test "a SCEP request is told to be one" {
	tells 12 --device-ca factory --at $THEN "$V/scep-good-ios6.p7" << 'END'
clock:     signed 20 minutes before the time of this report: an old message, or the device's clock is behind
wrong:     a SCEP message (messageType 19), which is for scep-ca
END
}

@test "phase 3: an enrolled identity, and no challenge" {
	enrolled << 'END'
<key>UDID</key><string>00008101-000A11112222333A</string>
<key>PRODUCT</key><string>iPhone15,2</string>
END
	mcprofile-verify --enrolled-ca ca.pem --device-ca factory sent.p7 > report
	part report | grep -v ^clock: | diff - <(cat << 'END'
phase:     3, signed by an enrolled identity
sent:      UDID            00008101-000A11112222333A
           PRODUCT         iPhone15,2
END
	)
	grep -E "^clock:     (agrees|signed [0-9]+ seconds? before the time of this report)$" report
}

@test "phase 2 without a challenge is told; phase 3 with one is wrong" {
	made <<< '<key>UDID</key><string>abc</string>'
	mcprofile-verify --device-ca factory --at $THEN sent.p7 > report
	grep -Fx "phase:     2, signed by a factory certificate, without a challenge" report
	enrolled <<< '<key>UDID</key><string>abc</string><key>CHALLENGE</key><data>c2VjcmV0</data>'
	judged 15 --enrolled-ca ca.pem sent.p7
	grep -Fx "wrong:     CHALLENGE: signed by an enrolled identity (phase 3); only what a factory certificate signs (phase 2) has one" report
	not grep -e c2VjcmV0 -e secret report words
}

@test "the wrong leg: a factory certificate for --enrolled-ca, an identity for --device-ca" {
	judged 12 --enrolled-ca ca.pem --at $THEN "$V/good-sha256.p7"
	grep -Fx "wrong:     signed by a factory certificate (it has extension 1.2.840.113635.100.6.10.2), which --enrolled-ca is not for: --device-ca DIR" report
	enrolled <<< '<key>UDID</key><string>abc</string>'
	judged 12 --device-ca factory sent.p7
	grep -Fx "wrong:     not signed by a factory certificate (it has no extension that marks a device); an enrolled device's identity is judged by --enrolled-ca PATH" report
	# where both were asked it is nobody's, and no leg is the wrong one
	judged 12 --device-ca factory --enrolled-ca "$V/scep-ra.pem" sent.p7
	not grep ^wrong: report
}

# Signed well, and nothing that a device sends: 15, and why, with the key.
wrong() {
	judged 15 --device-ca factory --at $THEN sent.p7
	grep -Fx "wrong:     $1" report
	grep -Fx "demanded:  no: not what a device sends: $1" report
	# who takes the content judges it: --extract gives what holds
	mcprofile-verify --device-ca factory --at $THEN --extract sent.p7 | cmp - sent.plist
}

@test "not what a device sends: each thing by its key" {
	made <<< '<key>PRODUCT</key><string>iPhone5,2</string>'
	wrong "UDID: is missing: it is the one attribute that every answer has"
	made <<< '<key>UDID</key><integer>7</integer>'
	wrong "UDID: is of type integer; a device sends a string"
	made <<< '<key>UDID</key><string>a b</string>'
	wrong "UDID: is not 1 to 64 letters, digits and dashes"
	made <<< '<key>UDID</key><string>abc</string><key>PRODUCT</key><array/>'
	wrong "PRODUCT: is of type array; a device sends a string"
	made <<< '<key>UDID</key><string>abc</string><key>CHALLENGE</key><true/>'
	wrong "CHALLENGE: is of type boolean; a device sends a string or data"
	made <<< "<key>UDID</key><string>abc</string><key>SERIAL</key><string>$(printf '%01025d' 0)</string>"
	wrong "SERIAL: has 1025 bytes; a device sends 1024 at most"
	made <<< "<key>UDID</key><string>abc</string><key>SERIAL</key><string>a	b</string>"
	wrong "SERIAL: holds a control character"
	made <<< '<key>PayloadType</key><string>Configuration</string><key>UDID</key><string>abc</string>'
	wrong "PayloadType: a profile (Configuration); devices receive such, they do not send them"
}

@test "not what a device sends: no dict, no plist, nothing" {
	echo '<plist version="1.0"><array/></plist>' > sent.plist
	made_of sent.plist
	wrong "the plist's top is of type array; a device sends a dict"
	echo hello > sent.plist
	made_of sent.plist
	wrong "the content is no plist: 1:1: syntax error"
	: > sent.plist
	made_of sent.plist
	wrong "there is no content"
	python3 -c 'import plistlib, sys; plistlib.dump({"UDID": "abc"}, sys.stdout.buffer, fmt=plistlib.FMT_BINARY)' > sent.plist
	made_of sent.plist
	wrong "a binary plist; devices send XML"
}

@test "several things that are wrong are all told; so are attributes that nobody documents" {
	made << 'END'
<key>PRODUCT</key><array/><key>NEW&#10;THING</key><string>v</string><key>IMEI</key><integer>7</integer>
<key>VERSION</key><dict/><key>COMPROMISED</key><true/><key>CHALLENGE</key><string>s</string>
END
	tells 15 --device-ca factory --at $LATE sent.p7 << 'END'
phase:     2, signed by a factory certificate, with a challenge of 1 byte
factory:   issued by /C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA
           extension 1.2.840.113635.100.6.10.2, as seen with iPhones
           expired 2015-10-02T00:00:00Z; 2 of its chain's 2 have expired, as factory chains do
clock:     signed 4791 days before the time of this report: an old message, or the device's clock is behind
sent:      PRODUCT         (array)
           NEW?THING       v  (no attribute that Apple documents)
           IMEI            7
           VERSION         (dict)
           COMPROMISED     true
wrong:     UDID: is missing: it is the one attribute that every answer has
           PRODUCT: is of type array; a device sends a string
           VERSION: is of type dict; a device sends a string
END
}

@test "a thousand keys and hostile text make a report of bounded, harmless lines" {
	{
		echo '<key>UDID</key><string>abc</string><key>DEVICE_NAME</key><string>&#x202E;evil&#x9b;2J</string>'
		for i in $(seq 900); do echo "<key>K$i</key><string>v</string>"; done
	} | made
	judged 15 --device-ca factory --at $LATE sent.p7
	grep -Fx "           and 838 more" report
	[ "$(grep -c 'no attribute that Apple documents' report)" -eq 62 ]
	not env LC_ALL=C grep -P '\x9b|\xe2\x80\xae|\x1b' report
}

device_json() { mcprofile-verify --format json "$@" 2> /dev/null | jq -cS .device; }

@test "JSON: the members, exactly" {
	device_json --device-ca factory --at $LATE "$V/good-ios6.p7" | diff - <(jq -cS . << 'END'
{"phase": 2, "challenge": {"bytes": 16}, "skew": -413946751, "undocumented": [], "wrong": [],
 "attributes": {"IMEI": "01 335200 242816 7", "PRODUCT": "iPhone5,2", "UDID": "ea750f0000000000000000000000000000003abc", "VERSION": "10A525"},
 "factory": {"anchor": "/C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA",
             "issuer": "/C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA",
             "extension": "1.2.840.113635.100.6.10.2", "seen_in": "iPhone",
             "not_before": "2012-10-02T00:00:00Z", "not_after": "2015-10-02T00:00:00Z", "expired": 2}}
END
	)
	device_json --device-ca factory --at $LATE "$V/bad-swapped-body.p7" > seen
	[ "$(jq -c '[.phase, .attributes, .challenge, .undocumented, .wrong]' seen)" = '[2,null,null,null,[]]' ]
	device_json --device-ca factory --at $LATE "$V/bad-forged-issuer.p7" > seen
	[ "$(jq -c '[.phase, .attributes, .factory.anchor, .factory.expired]' seen)" = '[null,null,null,null]' ]
	device_json --device-ca factory --at $LATE "$V/good-macos13-no-attrs.p7" > seen
	[ "$(jq -c '[.skew, .attributes.IMEI, .attributes.UserLongName, .factory.seen_in]' seen)" = '[null,"","Alice Example","Mac"]' ]
	enrolled << 'END'
<key>UDID</key><string>abc</string><key>IMEI</key><integer>7</integer><key>X</key><true/><key>MEID</key><array/>
END
	device_json --enrolled-ca ca.pem sent.p7 > seen
	[ "$(jq -cS '[.phase, .challenge, .attributes, .undocumented, .factory]' seen)" = '[3,null,{"IMEI":7,"MEID":null,"UDID":"abc","X":true},["X"],null]' ]
	[ "$(jq -c .wrong seen)" = '[{"code":"type","key":"MEID","text":"is of type array; a device sends a string"}]' ]
}

@test "JSON: a code for each kind of wrong" {
	codes() { device_json "$@" | jq -r '.wrong[] | .code + " " + (.key // "-")' | tr '\n' ','; }
	made <<< '<key>PRODUCT</key><array/>'
	[ "$(codes --device-ca factory sent.p7)" = "missing UDID,type PRODUCT," ]
	made <<< '<key>UDID</key><string></string>'
	[ "$(codes --device-ca factory sent.p7)" = "value UDID," ]
	made <<< '<key>PayloadType</key><string>x</string>'
	[ "$(codes --device-ca factory sent.p7)" = "kind PayloadType," ]
	echo hello > sent.plist
	made_of sent.plist
	[ "$(codes --device-ca factory sent.p7)" = "plist -," ]
	enrolled <<< '<key>UDID</key><string>abc</string>'
	[ "$(codes --device-ca factory sent.p7)" = "leg -," ]
	[ "$(codes --device-ca factory "$V/scep-good-ios6.p7")" = "kind -," ]
}

@test "with only pins in the folder the chain comes from the message, or not at all" {
	for i in ios6 macos13-no-attrs sha256 extra-certificate; do
		mcprofile-verify --device-ca pins-only --at $LATE "$V/good-$i.p7" > report
		grep "^phase:     2," report
	done
	judged 12 --device-ca pins-only --at $LATE "$V/good-leaf-only.p7"
	grep "^trusted:   no: .*--chain FILE may complete it$" report
}
