load ../helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	selfsigned root "/O=ACME Inc./CN=Root" -addext keyUsage=critical,keyCertSign
	openssl req -newkey rsa:2048 -nodes -keyout mid.key -out mid.csr -subj "/O=ACME Inc./CN=Intermediate" 2> /dev/null
	openssl x509 -req -in mid.csr -CA root.pem -CAkey root.key -set_serial 2 -days 20 -out intermediates.pem \
		-extfile <(echo basicConstraints=critical,CA:TRUE) 2> /dev/null
	openssl req -newkey rsa:2048 -nodes -keyout site.key -out site.csr -subj "/O=ACME Inc./CN=Site" 2> /dev/null
	openssl x509 -req -in site.csr -CA intermediates.pem -CAkey mid.key -set_serial 3 -days 10 -out site.pem 2> /dev/null
	openssl pkey -in site.key -aes256 -passout pass:secret -out locked.key
	echo secret > passphrase
	cat root.pem intermediates.pem > both.pem
	cat > final.plist << 'END'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadIdentifier</key>
	<string>com.acme.final</string>
</dict>
</plist>
END
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

sign() {
	mcprofile-sign --cert site.pem --key site.key "$@"
}

# One message, by exit status.
refused() {
	local want=$1 text=$2
	shift 2
	run "$@"
	show
	[ "$status" -eq "$want" ]
	[ "$output" = "$text" ]
}

@test "openssl verifies what we sign, and the content is the same to the byte" {
	sign --chain intermediates.pem < final.plist > final.mobileconfig
	openssl cms -verify -binary -inform DER -in final.mobileconfig -CAfile root.pem -out out.plist 2> /dev/null
	cmp out.plist final.plist
}

@test "CR LF, bare CR and a missing last line end survive" {
	printf '<?xml version="1.0"?>\r\n<plist>\r<a/>\n\n</plist>' > ends.plist
	sign --chain intermediates.pem < ends.plist > ends.p7
	openssl cms -verify -binary -inform DER -in ends.p7 -CAfile root.pem -out out.plist 2> /dev/null
	cmp out.plist ends.plist
}

@test "the message is definite-length DER: one SHA-256 signer, rsaEncryption, three signed attributes" {
	sign --chain intermediates.pem < final.plist > final.p7
	run openssl cms -cmsout -print -inform DER -in final.p7
	[ "$(grep -c 'signatureAlgorithm: '  <<< "$output")" -eq 1 ]
	grep -A12 'd.issuerAndSerialNumber' <<< "$output" | grep -q 'algorithm: sha256 '
	grep -A2 'signatureAlgorithm:' <<< "$output" | tail -n 2 | grep -q 'rsaEncryption (1.2.840.113549.1.1.1)'
	run openssl asn1parse -inform DER -in final.p7
	[[ ! $output =~ "inf" ]]
	[ "$(grep -c ':contentType\|:messageDigest\|:signingTime' <<< "$output")" -eq 3 ]
	[[ ! $output =~ "S/MIME Capabilities" ]]
}

@test "the bag holds the signer and the chain, each once" {
	cat site.pem intermediates.pem intermediates.pem > chain.pem
	sign --chain chain.pem < final.plist > final.p7
	[ "$(openssl pkcs7 -inform DER -in final.p7 -print_certs -noout | grep -c subject)" -eq 2 ]
}

@test "an encrypted key opens with its passphrase, from fd, file and environment" {
	mcprofile-sign --key locked.key --cert site.pem --passphrase fd:3 -o fd.p7 final.plist 3< passphrase
	mcprofile-sign --key locked.key --cert site.pem --passphrase file:passphrase < final.plist > file.p7
	PASSPHRASE=secret mcprofile-sign --key locked.key --cert site.pem --passphrase env:PASSPHRASE < final.plist > env.p7
	for i in fd file env; do
		openssl cms -verify -binary -inform DER -in $i.p7 -CAfile both.pem 2> /dev/null | cmp - final.plist
	done
}

@test "an encrypted key without a passphrase is refused, and nobody is asked" {
	refused 65 "mcprofile-sign: --key: locked.key: is encrypted, and no passphrase was given" \
		setsid mcprofile-sign --cert site.pem --key locked.key < final.plist
}

@test "a passphrase longer than libcrypto has room for is a wrong one" {
	head -c 5000 /dev/zero | tr '\0' x > long
	refused 1 "mcprofile-sign: --key: locked.key: wrong passphrase" \
		mcprofile-sign --cert site.pem --key locked.key --passphrase file:long < final.plist
}

@test "a key that is not PEM: what it is, and how to make it PEM" {
	openssl pkey -in site.key -outform DER -out site.der
	refused 65 "mcprofile-sign: --key: site.der: is DER; want PEM: openssl pkey -inform DER -in site.der -out KEY.pem" \
		mcprofile-sign --cert site.pem --key site.der < final.plist
	openssl rsa -traditional -in site.key -outform DER -out site1.der 2> /dev/null
	refused 65 "mcprofile-sign: --key: site1.der: is DER; want PEM: openssl pkey -inform DER -in site1.der -out KEY.pem" \
		mcprofile-sign --cert site.pem --key site1.der < final.plist
	openssl pkcs12 -export -in site.pem -inkey site.key -passout pass:x -out site.p12
	refused 65 "mcprofile-sign: --key: site.p12: is PKCS #12; want PEM: openssl pkcs12 -in site.p12 -nocerts -out KEY.pem" \
		mcprofile-sign --cert site.pem --key site.p12 < final.plist
}

@test "a chain has fifteen certificates at most" {
	for i in $(seq 15); do
		openssl req -x509 -key root.key -subj "/CN=filler $i" -days 3
	done > fifteen.pem
	sign --chain fifteen.pem < final.plist > fifteen.p7
	openssl pkcs7 -inform DER -in fifteen.p7 -print_certs | grep -c BEGIN | grep -qx 16
	cat root.pem >> fifteen.pem
	refused 65 "mcprofile-sign: --chain: fifteen.pem: 16 certificates; 15 are enough for any chain" \
		sign --chain fifteen.pem < final.plist
}

@test "a wrong passphrase is a no" {
	echo wrong > wrong
	refused 1 "mcprofile-sign: --key: locked.key: wrong passphrase" \
		mcprofile-sign --cert site.pem --key locked.key --passphrase file:wrong < final.plist
}

@test "the key of another certificate is refused" {
	refused 64 "mcprofile-sign: --key: root.key: not the key of site.pem" \
		mcprofile-sign --cert site.pem --key root.key < final.plist
}

@test "an expired certificate, and one from the future, are refused" {
	openssl req -new -key site.key -out x.csr -subj /CN=old
	mkdir -p ca && : > ca/index && echo 01 > ca/serial
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=ca/index\nserial=ca/serial\nnew_certs_dir=ca\npolicy=p\ndefault_md=sha256\nunique_subject=no\n[p]\ncommonName=supplied\n' > ca.cnf
	openssl ca -batch -config ca.cnf -selfsign -keyfile site.key -in x.csr -out old.pem -notext -startdate 20200101000000Z -enddate 20210101000000Z 2> /dev/null
	openssl ca -batch -config ca.cnf -selfsign -keyfile site.key -in x.csr -out new.pem -notext -startdate 20990101000000Z -enddate 21000101000000Z 2> /dev/null
	refused 13 "mcprofile-sign: --cert: old.pem: expired at 2021-01-01T00:00:00Z" \
		mcprofile-sign --cert old.pem --key site.key < final.plist
	refused 13 "mcprofile-sign: --cert: new.pem: not valid before 2099-01-01T00:00:00Z; is this machine's clock right?" \
		mcprofile-sign --cert new.pem --key site.key < final.plist
}

@test "a certificate that may not sign, and a short key, are refused" {
	refused 64 "mcprofile-sign: --cert: root.pem: its key usage does not allow signatures" \
		mcprofile-sign --cert root.pem --key root.key < final.plist
	openssl req -x509 -newkey rsa:1024 -nodes -keyout short.key -out short.pem -subj /CN=short -days 3 2> /dev/null
	refused 1 "mcprofile-sign: --cert: short.pem: an RSA key of 1024 bits; 2048 to 8192 are accepted" \
		mcprofile-sign --cert short.pem --key short.key < final.plist
}

@test "an EC key signs too" {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -subj /CN=ec -days 3 2> /dev/null
	mcprofile-sign --cert ec.pem --key ec.key < final.plist > ec.p7
	openssl cms -verify -binary -inform DER -in ec.p7 -CAfile ec.pem -purpose any 2> /dev/null | cmp - final.plist
	mcprofile-verify --ca ec.pem --extract ec.p7 | cmp - final.plist
}

@test "what is signed or encrypted already is not signed again" {
	sign < final.plist > once.p7
	refused 65 'mcprofile-sign: standard input: this is CMS, signed or encrypted already; "mcprofile-verify --extract" takes the profile out' \
		sign < once.p7
}

@test "empty, blank and foreign input is refused" {
	refused 65 "mcprofile-sign: standard input: nothing to sign: empty input" sign < /dev/null
	printf ' \n\t' > blank
	refused 65 "mcprofile-sign: standard input: nothing to sign: empty input" sign < blank
	local foreign="mcprofile-sign: standard input: not a profile: it begins neither as an XML plist nor as a binary one"
	echo '{"json": true}' > json
	refused 65 "$foreign" sign < json
	head -c 1000 /dev/urandom | tr '<b0' '...' > random
	refused 65 "$foreign" sign < random
	refused 65 "$foreign" sign < site.pem
}

@test "a binary plist, a BOM and a comment in front are plists" {
	python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY))' > b.plist
	printf '\xef\xbb\xbf\n<?xml version="1.0"?><plist/>' > bom.plist
	printf '<!-- x --><plist/>' > comment.plist
	for i in b bom comment; do
		sign < $i.plist > $i.p7
		openssl cms -verify -binary -noverify -inform DER -in $i.p7 2> /dev/null | cmp - $i.plist
	done
}

@test "too much input is refused" {
	{ echo '<?xml'; head -c 17000000 /dev/zero; } > big
	run sign < big
	[ "$status" -eq 65 ]
	[[ $output == "mcprofile-sign: standard input: "* ]]
}

@test "missing and wrong files are named" {
	refused 66 "mcprofile-sign: --cert: nope.pem: No such file or directory" mcprofile-sign --cert nope.pem --key site.key < final.plist
	refused 66 "mcprofile-sign: --key: nope.key: No such file or directory" mcprofile-sign --cert site.pem --key nope.key < final.plist
	refused 65 "mcprofile-sign: --cert: site.key: holds no certificate" mcprofile-sign --cert site.key --key site.key < final.plist
	refused 65 "mcprofile-sign: --key: site.pem: holds no private key" mcprofile-sign --cert site.pem --key site.pem < final.plist
	refused 65 "mcprofile-sign: --chain: final.plist: holds no certificate" sign --chain final.plist < final.plist
	head -c 400 site.pem > cut.pem
	refused 65 "mcprofile-sign: --cert: cut.pem: damaged PEM" mcprofile-sign --cert cut.pem --key site.key < final.plist
	refused 66 "mcprofile-sign: nope.plist: No such file or directory" sign nope.plist
}

@test "a certificate may be DER" {
	openssl x509 -in site.pem -outform DER -out site.der
	mcprofile-sign --cert site.der --key site.key < final.plist > der.p7
	{ cat site.der; printf x; } > long.der
	refused 65 "mcprofile-sign: --cert: long.der: bytes follow a certificate" mcprofile-sign --cert long.der --key site.key < final.plist
}

@test "a full disk is an error, and leaves no half message" {
	run bash -c "mcprofile-sign --cert site.pem --key site.key < final.plist > /dev/full"
	[ "$status" -eq 74 ]
	[ "$output" = "mcprofile-sign: standard output: write: No space left on device" ]
}

@test "key and certificate are required" {
	refused 64 "mcprofile-sign: --cert FILE is required" mcprofile-sign --key site.key < final.plist
	refused 64 "mcprofile-sign: --key FILE is required" mcprofile-sign --cert site.pem < final.plist
}

@test "what is wrong with the settings is told before the message is read" {
	for bad in "--cert nope --key site.key" "--cert site.pem --key nope" "--cert site.pem --key root.key" \
	    "--cert site.pem --key site.key --chain nope"; do
		run timeout 5 mcprofile-sign $bad < <(exec sleep 20)
		[[ $status -ge 64 && $status -lt 100 && $output == "mcprofile-sign: --"* ]]
	done
	# and nothing of it is said of the message
	refused 66 "mcprofile-sign: --cert: nope: No such file or directory" mcprofile-sign --cert nope --key site.key final.plist
	: > empty.plist
	refused 65 "mcprofile-sign: empty.plist: nothing to sign: empty input" sign empty.plist
}
