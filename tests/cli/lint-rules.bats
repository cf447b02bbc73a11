# What mcprofile-lint knows beyond the schema: certificates and PKCS #12 that
# openssl made, updates, and what must never be in a report.
load ../helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	# profile OUT PYTHON: p is a profile, w a web clip of it
	cat > profile.py <<- 'PY'
	import plistlib, sys, uuid
	def payload(type, name, **keys):
	    return {"PayloadType": type, "PayloadIdentifier": "com.example.test." + name,
	            "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)).upper(), "PayloadVersion": 1, **keys}
	def read(name):
	    return open(name, "rb").read()
	w = payload("com.apple.webClip.managed", "clip", Label="Intranet", URL="https://intranet.example.com/")
	p = payload("Configuration", "top", PayloadDisplayName="Test", PayloadContent=[w])
	p["PayloadIdentifier"] = "com.example.test"
	exec(sys.argv[2])
	plistlib.dump(p, open(sys.argv[1], "wb"), sort_keys=False)
	PY
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=Alice -days 400 2> /dev/null
	openssl x509 -in cert.pem -outform DER -out cert.der
	openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -subj /CN=Bob -days 400 2> /dev/null
	openssl pkcs12 -export -in cert.pem -inkey key.pem -passout pass:secret -out id.p12
	openssl pkcs12 -export -legacy -in cert.pem -inkey key.pem -passout pass:secret -out legacy.p12
	openssl pkcs12 -export -in cert.pem -inkey key.pem -passout pass:secret -nomac -out nomac.p12
	openssl pkcs12 -export -in cert.pem -inkey key.pem -passout pass: -out empty.p12
}

setup() { cd "$BATS_FILE_TMPDIR"; }

profile() { python3 profile.py "$@"; }
lint() { mcprofile-lint --format gcc "$@"; }

@test "a certificate that expires, or has: how long, and when" {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out soon.pem -subj /CN=soon -days 10 2> /dev/null
	profile soon.xml 'p["PayloadContent"] = [payload("com.apple.security.pem", "ca", PayloadContent=read("soon.pem"))]'
	run lint soon.xml
	[ "$status" -eq 0 ]
	end=$(date -u -d "$(openssl x509 -in soon.pem -noout -enddate | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ)
	[[ $output = *": warning: "*"/CN=soon: it expires in 9 days, $end"*" [MC1304]"* ]] || [[ $output = *": warning: "*"/CN=soon: it expires in 10 days, $end"*" [MC1304]"* ]] || { show; false; }
	[ "$(grep -c . <<< "$output")" -eq 1 ]
}

@test "PKCS #12 of openssl's, new and old: the password is tried, and the key is told of" {
	for f in id legacy; do
		profile good.xml "p['PayloadContent'] = [payload('com.apple.security.pkcs12', 'id', PayloadContent=read('$f.p12'), Password='secret')]"
		run lint good.xml
		[ "$status" -eq 0 ]
		[[ $output = *"warning: "*"the private key can be had by everybody who gets this file: its password is beside it"*" [MC1323]" ]] || { show; false; }
		[ "$(grep -c . <<< "$output")" -eq 1 ]
		profile wrong.xml "p['PayloadContent'] = [payload('com.apple.security.pkcs12', 'id', PayloadContent=read('$f.p12'), Password='Secret')]"
		run lint wrong.xml
		[ "$status" -eq 1 ]
		[[ $output = *"error: "*"the Password does not open the PKCS #12 beside it"*" [MC1322]"* ]] || { show; false; }
		[[ $output != *MC1323* ]]
	done
}

@test "PKCS #12 whose password cannot be tried is not said to be wrong" {
	profile nomac.xml 'p["PayloadContent"] = [payload("com.apple.security.pkcs12", "id", PayloadContent=read("nomac.p12"), Password="x")]'
	run lint nomac.xml
	[ "$status" -eq 0 ]
	[[ $output != *MC1322* ]]
	# two thousand million rounds: nobody waits for them
	python3 - <<- 'PY'
	d = open("id.p12", "rb").read()
	i = d.rindex(bytes([2, 2, 8, 0]))
	mac = next(k for k in range(len(d) - 130, i) if d[k] == 0x30 and k + 2 + d[k + 1] == len(d))
	e = bytearray(d[:i] + bytes([2, 4, 0x77, 0x35, 0x94, 0]) + d[i + 4:])
	e[mac + 1] += 2
	e[2:4] = (int.from_bytes(e[2:4], "big") + 2).to_bytes(2, "big")
	open("slow.p12", "wb").write(e)
	PY
	openssl asn1parse -inform DER -in slow.p12 > /dev/null
	profile slow.xml 'p["PayloadContent"] = [payload("com.apple.security.pkcs12", "id", PayloadContent=read("slow.p12"), Password="x")]'
	run timeout 10 mcprofile-lint --format gcc slow.xml
	[ "$status" -eq 0 ]
	[[ $output != *MC132[02]* ]] || { show; false; }
}

@test "without a password: a person is asked, a server cannot be; and an empty one hides nothing" {
	profile ask.xml 'p["PayloadContent"] = [payload("com.apple.security.pkcs12", "id", PayloadContent=read("id.p12"))]'
	run lint ask.xml
	[ "$status" -eq 0 ]
	[[ $output = *"notice: "*"no Password: the user is asked for it"*" [MC1321]" ]] || { show; false; }
	run lint --way mdm ask.xml
	[[ $output = *"warning: "*"no Password, and nobody to ask where a server installs it"*" [MC1321]" ]] || { show; false; }
	profile empty.xml 'p["PayloadContent"] = [payload("com.apple.security.pkcs12", "id", PayloadContent=read("empty.p12"))]'
	run lint empty.xml
	[[ $output = *"warning: "*"the private key can be had by everybody who gets this file: it has no password"*" [MC1323]" ]] || { show; false; }
}

@test "an identity in a payload for certificates, and the other way around" {
	profile a.xml 'p["PayloadContent"] = [payload("com.apple.security.root", "ca", PayloadContent=read("id.p12"))]'
	run lint a.xml
	[ "$status" -eq 1 ]
	[[ $output = *"error: "*"not a certificate: it is PKCS #12, an identity with its private key"*" [MC1300]"* ]] || { show; false; }
	[[ $output = *"error: "*"there is a private key in it, which every device would get"*" [MC1308]"* ]]
	profile b.xml 'p["PayloadContent"] = [payload("com.apple.security.pkcs12", "id", PayloadContent=read("cert.der"))]'
	run lint b.xml
	[ "$status" -eq 1 ]
	[[ $output = *"error: "*"not PKCS #12: it is a certificate"*" [MC1320]"* ]] || { show; false; }
}

@test "what the schema says too is told once, by the rule that knows more" {
	profile s.xml 'p["PayloadContent"] = [payload("com.apple.security.scep", "scep", PayloadContent={"URL": "https://ca.example.com/", "Subject": [["O", "ACME"], ["CN", "Alice"]], "Keysize": 2048, "Challenge": "x"})]'
	run lint s.xml
	[ "$status" -eq 1 ]
	[ "$(grep -c 'MC1414' <<< "$output")" -eq 2 ]
	[ "$(grep -c 'MC1104' <<< "$output")" -eq 0 ]
	[[ $output = *"error: "*"one array is missing around this pair"*" [MC1414]"* ]] || { show; false; }
}

@test "no report has a secret in it, in any format" {
	profile s.xml 'p["PayloadContent"] = [payload("com.apple.wifi.managed", "wifi", SSID_STR="x", EncryptionType="WPA2", Password="canary-one"),
	    payload("com.apple.profileRemovalPassword", "rp", RemovalPassword="canary-two"),
	    payload("com.apple.security.pkcs12", "id", PayloadContent=read("id.p12"), Password="canary-three"),
	    payload("com.vendor.app", "v", ClientSecret="canary-four", list={"Password": ["canary-five"]})]'
	sed 's/canary/Canary/' s.xml > t.xml
	for format in text gcc json sarif junit github tap; do
		mcprofile-lint --format $format --fail-on never s.xml > out
		# it was linted at all
		grep -q 'MC1250' out || { cat out; false; }
		not grep -i canary out
		mcprofile-lint --format $format --fail-on never --diff s.xml t.xml > out
		[ -s out ]
		not grep -i canary out
	done
}

@test "a secret that the schema refuses is in no report either" {
	printf 'payload com.acme.s on macos 10.7\n\tPassword string pattern ^[0-9]+$\n\tToken string form url\n\tPIN integer from 1 to 9\n\tPasscodes dict\n\t\tFirst string values one\n\tName string form url\n' > s.schema
	profile s.xml 'p["PayloadContent"] = [payload("com.acme.s", "s", Password="canary-one", Token="canary two", PIN=7340, Passcodes={"First": "canary-three"}, Name="no secret")]'
	for format in text gcc json sarif junit github tap; do
		mcprofile-lint --format $format --fail-on never --schema s.schema s.xml > out
		grep -q 'this string is not of the form that is wanted' out
		grep -q 'this integer is not 1 to 9' out
		grep -q 'this string is not a URL' out
		grep -q 'this string is not one' out
		grep -q 'no secret.* is not a URL' out
		not grep -i 'canary\|7340' out
	done
}

@test "an update in place is no reason to fail, whatever changes" {
	profile old.xml 'p["PayloadContent"].append(payload("com.apple.wifi.managed", "wifi", SSID_STR="x", EncryptionType="WPA2", Password="canary"))'
	profile new.xml 'w["Label"] = "Portal"; w["FullScreen"] = True; p["PayloadContent"].append(payload("com.apple.wifi.managed", "new", SSID_STR="x", EncryptionType="WPA2", Password="other"))'
	run lint --diff old.xml new.xml
	[ "$status" -eq 0 ]
	[[ $output = *"notice: "*"takes the place of the installed profile"*" [MC1600]"* ]] || { show; false; }
	[[ $output = *"notice: "*"com.apple.webClip.managed (com.example.test.clip): changed under the same PayloadUUID"*" [MC1611]"* ]]
	[[ $output = *"notice: "*"Portal, was Intranet"*" [MC1615]"* ]]
	[[ $output = *"notice: "*"com.apple.wifi.managed (com.example.test.new): added"*" [MC1613]"* ]]
	[[ $output = *"warning: "*"com.apple.wifi.managed (com.example.test.wifi): removed: the device leaves the network, perhaps its only one"*" [MC1614]"* ]]
	run lint --strict --diff old.xml new.xml
	[ "$status" -eq 1 ]
	run lint --diff old.xml old.xml
	[ "$status" -eq 0 ]
	[[ $output = *"notice: "*"the profile that is installed, and nothing else"*" [MC1600]"* ]]
	[[ $output != *warning* && $output != *MC1615* ]]
}

@test "a key that has only another name is told as renamed" {
	profile old.xml 'w["Url"] = "x-long-value"'
	profile new.xml 'w["URI"] = "x-long-value"'
	run lint --diff old.xml new.xml
	[ "$status" -eq 0 ]
	[[ $output = *"notice: "*"was called Url"*" [MC1615]"* ]] || { show; false; }
	[ "$(grep -c MC1615 <<< "$output")" -eq 1 ]
}

@test "of two keys with one value, one was renamed, and the other is gone" {
	profile old.xml 'w["A"] = "same"; w["B"] = "same"'
	profile new.xml 'w["C"] = "same"'
	run lint --diff old.xml new.xml
	[ "$status" -eq 0 ]
	[[ $output = *"notice: "*"was called A"*" [MC1615]"* ]] || { show; false; }
	[[ $output = *"notice: "*"no longer there; it was same"*" [MC1615]"* ]]
	[ "$(grep -c MC1615 <<< "$output")" -eq 2 ]
	# the other way around: one is new
	run lint --diff new.xml old.xml
	[[ $output = *"notice: "*"was called C"*" [MC1615]"* && $output = *"notice: "*"new: same"*" [MC1615]"* ]] || { show; false; }
	[ "$(grep -c MC1615 <<< "$output")" -eq 2 ]
	# as many as one likes: none is lost
	profile old.xml 'w.update({"old%d" % i: "v%d" % i for i in range(100)})'
	profile new.xml 'w.update({"new%d" % i: "v%d" % i for i in range(100)})'
	run lint --diff old.xml new.xml
	[ "$(grep -c "was called" <<< "$output")" -eq "$((100 - $(grep -c "no longer there" <<< "$output")))" ]
	[ "$(grep -c "notice: .*: new: " <<< "$output")" -eq "$(grep -c "no longer there" <<< "$output")" ]
}

@test "a payload of another type under an old UUID is another payload" {
	profile old.xml 'pass'
	profile new.xml 'w["PayloadType"] = "com.example.other"; w["PayloadIdentifier"] = "com.example.x"'
	run lint --diff old.xml new.xml
	[[ $output = *"com.example.other (com.example.x): added [MC1613]"* ]] || { show; false; }
	[[ $output = *"com.apple.webClip.managed (com.example.test.clip): removed [MC1614]"* ]]
	[[ $output != *MC1611* ]]
}

@test "payloads that share a UUID are matched in their order" {
	profile old.xml 'p["PayloadContent"].append({**w, "PayloadIdentifier": "com.example.second"})'
	run lint --diff old.xml old.xml
	[ "$(grep -c MC1610 <<< "$output")" -eq 2 ] || { show; false; }
	[[ $output != *MC1613* && $output != *MC1614* ]]
}

@test "--diff: a signature without its certificate is a finding, as it is without --diff" {
	profile p.xml 'pass'
	openssl cms -sign -binary -nodetach -nocerts -in p.xml -signer cert.pem -inkey key.pem -outform DER -out bare.signed
	run lint bare.signed
	[ "$status" -eq 1 ]
	[[ $output = *"[MC1005]"* ]] || { show; false; }
	run lint --diff p.xml bare.signed
	[ "$status" -eq 1 ]
	[[ $output = *"error: the new profile cannot be read: "*" [MC1620]"* ]] || { show; false; }
	run lint --diff bare.signed p.xml
	[ "$status" -eq 1 ]
	[[ $output = *"error: the old profile cannot be read: "*" [MC1620]"* ]]
}

@test "--diff shows no value that gen would hide" {
	profile old.xml 'w.update({"Token": "Hunter22", "PIN": "Hunter23", "Credentials": {"v": "Hunter24"}, "RemovalPasscode": "Hunter25", "allowPasswordAutoFill": True})'
	sed 's/Hunter/Other/; s/<true/<false/' old.xml > new.xml
	run lint --diff old.xml new.xml
	[ "$status" -eq 0 ]
	[ "$(grep -c "another secret than before" <<< "$output")" -eq 4 ] || { show; false; }
	[[ $output != *Hunter2* && $output != *Other2* ]]
	[[ $output = *"false, was true [MC1615]"* ]]
}

@test "an account with another UUID costs its mail" {
	keys='EmailAccountType="EmailTypeIMAP", IncomingMailServerAuthentication="EmailAuthNone", IncomingMailServerHostName="i", OutgoingMailServerAuthentication="EmailAuthNone", OutgoingMailServerHostName="o"'
	profile old.xml "p['PayloadContent'] = [payload('com.apple.mail.managed', 'mail', $keys)]"
	profile new.xml "p['PayloadContent'] = [{**payload('com.apple.mail.managed', 'mail', $keys), 'PayloadUUID': str(uuid.uuid4())}]"
	run lint --diff old.xml new.xml
	[ "$status" -eq 0 ]
	[[ $output = *"warning: "*"com.apple.mail.managed (com.example.test.mail): another PayloadUUID: removed and installed again: the account is made anew, and all its mail downloaded again"*" [MC1612]" ]] || { show; false; }
}

@test "a signer that changes, or is gone, is refused; by the server that manages the device it is not" {
	profile p.xml 'pass'
	for s in cert:key:a other:other:b; do
		IFS=: read -r c k o <<< "$s"
		[ "$k" = key ] && k=key.pem || k=other.key
		openssl cms -sign -binary -nodetach -in p.xml -signer $c.pem -inkey $k -outform DER -out $o.signed
	done
	run lint --diff a.signed a.signed
	[ "$status" -eq 0 ]
	run lint --diff a.signed b.signed
	[ "$status" -eq 1 ]
	fingerprint() { openssl x509 -in "$1" -outform DER | sha256sum | cut -c1-16; }
	[[ $output = *"error: "*"signed by another certificate ($(fingerprint other.pem)...) than the installed one ($(fingerprint cert.pem)...)"*" [MC1602]"* ]] || { show; false; }
	[[ $output != *MC1600* ]]
	run lint --diff a.signed p.xml
	[ "$status" -eq 1 ]
	[[ $output = *"error: "*"the installed profile is signed, and this one is not"*" [MC1603]"* ]]
	run lint --way mdm --diff a.signed p.xml
	[ "$status" -eq 0 ]
	[[ $output = *"warning: "*"the installed profile is signed, and this one is not"*" [MC1603]"* ]]
	run lint --diff p.xml a.signed
	[ "$status" -eq 0 ]
	[[ $output = *MC1604* ]]
}

@test "a scope is a Mac's affair" {
	profile old.xml 'pass'
	profile new.xml 'p["PayloadScope"] = "System"'
	run lint --diff old.xml new.xml
	[ "$status" -eq 1 ]
	[[ $output = *"error: "*"for the whole Mac, where the installed one is one user's"*" [MC1605]"* ]] || { show; false; }
	run lint --target ios --diff old.xml new.xml
	[ "$status" -eq 0 ]
}

@test "fifty thousand payloads with one UUID, and as many references: not one walk for each" {
	python3 - > many.xml <<- 'PY'
	print('<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array>')
	for i in range(45000):
	    print('<dict><key>PayloadUUID</key><string>A</string><key>PayloadCertificateUUID</key><string>A</string><key>PayloadIdentifier</key><string>b</string></dict>')
	print('</array></dict></plist>')
	PY
	run timeout 120 mcprofile-lint --format gcc many.xml
	[ "$status" -eq 1 ]
	cp many.xml many.old
	run timeout 120 mcprofile-lint --format gcc --diff many.old many.xml
	[ "$status" -eq 0 ]
}
