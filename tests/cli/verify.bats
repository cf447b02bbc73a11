load ../helper

V=$SRC/tests/vectors

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	selfsigned root "/O=ACME Inc./CN=Root"
	openssl req -newkey rsa:2048 -nodes -keyout mid.key -out mid.csr -subj "/O=ACME Inc./CN=Intermediate" 2> /dev/null
	openssl x509 -req -in mid.csr -CA root.pem -CAkey root.key -set_serial 2 -days 20 -out mid.pem \
		-extfile <(echo basicConstraints=critical,CA:TRUE) 2> /dev/null
	openssl req -newkey rsa:2048 -nodes -keyout site.key -out site.csr -subj "/O=ACME Inc./CN=Site" 2> /dev/null
	openssl x509 -req -in site.csr -CA mid.pem -CAkey mid.key -set_serial 3 -days 10 -out site.pem \
		-extfile <(echo subjectKeyIdentifier=hash) 2> /dev/null
	selfsigned other "/O=ACME Inc./CN=Root"
	mkdir pins-only && cp "$V/pins" pins-only
	mkdir factory && cp "$V/pins" "$V"/*.pem factory && rm factory/scep-ra.pem factory/leaf.pem
	cat > final.plist << 'END'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadIdentifier</key>
	<string>com.acme.final</string>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key>
			<string>com.apple.wifi.managed</string>
			<key>PayloadIdentifier</key>
			<string>com.acme.wifi</string>
		</dict>
	</array>
</dict>
</plist>
END
	openssl cms -sign -binary -nodetach -nosmimecap -signer site.pem -inkey site.key -certfile mid.pem \
		-in final.plist -outform DER -out final.mobileconfig
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# Refused with this status and these last words, and no byte of content: for
# what writes content; reports are in out, see reported.
refused() {
	told "$@"
	[ ! -s out ]
}

# The same for a report, which is in out.
reported() {
	told "$@"
	[ -s out ]
	not grep -q "content:" out
}

told() {
	local want=$1 text=$2
	shift 2
	status=0
	"$@" > out 2> words || status=$?
	output=$(cat words)
	show
	[ "$status" -eq "$want" ]
	[ "$(cat words)" = "mcprofile-verify: $text" ]
}

cms_sign() {
	openssl cms -sign -binary -nodetach -signer site.pem -inkey site.key -in final.plist -outform DER "$@"
}

@test "a report for people" {
	run mcprofile-verify --ca root.pem final.mobileconfig
	show
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "intact:    yes" ]
	[ "${lines[1]}" = "trusted:   yes, its chain leads to an anchor of --ca" ]
	[ "${lines[2]}" = "in date:   yes" ]
	[ "${lines[3]}" = "signer:    /O=ACME Inc./CN=Site" ]
	[ "${lines[4]}" = "chain:     /O=ACME Inc./CN=Root, 30 days left" ]
	[ "${lines[5]}" = "             /O=ACME Inc./CN=Intermediate, 20 days left" ]
	[ "${lines[6]}" = "               /O=ACME Inc./CN=Site, 10 days left" ]
	[[ ${lines[7]} =~ ^"signed at: "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$ ]]
	[ "${lines[8]}" = "digest:    SHA256" ]
	[ "${lines[9]}" = "algorithm: RSA, 2048 bits" ]
	[ "${lines[10]}" = "content:   $(stat -c %s final.plist) bytes" ]
	[ "${lines[11]}" = "           Configuration, com.acme.final, 1 payload" ]
	[ "${lines[12]}" = "             com.apple.wifi.managed, com.acme.wifi" ]
	[ "${#lines[@]}" -eq 13 ]
}

@test "--extract gives the content, to the byte, and nothing else" {
	mcprofile-verify --ca root.pem --extract < final.mobileconfig > out 2> words
	cmp out final.plist
	[ ! -s words ]
}

@test "what openssl makes is read: BER in pieces, no attributes, sid by key, other digests" {
	local how
	for how in -stream -noattr -keyid "-md sha384" "-md sha512" "-stream -noattr -keyid"; do
		cms_sign -certfile mid.pem $how > how.p7
		mcprofile-verify --ca root.pem --extract how.p7 | cmp - final.plist
	done
}

@test "PEM is read where files are, and only there" {
	openssl cms -cmsout -inform DER -in final.mobileconfig -outform PEM -out final.pem
	grep -q "BEGIN CMS" final.pem
	mcprofile-verify --ca root.pem --extract final.pem | cmp - final.plist
	sed "s/CMS--/PKCS7--/" final.pem > final.p7b
	mcprofile-verify --ca root.pem --extract < final.p7b | cmp - final.plist
	refused 10 "site.pem: not signed: PEM, but neither CMS nor PKCS7" mcprofile-verify --ca root.pem --extract site.pem
	cat final.pem root.pem > two.pem
	refused 65 "two.pem: PEM: more than the message in it" mcprofile-verify --ca root.pem two.pem
	head -n 9 final.pem > cut.pem
	refused 65 "cut.pem: damaged PEM" mcprofile-verify --ca root.pem cut.pem
	refused 10 "final.pem: not signed: this is no CMS message" mcprofile-verify --enrolled-ca root.pem --extract final.pem
}

@test "PSS and EC signatures of files are read" {
	cms_sign -certfile mid.pem -keyopt rsa_padding_mode:pss > pss.p7
	mcprofile-verify --ca root.pem --extract pss.p7 | cmp - final.plist
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout ec.key -out ec.pem -subj /CN=ec -days 3 2> /dev/null
	openssl cms -sign -binary -nodetach -signer ec.pem -inkey ec.key -in final.plist -outform DER -out ec.p7
	mcprofile-verify --ca ec.pem --extract ec.p7 | cmp - final.plist
}

@test "what mcprofile-sign makes is read" {
	mcprofile-sign --cert site.pem --key site.key --chain mid.pem --chain root.pem < final.plist |
		mcprofile-verify --ca root.pem --extract | cmp - final.plist
}

@test "certificates that are not in the message come from --chain" {
	cms_sign -nocerts > bare.p7
	refused 12 "standard input: the signer's certificate is not in the message" mcprofile-verify --ca root.pem --extract < bare.p7
	cat site.pem mid.pem > chain.pem
	mcprofile-verify --ca root.pem --chain chain.pem --extract bare.p7 | cmp - final.plist
	mcprofile-verify --ca root.pem --chain site.pem --chain mid.pem --extract bare.p7 | cmp - final.plist
	cms_sign > alone.p7
	refused 12 'alone.p7: "/O=ACME Inc./CN=Site": issued by "/O=ACME Inc./CN=Intermediate", which is neither an anchor nor leads to one; --chain FILE may complete it' \
		mcprofile-verify --ca root.pem --extract alone.p7
}

@test "any certificate can be an anchor" {
	for i in root mid site; do
		mcprofile-verify --ca $i.pem --extract final.mobileconfig | cmp - final.plist
	done
	mcprofile-verify --ca other.pem --ca root.pem --extract final.mobileconfig | cmp - final.plist
}

@test "unsigned: 10" {
	refused 10 "final.plist: not signed: this is no CMS message" mcprofile-verify --ca root.pem --extract final.plist
	openssl cms -encrypt -binary -aes256 -in final.plist -outform DER -out secret.p7 site.pem
	refused 10 "secret.p7: not signed: a CMS message of another kind" mcprofile-verify --ca root.pem --extract secret.p7
	openssl x509 -in site.pem -outform DER -out site.der
	refused 10 "site.der: not signed: this is no CMS message" mcprofile-verify --ca root.pem --extract site.der
}

@test "altered: 11, also where a stranger signed it" {
	sed s/com.acme.final/com.evil.final/ final.mobileconfig > altered
	refused 11 "altered: the signature does not match the content" mcprofile-verify --ca root.pem --extract altered
	refused 11 "altered: the signature does not match the content" mcprofile-verify --ca other.pem --extract altered
	reported 11 "altered: altered" mcprofile-verify --ca root.pem altered
	grep -qx "intact:    no: the signature does not match the content" out
	# the other answers do not depend on it
	grep -qx "trusted:   yes, its chain leads to an anchor of --ca" out
	grep -qx "in date:   yes" out
	not grep -q com.evil.final out
}

@test "untrusted: 12, and a root of the same name is another root" {
	local stranger='"/O=ACME Inc./CN=Intermediate": issued by "/O=ACME Inc./CN=Root", which is neither an anchor nor leads to one'
	told 12 "final.mobileconfig: not trusted" mcprofile-verify --ca other.pem final.mobileconfig
	grep -qx "intact:    yes" out
	grep -qx "trusted:   no: $stranger" out
	grep -qx "in date:   yes" out
	refused 12 "final.mobileconfig: $stranger" mcprofile-verify --ca other.pem --extract final.mobileconfig
	refused 12 "final.mobileconfig: $stranger; --chain FILE may complete it" \
		mcprofile-verify --ca "$V/root.pem" --extract final.mobileconfig
}

@test "out of date: 13; but a forged one of an expired CA is untrusted" {
	openssl req -new -key site.key -out x.csr -subj /CN=old
	mkdir ca && : > ca/index && echo 01 > ca/serial
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=ca/index\nserial=ca/serial\nnew_certs_dir=ca\npolicy=p\ndefault_md=sha256\nunique_subject=no\n[p]\ncommonName=supplied\n' > ca.cnf
	openssl ca -batch -config ca.cnf -cert mid.pem -keyfile mid.key -in x.csr -out old.pem -notext -startdate 20200101000000Z -enddate 20210101000000Z 2> /dev/null
	openssl ca -batch -config ca.cnf -cert mid.pem -keyfile mid.key -in x.csr -out new.pem -notext -startdate 20990101000000Z -enddate 21000101000000Z 2> /dev/null
	openssl req -x509 -key other.key -subj "/O=ACME Inc./CN=Intermediate" -days 9 -out mid2.pem
	openssl ca -batch -config ca.cnf -cert mid2.pem -keyfile other.key -in x.csr -out forged.pem -notext -startdate 20200101000000Z -enddate 20210101000000Z 2> /dev/null
	for i in old new forged; do
		openssl cms -sign -binary -nodetach -signer $i.pem -inkey site.key -certfile mid.pem -in final.plist -outform DER -out $i.p7
	done
	told 13 "old.p7: out of date" mcprofile-verify --ca root.pem old.p7
	grep -qx "trusted:   yes, its chain leads to an anchor of --ca" out
	grep -qx 'in date:   no: "/CN=old": expired at 2021-01-01T00:00:00Z' out
	refused 13 'new.p7: "/CN=old": not valid before 2099-01-01T00:00:00Z' mcprofile-verify --ca root.pem --extract new.p7
	refused 12 'forged.p7: "/CN=old": was not signed by the issuer that it names' mcprofile-verify --ca root.pem --extract forged.p7
}

@test "SHA-1 and short keys are refused from others than devices as made" {
	cms_sign -certfile mid.pem -md sha1 > sha1.p7
	refused 12 "sha1.p7: signed over SHA-1, which is accepted from devices as made only (--min-digest sha1 accepts it)" \
		mcprofile-verify --ca root.pem --extract sha1.p7
	mcprofile-verify --ca root.pem --min-digest sha1 --extract sha1.p7 | cmp - final.plist
	openssl req -new -newkey rsa:1024 -nodes -keyout short.key -subj /CN=short -out short.csr 2> /dev/null
	openssl x509 -req -in short.csr -CA root.pem -CAkey root.key -set_serial 9 -days 3 -out short.pem 2> /dev/null
	openssl cms -sign -binary -nodetach -signer short.pem -inkey short.key -in final.plist -outform DER -out short.p7
	refused 12 'short.p7: "/CN=short": EE certificate key too weak' mcprofile-verify --ca root.pem --extract short.p7
	openssl x509 -req -sha1 -in site.csr -CA root.pem -CAkey root.key -set_serial 8 -days 3 -out weak.pem 2> /dev/null
	openssl cms -sign -binary -nodetach -signer weak.pem -inkey site.key -in final.plist -outform DER -out weak.p7
	refused 12 'weak.p7: "/O=ACME Inc./CN=Site": CA signature digest algorithm too weak' mcprofile-verify --ca root.pem --extract weak.p7
}

@test "MD5 is refused from anybody" {
	openssl cms -sign -binary -nodetach -signer root.pem -inkey root.key -md md5 -in final.plist -outform DER -out md5.p7
	refused 12 "md5.p7: signed over a digest other than SHA-1, SHA-256, SHA-384 or SHA-512" \
		mcprofile-verify --ca root.pem --min-digest sha1 --extract md5.p7
}

@test "genuine shapes: accepted with the factory's certificates" {
	for i in ios6 macos13-no-attrs leaf-only sha256 extra-certificate; do
		mcprofile-verify --device-ca factory --extract "$V/good-$i.p7" > "$i.plist"
		python3 -c 'import plistlib, sys; plistlib.load(open(sys.argv[1], "rb"))["UDID"]' "$i.plist"
	done
	cmp ios6.plist "$V/good-ios6.plist"
	cmp leaf-only.plist "$V/good-ios6.plist"
	cmp extra-certificate.plist "$V/good-ios6.plist"
}

@test "with only pins in the folder, all but the one that brings no CA" {
	for i in ios6 macos13-no-attrs sha256 extra-certificate; do
		mcprofile-verify --device-ca pins-only --extract "$V/good-$i.p7" > "$i.plist"
		[ -s "$i.plist" ]
	done
	refused 12 "$V/good-leaf-only.p7: \"/CN=5A0B6C1E-1111-2222-3333-444455556666/C=US/ST=CA/L=Exampleton/O=Example Devices Inc./OU=Phone\": issued by \"/C=US/O=Example Devices Inc./OU=Example Phone/CN=Example Phone Device CA\", which is neither an anchor nor leads to one; --chain FILE may complete it" \
		mcprofile-verify --device-ca pins-only --extract "$V/good-leaf-only.p7"
}

@test "hostile shapes: refused, without a byte of content" {
	local i want folder
	while read -r i want; do
		for folder in factory pins-only; do
			status=0
			mcprofile-verify --device-ca $folder --extract "$V/bad-$i.p7" > out 2> words || status=$?
			echo "$i $folder: $status $(cat words)"
			[ "$status" -eq "$want" ]
			[ ! -s out ]
			[ "$(wc -l < words)" -eq 1 ]
		done
	done << 'END'
swapped-body 11
signature 11
forged-issuer 12
forged-beside-real-ca 12
two-signers 65
no-signer 65
attributes-as-content 65
two-digests 65
no-digest 65
trailing-byte 65
truncated 65
END
}

@test "a SCEP request is well-formed, and its signer nobody" {
	refused 12 "$V/scep-good-ios6.p7: \"/CN=7D17C20A-0000-4000-8000-E7E5C3470000\": self-signed, and not one of the anchors" \
		mcprofile-verify --device-ca factory --extract "$V/scep-good-ios6.p7"
}

@test "the report on a device tells that its dates were not asked" {
	run mcprofile-verify --device-ca factory "$V/good-ios6.p7"
	show
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "trusted:   yes, a device with its factory certificate" ]
	[ "${lines[2]}" = "in date:   not asked: factory chains outlive their dates" ]
	[ "${lines[-1]}" = "           no PayloadType; 5 keys: CHALLENGE, IMEI, PRODUCT, UDID, VERSION" ]
}

@test "the factory leg is not for files, nor the other way round" {
	run mcprofile-verify --ca "$V/root.pem" --extract "$V/good-ios6.p7"
	[ "$status" -eq 12 ]
	run mcprofile-verify --device-ca factory --extract final.mobileconfig
	[ "$status" -eq 12 ]
}

@test "a maker's other descendants are not devices" {
	mkdir -p marked && cp factory/* marked && echo "extension 1.2.840.113635.100.6.10" >> marked/pins
	mcprofile-verify --device-ca marked --extract "$V/good-ios6.p7" | cmp - "$V/good-ios6.plist"
	mkdir -p unmarked && cp factory/* unmarked && echo "extension 1.2.840.113635.100.6.11" >> unmarked/pins
	refused 12 "$V/good-ios6.p7: \"/CN=5A0B6C1E-1111-2222-3333-444455556666/C=US/ST=CA/L=Exampleton/O=Example Devices Inc./OU=Phone\": has no extension that marks a device" \
		mcprofile-verify --device-ca unmarked --extract "$V/good-ios6.p7"
}

@test "a stranger is told that he is one before that he is no device" {
	mkdir -p unmarked && cp factory/* unmarked && echo "extension 1.2.840.113635.100.6.11" >> unmarked/pins
	run ! mcprofile-verify --device-ca unmarked --extract final.mobileconfig
	[[ $output == *"which is neither an anchor nor leads to one"* ]]
}

@test "the shipped pins are the three published fingerprints" {
	[ "$(grep -cE '^[0-9a-f]{64}  ' "$SRC/share/device-ca/pins")" -eq 3 ]
	grep -qi '^B0B1730ECBC7FF4505142C49F1295E6EDA6BCAED7E2C68C5BE91B5A11001F024' "$SRC/share/device-ca/pins"
	grep -qi '^E4E2936D3C076EC4AEA8AC37277524950CA005894B39BBA2D347FA33155AE5FA' "$SRC/share/device-ca/pins"
	grep -qi '^76F27D00E1333BC88DE0E2916C38C9A7F2B75774C25A794C092A80E3C4C66CCE' "$SRC/share/device-ca/pins"
	run mcprofile-verify --device-ca "$SRC/share/device-ca" --extract "$V/good-ios6.p7"
	[ "$status" -eq 12 ]
}

@test "two signers, good and bad, in both orders" {
	selfsigned stranger "/CN=stranger"
	openssl cms -sign -binary -nodetach -signer site.pem -inkey site.key -signer stranger.pem -inkey stranger.key -certfile mid.pem -in final.plist -outform DER -out ab.p7
	openssl cms -sign -binary -nodetach -signer stranger.pem -inkey stranger.key -signer site.pem -inkey site.key -certfile mid.pem -in final.plist -outform DER -out ba.p7
	for i in ab ba; do
		refused 65 "$i.p7: several signers; exactly one is right" mcprofile-verify --ca root.pem --extract $i.p7
	done
}

@test "nine certificates are no harm, seventeen are refused" {
	for i in $(seq 15); do
		openssl req -x509 -key root.key -subj "/CN=filler $i" -days 3
	done > fill.pem
	head -n "$(grep -n -m8 'END' fill.pem | tail -n 1 | cut -d: -f1)" fill.pem > eight.pem
	cms_sign -certfile <(cat eight.pem mid.pem) > ten.p7
	mcprofile-verify --ca root.pem --extract ten.p7 | cmp - final.plist
	cms_sign -certfile <(cat fill.pem mid.pem) > many.p7
	refused 65 "many.p7: more than 16 certificates" mcprofile-verify --ca root.pem --extract many.p7
}

@test "a second certificate of the same issuer and serial number does not get in" {
	openssl x509 -req -in <(openssl req -new -key other.key -subj "/O=ACME Inc./CN=Site") -CA mid.pem -CAkey mid.key -set_serial 3 -days 10 -out twin.pem 2> /dev/null
	cms_sign -certfile <(cat mid.pem twin.pem) > twins.p7
	refused 65 "twins.p7: two certificates answer to the signer's name" mcprofile-verify --ca root.pem --extract twins.p7
	cms_sign -certfile mid.pem > one.p7
	refused 65 "one.p7: two certificates answer to the signer's name" mcprofile-verify --ca root.pem --chain twin.pem --extract one.p7
}

# Messages that no CMS tool makes, by the writer of the vectors.
shape() {
	PYTHONPATH=$V python3 - "$@" << 'END'
import sys, make as m
from cryptography import x509
from cryptography.hazmat.primitives import serialization
cert = x509.load_pem_x509_certificate(open(m.__file__.replace("make.py", "leaf.pem"), "rb").read())
key = serialization.load_pem_private_key(open(m.__file__.replace("make.py", "leaf.key"), "rb").read(), None)
body = open(m.__file__.replace("make.py", "good-ios6.plist"), "rb").read()
attrs = m.attrs_for(body)
unsigned = b""
kind = sys.argv[1]
if kind == "unknown": attrs.append(m.attribute("1.2.3.4", m.octets(b"x")))
if kind == "known": attrs.append(m.attribute("1.2.840.113549.1.9.52", m.octets(b"x")))
if kind == "scep": attrs.append(m.attribute(m.VERISIGN + "7", m.printable("x")))
if kind == "many-typed": attrs[0] = m.attribute("1.2.840.113549.1.9.3", m.oid(m.DATA) + m.oid(m.SIGNED))
if kind == "other-type": attrs[0] = m.attribute("1.2.840.113549.1.9.3", m.oid(m.SIGNED))
if kind == "two-times": attrs[1] = m.seq(m.oid("1.2.840.113549.1.9.5"), m.tlv(0x31, m.utctime("121118224729Z"), m.utctime("131118224729Z")))
if kind == "no-type": del attrs[0]
info = m.signer_info(cert, key, m.SHA1, attrs, m.RSA)
if kind == "unsigned":
    info = m.seq(info[info.index(b"\x02\x01\x01"):] + m.tlv(0xa1, m.attribute("1.2.3.4", m.octets(b"x"))))
certs = [m.der(cert)]
if kind == "attribute-certificate": certs.append(m.tlv(0xa1, m.octets(b"x")))
msg = m.signed_ber(body, certs, [info], m.SHA1)
if kind == "deep":
    msg = msg.replace(m.indef(0x24, m.octets(body)), b"\x24\x80" * 40 + m.octets(body) + b"\0\0" * 40)
sys.stdout.buffer.write(msg)
END
}

@test "signed attributes: the grid" {
	local kind want words
	while read -r kind want words; do
		shape $kind > $kind.p7
		status=0
		mcprofile-verify --device-ca factory --extract $kind.p7 > out 2> err || status=$?
		echo "$kind: $status $(cat err)"
		[ "$status" -eq "$want" ]
		if [ "$want" -eq 0 ]; then
			cmp out "$V/good-ios6.plist"
		else
			[ ! -s out ]
			[ "$(cat err)" = "mcprofile-verify: $kind.p7: $words" ]
		fi
	done << 'END'
plain 0
known 0
scep 0
unknown 65 an unknown signed attribute
many-typed 65 contentType: 11 bytes too many
other-type 65 contentType: another object identifier
two-times 65 value of a signed attribute: 15 bytes too many
no-type 65 signed attributes without contentType
unsigned 65 unsigned attributes
attribute-certificate 65 not a certificate
deep 65 message: nested too deep
END
}

@test "a file may have what a device may not: unsigned and unknown attributes" {
	# only the length of its key is held against this signer
	for i in unsigned unknown attribute-certificate; do
		shape $i > $i.p7
		run mcprofile-verify --ca "$V/leaf.pem" $i.p7
		show
		[ "$status" -eq 12 ]
		[ "${lines[0]}" = "intact:    yes" ]
		[[ $output == *"key too weak"* ]]
	done
}

@test "one flipped bit in any byte never gives other content" {
	python3 - << 'END'
import subprocess
good = open("final.mobileconfig", "rb").read()
want = open("final.plist", "rb").read()
for i in range(0, len(good), 23):
    bad = bytearray(good)
    bad[i] ^= 1 << i % 8
    r = subprocess.run(["mcprofile-verify", "--ca", "root.pem", "--extract"], input=bytes(bad), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert r.stdout == (want if r.returncode == 0 else b""), i
    assert r.returncode in (0, 10, 11, 12, 13, 65), (i, r)
END
}

@test "a detached signature has no content to trust" {
	openssl cms -sign -binary -signer site.pem -inkey site.key -certfile mid.pem -in final.plist -outform DER -out detached.p7
	refused 65 "detached.p7: a detached signature: the content is not in it (--signature names it, beside its content)" mcprofile-verify --ca root.pem detached.p7
}

@test "empty, truncated, binary and oversized input" {
	refused 65 "standard input: an empty message" mcprofile-verify --ca root.pem < /dev/null
	for i in 1 2 20 500 1500; do
		head -c $i final.mobileconfig > cut.p7
		run mcprofile-verify --ca root.pem --extract cut.p7
		[ "$status" -eq 65 ]
	done
	{ cat final.mobileconfig; printf '\5\0'; } > long.p7
	refused 65 "long.p7: message: 2 bytes too many" mcprofile-verify --ca root.pem --extract long.p7
	head -c 5000 /dev/urandom > random
	run mcprofile-verify --ca root.pem --extract random
	[ "$status" -eq 10 ] || [ "$status" -eq 65 ]
	head -c 1048577 /dev/zero > big
	refused 65 "standard input: larger than a device's message may be, 1048576 bytes" mcprofile-verify --device-ca factory --extract < big
	truncate -s 50331649 big
	refused 65 "big: more than 50331648 bytes" mcprofile-verify --ca root.pem --extract big
	rm big
}

@test "the files of those whom to trust must be there" {
	refused 66 "--ca: nope.pem: No such file or directory" mcprofile-verify --ca nope.pem < final.mobileconfig
	refused 66 "--device-ca: nope/pins: No such file or directory" mcprofile-verify --device-ca nope < final.mobileconfig
	refused 66 "--enrolled-ca: nope: No such file or directory" mcprofile-verify --enrolled-ca nope < final.mobileconfig
	refused 65 "--ca: final.plist: holds no certificate" mcprofile-verify --ca final.plist < final.mobileconfig
	mkdir -p badpins && echo "0123 short" > badpins/pins
	refused 65 "--device-ca: badpins/pins:1: not a SHA-256 fingerprint of 64 hexadecimal digits" mcprofile-verify --device-ca badpins < final.mobileconfig
	echo "# nothing" > badpins/pins
	refused 65 "--device-ca: badpins/pins: holds no fingerprint" mcprofile-verify --device-ca badpins < final.mobileconfig
}

@test "a full disk is an error" {
	run bash -c "command mcprofile-verify --ca root.pem --extract < final.mobileconfig 3>&- > /dev/full"
	[ "$status" -eq 74 ]
}

@test "facts about the signer, and none about a refused one" {
	facts mcprofile-verify --ca root.pem final.mobileconfig > seen
	cat seen
	grep -qx SIGNER=anchor seen
	grep -qx "SIGNER_CERT=$(openssl x509 -in site.pem -outform DER | base64 -w0)" seen
	grep -qix "SIGNER_SHA256=$(openssl x509 -in site.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')" seen
	grep -qx "SIGNER_SERIAL=$(openssl x509 -in site.pem -noout -serial | sed 's/.*=//')" seen
	grep -qx "SIGNER_SUBJECT=/O=ACME Inc./CN=Site" seen
	grep -q "^SIGNED_AT=20" seen
	facts mcprofile-verify --device-ca factory --extract "$V/good-ios6.p7" > seen
	grep -qx SIGNER=device seen
	grep -qx SIGNED_AT=2012-11-18T22:47:29Z seen
	run ! grep -q OWNER seen
	facts mcprofile-verify --ca other.pem final.mobileconfig > seen 2> /dev/null || true
	[ ! -s seen ]
}

@test "enrolled devices: a foreign CA by its certificate" {
	facts mcprofile-verify --device-ca factory --enrolled-ca root.pem --extract final.mobileconfig > seen
	grep -qx SIGNER=enrolled seen
	facts mcprofile-verify --device-ca factory --enrolled-ca root.pem --extract "$V/good-sha256.p7" > seen
	grep -qx SIGNER=device seen
	refused 12 "final.mobileconfig: \"/O=ACME Inc./CN=Intermediate\": issued by \"/O=ACME Inc./CN=Root\", which is neither an anchor nor leads to one; --chain FILE may complete it" \
		mcprofile-verify --device-ca factory --enrolled-ca other.pem --extract final.mobileconfig
}

@test "enrolled devices: our own CA has the last word, and names count for nothing" {
	scep-ca init --dir ourca --subject "/O=ACME Inc./CN=Device CA" > /dev/null
	openssl req -new -newkey rsa:2048 -nodes -keyout dev.key -subj "/CN=device" -out dev.csr 2> /dev/null
	openssl x509 -req -in dev.csr -CA ourca/ca.pem -CAkey ourca/ca.key -set_serial 0x4711 -days 5 -out dev.pem 2> /dev/null
	openssl cms -sign -binary -nodetach -signer dev.pem -inkey dev.key -in final.plist -outform DER -out dev.p7
	refused 12 "dev.p7: ourca has no record of issuing serial number 4711" mcprofile-verify --enrolled-ca ourca --extract dev.p7
	# the very same, had the CA been a foreign one
	mcprofile-verify --enrolled-ca ourca/ca.pem --extract dev.p7 | cmp - final.plist
	# the CA and its RA are no devices
	openssl cms -sign -binary -nodetach -signer ourca/ra.pem -inkey ourca/ra.key -in final.plist -outform DER -out ra.p7
	run mcprofile-verify --enrolled-ca ourca --extract ra.p7
	[ "$status" -eq 12 ]
	selfsigned fakeca "/O=ACME Inc./CN=Device CA"
	openssl x509 -req -in dev.csr -CA fakeca.pem -CAkey fakeca.key -set_serial 0x4711 -days 5 -out fake.pem 2> /dev/null
	openssl cms -sign -binary -nodetach -signer fake.pem -inkey dev.key -certfile fakeca.pem -in final.plist -outform DER -out fake.p7
	run mcprofile-verify --enrolled-ca ourca --extract fake.p7
	[ "$status" -eq 12 ]
}

@test "what is wrong with the settings is told before the message is read" {
	for bad in "--ca nope" "--device-ca nope" "--enrolled-ca nope" "--ca root.pem --chain nope" "--ca root.pem --at nope" "--ca root.pem --signer-is sha256:nope"; do
		run timeout 5 mcprofile-verify $bad < <(exec sleep 20)
		[[ $status -eq 66 || $status -eq 64 ]]
	done
	refused 66 "--ca: nope: No such file or directory" mcprofile-verify --ca nope final.mobileconfig
}
