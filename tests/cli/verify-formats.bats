# Reports in their formats, many files, demands, detached signatures, --at.
load ../helper

# Keys on P-256: many are made here, and their kind does not matter.
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# leaf NAME SUBJECT DAYS SERIAL [EXTENSIONS]: issued by root.
leaf() {
	key "$1"
	openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
	openssl x509 -req -in "$1.csr" -CA root.pem -CAkey root.key -set_serial "$4" -days "$3" -out "$1.pem" \
		-extfile <(printf '%s\n' "${5:-subjectKeyIdentifier=hash}") 2> /dev/null
}

# signed WHO IN OUT [OPTION...]
signed() {
	local who=$1 in=$2 out=$3
	shift 3
	openssl cms -sign -binary -nodetach -signer "$who.pem" -inkey "$who.key" -in "$in" -outform DER -out "$out" "$@"
}

profile() {
	cat << END
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadVersion</key>
	<integer>1</integer>
	<key>PayloadIdentifier</key>
	<string>$1</string>
	<key>PayloadUUID</key>
	<string>F4DA9B45-0BC7-43DF-8728-D0C7E185A485</string>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key>
			<string>com.apple.wifi.managed</string>
			<key>PayloadIdentifier</key>
			<string>$1.wifi</string>
			<key>SSID_STR</key>
			<string>ACME</string>
		</dict>
	</array>
</dict>
</plist>
END
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	key root
	openssl req -x509 -key root.key -subj "/O=ACME Inc./CN=Root" -days 400 -out root.pem
	key stranger
	openssl req -x509 -key stranger.key -subj "/CN=stranger" -days 400 -out stranger.pem
	leaf site "/O=ACME Inc./CN=Site" 40 7
	profile com.acme.a > a.plist
	profile com.acme.b > b.plist
	signed site a.plist a.mobileconfig
	signed site b.plist b.mobileconfig
	signed stranger b.plist stranger.mobileconfig
	sed s/com.acme.b/com.evil.b/ b.mobileconfig > altered.mobileconfig
	cp a.plist plain.mobileconfig
	cp "$SRC/tests/corpus/encrypted.mobileconfig" .
	head -c 500 a.mobileconfig > malformed.mobileconfig
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# try COMMAND...: status, and what it writes in out and words.
try() {
	status=0
	"$@" > out 2> words || status=$?
	output=$(cat out words)
	show
}

# In so many days, for --at.
in_days() { echo "@$(($(date +%s) + $1 * 86400))"; }

mixed="a.mobileconfig altered.mobileconfig b.mobileconfig malformed.mobileconfig nope.mobileconfig plain.mobileconfig stranger.mobileconfig"

@test "several files: a row each, a line of words for each that fails, a summary" {
	try mcprofile-verify --ca root.pem $mixed
	[ "$status" -eq 65 ]
	diff out - << 'END'
FILE                    VERDICT    SIGNER                DAYS  IDENTIFIER
a.mobileconfig          good       /O=ACME Inc./CN=Site  40    com.acme.a
altered.mobileconfig    altered    /O=ACME Inc./CN=Site  40    -
b.mobileconfig          good       /O=ACME Inc./CN=Site  40    com.acme.b
malformed.mobileconfig  malformed  -                     -     -
nope.mobileconfig       missing    -                     -     -
plain.mobileconfig      unsigned   -                     -     com.acme.a
stranger.mobileconfig   untrusted  /CN=stranger          400   com.acme.b
END
	[ "$(sed -n 1p words)" = "altered.mobileconfig: the signature does not match the content" ]
	[[ $(sed -n 2p words) == "malformed.mobileconfig: "* ]]
	[ "$(sed -n 3p words)" = "nope.mobileconfig: No such file or directory" ]
	[ "$(sed -n 4p words)" = "plain.mobileconfig: not signed: this is no CMS message" ]
	[ "$(sed -n 5p words)" = 'stranger.mobileconfig: "/CN=stranger": self-signed, and not one of the anchors' ]
	[ "$(sed -n 6p words)" = "mcprofile-verify: 2 verified, 5 failed" ]
	[ "$(wc -l < words)" -eq 6 ]
}

@test "the same output, whatever the number of workers" {
	local at
	at=$(in_days 1)
	for format in text json tap; do
		for j in 1 2 5; do
			try mcprofile-verify --at "$at" --ca root.pem --format $format -j $j $mixed
			cat out words > $format.$j
		done
		cmp $format.1 $format.2
		cmp $format.1 $format.5
	done
}

@test "several files: the exit status is what their failures have in common" {
	try mcprofile-verify --ca root.pem a.mobileconfig b.mobileconfig
	[ "$status" -eq 0 ]
	[ "$(cat words)" = "2 verified" ]
	try mcprofile-verify --ca stranger.pem a.mobileconfig b.mobileconfig stranger.mobileconfig
	[ "$status" -eq 12 ]
	try mcprofile-verify --ca root.pem a.mobileconfig plain.mobileconfig stranger.mobileconfig
	[ "$status" -eq 1 ]
	try mcprofile-verify --ca root.pem a.mobileconfig nope.mobileconfig stranger.mobileconfig
	[ "$status" -eq 66 ]
}

@test "a folder is the profiles in it; without one it is an error" {
	mkdir -p folder/below && cp a.mobileconfig folder && cp b.mobileconfig folder/below && cp root.pem folder
	try mcprofile-verify --ca root.pem folder
	[ "$status" -eq 0 ]
	[ "$(wc -l < out)" -eq 3 ]
	mkdir -p empty
	try mcprofile-verify --ca root.pem empty
	[ "$status" -eq 66 ]
}

@test "--verbose: a whole report of each" {
	try mcprofile-verify --ca root.pem -v a.mobileconfig plain.mobileconfig
	[ "$status" -eq 10 ]
	[ "$(sed -n 1p out)" = a.mobileconfig ]
	[ "$(sed -n 2p out)" = "intact:    yes" ]
	grep -qx plain.mobileconfig out
	grep -qx "signed:    no: this is no CMS message" out
}

@test "JSON: an object a line, with the members that the manual has" {
	try mcprofile-verify --ca root.pem --format json $mixed encrypted.mobileconfig
	[ "$status" -eq 65 ]
	[ "$(wc -l < out)" -eq 8 ]
	[ "$(jq -r .file out | paste -sd ' ')" = "$mixed encrypted.mobileconfig" ]
	[ "$(jq -r .verdict out | paste -sd ' ')" = "good altered good malformed missing unsigned untrusted unsigned" ]
	[ "$(jq -r .exit out | paste -sd ' ')" = "0 11 0 65 66 10 12 10" ]
	# each object has the same members
	[ "$(jq -c keys_unsorted out | sort -u | wc -l)" -eq 1 ]
	awk '/^\.Sh /{ on = $0 == ".Sh JSON" } on' "$SRC/man/mcprofile-verify.1" > documented
	for name in $(jq -r '.. | objects | keys[]' out | sort -u); do
		grep -qE "^\.(It )?(Va|Pq Va) (.* )?$name( |$)" documented || { echo "$name"; false; }
	done
}

@test "JSON: the answers are separate, and null where there is none" {
	try mcprofile-verify --ca root.pem --format json $mixed
	diff <(jq -c '[.verdict, .signed, .intact, .trusted, .in_date, .revoked, .as_demanded]' out) - << 'END'
["good",true,true,true,true,null,null]
["altered",true,false,true,true,null,null]
["good",true,true,true,true,null,null]
["malformed",null,null,null,null,null,null]
["missing",null,null,null,null,null,null]
["unsigned",false,null,null,null,null,null]
["untrusted",true,true,false,true,null,null]
END
	try mcprofile-verify --ca root.pem --format json --at 2100-01-01 altered.mobileconfig
	[ "$status" -eq 11 ]
	[ "$(jq -c '[.intact, .trusted, .in_date, .at]' out)" = '[false,true,false,"2100-01-01T00:00:00Z"]' ]
	[ "$(jq -c .content out)" = null ]
	try mcprofile-verify --ca root.pem --format json --at 2100-01-01 stranger.mobileconfig
	[ "$status" -eq 12 ]
	[ "$(jq -c '[.intact, .trusted, .in_date]' out)" = '[true,false,false]' ]
}

@test "JSON: what it tells of the signer and the content is what openssl and sha256sum see" {
	mcprofile-verify --ca root.pem --format json a.mobileconfig > out
	[ "$(jq -r .signer.sha256 out)" = "$(openssl x509 -in site.pem -outform DER | sha256sum | cut -d' ' -f1)" ]
	[ "$(jq -r .signer.key_sha256 out)" = "$(openssl x509 -in site.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)" ]
	[ "$(jq -r .signer.serial out)" = 07 ]
	[ "$(jq -c '.chain | map(.subject)' out)" = '["/O=ACME Inc./CN=Site","/O=ACME Inc./CN=Root"]' ]
	[ "$(jq -r '.chain[1].sha256' out)" = "$(openssl x509 -in root.pem -outform DER | sha256sum | cut -d' ' -f1)" ]
	[ "$(jq -r .signer.not_after out)" = "$(date -ud "$(openssl x509 -in site.pem -noout -enddate | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ)" ]
	[ "$(jq -c '[.digest, .algorithm, .signer.key, .signer.key_bits, .trusted_as]' out)" = '["SHA256","ECDSA","EC",256,"anchor"]' ]
	[ "$(jq -r .content.sha256 out)" = "$(sha256sum < a.plist | cut -d' ' -f1)" ]
	[ "$(jq -c '[.content.identifier, .content.form, .content.payloads]' out)" = \
		'["com.acme.a","xml",[{"type":"com.apple.wifi.managed","identifier":"com.acme.a.wifi","uuid":null,"display_name":null}]]' ]
}

@test "what is altered is not described in any format" {
	for format in text json tap; do
		try mcprofile-verify --ca root.pem --format $format altered.mobileconfig
		[ "$status" -eq 11 ]
		[ -s out ]
		not grep -q -e evil -e wifi out
		try mcprofile-verify --ca root.pem --format $format altered.mobileconfig a.mobileconfig
		not grep -q evil out
	done
}

@test "TAP: a test a file, names escaped, a plan" {
	cp a.mobileconfig 'a #1.mobileconfig'
	try mcprofile-verify --ca root.pem --format tap 'a #1.mobileconfig' plain.mobileconfig
	[ "$status" -eq 10 ]
	diff out - << 'END'
TAP version 13
ok 1 - a \#1.mobileconfig
not ok 2 - plain.mobileconfig
  ---
  exit: 10
  verdict: "unsigned"
  reason: "not signed: this is no CMS message"
  ...
1..2
END
	try mcprofile-verify --ca root.pem --format tap a.mobileconfig
	[ "$(cat out)" = "$(printf 'TAP version 13\nok 1 - a.mobileconfig\n1..1')" ]
}

@test "--signer-is: certificate or key, colons or none, one of several" {
	local cert key
	cert=$(openssl x509 -in site.pem -noout -fingerprint -sha256 | cut -d= -f2)
	key=$(openssl x509 -in site.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
	for is in "sha256:$cert" "sha256:${cert//:/}" "key-sha256:$key" "key-sha256:${key^^}"; do
		try mcprofile-verify --ca root.pem --signer-is "$is" a.mobileconfig
		[ "$status" -eq 0 ]
		grep -qx "demanded:  yes, all that was" out
	done
	try mcprofile-verify --ca root.pem --signer-is "sha256:$key" --signer-is "sha256:$cert" a.mobileconfig
	[ "$status" -eq 0 ]
	try mcprofile-verify --ca root.pem --signer-is "sha256:$key" a.mobileconfig
	[ "$status" -eq 15 ]
	grep -q "^demanded:  no: the signer is another one, sha256:" out
	[ "$(cat words)" = "mcprofile-verify: a.mobileconfig: not what was demanded" ]
	# whoever is not trusted is told that first
	try mcprofile-verify --ca root.pem --signer-is "key-sha256:$key" --extract stranger.mobileconfig
	[ "$status" -eq 12 ]
	for bad in "sha256:12" "$key" "md5:$key" "sha256:${key}00" "sha256:" "sha256:${key/%?/g}"; do
		try mcprofile-verify --ca root.pem --signer-is "$bad" a.mobileconfig
		[ "$status" -eq 64 ]
		[[ $(cat words) == "mcprofile-verify: --signer-is: want "* ]]
	done
}

@test "--min-days: the signer's, and the chain's" {
	try mcprofile-verify --ca root.pem --min-days 39 a.mobileconfig
	[ "$status" -eq 0 ]
	try mcprofile-verify --ca root.pem --min-days 41 --extract a.mobileconfig
	[ "$status" -eq 15 ]
	[ ! -s out ]
	[[ $(cat words) == 'mcprofile-verify: a.mobileconfig: "/O=ACME Inc./CN=Site": expires at '*', and --min-days is 41' ]]
	openssl x509 -in root.pem -signkey root.key -days 20 -out short.pem 2> /dev/null
	try mcprofile-verify --ca short.pem --min-days 39 --extract a.mobileconfig
	[ "$status" -eq 15 ]
	[[ $(cat words) == *'"/O=ACME Inc./CN=Root": expires at '* ]]
	# in the future there are fewer of them
	try mcprofile-verify --ca root.pem --min-days 39 --at "$(in_days 5)" a.mobileconfig
	[ "$status" -eq 15 ]
}

@test "--identifier, --min-digest" {
	try mcprofile-verify --ca root.pem --identifier com.acme.a a.mobileconfig
	[ "$status" -eq 0 ]
	try mcprofile-verify --ca root.pem --identifier com.acme.a --extract b.mobileconfig
	[ "$status" -eq 15 ]
	[ ! -s out ]
	[ "$(cat words)" = "mcprofile-verify: b.mobileconfig: PayloadIdentifier is com.acme.b, and --identifier is com.acme.a" ]
	echo text > text
	signed site text text.p7
	try mcprofile-verify --ca root.pem --identifier com.acme.a text.p7
	[ "$status" -eq 15 ]
	signed site a.plist a384.p7 -md sha384
	for bits in 256 384 512; do
		want=0
		if [ $bits -eq 512 ]; then want=15; fi
		try mcprofile-verify --ca root.pem --min-digest sha$bits a384.p7
		[ "$status" -eq "$want" ]
	done
	grep -qx "demanded:  no: signed over SHA384, and --min-digest is sha512" out
}

@test "several answers are no: the order of exit statuses, and each is told" {
	try mcprofile-verify --ca stranger.pem --at 2100-01-01 --identifier x altered.mobileconfig
	[ "$status" -eq 11 ]
	try mcprofile-verify --ca stranger.pem --at 2100-01-01 --identifier x a.mobileconfig
	[ "$status" -eq 12 ]
	try mcprofile-verify --ca root.pem --at 2100-01-01 --identifier x a.mobileconfig
	[ "$status" -eq 13 ]
	grep -q "^in date:   no: " out
	grep -q "^demanded:  no: " out
	try mcprofile-verify --ca root.pem --identifier x a.mobileconfig
	[ "$status" -eq 15 ]
}

@test "--at: a day, a second, seconds; before and after the dates" {
	for at in 2026-12-01 2026-12-01T00:00:00Z @1796083200; do
		try mcprofile-verify --ca root.pem --at $at --format json a.mobileconfig
		[ "$(jq -r .at out)" = 2026-12-01T00:00:00Z ]
	done
	try mcprofile-verify --ca root.pem --at 2020-01-01 a.mobileconfig
	[ "$status" -eq 13 ]
	grep -q '^in date:   no: ".*": not valid before ' out
	try mcprofile-verify --ca root.pem --at "$(in_days 1)" a.mobileconfig
	[ "$status" -eq 0 ]
	grep -q "^in date:   yes, at 20" out
	for bad in tomorrow @ @x 2027-13-01 @0 ""; do
		try mcprofile-verify --ca root.pem --at "$bad" a.mobileconfig
		[ "$status" -eq 64 ]
		[[ $(cat words) == "mcprofile-verify: --at: want "* ]]
	done
}

@test "--signature: beside its content, in any form; what does not fit is altered" {
	openssl cms -sign -binary -signer site.pem -inkey site.key -in a.plist -outform DER -out a.sig
	openssl cms -sign -binary -signer site.pem -inkey site.key -in a.plist -outform PEM -out a.sig.pem
	for sig in a.sig a.sig.pem; do
		mcprofile-verify --ca root.pem --signature $sig --extract a.plist | cmp - a.plist
		mcprofile-verify --ca root.pem --signature $sig --extract < a.plist | cmp - a.plist
		try mcprofile-verify --ca root.pem --signature $sig --extract b.plist
		[ "$status" -eq 11 ]
		[ ! -s out ]
		try mcprofile-verify --ca root.pem --signature $sig b.plist
		[ "$status" -eq 11 ]
		not grep -q com.acme.b out
	done
	try mcprofile-verify --ca root.pem --signature a.mobileconfig a.plist
	[ "$status" -eq 65 ]
	[ "$(cat words)" = "mcprofile-verify: a.plist: --signature: not detached: the content is in it" ]
	try mcprofile-verify --ca root.pem --signature nope a.plist
	[ "$status" -eq 66 ]
	[ "$(cat words)" = "mcprofile-verify: --signature: nope: No such file or directory" ]
	try mcprofile-verify --ca stranger.pem --signature a.sig --extract a.plist
	[ "$status" -eq 12 ]
	[ ! -s out ]
}

@test "an unsigned profile is described, an encrypted one with whom it is for" {
	try mcprofile-verify --ca root.pem plain.mobileconfig
	[ "$status" -eq 10 ]
	grep -qx "signed:    no: this is no CMS message" out
	grep -qx "           Configuration, com.acme.a, 1 payload" out
	try mcprofile-verify --ca root.pem encrypted.mobileconfig
	[ "$status" -eq 10 ]
	grep -qx "           encrypted: AES-256-CBC, for 1 recipient" out
	grep -qx "             serial number 1004 of /CN=Nordlicht Issuing CA 3/O=Nordlicht Werke GmbH/C=DE" out
	signed site encrypted.mobileconfig e.p7
	mcprofile-verify --ca root.pem --format json e.p7 > out
	jq -e '.content.encrypted.recipients[0].serial == "1004" and .content.encrypted.cipher == "AES-256-CBC"' out
	selfsigned rsa /CN=rsa
	openssl cms -encrypt -binary -aes128 -in a.plist -outform DER -out bare.p7 rsa.pem
	try mcprofile-verify --ca root.pem bare.p7
	[ "$status" -eq 10 ]
	grep -qx "           encrypted, no profile: AES-128-CBC, for 1 recipient" out
	try mcprofile-verify --ca root.pem bare.p7 --format json
	[ "$(jq -c .content.form out)" = '"envelope"' ]
}

@test "a binary profile is read, and named one" {
	python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.dumps(plistlib.load(open("a.plist", "rb")), fmt=plistlib.FMT_BINARY))' > a.bin
	signed site a.bin a.bin.p7
	try mcprofile-verify --ca root.pem --identifier com.acme.a a.bin.p7
	[ "$status" -eq 0 ]
	grep -qx "content:   $(stat -c %s a.bin) bytes, binary" out
	try mcprofile-verify --ca root.pem --format json a.bin.p7
	[ "$(jq -c .content.form out)" = '"binary"' ]
}

@test "what does not go together: 64, before anything is written" {
	local words
	while read -r words; do
		try mcprofile-verify --ca root.pem $words
		[ "$status" -eq 64 ]
		[ ! -s out ]
	done << 'END'
--extract --print a.mobileconfig
--extract a.mobileconfig b.mobileconfig
--print a.mobileconfig b.mobileconfig
--signature a.mobileconfig a.plist b.plist
--extract --format json a.mobileconfig
--verbose --format tap a.mobileconfig
--unverified a.mobileconfig
--unverified --extract --identifier x a.mobileconfig
--crl-check-all a.mobileconfig
- a.mobileconfig
END
}

@test "the report goes where -o says, also of what fails" {
	try mcprofile-verify --ca root.pem --format json -o report altered.mobileconfig
	[ "$status" -eq 11 ]
	[ ! -s out ]
	jq -e '.verdict == "altered"' report
	rm -f report
	try mcprofile-verify --ca root.pem --extract -o report altered.mobileconfig
	[ "$status" -eq 11 ]
	[ ! -e report ]
	run bash -c "command mcprofile-verify --ca root.pem --format json a.mobileconfig b.mobileconfig 3>&- > /dev/full"
	[ "$status" -eq 74 ]
}

@test "what others wrote reaches no terminal as it is" {
	local mark=$'\xe2\x80\xae'
	profile "com.acme.${mark}evil" > odd.plist
	signed site odd.plist odd.p7
	for how in "" "-v a.mobileconfig" "a.mobileconfig" "--print" "--identifier x"; do
		try mcprofile-verify --ca root.pem odd.p7 $how
		[ "$status" -eq 0 ] || [ "$how" = "--identifier x" ]
		not grep -q "$mark" out
	done
}

@test "colours on a terminal, and only there" {
	in_terminal() { TERM=xterm script -qec "mcprofile-verify --ca root.pem $*" /dev/null < /dev/null 3>&- || true; }
	in_terminal a.mobileconfig > out
	grep -q $'^intact:    \x1b\\[32myes\x1b\\[m' out
	in_terminal --at 2100-01-01 a.mobileconfig > out
	grep -q $'^in date:   \x1b\\[1;31mno\x1b\\[m' out
	grep -q $'Site, \x1b\\[1;31mexpired' out
	mcprofile-verify --ca root.pem a.mobileconfig > out
	not grep -q $'\x1b' out
}

@test "without an anchor of one's own it is the system's store" {
	export SSL_CERT_DIR=/nonexistent
	mkdir -p store && SSL_CERT_DIR=$PWD/store
	SSL_CERT_FILE=$PWD/root.pem try mcprofile-verify a.mobileconfig
	[ "$status" -eq 0 ]
	grep -qx "trusted:   yes, its chain leads to an anchor of the system's store" out
	SSL_CERT_FILE=$PWD/stranger.pem try mcprofile-verify a.mobileconfig
	[ "$status" -eq 12 ]
	# beside others only where it is said
	SSL_CERT_FILE=$PWD/root.pem try mcprofile-verify --ca stranger.pem a.mobileconfig
	[ "$status" -eq 12 ]
	SSL_CERT_FILE=$PWD/root.pem try mcprofile-verify --ca stranger.pem --system a.mobileconfig stranger.mobileconfig
	[ "$status" -eq 0 ]
}

@test "--require-eku: any purpose signs, until one is required" {
	leaf tls "/CN=tls" 40 8 "extendedKeyUsage=serverAuth"
	leaf code "/CN=code" 40 9 "extendedKeyUsage=codeSigning"
	for i in tls code site; do
		signed $i a.plist $i.p7
		mcprofile-verify --ca root.pem --extract $i.p7 | cmp - a.plist
	done
	for eku in codeSigning 1.3.6.1.5.5.7.3.3; do
		try mcprofile-verify --ca root.pem --require-eku $eku --extract code.p7
		[ "$status" -eq 0 ]
		for i in tls site; do
			try mcprofile-verify --ca root.pem --require-eku $eku --extract $i.p7
			[ "$status" -eq 12 ]
			[ ! -s out ]
		done
	done
	try mcprofile-verify --ca root.pem --require-eku nonsense code.p7
	[ "$status" -eq 64 ]
}

@test "a file whose report would be huge is one row, and the others are told as ever" {
	python3 - <<- 'END'
	import plistlib
	payloads = [{"PayloadType": "com.example.x", "PayloadIdentifier": "%d.%s" % (i, "x" * 14000)} for i in range(120)]
	open("huge.plist", "wb").write(plistlib.dumps(
	    {"PayloadType": "Configuration", "PayloadIdentifier": "huge", "PayloadContent": payloads}))
	END
	signed site huge.plist huge.signed
	local at=@$(date +%s)
	for options in "--format json" "--format tap" "--verbose" ""; do
		mcprofile-verify --ca root.pem --at "$at" $options -j 1 a.mobileconfig huge.signed b.mobileconfig > one 2> one.err || true
		mcprofile-verify --ca root.pem --at "$at" $options -j 3 a.mobileconfig huge.signed b.mobileconfig > three 2> three.err || true
		cmp one three
		cmp one.err three.err
		grep -q "com.acme.a\|a.mobileconfig" one
		grep -q "com.acme.b\|b.mobileconfig" one
		grep -q "huge.signed" one
	done
	run mcprofile-verify --ca root.pem --format json -j 3 a.mobileconfig huge.signed b.mobileconfig
	grep '^{' <<< "$output" | jq -r '"\(.file) \(.exit)"' | tee told
	[ "$(cat told)" = $'a.mobileconfig 0\nhuge.signed 65\nb.mobileconfig 0' ]
}
