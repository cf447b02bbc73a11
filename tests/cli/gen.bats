# mcprofile-gen: what it makes, and what it says when it does not.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf 'one-time\n' > token
}

mcprofile-gen() { command mcprofile-gen "$@" 3>&-; }

# value FILE EXPR: an expression over the plist p, by a reader not ours.
value() {
	python3 -c 'import plistlib, sys
p = plistlib.load(open(sys.argv[1], "rb"))
print(eval(sys.argv[2]))' "$1" "$2"
}

service() { mcprofile-gen profile-service --url https://mdm.example.com/profile --identifier com.acme.enroll "$@"; }
scep() { mcprofile-gen scep --url https://mdm.example.com/scep --identifier com.acme.identity --subject /CN=x "$@"; }

# profile BODY: the XML of a Configuration profile with one payload of BODY.
profile() {
	printf '%s\n' '<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string>' \
	    "<key>PayloadContent</key><array><dict>$1</dict></array></dict></plist>"
}

# refused STATUS TEXT COMMAND...: that status, that one line, and no output.
refused() {
	local want_status=$1 want=$2 said status=0
	shift 2
	said=$("$@" 2>&1 > refused.out) || status=$?
	printf 'want: %s %s\nhave: %s %s\n' "$want_status" "$want" "$status" "$said"
	[ "$status" -eq "$want_status" ]
	[ "$said" = "mcprofile-gen: $want" ]
	[ ! -s refused.out ]
}

# --- profile-service

@test "profile-service: the manual's line gives Apple's phase 1 profile" {
	mcprofile-gen profile-service --url https://mdm.example.com/profile --challenge file:token --organization "ACME Inc." \
	    --identifier com.acme.enroll --attribute UDID --attribute SERIAL --attribute VERSION --attribute PRODUCT > phase1.plist
	[ "$(value phase1.plist 'list(p)')" = "['PayloadType', 'PayloadVersion', 'PayloadIdentifier', 'PayloadUUID', 'PayloadOrganization', 'PayloadDisplayName', 'PayloadContent']" ]
	[ "$(value phase1.plist 'p["PayloadType"], p["PayloadVersion"], p["PayloadIdentifier"], p["PayloadOrganization"]')" = "('Profile Service', 1, 'com.acme.enroll', 'ACME Inc.')" ]
	[ "$(value phase1.plist 'p["PayloadContent"]')" = "{'URL': 'https://mdm.example.com/profile', 'DeviceAttributes': ['UDID', 'SERIAL', 'VERSION', 'PRODUCT'], 'Challenge': 'one-time'}" ]
	[[ "$(value phase1.plist 'p["PayloadUUID"]')" =~ ^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$ ]]
}

@test "profile-service: without --attribute and --challenge" {
	service > out
	[ "$(value out 'p["PayloadContent"]')" = "{'URL': 'https://mdm.example.com/profile', 'DeviceAttributes': ['UDID', 'VERSION', 'PRODUCT', 'SERIAL']}" ]
	[ "$(value out '"PayloadOrganization" in p')" = False ]
}

@test "profile-service: what the user is shown" {
	service --display-name 'Grüße & <b>' --description $'two\nlines' > out
	[ "$(value out 'p["PayloadDisplayName"], p["PayloadDescription"]')" = "('Grüße & <b>', 'two\\nlines')" ]
}

@test "profile-service: --name is --display-name" {
	service --name Enrolment > a
	service --display-name Enrolment > b
	cmp a b
	[ "$(value a 'p["PayloadDisplayName"]')" = Enrolment ]
	refused 64 '--name, --display-name: are the same; want one of them' service --name x --display-name x
}

@test "profile-service: the same facts give the same bytes" {
	service > a
	service --uuid named > b
	cmp a b
	mcprofile-gen scep --url https://x/ --identifier com.acme.enroll --subject /CN=x > c
	[ "$(value a 'p["PayloadUUID"]')" != "$(value c 'p["PayloadUUID"]')" ]
	refused 64 '--uuid: want one of named|random, not fresh' service --uuid fresh
}

@test "profile-service: --uuid random is a PayloadUUID of its own each time" {
	service --uuid random > a
	service --uuid random > b
	[[ "$(value a 'p["PayloadUUID"]')" =~ ^[0-9A-F]{8}-[0-9A-F]{4}-4 ]]
	run ! cmp a b
	diff <(grep -v '^	<string>[-0-9A-F]\{36\}<' a) <(grep -v '^	<string>[-0-9A-F]\{36\}<' b)
}

@test "profile-service: the challenge is a fact, inside and outside of the driver" {
	MCPROFILE_TOKEN=fact service --challenge env:MCPROFILE_TOKEN > out
	[ "$(value out 'p["PayloadContent"]["Challenge"]')" = fact ]
}

@test "profile-service: refusals" {
	refused 64 '--url URL is required' mcprofile-gen profile-service --identifier x
	refused 64 '--identifier NAME is required' mcprofile-gen profile-service --url https://x/
	refused 64 "http://x/: want https: the device's attributes and its challenge go there, and devices refuse anything else" \
	    service --url http://x/
	refused 64 'x: want a URL that begins https:// or http://' service --url x
	refused 64 'PayloadIdentifier: is empty; want one like com.acme.wifi' service --identifier ''
	refused 64 'attribute UUID: devices have no such one, but UDID VERSION PRODUCT SERIAL IMEI MEID ICCID MAC_ADDRESS_EN0 DEVICE_NAME COMPROMISED LANGUAGE OS_VERSION NotOnConsole UserID UserLongName UserShortName' \
	    service --attribute UDID --attribute UUID
	refused 64 'attribute UDID: is there twice' service --attribute UDID --attribute UDID
	refused 65 'PayloadOrganization: want UTF-8 without control characters' service --organization $'a\x01'
	refused 65 'PayloadDisplayName: want UTF-8 without control characters' service --display-name $'\xff'
}

@test "profile-service: challenges that are none" {
	: > empty
	printf 'a\0b' > nul
	printf 'a\033b' > escape
	refused 64 '--challenge: want file:PATH, fd:N or env:NAME, not the secret itself' service --challenge hunter2
	refused 66 '--challenge: nothere: No such file or directory' service --challenge file:nothere
	refused 66 '--challenge: env:NOT_THERE: there is no such variable' service --challenge env:NOT_THERE
	refused 65 '--challenge: file:empty: is empty' service --challenge file:empty
	refused 65 '--challenge: file:nul: holds a NUL' service --challenge file:nul
	refused 65 'Challenge: want UTF-8 without control characters' service --challenge file:escape
}

# --- scep

@test "scep: the manual's line gives one SCEP payload and nothing else" {
	selfsigned ca "/CN=ACME Device CA"
	SCEP_CHALLENGE=secret mcprofile-gen scep --url https://mdm.example.com/scep --subject '/O=ACME Inc./CN=Profile Service (${uuid})' --challenge env:SCEP_CHALLENGE \
	    --key-size 2048 --key-usage 5 --ca-fingerprint ca.pem --name acme --identifier com.acme.identity > phase2.plist
	[ "$(value phase2.plist 'p["PayloadType"], len(p["PayloadContent"])')" = "('Configuration', 1)" ]
	[ "$(value phase2.plist '[p["PayloadContent"][0][k] for k in ("PayloadType", "PayloadIdentifier", "PayloadVersion")]')" = "['com.apple.security.scep', 'com.acme.identity.scep', 1]" ]
	[ "$(value phase2.plist 'p["PayloadUUID"] != p["PayloadContent"][0]["PayloadUUID"]')" = True ]
	c='p["PayloadContent"][0]["PayloadContent"]'
	[ "$(value phase2.plist "list($c)")" = "['URL', 'Name', 'Subject', 'Challenge', 'Keysize', 'Key Type', 'Key Usage', 'Retries', 'RetryDelay', 'CAFingerprint']" ]
	[ "$(value phase2.plist "[$c[k] for k in ('URL', 'Name', 'Challenge', 'Keysize', 'Key Type', 'Key Usage', 'Retries', 'RetryDelay')]")" = \
	    "['https://mdm.example.com/scep', 'acme', 'secret', 2048, 'RSA', 5, 3, 10]" ]
	[ "$(value phase2.plist "$c['CAFingerprint'].hex()")" = "$(openssl x509 -in ca.pem -outform DER | sha1sum | cut -d' ' -f1)" ]
	[[ "$(value phase2.plist "$c['Subject']")" =~ ^"[[['O', 'ACME Inc.']], [['CN', 'Profile Service ("[0-9A-F-]{36}")']]]"$ ]]
}

@test "scep: the fingerprint of a certificate in DER is the same" {
	selfsigned ca /CN=x
	openssl x509 -in ca.pem -outform DER -out ca.der
	scep --ca-fingerprint ca.pem > a
	scep --ca-fingerprint ca.der > b
	f='p["PayloadContent"][0]["PayloadContent"]["CAFingerprint"]'
	[ "$(value a "$f")" = "$(value b "$f")" ]
}

@test "scep: key sizes and usages, and what is left out" {
	scep > out
	c='p["PayloadContent"][0]["PayloadContent"]'
	[ "$(value out "$c['Keysize'], $c['Key Usage']")" = "(2048, 5)" ]
	[ "$(value out "[k in $c for k in ('Challenge', 'Name', 'CAFingerprint')]")" = "[False, False, False]" ]
	for size in 1024 2048 4096; do
		for usage in 1 4 5; do
			scep --key-size $size --key-usage $usage > out
			[ "$(value out "$c['Keysize'], $c['Key Usage']")" = "($size, $usage)" ]
		done
	done
}

@test "scep: variables in the subject, which cannot add to it" {
	s='p["PayloadContent"][0]["PayloadContent"]["Subject"]'
	scep --subject '/CN=${user}/OU=${uuid}' --var user='a/O=Evil\' --var uuid=U > out
	[ "$(value out "$s")" = "[[['CN', 'a/O=Evil\\\\']], [['OU', 'U']]]" ]
	MCPROFILE_UDID=abc scep --subject '/CN=${udid}' > out
	[ "$(value out "$s")" = "[[['CN', 'abc']]]" ]
	MCPROFILE_UDID=abc scep --subject '/CN=${udid}\/b/emailAddress=x@y' --literal-subject > out
	[ "$(value out "$s")" = "[[['CN', '\${udid}/b']], [['1.2.840.113549.1.9.1', 'x@y']]]" ]
}

@test "scep: UUIDs of the identifiers, or new ones each time" {
	u='p["PayloadUUID"], p["PayloadContent"][0]["PayloadUUID"]'
	mcprofile-gen configuration --identifier com.acme.identity --payload com.apple.security.root PayloadIdentifier=com.acme.identity.scep PayloadContent:=data:AAAA > other
	scep > a
	scep > b
	cmp a b
	[ "$(value a "$u")" = "$(value other "$u")" ]
	scep --uuid random > a
	scep --uuid random > b
	python3 - "$(value a "$u")" "$(value b "$u")" <<- 'END'
	import ast, sys
	all = [u for words in sys.argv[1:] for u in ast.literal_eval(words)]
	assert len(set(all)) == 4 and [u[14] for u in all] == ["4"] * 4, all
	END
}

@test "scep: refusals" {
	echo hello > text
	refused 64 '--subject NAME is required' mcprofile-gen scep --url https://x/ --identifier x
	refused 64 'https://x/scep?ca=1: want no query: devices drop it; what must come back belongs into the path' scep --url 'https://x/scep?ca=1'
	refused 64 '--key-size: want one of 2048|1024|4096, not 3072' scep --key-size 3072
	refused 64 '--key-usage: want one of 5|1|4, not 2' scep --key-usage 2
	refused 64 '--subject: "CN=x": a name begins with a slash, /CN=Alice' scep --subject CN=x
	refused 64 '--subject: "x": want TYPE=value' scep --subject /x
	refused 64 '--subject: CN: is empty' scep --subject /CN=
	refused 64 '--subject: CN: ${usr}: no such variable; near: user' scep --subject '/CN=${usr}' --var user=x
	refused 65 '--subject: CN: "${": want ${NAME}, or $${ for a plain ${' scep --subject '/CN=${'
	refused 64 '--var: "x": want NAME=VALUE' scep --var x
	refused 66 '--ca-fingerprint: nothere: No such file or directory' scep --ca-fingerprint nothere
	run -65 scep --ca-fingerprint text
	[[ "$output" = "mcprofile-gen: --ca-fingerprint: text: "* ]]
	refused 64 'https://x/: one word too many' scep https://x/
}

@test "scep: plain http is for the administrator to decide" {
	mcprofile-gen scep --url http://cisco/cgi-bin/pkiclient.exe --identifier x --subject /CN=x > out
	[ "$(value out 'p["PayloadContent"][0]["PayloadContent"]["URL"]')" = http://cisco/cgi-bin/pkiclient.exe ]
}

# --- template

base() {
	cat > base.mobileconfig <<- 'END'
	<?xml version="1.0" encoding="UTF-8"?>
	<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
	<plist version="1.0">
	<dict>
		<key>PayloadContent</key>
		<array>
			<dict>
				<key>PayloadType</key><string>com.apple.mail.managed</string>
				<key>PayloadUUID</key><string>11111111-1111-4111-8111-111111111111</string>
				<key>PayloadIdentifier</key><string>com.acme.mail.11111111-1111-4111-8111-111111111111</string>
				<key>EmailAddress</key><string>${mail}</string>
				<key>Literal</key><string>$${user} is ${user}</string>
				<key>for-${user}</key><array><dict><key>deep</key><string>${user}</string></dict></array>
				<key>SMIMESigningCertificateUUID</key><string>22222222-2222-4222-8222-222222222222</string>
				<key>PayloadCertificateAnchorUUID</key><array><string>22222222-2222-4222-8222-222222222222</string></array>
			</dict>
			<dict>
				<key>PayloadType</key><string>com.apple.security.root</string>
				<key>PayloadUUID</key><string>22222222-2222-4222-8222-222222222222</string>
				<key>PayloadContent</key><data>JHt1c2VyfQ==</data>
			</dict>
		</array>
		<key>PayloadRemovalDisallowed</key><true/>
		<key>PayloadExpirationDate</key><date>2068-12-31T23:59:59Z</date>
		<key>DurationUntilRemoval</key><real>1.5</real>
		<key>PayloadType</key><string>Configuration</string>
		<key>PayloadUUID</key><string>33333333-3333-4333-8333-333333333333</string>
		<key>PayloadVersion</key><integer>1</integer>
		<key>PayloadIdentifier</key><string>com.acme.base</string>
	</dict>
	</plist>
	END
}

@test "template: the manual's line fills values and keys of every depth, and nothing else changes" {
	base
	mcprofile-gen template base.mobileconfig --var user=alice --var mail=alice@example.com --uuid keep > final.plist
	python3 - <<- 'END'
	import plistlib
	want = plistlib.load(open("base.mobileconfig", "rb"))
	m = want["PayloadContent"][0]
	m["EmailAddress"] = "alice@example.com"
	m["Literal"] = "${user} is alice"
	m["for-alice"] = [{"deep": "alice"}]
	del m["for-${user}"]
	have = plistlib.load(open("final.plist", "rb"))
	assert have == want, have
	assert list(have) == list(want)
	assert list(have["PayloadContent"][0])[5] == "for-alice"
	assert have["PayloadContent"][1]["PayloadContent"] == b"${user}"
	END
}

@test "template: fresh UUIDs, references kept, identifiers left alone" {
	base
	mcprofile-gen template base.mobileconfig --var user=a --var mail=b > one
	mcprofile-gen template base.mobileconfig --var user=a --var mail=b > two
	python3 - <<- 'END'
	import plistlib, re
	old = plistlib.load(open("base.mobileconfig", "rb"))
	one, two = (plistlib.load(open(f, "rb")) for f in ("one", "two"))
	def uuids(p): return [p["PayloadUUID"]] + [q["PayloadUUID"] for q in p["PayloadContent"]]
	every = uuids(old) + uuids(one) + uuids(two)
	assert len(set(every)) == 9, every
	for u in every[3:]:
	    assert re.fullmatch("[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", u), u
	for p in one, two:
	    mail, root = p["PayloadContent"]
	    assert mail["SMIMESigningCertificateUUID"] == root["PayloadUUID"]
	    assert mail["PayloadCertificateAnchorUUID"] == [root["PayloadUUID"]]
	    assert mail["PayloadIdentifier"] == old["PayloadContent"][0]["PayloadIdentifier"]
	END
}

@test "template: values are text, whatever they hold" {
	base
	for v in ']]>' '</string><key>' '&amp;<!--' '${mail}' $'tab\there' $'cr\rlf\nend\r\n' "'\"" 'é😀' ''; do
		mcprofile-gen template base.mobileconfig --var user="$v" --var mail=m > out
		V=$v python3 - <<- 'END'
		import os, plistlib
		v = os.environ["V"]
		m = plistlib.load(open("out", "rb"))["PayloadContent"][0]
		assert m["for-" + v] == [{"deep": v}], m
		assert m["Literal"] == "${user} is " + v
		END
	done
}

@test "template: every type of value leaves as another reader takes it" {
	cat > t <<- 'END'
	<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array><dict>
	<key>ints</key><array><integer>-1</integer><integer>-9223372036854775808</integer>
	<integer>9223372036854775807</integer><integer>+7</integer></array>
	<key>reals</key><array><real>0.1</real><real>1e300</real><real>-0.5</real><real>5.0</real><real>5e-324</real></array>
	<key>dates</key><array><date>1932-12-13T20:45:52Z</date><date>1969-12-31T23:59:59Z</date>
	<date>2024-02-29T12:00:00Z</date><date>2069-01-19T03:14:07Z</date></array>
	<key>data</key><array><data></data><data>AAECAwQ=</data></array>
	<key>text</key><array><string></string><string>]]&gt;&amp;amp;&lt;a&gt;</string><string>&#9;a&#10;b&#13;&#13;&#10; </string>
	<string>é😀</string></array>
	<key></key><true/><key>&#13;k</key><false/><key>none</key><array><array/><dict/></array>
	</dict></array></dict></plist>
	END
	LC_ALL=C mcprofile-gen template t > once
	mcprofile-gen template once > twice
	cmp once twice
	python3 - <<- 'END'
	import plistlib
	want, have = (plistlib.load(open(f, "rb")) for f in ("t", "once"))
	assert have == want, have
	inner = have["PayloadContent"][0]
	assert [repr(r) for r in inner["reals"]] == ["0.1", "1e+300", "-0.5", "5.0", "5e-324"]
	assert inner["ints"] == [-1, -2**63, 2**63 - 1, 7]
	assert inner["text"][2] == "\ta\nb\r\r\n "
	assert list(inner)[:3] == ["ints", "reals", "dates"]
	END
}

@test "template: a date that the tree cannot hold is refused where it stands" {
	profile $'\n<key>d</key><date>2069-01-19T03:14:08Z</date>' > t
	refused 65 't: 3:13: <date>: want a date of 1932-12-13T20:45:52Z to 2069-01-19T03:14:07Z, not "2069-01-19T03:14:08Z"' \
	    mcprofile-gen template t
}

@test "template: variables are given first, then facts" {
	profile '<key>a</key><string>${user} ${device-name} ${request}</string>' > t
	MCPROFILE_USER=fact MCPROFILE_DEVICE_NAME=Phone MCPROFILE_REQUEST=r1 mcprofile-gen template t > out
	[ "$(value out 'p["PayloadContent"][0]["a"]')" = "fact Phone r1" ]
	MCPROFILE_USER=fact MCPROFILE_DEVICE_NAME=Phone MCPROFILE_REQUEST=r1 mcprofile-gen template t --var user=given > out
	[ "$(value out 'p["PayloadContent"][0]["a"]')" = "given Phone r1" ]
}

@test "template: a secret's value comes from a file, an fd or the environment" {
	profile '<key>a</key><string>${x} ${y} ${z}</string>' > t
	printf 'from-fd\n' > fd
	Z=from-env command mcprofile-gen template t --secret-var x=file:token --secret-var y=fd:4 --secret-var z=env:Z 4< fd > out 3>&-
	[ "$(value out 'p["PayloadContent"][0]["a"]')" = "one-time from-fd from-env" ]
	refused 64 '--secret-var: x: want file:PATH, fd:N or env:NAME, not the secret itself' mcprofile-gen template t --secret-var x=hunter2
	refused 64 '--secret-var: x: is given twice' mcprofile-gen template t --var x=1 --secret-var x=file:token
}

@test "template: variables that are unknown or bad are told with their place" {
	profile '<key>Wi</key><dict><key>SSID_STR</key><string>${ssid}</string></dict>' > t
	refused 64 't: PayloadContent[0].Wi.SSID_STR: ${ssid}: no such variable; --var ssid=... sets it' mcprofile-gen template t
	refused 64 't: PayloadContent[0].Wi.SSID_STR: ${ssid}: no such variable; near: SSIDS, sid' \
	    env MCPROFILE_SSIDS=x mcprofile-gen template t --var sid=x
	profile '<key>${k</key><true/>' > t
	refused 65 't: PayloadContent[0].${k: "${k": want ${NAME}, or $${ for a plain ${' mcprofile-gen template t
	profile '<key>a</key><true/><key>${k}</key><true/>' > t
	refused 65 't: PayloadContent[0].${k}: key "a" is there already' mcprofile-gen template t --var k=a
	refused 65 "--var: k: want UTF-8 without control characters" mcprofile-gen template t --var k=$'\x02'
	refused 64 '--var: "a b": not a variable'"'s name" mcprofile-gen template t --var 'a b=c'
	refused 64 '--var: k: is given twice' mcprofile-gen template t --var k=1 --var k=2
}

@test "template: what is no template" {
	selfsigned s /CN=x
	openssl smime -sign -nodetach -outform DER -in token -signer s.pem -inkey s.key -out signed
	printf 'bplist00\0\0' > binary
	: > empty
	head -c 300000 /dev/urandom > noise
	echo '<plist version="1.0"><array/></plist>' > array
	echo '<plist version="1.0"><dict><key>PayloadType</key><string>Profile Service</string></dict></plist>' > service
	refused 64 'TEMPLATE is required' mcprofile-gen template
	refused 66 'nothere: No such file or directory' mcprofile-gen template nothere
	refused 65 'signed: 1:1: is a signed or encrypted message (DER), not XML' mcprofile-gen template signed
	refused 65 's.pem: 1:1: is PEM, not XML' mcprofile-gen template s.pem
	refused 65 'binary: 1:1: is a binary plist; want XML (plutil -convert xml1)' mcprofile-gen template binary
	refused 65 'empty: 1:1: is empty' mcprofile-gen template empty
	refused 65 'token: 1:1: syntax error' mcprofile-gen template token
	run -65 mcprofile-gen template noise
	refused 65 'array: want a Configuration profile, a dict, not array' mcprofile-gen template array
	refused 65 'service: PayloadType: want Configuration, not "Profile Service"' mcprofile-gen template service
}

@test "template: hostile XML costs nothing and says where" {
	python3 - <<- 'END'
	p = '<plist version="1.0">'
	open("deep", "w").write(p + "<array>" * 175000)
	open("amp", "w").write(p + "<dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array/><key>x</key><string>" + "&amp;" * 1000000 + "</string></dict></plist>")
	open("many", "w").write(p + "<array>" + "<true/>" * 300000 + "</array></plist>")
	open("large", "w").write(p + "<string>" + "x" * (17 << 20) + "</string></plist>")
	END
	base
	head -c 700 base.mobileconfig > cut
	echo '<plist version="1.0"><dict><key>a</key><true/>
	<key>a</key><true/></dict></plist>' > twice
	echo '<!DOCTYPE plist [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><plist version="1.0"><string>&b;</string></plist>' > bomb
	refused 65 'deep: 1:470: nested more than 64 deep' mcprofile-gen template deep
	refused 65 'many: 1:1400022: more than 200000 values' mcprofile-gen template many
	refused 65 'large: more than 16777216 bytes' mcprofile-gen template large
	refused 65 'cut: 14:62: ends too early: </plist> is missing' mcprofile-gen template cut
	refused 65 'twice: 2:2: key "a" is there twice' mcprofile-gen template twice
	refused 65 'bomb: 1:17: DOCTYPE: want no declarations of its own' mcprofile-gen template bomb
	timeout 10 mcprofile-gen template amp > out 3>&-
	[ "$(value out 'p["x"] == "&" * 1000000')" = True ]
}

@test "template: two payloads with one PayloadUUID cannot be told apart" {
	base
	sed -i 's/33333333-3333-4333-8333-333333333333/22222222-2222-4222-8222-222222222222/' base.mobileconfig
	refused 65 'base.mobileconfig: PayloadUUID 22222222-2222-4222-8222-222222222222: two payloads have it' \
	    mcprofile-gen template base.mobileconfig --var user=a --var mail=b
	mcprofile-gen template base.mobileconfig --var user=a --var mail=b --uuid keep > out
}

# Any plist that Python writes is read, and what is written Python reads as the
# same (but for -0.0, which libplist writes as 0.0); writing it again changes
# no byte.
@test "template: agrees with another reader and writer on every type" {
	for seed in 1 2 3 4 5 6 7 8; do
		python3 - $seed <<- 'END'
		import datetime, plistlib, random, sys
		r = random.Random(int(sys.argv[1]))
		def text(): return "".join(r.choice("aZ0 \t\n&<>\"'é€😀]]>$}{\u0085\u2028") for _ in range(r.randrange(20))).replace("${", "$ {")
		def node(d):
		    k = r.randrange(9 if d < 6 else 7)
		    return [text, lambda: r.randrange(-2**63, 2**63), lambda: r.random() * 10 ** r.randrange(-300, 300),
		        lambda: r.random() < .5, lambda: r.randbytes(r.randrange(200)), lambda: r.choice([0.1, 1e22, 0.0, 5e-324, 1.5]),
		        lambda: datetime.datetime(r.randrange(1933, 2069), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60)),
		        lambda: [node(d + 1) for _ in range(r.randrange(5))],
		        lambda: {text(): node(d + 1) for _ in range(r.randrange(5))}][k]()
		p = {"PayloadType": "Configuration", "PayloadContent": [{"x": node(0)} for _ in range(50)]}
		plistlib.dump(p, open("theirs", "wb"), sort_keys=False)
		END
		mcprofile-gen template theirs --uuid keep > ours
		python3 - <<- 'END'
		import plistlib
		a, b = (plistlib.load(open(f, "rb")) for f in ("theirs", "ours"))
		assert a == b and repr(a) == repr(b)
		END
		mcprofile-gen template ours --uuid keep | cmp - ours
	done
}

# --- every verb

@test "every verb: a full disk and -o" {
	base
	run -74 sh -c 'mcprofile-gen profile-service --url https://x/ --identifier x > /dev/full 3>&-'
	[ "$output" = "mcprofile-gen: standard output: write: No space left on device" ]
	mcprofile-gen template base.mobileconfig --var user=a --var mail=b -o out
	[ "$(value out 'p["PayloadIdentifier"]')" = com.acme.base ]
	echo before > kept
	run -64 mcprofile-gen template base.mobileconfig -o kept
	[ "$(cat kept)" = before ]
}

@test "a verb is required" {
	refused 64 'a verb is required; --help lists them' mcprofile-gen
	refused 64 'zzzzz: no such verb; --help lists them' mcprofile-gen zzzzz
}

@test "a secret is in no output but the profile" {
	printf 'canary-4711' > canary
	run mcprofile-gen scep --url 'https://x/?' --identifier x --subject /CN=x --challenge file:canary
	[[ "$output" != *canary-4711* ]]
	printf 'canary-4711\033' > canary
	run mcprofile-gen profile-service --url https://x/ --identifier x --challenge file:canary
	[ "$status" -eq 65 ]
	[[ "$output" != *canary-4711* ]]
}
