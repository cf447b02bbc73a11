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
	mcprofile-sign --cert site.pem --key site.key --chain both.pem --no-system-store "$@" 2> >(grep -v '^warning: ' >&2)
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
	sign < final.plist > final.mobileconfig
	openssl cms -verify -binary -inform DER -in final.mobileconfig -CAfile root.pem -out out.plist 2> /dev/null
	cmp out.plist final.plist
}

@test "CR LF, bare CR and a missing last line end survive" {
	printf '<?xml version="1.0"?>\r\n<plist version="1.0">\r<dict><key>PayloadType</key>\n\n<string>Configuration</string></dict></plist>' > ends.plist
	sign < ends.plist > ends.p7
	openssl cms -verify -binary -inform DER -in ends.p7 -CAfile root.pem -out out.plist 2> /dev/null
	cmp out.plist ends.plist
}

@test "the message is definite-length DER: one SHA-256 signer, rsaEncryption, three signed attributes" {
	sign < final.plist > final.p7
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
	mcprofile-sign --key locked.key --cert site.pem --chain both.pem --passphrase fd:3 -o fd.p7 final.plist 3< passphrase
	mcprofile-sign --key locked.key --cert site.pem --chain both.pem --passphrase file:passphrase < final.plist > file.p7
	PASSPHRASE=secret mcprofile-sign --key locked.key --cert site.pem --chain both.pem --passphrase env:PASSPHRASE < final.plist > env.p7
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

@test "what does not belong to the chain is left out, and so is the root without --with-root" {
	for i in $(seq 15); do
		openssl req -x509 -key root.key -subj "/CN=filler $i" -days 3
	done > many.pem
	sign --chain many.pem < final.plist | openssl pkcs7 -inform DER -print_certs -noout > bag
	[ "$(grep -c subject bag)" -eq 2 ]
	not grep -q "subject.*Root\|filler" bag
	sign --with-root < final.plist | openssl pkcs7 -inform DER -print_certs -noout | grep -q "subject.*Root"
}

@test "a chain that cannot be completed is refused, and the option that overrides is named" {
	refused 12 'mcprofile-sign: --cert: site.pem: "/O=ACME Inc./CN=Site": its issuer "/O=ACME Inc./CN=Intermediate" is not at hand (--chain FILE may complete it; --allow-incomplete-chain signs all the same)' \
		mcprofile-sign --cert site.pem --key site.key < final.plist
	mcprofile-sign --cert site.pem --key site.key --allow-incomplete-chain < final.plist 2> /dev/null |
		openssl pkcs7 -inform DER -print_certs -noout | grep -c subject | grep -qx 1
}

@test "a signature over attributes in another order than DER's fits, and cannot be attached" {
	openssl cms -sign -binary -nosmimecap -outform DER -signer site.pem -inkey site.key -in final.plist -out sorted.sig
	python3 - << 'END'
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

def element(b, at):  # where its content begins, where it ends
    n = b[at + 1]
    if n < 0x80:
        return at + 2, at + 2 + n
    k = n & 0x7f
    return at + 2 + k, at + 2 + k + int.from_bytes(b[at + 2:at + 2 + k], "big")

def children(b, at):
    inner, end = element(b, at)
    while inner < end:
        yield inner
        inner = element(b, inner)[1]

b = bytearray(open("sorted.sig", "rb").read())
signed = next(children(b, list(children(b, 0))[1]))
info = next(children(b, list(children(b, signed))[-1]))
attrs = next(at for at in children(b, info) if b[at] == 0xa0)
begin, end = element(b, attrs)
b[begin:end] = b"".join(reversed([bytes(b[at:element(b, at)[1]]) for at in children(b, attrs)]))
key = serialization.load_pem_private_key(open("site.key", "rb").read(), None)
b[-key.key_size // 8:] = key.sign(b"\x31" + bytes(b[attrs + 1:end]), padding.PKCS1v15(), hashes.SHA256())
open("other.sig", "wb").write(b)
END
	mcprofile-verify --ca both.pem --signature other.sig final.plist
	mcprofile-sign --attach sorted.sig final.plist > sorted.p7
	openssl cms -verify -binary -inform DER -in sorted.p7 -CAfile both.pem -purpose any 2> /dev/null | cmp - final.plist
	refused 65 "mcprofile-sign: final.plist: other.sig: cannot be attached: what is signed of it is not in DER's order" \
		mcprofile-sign --attach other.sig final.plist
	base64 sorted.sig > sorted.b64
	mcprofile-sign --attach sorted.b64 final.plist | cmp - sorted.p7
	refused 64 "mcprofile-sign: --attach signs nothing: of the other options only --output, --out-dir and --in-place are for it" \
		mcprofile-sign --attach sorted.sig --chain nope final.plist
}

@test "the environment says who signs, where no option does" {
	export MCPROFILE_SIGN_CERT=site.pem MCPROFILE_SIGN_KEY=locked.key MCPROFILE_SIGN_CHAIN=both.pem \
		MCPROFILE_SIGN_PASSPHRASE=file:passphrase
	mcprofile-sign --detach -o corp.sig final.plist
	mcprofile-sign --attach corp.sig final.plist > corp.p7
	openssl cms -verify -binary -inform DER -in corp.p7 -CAfile root.pem 2> /dev/null | cmp - final.plist
	refused 65 "mcprofile-sign: --cert: root.pem: holds no private key" \
		mcprofile-sign --cert root.pem final.plist
	MCPROFILE_SIGN_P12=absent.p12 refused 66 "mcprofile-sign: --p12: absent.p12: No such file or directory" \
		mcprofile-sign final.plist
}

@test "a detached signature, DER or PEM, attached again: the bytes of signing directly" {
	export SOURCE_DATE_EPOCH=$(date +%s)
	sign < final.plist > direct
	sign --detach -o corp.sig final.plist
	mcprofile-sign --attach corp.sig final.plist | cmp - direct
	openssl cms -cmsout -inform DER -outform PEM -in corp.sig -out corp.pem
	mcprofile-sign --attach corp.pem final.plist | cmp - direct
	openssl cms -verify -binary -inform DER -in corp.sig -content final.plist -CAfile root.pem -out out.plist 2> /dev/null
	cmp out.plist final.plist
	sed s/final/other/ final.plist > other.plist
	run -11 mcprofile-sign --attach corp.sig other.plist
	run -65 mcprofile-sign --attach direct final.plist
	run -64 sign --attach corp.sig final.plist
	[ "$output" = "mcprofile-sign: --attach needs no key" ]
}

@test "the same input, key and time give the same bytes; --time goes before SOURCE_DATE_EPOCH" {
	local now=$(date +%s)
	SOURCE_DATE_EPOCH=$now sign < final.plist > one
	SOURCE_DATE_EPOCH=$now sign < final.plist | cmp - one
	SOURCE_DATE_EPOCH=1 sign --time "@$now" < final.plist | cmp - one
	SOURCE_DATE_EPOCH=$((now + 1)) sign < final.plist > two
	not cmp -s one two
	SOURCE_DATE_EPOCH=x refused 64 "mcprofile-sign: SOURCE_DATE_EPOCH: want seconds since 1970, digits alone" sign < final.plist
	run -64 sign --time tomorrow < final.plist
	run -13 sign --time 2001-01-01 < final.plist
}

@test "--digest: as asked for" {
	for d in 256 384 512; do
		sign --digest sha$d < final.plist | openssl cms -cmsout -print -inform DER | grep -q "algorithm: sha$d "
	done
}

@test "--min-days: a failure, not a warning" {
	run -13 sign --min-days 15 < final.plist
	[[ $output == *"in less than 15 days (--min-days)" ]]
	sign --min-days 5 < final.plist > few
	mcprofile-sign --cert site.pem --key site.key --chain both.pem < final.plist 2>&1 > /dev/null | grep -q '^warning: "/O=ACME Inc./CN=Site" expires at '
}

@test "--resign: the content anew, and only where the old signature holds" {
	sign --digest sha512 < final.plist > old
	sign --resign < old > new
	openssl cms -verify -binary -inform DER -in new -CAfile root.pem 2> /dev/null | cmp - final.plist
	LC_ALL=C sed s/com.acme.final/com.acme.fatal/ old > altered
	not cmp -s old altered
	run -11 sign --resign < altered
}

@test "--replaces: another identifier or another signer is no update" {
	sign < final.plist > old
	sign --replaces old final.plist > new
	sed s/com.acme.final/com.acme.other/ final.plist > other.plist
	run -1 sign --replaces old other.plist
	[[ $output == "mcprofile-sign: other.plist: --replaces: "*"[MC16"*"]" ]]
	openssl req -x509 -key site.key -subj /CN=stranger -days 60 -out stranger.pem
	run -1 mcprofile-sign --cert stranger.pem --key site.key --replaces old final.plist
	[[ ${lines[-1]} == "mcprofile-sign: final.plist: --replaces: "*"[MC16"*"]" ]]
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
	refused 13 "mcprofile-sign: --cert: old.pem: \"/CN=old\": expired at 2021-01-01T00:00:00Z (--allow-expired signs all the same)" \
		mcprofile-sign --cert old.pem --key site.key < final.plist
	refused 13 "mcprofile-sign: --cert: new.pem: \"/CN=old\": not valid before 2099-01-01T00:00:00Z (--allow-expired signs all the same)" \
		mcprofile-sign --cert new.pem --key site.key < final.plist
}

@test "a certificate that may not sign, and a short key, are refused" {
	refused 64 "mcprofile-sign: --cert: root.pem: \"/O=ACME Inc./CN=Root\": its key usage does not allow signatures (--allow-any-usage signs all the same)" \
		mcprofile-sign --cert root.pem --key root.key < final.plist
	openssl req -x509 -newkey rsa:1024 -nodes -keyout short.key -out short.pem -subj /CN=short -days 3 2> /dev/null
	refused 12 "mcprofile-sign: --cert: short.pem: \"/CN=short\": its key is too small (--allow-weak signs all the same)" \
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
	refused 65 'mcprofile-sign: standard input: this is CMS, signed or encrypted already (--resign takes a signature off and signs again)' \
		sign < once.p7
}

@test "empty, blank and foreign input is refused" {
	refused 65 "mcprofile-sign: standard input: nothing to sign: empty input" sign < /dev/null
	printf ' \n\t' > blank
	refused 65 "mcprofile-sign: standard input: 2:2: ends too early: </plist> is missing" sign < blank
	echo '{"json": true}' > json
	run -65 sign < json
	[[ $output == "mcprofile-sign: standard input: "* ]]
	head -c 1000 /dev/urandom | tr '<b0' '...' > random
	run -65 sign < random
	[[ $output == "mcprofile-sign: standard input: "* ]]
	run -65 sign < site.pem
	[[ $output == "mcprofile-sign: standard input: "* ]]
}

@test "a binary plist, a BOM and a comment in front are plists" {
	python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.dumps({"PayloadType": "Configuration"}, fmt=plistlib.FMT_BINARY))' > b.plist
	printf '\xef\xbb\xbf<?xml version="1.0"?><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string></dict></plist>' > bom.plist
	printf '<!-- x --><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string></dict></plist>' > comment.plist
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
	mcprofile-sign --cert site.der --chain both.pem --key site.key < final.plist > der.p7
	{ cat site.der; printf x; } > long.der
	refused 65 "mcprofile-sign: --cert: long.der: bytes follow a certificate" mcprofile-sign --cert long.der --key site.key < final.plist
}

@test "a full disk is an error, and leaves no half message" {
	run bash -c "mcprofile-sign --cert site.pem --key site.key --chain both.pem < final.plist > /dev/full"
	[ "$status" -eq 74 ]
	[ "${lines[-1]}" = "mcprofile-sign: standard output: write: No space left on device" ]
}

@test "key and certificate are required" {
	refused 64 "mcprofile-sign: who signs? --p12 FILE, or --cert and --key" mcprofile-sign --key site.key < final.plist
	refused 65 "mcprofile-sign: --cert: site.pem: holds no private key" mcprofile-sign --cert site.pem < final.plist
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
