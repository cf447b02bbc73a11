# What other people's tools make of our messages, and we of theirs: OpenSSL's
# cms, GnuTLS' certtool, NSS' cmsutil, PKI.js.
load ../helper
load pki

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	pki
	ec_key ec
	ec_key ec384 P-384
	# NSS says in what it signs which key to answer to
	issue rsa rsa.key mid "${SIGNER/digitalSignature/digitalSignature,keyEncipherment}\nsubjectAltName=email:rsa@acme.example"
	issue ec ec.key mid "$SIGNER\nsubjectAltName=email:ec@acme.example"
	issue ec384 ec384.key mid "$SIGNER\nsubjectAltName=email:ec384@acme.example"
	issue device rsa.key mid 'keyUsage=critical,keyEncipherment\nsubjectAltName=email:device@acme.example'
	profile > corp.mobileconfig
	profile com.acme.other > other.mobileconfig
	for k in rsa ec ec384; do
		mcprofile-sign --cert $k.pem --key $k.key --chain chain.pem --no-system-store -o $k.p7 corp.mobileconfig
	done
	altered rsa.p7 altered.p7
	mcprofile-encrypt --to device.pem -o sealed.mobileconfig corp.mobileconfig
	member EncryptedPayloadContent < sealed.mobileconfig > sealed.p7
	member PayloadContent < corp.mobileconfig > content.plist
	nss signers rsa ec ec384
	nss devices device
	node_modules
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# Once for a build, what the lock file says.
node_modules() {
	mkdir -p "$O/js"
	cmp -s "$SRC/tests/js/package-lock.json" "$O/js/installed" && return
	cp "$SRC/tests/js/package.json" "$SRC/tests/js/package-lock.json" "$O/js"
	if ! npm ci --prefix "$O/js" --ignore-scripts --no-audit --no-fund > "$O/js/log" 2>&1; then
		cat "$O/js/log" >&2
		return 1
	fi
	cp "$SRC/tests/js/package-lock.json" "$O/js/installed"
}

# nss NAME CERTIFICATE...: a data base of NSS that has these and their keys.
# (It finds a signer's certificate by its key: one certificate a key in each.)
nss() {
	local db=sql:$1 name key
	mkdir "$1"
	shift
	{
		certutil -N -d "$db" --empty-password
		certutil -A -d "$db" -n root -t CT,CT,CT -a -i root.pem
		certutil -A -d "$db" -n mid -t ,, -a -i mid.pem
		for name in "$@"; do
			key=$name
			[ -e "$name.key" ] || key=rsa
			openssl pkcs12 -export -inkey $key.key -in "$name.pem" -name "$name" -iter 1 -nomaciter -passout pass:x -out "$name.p12"
			pk12util -i "$name.p12" -d "$db" -W x
		done
	} > "$db.log" 2>&1 || { cat "$db.log" >&2; return 1; }
}

js() { NODE_PATH=$O/js/node_modules node "$SRC/tests/js/cms.js" "$@"; }

# One member of a profile: data as it is, anything else as a property list.
member() {
	python3 -c 'if True:
		import plistlib, sys
		value = plistlib.loads(sys.stdin.buffer.read())[sys.argv[1]]
		sys.stdout.buffer.write(value if isinstance(value, bytes) else plistlib.dumps(value))' "$1"
}

# The same with the envelope ENVELOPE in it: sealed ENVELOPE > profile
sealed() {
	python3 -c 'if True:
		import plistlib, sys
		p = plistlib.load(open("corp.mobileconfig", "rb"))
		del p["PayloadContent"]
		p["EncryptedPayloadContent"] = open(sys.argv[1], "rb").read()
		sys.stdout.buffer.write(plistlib.dumps(p))' "$1"
}

# altered MESSAGE OUT: one letter of the content is another.
altered() {
	sed 's/com\.acme\.wifi/com.acme.wify/' < "$1" > "$2"
	not cmp -s "$1" "$2"
}

# Theirs: the content, or nothing but an error.
openssl_reads() { openssl cms -verify -binary -inform DER -in "$1" -CAfile root.pem 2> log; }
nss_reads() { cmsutil -D -d sql:signers -i "$1" 2> log; }
js_reads() { js verify root.pem < "$1" 2> log; }
# certtool writes what it verified behind its words
gnutls_reads() {
	certtool --p7-verify --inder --load-ca-certificate root.pem --infile "$1" > log 2>&1 &&
		certtool --p7-info --p7-show-data --inder --infile "$1" --outfile gnutls.out 2>> log && cat gnutls.out
}

# we_read STATUS OPTIONS...: only where the status is 0 there is content.
we_read() {
	run --separate-stderr -"$1" mcprofile-verify --ca root.pem --extract -o read.plist "${@:2}"
	echo "$stderr"
	if [ "$1" -eq 0 ]; then cmp read.plist corp.mobileconfig && rm read.plist; else [ ! -e read.plist ]; fi
}

# --- they read what we sign ---

@test "OpenSSL reads what we sign: RSA, P-256, P-384" {
	for k in rsa ec ec384; do openssl_reads $k.p7 | cmp - corp.mobileconfig; done
	not openssl_reads altered.p7 > /dev/null
}

@test "GnuTLS reads what we sign: RSA, P-256, P-384" {
	for k in rsa ec ec384; do gnutls_reads $k.p7 | cmp - corp.mobileconfig; done
	not gnutls_reads altered.p7 > /dev/null
}

@test "NSS reads what we sign: RSA, P-256, P-384" {
	for k in rsa ec ec384; do
		nss_reads $k.p7 | cmp - corp.mobileconfig
		cmsutil -D -d sql:signers -n -h1 -i $k.p7 | grep -q "signer0.id=\"$k\"; signer0.status=GoodSignature"
	done
	not nss_reads altered.p7 > /dev/null
}

@test "PKI.js reads what we sign: RSA, P-256, P-384" {
	for k in rsa ec ec384; do js_reads $k.p7 | cmp - corp.mobileconfig; done
	not js_reads altered.p7 > /dev/null
}

@test "SHA-384 and SHA-512 are read by all four" {
	for digest in sha384 sha512; do
		mcprofile-sign --cert rsa.pem --key rsa.key --chain chain.pem --no-system-store --digest $digest -o d.p7 corp.mobileconfig
		for reader in openssl gnutls nss js; do ${reader}_reads d.p7 | cmp - corp.mobileconfig; done
	done
}

@test "our detached signature is read by OpenSSL, GnuTLS and NSS" {
	mcprofile-sign --cert rsa.pem --key rsa.key --chain chain.pem --no-system-store --detach -o corp.sig corp.mobileconfig
	openssl cms -verify -binary -inform DER -in corp.sig -content corp.mobileconfig -CAfile root.pem -out /dev/null 2> log
	certtool --p7-verify --inder --load-ca-certificate root.pem --load-data corp.mobileconfig --infile corp.sig > log 2>&1
	cmsutil -D -d sql:signers -n -h1 -i corp.sig -c corp.mobileconfig | grep -q GoodSignature
	# nobody takes it for another profile's
	not openssl cms -verify -binary -inform DER -in corp.sig -content other.mobileconfig -CAfile root.pem -out /dev/null 2> log
	not certtool --p7-verify --inder --load-ca-certificate root.pem --load-data other.mobileconfig --infile corp.sig > log 2>&1
	not cmsutil -D -d sql:signers -n -i corp.sig -c other.mobileconfig 2> log
}

# --- we read what they sign ---

# OpenSSL's, with options; its own word is asked first, so that we read no
# message that is wrong.
openssl_signs() {
	local k=$1
	shift
	openssl cms -sign -binary -nodetach -in corp.mobileconfig -signer $k.pem -inkey $k.key -certfile mid.pem -outform DER -out theirs.p7 "$@"
	openssl cms -verify -binary -inform DER -in theirs.p7 -CAfile root.pem -out /dev/null 2> log
}

@test "we read OpenSSL's: DER, with and without attributes, by key identifier, PSS, EC" {
	openssl_signs rsa
	we_read 0 theirs.p7
	openssl_signs rsa -noattr
	we_read 0 theirs.p7
	openssl_signs rsa -nosmimecap -md sha512
	we_read 0 theirs.p7
	for k in rsa ec ec384; do
		openssl_signs $k -keyid
		we_read 0 theirs.p7
	done
	openssl_signs ec -noattr
	we_read 0 theirs.p7
	openssl_signs ec384 -md sha384
	we_read 0 theirs.p7
	for md in sha256 sha384 sha512; do
		openssl_signs rsa -md $md -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest
		we_read 0 theirs.p7
	done
	altered theirs.p7 altered-theirs.p7
	we_read 11 altered-theirs.p7
}

@test "we read OpenSSL's BER: streamed, in pieces, as PEM" {
	for k in rsa ec; do
		openssl_signs $k -stream
		[ "$(xxd -p -l 2 theirs.p7)" = 3080 ]
		we_read 0 theirs.p7
		openssl_signs $k -stream -noattr
		we_read 0 theirs.p7
	done
	# more than one piece: its buffer is 4 KiB, and not a multiple of it
	python3 -c 'import sys; s = open("corp.mobileconfig").read(); open("long.mobileconfig", "w").write(s.replace("</plist>", "<!-- %s -->\n</plist>" % ("x" * 70001)))'
	openssl cms -sign -binary -nodetach -stream -in long.mobileconfig -signer rsa.pem -inkey rsa.key -certfile mid.pem -outform DER -out theirs.p7
	[ "$(openssl asn1parse -inform DER -in theirs.p7 | grep -c 'OCTET STRING')" -gt 10 ]
	mcprofile-verify --ca root.pem --extract theirs.p7 | cmp - long.mobileconfig
	openssl cms -sign -binary -nodetach -in corp.mobileconfig -signer rsa.pem -inkey rsa.key -certfile mid.pem -outform PEM -out theirs.pem
	we_read 0 theirs.pem
}

@test "we read SHA-1 only where it is allowed" {
	openssl_signs rsa -md sha1
	we_read 12 theirs.p7
	we_read 0 --min-digest sha1 theirs.p7
}

@test "several certificates, in any order, wanted or not; none at all, with --chain" {
	cat ec384.pem root.pem ec.pem mid.pem device.pem > many.pem
	openssl cms -sign -binary -nodetach -in corp.mobileconfig -signer rsa.pem -inkey rsa.key -certfile many.pem -outform DER -out theirs.p7
	[ "$(openssl pkcs7 -inform DER -in theirs.p7 -print_certs -noout | grep -c subject)" -eq 6 ]
	we_read 0 theirs.p7
	openssl cms -sign -binary -nodetach -in corp.mobileconfig -signer rsa.pem -inkey rsa.key -outform DER -out theirs.p7
	we_read 12 theirs.p7
	we_read 0 --chain mid.pem theirs.p7
	openssl cms -sign -binary -nodetach -nocerts -in corp.mobileconfig -signer rsa.pem -inkey rsa.key -outform DER -out theirs.p7
	we_read 0 --chain mid.pem --chain rsa.pem theirs.p7
}

@test "two signers are not one" {
	openssl cms -sign -binary -nodetach -in corp.mobileconfig -signer rsa.pem -inkey rsa.key -signer ec.pem -inkey ec.key \
		-certfile mid.pem -outform DER -out theirs.p7
	we_read 65 theirs.p7
}

@test "we read GnuTLS': RSA, EC, with a time or without, detached" {
	for k in rsa ec ec384; do
		certtool --p7-sign --load-certificate $k.pem --load-privkey $k.key --infile corp.mobileconfig --outder --outfile theirs.p7 2> log
		we_read 0 --chain mid.pem theirs.p7
		altered theirs.p7 altered-theirs.p7
		we_read 11 --chain mid.pem altered-theirs.p7
	done
	certtool --p7-sign --p7-time --p7-include-cert --load-certificate rsa.pem --load-privkey rsa.key --infile corp.mobileconfig \
		--outder --outfile theirs.p7 2> log
	we_read 0 --chain mid.pem theirs.p7
	certtool --p7-detached-sign --load-certificate rsa.pem --load-privkey rsa.key --infile corp.mobileconfig --outfile theirs.sig 2> log
	mcprofile-verify --ca root.pem --chain mid.pem --signature theirs.sig corp.mobileconfig > /dev/null
	run -11 mcprofile-verify --ca root.pem --chain mid.pem --signature theirs.sig other.mobileconfig
}

@test "we read NSS': BER, RSA, EC, every digest" {
	for k in rsa ec ec384; do
		cmsutil -S -d sql:signers -N $k -G -P -i corp.mobileconfig -o theirs.p7
		openssl asn1parse -inform DER -in theirs.p7 | grep -q 'l=inf'
		we_read 0 theirs.p7
		altered theirs.p7 altered-theirs.p7
		we_read 11 altered-theirs.p7
	done
	for digest in SHA384 SHA512; do
		cmsutil -S -d sql:signers -N rsa -H $digest -i corp.mobileconfig -o theirs.p7
		we_read 0 theirs.p7
	done
	cmsutil -S -d sql:signers -N rsa -Y NONE -i corp.mobileconfig -o theirs.p7
	we_read 0 theirs.p7
}

@test "we read PKI.js': RSA, PSS, EC, with attributes and without" {
	for kind in rsa pss ec rsa-bare pss-bare ec-bare; do
		case $kind in ec*) k=ec ;; *) k=rsa ;; esac
		js sign $kind $k.pem $k.key mid.pem < corp.mobileconfig > theirs.p7
		we_read 0 theirs.p7
		altered theirs.p7 altered-theirs.p7
		we_read 11 altered-theirs.p7
	done
}

@test "what they signed, we take apart, sign anew, and they read" {
	cmsutil -S -d sql:signers -N ec -G -i corp.mobileconfig -o theirs.p7
	mcprofile-sign --resign --cert rsa.pem --key rsa.key --chain chain.pem --no-system-store -o ours.p7 theirs.p7
	for reader in openssl gnutls nss js; do ${reader}_reads ours.p7 | cmp - corp.mobileconfig; done
}

# --- encrypted ---

# The content of an envelope is what the profile's PayloadContent was.
same_content() {
	python3 -c 'import plistlib, sys; sys.exit(plistlib.loads(sys.stdin.buffer.read()) != plistlib.load(open("content.plist", "rb")))'
}

@test "OpenSSL, NSS and PKI.js open what we encrypt, with every cipher they have" {
	for cipher in aes256 aes128 des3; do
		mcprofile-encrypt --to device.pem --cipher $cipher corp.mobileconfig | member EncryptedPayloadContent > ours.p7
		openssl cms -decrypt -inform DER -in ours.p7 -inkey rsa.key -recip device.pem | same_content
		cmsutil -D -d sql:devices -i ours.p7 | same_content
		# Web Crypto has no 3DES
		[ $cipher = des3 ] || js decrypt device.pem rsa.key < ours.p7 | same_content
	done
}

@test "one profile for two devices: each opens it, and nobody else" {
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out second.key 2> /dev/null
	issue second second.key mid 'keyUsage=critical,keyEncipherment'
	mcprofile-encrypt --to device.pem --to second.pem corp.mobileconfig | member EncryptedPayloadContent > ours.p7
	openssl cms -decrypt -inform DER -in ours.p7 -inkey rsa.key -recip device.pem | same_content
	openssl cms -decrypt -inform DER -in ours.p7 -inkey second.key -recip second.pem | same_content
	js decrypt device.pem rsa.key < ours.p7 | same_content
	js decrypt second.pem second.key < ours.p7 | same_content
	cmsutil -D -d sql:devices -i ours.p7 | same_content
	not js decrypt second.pem second.key < sealed.p7 2> log
	grep -q 'not for this recipient' log
}

# we_open ENVELOPE: and the profile is what it was.
we_open() {
	sealed "$1" > theirs.mobileconfig
	mcprofile-encrypt -d --cert device.pem --key rsa.key theirs.mobileconfig > opened.mobileconfig
	member PayloadContent < opened.mobileconfig | same_content
	not grep -q EncryptedPayloadContent opened.mobileconfig
}

@test "we open what OpenSSL encrypts: DER, streamed, every cipher, by key identifier" {
	for cipher in aes-256-cbc aes-128-cbc des-ede3-cbc; do
		openssl cms -encrypt -binary -$cipher -in content.plist -outform DER -out theirs.p7 device.pem
		we_open theirs.p7
	done
	openssl cms -encrypt -binary -stream -aes-256-cbc -in content.plist -outform DER -out theirs.p7 device.pem
	[ "$(xxd -p -l 2 theirs.p7)" = 3080 ]
	we_open theirs.p7
}

@test "we open what NSS and PKI.js encrypt" {
	cmsutil -E -d sql:devices -r device@acme.example -i content.plist -o theirs.p7
	openssl asn1parse -inform DER -in theirs.p7 | grep -q 'l=inf'
	we_open theirs.p7
	js encrypt device.pem < content.plist > theirs.p7
	we_open theirs.p7
}

@test "encrypted and then signed: they take both off" {
	mcprofile-sign --cert ec.pem --key ec.key --chain chain.pem --no-system-store -o both.p7 sealed.mobileconfig
	for reader in openssl nss js; do ${reader}_reads both.p7 | member EncryptedPayloadContent | cmp - sealed.p7; done
}
