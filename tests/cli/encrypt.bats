# SPDX-License-Identifier: ISC
load ../helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	selfsigned device /CN=Device
	selfsigned other /O=Other/CN=Device
	cat > final.plist <<- 'END'
	<?xml version="1.0" encoding="UTF-8"?>
	<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
	<plist version="1.0">
	<dict>
		<key>PayloadContent</key>
		<array>
			<dict>
				<key>PayloadType</key>
				<string>com.apple.wifi.managed</string>
				<key>PayloadIdentifier</key>
				<string>com.acme.wifi.one</string>
				<key>PayloadUUID</key>
				<string>8C1F8A0E-6D3B-4B1C-9C60-0C6B8E0D7B02</string>
				<key>PayloadVersion</key>
				<integer>1</integer>
				<key>SSID_STR</key>
				<string>acme</string>
				<key>EncryptionType</key>
				<string>WPA2</string>
				<key>Password</key>
				<string>caf&#233; &amp; secret</string>
			</dict>
		</array>
		<key>PayloadIdentifier</key>
		<string>com.acme.wifi</string>
		<key>PayloadUUID</key>
		<string>5D4A3B2C-9E8F-4A7B-8C6D-1E2F3A4B5C6D</string>
		<key>PayloadDisplayName</key>
		<string>Wi-Fi</string>
		<key>PayloadType</key>
		<string>Configuration</string>
		<key>PayloadVersion</key>
		<integer>1</integer>
	</dict>
	</plist>
	END
	mcprofile-encrypt --to device.pem final.plist > sealed.plist
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# The bytes under EncryptedPayloadContent.
sealed() { python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.loads(sys.stdin.buffer.read())["EncryptedPayloadContent"])'; }

# A profile with these bytes there.
wrap() { python3 -c 'import plistlib, sys; plistlib.dump({"PayloadType": "Configuration", "EncryptedPayloadContent": sys.stdin.buffer.read()}, sys.stdout.buffer)'; }

refused() { # STATUS MESSAGE ARG...
	local want=$1 text=$2
	shift 2
	run mcprofile-encrypt "$@"
	show
	[ "$status" -eq "$want" ]
	[ "$output" = "mcprofile-encrypt: $text" ]
}

@test "openssl and plistlib read what was encrypted" {
	for cipher in aes256:aes-256-cbc aes128:aes-128-cbc des3:des-ede3-cbc; do
		mcprofile-encrypt --to device.pem --cipher ${cipher%:*} final.plist | sealed > sealed.der
		openssl cms -cmsout -print -inform DER -in sealed.der | grep -q "algorithm: ${cipher#*:}"
		openssl cms -decrypt -inform DER -in sealed.der -recip device.pem -inkey device.key -binary -out content.plist
		python3 - <<- 'END'
		import plistlib
		whole = plistlib.load(open("final.plist", "rb"))
		assert plistlib.load(open("content.plist", "rb")) == whole["PayloadContent"]
		END
	done
}

@test "AES-256 is the default, lengths are definite, the content is one string" {
	sealed < sealed.plist > sealed.der
	openssl asn1parse -inform DER -in sealed.der > parsed
	grep -q aes-256-cbc parsed
	[ "$(grep -c 'l=inf' parsed)" -eq 0 ]
	tail -1 parsed | grep -q 'prim: cont \[ 0 \]'
}

@test "everything but the payloads stays readable, and nothing of them does" {
	python3 - <<- 'END'
	import plistlib
	whole = plistlib.load(open("final.plist", "rb"))
	sealed = plistlib.load(open("sealed.plist", "rb"))
	assert "PayloadContent" not in sealed
	del whole["PayloadContent"], sealed["EncryptedPayloadContent"]
	assert sealed == whole
	END
	[ "$(grep -c -e secret -e wifi.managed sealed.plist)" -eq 0 ]
}

@test "-d gives the profile back" {
	mcprofile-encrypt -d --cert device.pem --key device.key < sealed.plist > back.plist
	python3 -c 'import plistlib; load = lambda f: plistlib.load(open(f, "rb")); assert load("back.plist") == load("final.plist")'
	# ours are canonical: there and back again is the same file
	mcprofile-encrypt --to device.pem back.plist | mcprofile-encrypt -d --cert device.pem --key device.key > again.plist
	cmp back.plist again.plist
}

@test "-d opens what openssl encrypted, in BER too" {
	python3 -c 'import plistlib, sys; plistlib.dump(plistlib.load(open("final.plist", "rb"))["PayloadContent"], sys.stdout.buffer)' > content.plist
	for form in "-aes-256-cbc" "-aes-192-cbc" "-aes-128-cbc -stream" "-des3 -stream"; do
		openssl cms -encrypt -binary $form -in content.plist -outform DER device.pem | wrap > foreign.plist
		mcprofile-encrypt -d --cert device.pem --key device.key foreign.plist | grep -q 'secret'
	done
}

@test "-d opens RSAES-OAEP" {
	for md in sha1 sha256 sha512; do
		python3 -c 'import plistlib, sys; plistlib.dump(plistlib.load(open("final.plist", "rb"))["PayloadContent"], sys.stdout.buffer)' |
			openssl cms -encrypt -binary -aes-128-cbc -outform DER -recip device.pem \
				-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:$md | wrap > oaep.plist
		mcprofile-encrypt -d --cert device.pem --key device.key oaep.plist | grep -q 'secret'
	done
}

@test "-d refuses single DES" {
	python3 -c 'import plistlib, sys; plistlib.dump(plistlib.load(open("final.plist", "rb"))["PayloadContent"], sys.stdout.buffer)' |
		openssl cms -encrypt -binary -des -outform DER -provider legacy -provider default device.pem | wrap > des.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key des.plist
	[ "$status" -eq 1 ]
	[ "$output" = "mcprofile-encrypt: des.plist: EncryptedPayloadContent: EnvelopedData: it is under single DES" ]
}

@test "two devices: each opens it, a third does not" {
	mcprofile-encrypt --to device.pem --to other.pem final.plist > two.plist
	mcprofile-encrypt -d --cert device.pem --key device.key two.plist | grep -q secret
	mcprofile-encrypt -d --cert other.pem --key other.key two.plist | grep -q secret
	run mcprofile-encrypt -d --cert other.pem --key other.key sealed.plist
	[ "$status" -eq 1 ]
	[ "$output" = "mcprofile-encrypt: sealed.plist: EncryptedPayloadContent: EnvelopedData: it is not addressed to this certificate" ]
}

@test "a recipient from a variable, and from a fact" {
	export DEVICE=$(openssl x509 -in device.pem -outform DER | base64 -w0)
	export MCPROFILE_SIGNER_CERT=$DEVICE
	mcprofile-encrypt --to env:DEVICE final.plist | mcprofile-encrypt -d --cert device.pem --key device.key | grep -q secret
	mcprofile-encrypt --to env:MCPROFILE_SIGNER_CERT final.plist | mcprofile-encrypt -d --cert device.pem --key device.key | grep -q secret
	run mcprofile-encrypt --to env:NOBODY final.plist
	[ "$status" -eq 66 ]
	[ "$output" = "mcprofile-encrypt: --to: env:NOBODY: there is no such variable" ]
	BAD='AA=A' refused 65 "--to: env:BAD: base64: bad character at 3" --to env:BAD final.plist
	BAD='AAAA' run mcprofile-encrypt --to env:BAD final.plist
	[ "$status" -eq 65 ]
	[[ $output == "mcprofile-encrypt: --to: env:BAD: "* ]]
}

@test "DER recipients and encrypted keys" {
	openssl x509 -in device.pem -outform DER -out device.der
	openssl pkey -in device.key -aes256 -passout pass:sesame -out locked.key
	mcprofile-encrypt --to device.der final.plist > der.plist
	printf 'sesame\n' > pass
	mcprofile-encrypt -d --cert device.der --key locked.key --passphrase file:pass der.plist | grep -q secret
	mcprofile-encrypt -d --cert device.der --key locked.key --passphrase fd:4 der.plist 4< pass | grep -q secret
	PW=wrong run mcprofile-encrypt -d --cert device.der --key locked.key --passphrase env:PW der.plist
	[ "$status" -eq 1 ]
	run mcprofile-encrypt -d --cert device.der --key locked.key der.plist < pass
	[ "$status" -eq 65 ]
	[[ $output == *locked.key* ]]
}

@test "-d by a PKCS #12 of either age, by a file with both, by a DER key" {
	printf 'sesame\n' > pass
	openssl pkcs12 -export -in device.pem -inkey device.key -passout pass:sesame -out new.p12
	openssl pkcs12 -export -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1 -in device.pem -inkey device.key -passout pass:sesame -out old.p12
	for p12 in new.p12 old.p12; do
		mcprofile-encrypt -d --p12 $p12 --passphrase file:pass sealed.plist | grep -q secret
		PW=wrong run mcprofile-encrypt -d --p12 $p12 --passphrase env:PW sealed.plist
		show
		[ "$status" -eq 1 ]
		[[ $output == "mcprofile-encrypt: --p12: $p12: "* ]]
	done
	cat device.pem device.key > both.pem
	mcprofile-encrypt -d --cert both.pem sealed.plist | grep -q secret
	openssl pkey -in device.key -outform DER -out key.der
	mcprofile-encrypt -d --cert device.pem --key key.der sealed.plist | grep -q secret
	refused 66 "--p12: nope.p12: No such file or directory" -d --p12 nope.p12 sealed.plist
	run mcprofile-encrypt -d --cert device.pem sealed.plist
	[ "$status" -eq 65 ]
	[[ $output == "mcprofile-encrypt: --cert: device.pem: "* ]]
}

@test "-d by a key that nothing can be encrypted to" {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -subj /CN=ec -days 3 2> /dev/null
	refused 64 "ec.pem: its key is not RSA: nothing can be encrypted to it" -d --cert ec.pem --key ec.key sealed.plist
}

@test "the key must be the certificate's" {
	run mcprofile-encrypt -d --cert device.pem --key other.key sealed.plist
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-encrypt: --key: other.key: not the key of device.pem" ]
}

@test "encrypt first, sign last" {
	openssl cms -sign -binary -nodetach -in final.plist -signer device.pem -inkey device.key -outform DER -out signed
	run mcprofile-encrypt --to device.pem signed
	[ "$status" -eq 65 ]
	[ "$output" = "mcprofile-encrypt: signed: signed already, and its signature is on what would be encrypted: encrypt first, sign last (mcprofile-verify --extract takes a signature off)" ]
	run mcprofile-encrypt -d --cert device.pem --key device.key signed
	[ "$status" -eq 65 ]
	[ "$output" = "mcprofile-encrypt: signed: signed: mcprofile-verify --extract comes first" ]
	openssl cms -sign -binary -nodetach -in final.plist -signer device.pem -inkey device.key -outform PEM -out signed.pem
	run mcprofile-encrypt --to device.pem signed.pem
	[ "$status" -eq 65 ]
}

@test "recipients that cannot be" {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -subj /CN=ec -days 3 2> /dev/null
	selfsigned signs /CN=signs -addext keyUsage=critical,digitalSignature
	openssl req -new -key device.key -subj /CN=old -out old.csr
	openssl x509 -req -in old.csr -signkey device.key -days -1 -out old.pem 2> /dev/null
	refused 64 "--to: ec.pem: its key is not RSA: nothing can be encrypted to it" --to ec.pem final.plist
	refused 64 "--to: signs.pem: its key usage does not allow keyEncipherment" --to signs.pem final.plist
	run mcprofile-encrypt --to old.pem final.plist
	[ "$status" -eq 13 ]
	[[ $output == "mcprofile-encrypt: --to: old.pem: expired at 2"* ]]
	refused 66 "--to: nope.pem: No such file or directory" --to nope.pem final.plist
	# one bad recipient among good ones: nothing is written
	run mcprofile-encrypt --to device.pem --to ec.pem -o both.plist final.plist
	[ "$status" -eq 64 ]
	[ ! -e both.plist ]
}

@test "profiles that are none, or that are done" {
	refused 65 "sealed.plist: already encrypted" --to device.pem sealed.plist
	refused 65 "final.plist: not encrypted: no EncryptedPayloadContent" -d --cert device.pem --key device.key final.plist
	sed 's/Configuration</Profile Service</' final.plist > service.plist
	refused 65 "service.plist: not a configuration profile: PayloadType is Profile Service" --to device.pem service.plist
	echo '<plist version="1.0"><array/></plist>' > array.plist
	refused 65 "array.plist: not a configuration profile: PayloadType is missing" --to device.pem array.plist
	echo '<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string></dict></plist>' > bare.plist
	run mcprofile-encrypt --to device.pem bare.plist
	[ "$status" -eq 65 ]
	[[ $output == *"PayloadContent: "*" instead of array" ]]
	echo '<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>EncryptedPayloadContent</key><string>x</string></dict></plist>' > text.plist
	refused 65 "text.plist: EncryptedPayloadContent: string instead of data" -d --cert device.pem --key device.key text.plist
	sed 's/<key>PayloadType/<key>PayloadContent<\/key><array\/><key>PayloadType/' sealed.plist > double.plist
	refused 65 "double.plist: PayloadContent beside EncryptedPayloadContent" -d --cert device.pem --key device.key double.plist
}

@test "what is inside must be an array" {
	openssl cms -encrypt -binary -aes-256-cbc -in final.plist -outform DER device.pem | wrap > dict.plist
	refused 65 "dict.plist: EncryptedPayloadContent, decrypted: dict instead of array" -d --cert device.pem --key device.key dict.plist
	echo hello | openssl cms -encrypt -binary -aes-256-cbc -outform DER device.pem | wrap > hello.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key hello.plist
	[ "$status" -eq 65 ]
	[[ $output == "mcprofile-encrypt: hello.plist: EncryptedPayloadContent, decrypted: 1:"* ]]
}

@test "envelopes of other kinds" {
	python3 -c 'import plistlib, sys; plistlib.dump([], sys.stdout.buffer)' > content.plist
	openssl cms -encrypt -binary -aes-256-cbc -keyid -in content.plist -outform DER device.pem | wrap > keyid.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key keyid.plist
	[ "$status" -eq 65 ]
	openssl cms -encrypt -binary -aes-256-cbc -in content.plist -outform DER -recip device.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_label:6162 | wrap > label.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key label.plist
	[ "$status" -eq 1 ]
	[[ $output == *"keyEncryptionAlgorithm: RSAES-OAEP: pSourceAlgorithm: a label" ]]
	openssl cms -encrypt -binary -aes-256-cbc -in content.plist -outform DER -pwri_password x | wrap > password.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key password.plist
	[ "$status" -eq 1 ]
	[[ $output == *"it is not addressed to this certificate" ]]
	openssl cms -encrypt -binary -camellia256 -in content.plist -outform DER device.pem | wrap > camellia.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key camellia.plist
	[ "$status" -eq 1 ]
	[[ $output == *"contentEncryptionAlgorithm: not an allowed one" ]]
	sealed < sealed.plist | head -c -1 | wrap > cut.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key cut.plist
	[ "$status" -eq 65 ]
	{ sealed < sealed.plist; printf '\n'; } | wrap > more.plist
	run mcprofile-encrypt -d --cert device.pem --key device.key more.plist
	[ "$status" -eq 65 ]
}

@test "empty, cut, binary and oversized input" {
	: > empty
	head -c 300 final.plist > cut
	head -c 4096 /dev/urandom > binary
	{ printf '<plist version="1.0"><array><string>'; head -c 17000000 /dev/zero | tr '\0' x; printf '</string></array></plist>'; } > huge
	for bad in empty cut binary huge; do
		run mcprofile-encrypt --to device.pem -o out $bad
		[ "$status" -eq 65 ]
		run mcprofile-encrypt -d --cert device.pem --key device.key -o out $bad
		[ "$status" -eq 65 ]
		[ ! -e out ]
	done
}

@test "options that do not go together" {
	refused 64 "to whom? --to FILE, or --to-signer-of FILE" final.plist
	refused 64 "--to, --to-signer-of, --device-ca and --enrolled-ca are not for --decrypt" -d --to device.pem --cert device.pem --key device.key final.plist
	refused 64 "--decrypt needs --p12, or --cert and --key" -d final.plist
	refused 64 "--decrypt needs --p12, or --cert and --key" -d --key device.key final.plist
	refused 64 "--decrypt needs --p12, or --cert and --key" -d --cert device.pem --p12 x final.plist
	for o in "--key device.key" "--cert device.pem" "--p12 x" "--passphrase env:X" "--all ."; do
		refused 64 "--p12, --cert, --key, --passphrase and --all are for --decrypt" --to device.pem $o final.plist
	done
	for o in --allow-expired --no-lint "--cipher des3"; do
		refused 64 "--cipher, --allow-expired and --no-lint are not for --decrypt" -d --cert device.pem --key device.key $o final.plist
	done
	refused 64 "--in-place is not for --decrypt: whoever may read an encrypted file could read what was in it; --out-dir DIR" -d --cert device.pem --key device.key -i final.plist
	refused 64 "--device-ca and --enrolled-ca are for --to-signer-of" --to device.pem --device-ca . final.plist
	refused 64 "--to-signer-of: whom to trust? --device-ca DIR or --enrolled-ca PATH" --to-signer-of x final.plist
	refused 64 "--all DIR, or FILE: not both" -d --cert device.pem --key device.key --all . final.plist
	refused 64 "--out-dir, or --in-place: not both" --to device.pem --out-dir x -i final.plist
	refused 64 "--output is for one file; --out-dir and --in-place say where theirs go" --to device.pem --out-dir x -o y final.plist
	[ ! -e x ]
	[ ! -e y ]
	run mcprofile-encrypt --to device.pem --cipher des final.plist
	[ "$status" -eq 64 ]
	run mcprofile-encrypt --to device.pem nope.plist
	[ "$status" -eq 66 ]
	run bash -c 'mcprofile-encrypt --to device.pem final.plist > /dev/full'
	[ "$status" -eq 74 ]
	run bash -c 'mcprofile-encrypt --to device.pem final.plist >&-'
	[ "$status" -eq 74 ]
}

@test "what is wrong with the settings is told before the message is read" {
	for bad in "--to nope" "" "-d" "-d --cert nope --key device.key" "-d --cert device.pem --key nope" \
	    "-d --cert device.pem --key other.key"; do
		run timeout 5 mcprofile-encrypt $bad < <(exec sleep 20)
		[[ $status -eq 66 || $status -eq 64 ]]
	done
}

@test "what was decrypted is for its owner alone, whatever had the name before" {
	mcprofile-encrypt -d --cert device.pem --key device.key -o opened sealed.plist
	[ "$(stat -c %a opened)" = 600 ]
	chmod 640 opened
	ln -s opened link
	echo other > opened
	mcprofile-encrypt -d --cert device.pem --key device.key -o link sealed.plist
	[ ! -L link ]
	[ "$(stat -c %a link)" = 600 ]
	[ "$(cat opened)" = other ]
	mcprofile-encrypt -d --cert device.pem --key device.key -o opened sealed.plist
	[ "$(stat -c %a opened)" = 600 ]
	(umask 022; mcprofile-encrypt --to device.pem -o public final.plist)
	[ "$(stat -c %a public)" = 644 ]
}
