# SPDX-License-Identifier: ISC
# --to-signer-of: to the device that sent an answer, once that is verified.
load ../helper

V=$SRC/tests/vectors

# A configuration profile without payloads to speak of.
plain() {
	cat <<- END
	<plist version="1.0"><dict>
	<key>PayloadType</key><string>Configuration</string>
	<key>PayloadVersion</key><integer>1</integer>
	<key>PayloadIdentifier</key><string>com.acme.lost</string>
	<key>PayloadUUID</key><string>5D4A3B2C-9E8F-4A7B-8C6D-1E2F3A4B5C6D</string>
	<key>PayloadDisplayName</key><string>Lost</string>
	<key>PayloadContent</key><array/>
	</dict></plist>
	END
}

# issued NAME SERIAL [EXTENSION]: a certificate of root's
issued() {
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2> /dev/null
	openssl x509 -req -in "$1.csr" -CA root.pem -CAkey root.key -set_serial "$2" -days "${4:-10}" -out "$1.pem" \
		-extfile <(printf '%s\n' "${3:-subjectKeyIdentifier=hash}") 2> /dev/null
}

# answer NAME OPTION...: what a device would send, signed by it
answer() {
	local name=$1
	shift
	openssl cms -sign -binary -nodetach -nosmimecap -signer "$name.pem" -inkey "$name.key" -in "$V/good-ios6.plist" -outform DER "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	selfsigned root "/O=ACME Inc./CN=Root"
	issued device 17
	mkdir factory && cp "$V/pins" "$V"/*.pem factory && rm factory/scep-ra.pem factory/leaf.pem
	plain > profile
	answer device > answer.p7
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

opens() { mcprofile-encrypt -d --cert "$1.pem" --key "$1.key" sealed > /dev/null; }

refused() { # STATUS MESSAGE ARG...
	local want=$1 text=$2
	shift 2
	run mcprofile-encrypt "$@" -o sealed.no profile
	show
	[ "$status" -eq "$want" ]
	[ "$output" = "mcprofile-encrypt: --to-signer-of: $text" ]
	[ ! -e sealed.no ]
}

@test "an enrolled device's answer: its signer reads the profile" {
	mcprofile-encrypt --to-signer-of answer.p7 --enrolled-ca root.pem profile > sealed
	opens device
	# other anchors beside it do no harm, nor do other recipients
	selfsigned other /CN=Other
	mcprofile-encrypt --to other.pem --to-signer-of answer.p7 --device-ca factory --enrolled-ca root.pem profile > sealed
	opens device
	opens other
}

@test "a factory answer: whatever the dates of its certificate" {
	cp "$V/leaf.pem" leaf.pem
	cp "$V/leaf.key" leaf.key
	for p7 in good-ios6 good-leaf-only good-extra-certificate; do
		mcprofile-encrypt --to-signer-of "$V/$p7.p7" --device-ca factory profile > sealed
		opens leaf
	done
}

@test "nobody that is not trusted, and nothing that does not hold" {
	selfsigned other "/O=ACME Inc./CN=Root"
	run mcprofile-encrypt --to-signer-of answer.p7 --enrolled-ca other.pem profile
	show
	[ "$status" -eq 12 ]
	[[ $output == "mcprofile-encrypt: --to-signer-of: answer.p7: "* ]]
	run mcprofile-encrypt --to-signer-of answer.p7 --device-ca factory profile
	[ "$status" -eq 12 ]
	# every one of the forged and broken answers
	for bad in "$V"/bad-*.p7; do
		run mcprofile-encrypt --to-signer-of "$bad" --device-ca factory -o sealed.no profile
		case $status in
		11 | 12 | 65) ;;
		*) echo "$bad: $status"; false ;;
		esac
		[ ! -e sealed.no ]
	done
	python3 - <<- 'END'
	data = bytearray(open("answer.p7", "rb").read())
	data[data.index(b"<key>UDID</key>") + 5] ^= 1
	open("altered.p7", "wb").write(data)
	END
	run mcprofile-encrypt --to-signer-of altered.p7 --enrolled-ca root.pem profile
	[ "$status" -eq 11 ]
	refused 66 "nope.p7: No such file or directory" --to-signer-of nope.p7 --enrolled-ca root.pem
	run mcprofile-encrypt --to-signer-of profile --enrolled-ca root.pem profile
	[ "$status" -eq 10 ]
	: > empty
	run mcprofile-encrypt --to-signer-of empty --enrolled-ca root.pem profile
	[ "$status" -ne 0 ]
	run mcprofile-encrypt --to-signer-of answer.p7 --enrolled-ca nope.pem profile
	[ "$status" -eq 66 ]
	[ "$output" = "mcprofile-encrypt: --enrolled-ca: nope.pem: No such file or directory" ]
}

@test "an answer whose signer is out of date: --allow-expired, and nothing else" {
	openssl x509 -req -in device.csr -CA root.pem -CAkey root.key -set_serial 20 -days -1 -out late.pem 2> /dev/null
	cp device.key late.key
	answer late > late.p7
	run mcprofile-encrypt --to-signer-of late.p7 --enrolled-ca root.pem profile
	show
	[ "$status" -eq 13 ]
	[[ $output == "mcprofile-encrypt: --to-signer-of: late.p7: "*" (--allow-expired encrypts to it all the same)" ]]
	mcprofile-encrypt --to-signer-of late.p7 --enrolled-ca root.pem --allow-expired profile > sealed
	opens late
	selfsigned other "/O=ACME Inc./CN=Root"
	run mcprofile-encrypt --to-signer-of late.p7 --enrolled-ca other.pem --allow-expired profile
	[ "$status" -eq 12 ]
}

@test "SHA-1 is for answers of devices as made only" {
	answer device -md sha1 > sha1.p7
	run mcprofile-encrypt --to-signer-of sha1.p7 --enrolled-ca root.pem profile
	[ "$status" -eq 12 ]
}

@test "a signer that cannot read: keys and usages" {
	issued signs 18 keyUsage=digitalSignature
	answer signs > signs.p7
	refused 64 "signs.p7: its key usage does not allow keyEncipherment" --to-signer-of signs.p7 --enrolled-ca root.pem
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.csr -subj /CN=ec 2> /dev/null
	openssl x509 -req -in ec.csr -CA root.pem -CAkey root.key -set_serial 19 -days 10 -out ec.pem 2> /dev/null
	answer ec > ec.p7
	refused 64 "ec.p7: its key is not RSA: nothing can be encrypted to it" --to-signer-of ec.p7 --enrolled-ca root.pem
}

@test "our own CA's folder: only what it has on record, and has not revoked" {
	scep-ca init --dir ca --subject "/CN=CA" > /dev/null
	openssl x509 -req -in device.csr -CA ca/ca.pem -CAkey ca/ca.key -set_serial 4711 -days 10 -out device2.pem 2> /dev/null
	cp device.key device2.key
	answer device2 > forged.p7
	refused 12 "forged.p7: ca has no record of issuing serial number 1267" --to-signer-of forged.p7 --enrolled-ca ca
}
