load ../helper

# Signed files in the shapes that others' tools give them.

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	cp "$SRC/tests/corpus/wifi-personal.mobileconfig" in.plist
	selfsigned rsa "/CN=rsa"
	for c in 256 384; do
		openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-$c -out p$c.key
		openssl req -x509 -new -key p$c.key -out p$c.pem -subj /CN=p$c -days 30
	done
	cat rsa.pem p256.pem p384.pem > all.pem
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

sign() {
	local key=$1
	shift
	openssl cms -sign -binary -nodetach -signer $key.pem -inkey $key.key -in in.plist "$@"
}

# Read, byte for byte, whether a file or standard input.
reads() {
	mcprofile-verify --ca all.pem "${@:2}" --extract "$1" | cmp - in.plist
	mcprofile-verify --ca all.pem "${@:2}" --extract < "$1" | cmp - in.plist
}

# Refused with this status and these words, and nothing on standard output.
refused() {
	local want=$1 file=$2 text=$3
	status=0
	mcprofile-verify --ca all.pem --extract "$file" "${@:4}" > out 2> words || status=$?
	echo "$status, not $want: $(cat words)"
	[ "$status" -eq "$want" ] && [ ! -s out ]
	[ "$(tail -n 1 words)" = "mcprofile-verify: $file: $text" ]
}

@test "openssl: each key, digest and shape" {
	local key how
	for key in rsa p256 p384; do
		for how in "-md sha256" "-md sha384" "-md sha512" "-stream" "-stream -noattr" "-keyid -noattr" "-nosmimecap"; do
			sign $key $how -outform DER > m.p7
			reads m.p7
		done
	done
	for how in digest max 0; do
		sign rsa -md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:$how -outform DER > m.p7
		reads m.p7
		mcprofile-verify --ca all.pem m.p7 | grep "^algorithm: RSASSA-PSS"
	done
	sign p384 -outform DER > m.p7
	mcprofile-verify --ca all.pem m.p7 | grep "^algorithm: ECDSA"
	[ "$(mcprofile-verify --ca all.pem --format json m.p7 | jq -r .algorithm)" = ECDSA ]
}

@test "SHA-1 is read where it is asked for; MD5 and SHA-224 are not" {
	sign rsa -md sha1 -outform DER > m.p7
	reads m.p7 --min-digest sha1
	status=0
	mcprofile-verify --ca all.pem --extract m.p7 > out 2> words || status=$?
	[ "$status" -eq 12 ] && [ ! -s out ]
	grep -- "--min-digest sha1" words
	for md in md5 sha224; do
		sign rsa -md $md -outform DER > m.p7
		refused 12 m.p7 "signed over a digest other than SHA-1, SHA-256, SHA-384 or SHA-512" --min-digest sha1
	done
}

@test "certtool and python's cryptography" {
	certtool --p7-sign --p7-time --load-certificate rsa.pem --load-privkey rsa.key --infile in.plist --outfile m.pem
	reads m.pem
	certtool --p7-sign --outder --load-certificate p256.pem --load-privkey p256.key --infile in.plist --outfile m.p7
	reads m.p7
	certtool --p7-detached-sign --outder --load-certificate rsa.pem --load-privkey rsa.key --infile in.plist --outfile m.sig
	mcprofile-verify --ca all.pem --signature m.sig --extract in.plist | cmp - in.plist
	python3 - << 'END'
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7
cert = x509.load_pem_x509_certificate(open("rsa.pem", "rb").read())
key = load_pem_private_key(open("rsa.key", "rb").read(), None)
sign = pkcs7.PKCS7SignatureBuilder().set_data(open("in.plist", "rb").read()).add_signer(cert, key, hashes.SHA256())
option = pkcs7.PKCS7Options
for name, encoding, more in (("py.p7", Encoding.DER, []), ("py.pem", Encoding.PEM, []),
                             ("noattr.p7", Encoding.DER, [option.NoAttributes]), ("nocerts.p7", Encoding.DER, [option.NoCerts])):
    open(name, "wb").write(sign.sign(encoding, [option.Binary] + more))
END
	for i in py.p7 py.pem noattr.p7 nocerts.p7; do reads $i; done
}

@test "PEM: labels, line ends, text and blanks before it, headers in it; base64 without it" {
	sign rsa -outform PEM > m.pem
	reads m.pem
	for label in PKCS7 "PKCS #7 SIGNED DATA"; do
		sed "s/CMS-----/$label-----/" m.pem > other.pem
		reads other.pem
	done
	sed 's/$/\r/' m.pem > crlf.pem
	reads crlf.pem
	{ printf 'Signers:\n\tSigner: CN=rsa\n\n'; cat m.pem; } > text.pem
	reads text.pem
	{ printf '\n \n'; cat m.pem; printf '\n'; } > blank.pem
	reads blank.pem
	sed '1a Comment: what for\n' m.pem > header.pem
	reads header.pem
	grep -v -e ----- m.pem > m.b64
	reads m.b64
	grep -v -e ----- m.pem | tr -d '\n' > line.b64
	reads line.b64
	{ cat m.pem; echo after; } > after.pem
	refused 65 after.pem "PEM: more than the message in it"
	head -c 900 m.pem > cut.pem
	refused 65 cut.pem "damaged PEM"
}

@test "a plist that quotes PEM is a plist, and not signed" {
	{ echo '<!--'; sign rsa -outform PEM; echo '-->'; cat in.plist; } > quotes.plist
	status=0
	mcprofile-verify --ca all.pem --extract quotes.plist > out 2> words || status=$?
	[ "$status" -eq 10 ] && [ ! -s out ]
}

@test "S/MIME is said to be that, not unsigned" {
	openssl smime -sign -binary -nodetach -signer rsa.pem -inkey rsa.key -in in.plist -out m.eml
	refused 65 m.eml "S/MIME, which no device reads; openssl cms -cmsout -inform SMIME -outform DER makes DER of it"
	# and the advice is good
	openssl cms -cmsout -inform SMIME -outform DER -in m.eml -out m.p7
	reads m.p7
}

@test "attributes that nest deep: CAdES, a time stamp; and not deeper" {
	sign rsa -cades -outform DER > m.p7
	reads m.p7
	sign p256 -cades -outform DER > token
	sign p256 -outform DER > plain.p7
	PYTHONPATH=$SRC/tests/vectors python3 - << 'END'
import make as m
token, plain = open("token", "rb").read(), open("plain.p7", "rb").read()

# the last element of the last element ...: signerInfos, the signer's
def parts(der):
    at = 2 if der[1] < 128 else 2 + (der[1] & 127)
    size = der[1] if der[1] < 128 else int.from_bytes(der[2:at], "big")
    return der[:1], der[at:at + size], der[at + size:]

def split(body):
    out = []
    while body:
        tag, inside, rest = parts(body)
        out.append((tag, inside, body[:len(body) - len(rest)]))
        body = rest
    return out

def stamped(value):
    info = split(parts(plain)[1])
    signed = split(parts(info[1][1])[1])
    signer = split(signed[-1][1])[0][1]
    stamp = m.tlv(0xa1, m.attribute("1.2.840.113549.1.9.16.2.14", value))
    data = m.seq(*[s[2] for s in signed[:-1]], m.tlv(0x31, m.seq(signer, stamp)))
    return m.seq(info[0][2], m.tlv(0xa0, data))

open("stamped.p7", "wb").write(stamped(token))
deep = m.octets(b"x")
for i in range(30):
    deep = m.seq(deep)
open("deep.p7", "wb").write(stamped(deep))
END
	openssl cms -cmsout -print -inform DER -in stamped.p7 | grep -A 3 unsignedAttrs | grep -q -i 'timeStampToken\|1.2.840.113549.1.9.16.2.14'
	reads stamped.p7
	refused 65 deep.p7 "message: nested too deep"
	# from the network neither is read
	status=0
	mcprofile-verify --enrolled-ca all.pem --extract stamped.p7 > out 2> words || status=$?
	cat words
	[ "$status" -eq 65 ] && [ ! -s out ]
}

@test "another kind of content, or of message, is no profile" {
	sign rsa -econtent_type 1.2.3.4 -outform DER > m.p7
	refused 65 m.p7 "eContentType: another object identifier"
	openssl cms -encrypt -binary -aes256 -in in.plist -outform DER -out m.p7 rsa.pem
	refused 10 m.p7 "not signed: a CMS message of another kind"
	openssl crl2pkcs7 -nocrl -certfile rsa.pem -outform DER -out m.p7
	refused 65 m.p7 "no signer: a message that carries certificates only"
}

@test "32 MiB are read, streamed or not; what is longer than a signed profile may be is not" {
	python3 - << 'END'
n = 32 * 1024 * 1024
head = b'<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>X</key><data>\n'
tail = b'</data></dict></plist>\n'
open("big.plist", "wb").write(head + b"A" * ((n - len(head) - len(tail)) // 4 * 4) + tail)
END
	for how in -nosmimecap -stream; do
		openssl cms -sign -binary -nodetach -signer p256.pem -inkey p256.key -in big.plist $how -outform DER -out big.p7
		mcprofile-verify --ca all.pem --extract big.p7 | cmp - big.plist
	done
	head -c $((48 * 1024 * 1024 + 1)) /dev/zero > big.p7
	status=0
	mcprofile-verify --ca all.pem --extract big.p7 > out 2> words || status=$?
	cat words
	[ "$status" -eq 65 ] && [ ! -s out ]
	rm big.p7 big.plist
}

# Flipped and cut, a sample: all of it is tried by tests/unit/tamper.
@test "tampered with: never other content, never content without success" {
	sign rsa -md sha256 -nosmimecap -outform DER > good.p7
	sign rsa -md sha256 -nosmimecap -outform PEM > good.pem
	openssl cms -sign -binary -signer rsa.pem -inkey rsa.key -in in.plist -outform DER -out good.sig
	python3 - << 'END'
import subprocess
want = open("in.plist", "rb").read()

def run(data, *more):
    r = subprocess.run(["mcprofile-verify", "--ca", "all.pem", "--extract", *more], input=data, capture_output=True)
    if r.returncode == 0:
        assert r.stdout == want, "other content"
    else:
        assert r.stdout == b"", "content without success"
        assert r.returncode in (10, 11, 12, 13, 65), r
        assert r.stderr.count(b"\n") == 1, r
    return r.returncode == 0

def tamper(good, flips, cuts, *more):
    assert run(good, *more)
    n = same = 0
    for i in range(0, len(good), max(1, len(good) // flips)):
        bad = bytearray(good)
        bad[i] ^= 1 << i % 8
        same += run(bytes(bad), *more)
        n += 1
    for i in range(0, len(good), len(good) // cuts):
        assert not run(good[:i], *more), i
    return same, n

for name, flips in (("good.p7", 60), ("good.pem", 30)):
    same, n = tamper(open(name, "rb").read(), flips, 20)
    print(name, same, "of", n, "change nothing")
    # the one certificate is the anchor, so its bytes are nobody's to change
    assert same <= n // 6
same, n = tamper(want, 20, 10, "--signature", "good.sig")
assert same == 0
END
}
