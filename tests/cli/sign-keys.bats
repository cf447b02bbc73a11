# Where the key that signs comes from: files of every form, PKCS #12 of old and
# new, tokens (SoftHSM); passphrases, right, wrong and missing; sizes and curves.
load ../helper

MODULE=/usr/lib/softhsm/libsofthsm2.so

setup_file() {
	export T=$BATS_FILE_TMPDIR SOFTHSM2_CONF=$BATS_FILE_TMPDIR/softhsm.conf
	cd "$T"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout root.key -out root.pem -days 100 \
		-subj "/CN=Root" -addext keyUsage=critical,keyCertSign 2> /dev/null
	openssl genrsa -out rsa.key 2048 2> /dev/null
	openssl ecparam -name prime256v1 -genkey -noout -out p256.key
	openssl ecparam -name secp384r1 -genkey -noout -out p384.key
	openssl ecparam -name secp521r1 -genkey -noout -out p521.key
	cp "$SRC/tests/vectors/rsa-8192.key" rsa8192.key
	for k in rsa p256 p384 p521 rsa8192; do issue $k $k.key; done
	openssl x509 -in rsa.pem -outform DER -out rsa.cer
	# 0.5 s of a p12's rounds are of no use to a test
	p12() { openssl pkcs12 -export -inkey rsa.key -in rsa.pem -certfile root.pem -iter 1 -nomaciter "$@"; }
	p12 -passout pass:sesame -out new.p12
	# what macOS exports
	p12 -passout pass:sesame -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1 -out mac.p12
	p12 -passout pass: -out empty.p12
	p12 -passout pass:sesame -nomac -out nomac.p12
	openssl pkcs12 -export -nokeys -in rsa.pem -passout pass:sesame -out nokey.p12
	echo sesame > pass
	echo wrong > wrong
	cat > final.plist <<- 'END'
		<?xml version="1.0" encoding="UTF-8"?>
		<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
		<plist version="1.0">
		<dict>
			<key>PayloadType</key>
			<string>Configuration</string>
			<key>PayloadVersion</key>
			<integer>1</integer>
			<key>PayloadUUID</key>
			<string>5C7B5D0C-91C2-44AA-A5D0-9E8CFC4F6D7F</string>
			<key>PayloadIdentifier</key>
			<string>com.acme.final</string>
			<key>PayloadContent</key>
			<array/>
		</dict>
		</plist>
	END
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# issue NAME KEY: a certificate of the root's, NAME.pem.
issue() {
	openssl req -new -key "$2" -subj "/CN=$1" -out "$1.csr"
	openssl x509 -req -in "$1.csr" -CA root.pem -CAkey root.key -days 90 -out "$1.pem" 2> /dev/null \
		-extfile <(printf 'keyUsage=critical,digitalSignature\n')
}

# signs OPTIONS...: what comes out is our profile, signed by whom OpenSSL trusts.
signs() {
	mcprofile-sign --chain root.pem "$@" < final.plist > out.p7
	openssl cms -verify -binary -inform DER -in out.p7 -CAfile root.pem -purpose any 2> cms.log | cmp - final.plist
}

# refused STATUS TEXT OPTIONS...: with one message, and not a byte.
refused() {
	local status=$1 text=$2
	shift 2
	run --separate-stderr "-$status" setsid -w mcprofile-sign --chain root.pem "$@" < final.plist
	echo "$stderr"
	[ "$stderr" = "mcprofile-sign: $text" ]
	[ -z "$output" ]
}

# Under LeakSanitizer: libp11 loses its method tables after a key that could
# not be had.
quiet_engine() { export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"; }

# --- files ---

@test "PEM: PKCS #8, PKCS #1, SEC 1; a certificate in DER" {
	signs --cert rsa.cer --key rsa.key
	openssl rsa -in rsa.key -traditional -out rsa1.key 2> /dev/null
	grep -q 'BEGIN RSA PRIVATE KEY' rsa1.key
	signs --cert rsa.pem --key rsa1.key
	grep -q 'BEGIN EC PRIVATE KEY' p256.key
	signs --cert p256.pem --key p256.key
	openssl pkcs8 -topk8 -nocrypt -in p384.key -out p384.p8
	signs --cert p384.pem --key p384.p8
}

@test "DER: PKCS #8, PKCS #1, SEC 1" {
	openssl pkcs8 -topk8 -nocrypt -in rsa.key -outform DER -out rsa8.der
	signs --cert rsa.pem --key rsa8.der
	openssl rsa -in rsa.key -traditional -outform DER -out rsa1.der 2> /dev/null
	signs --cert rsa.pem --key rsa1.der
	openssl ec -in p384.key -outform DER -out ec.der 2> /dev/null
	signs --cert p384.pem --key ec.der
	# every byte of it, and nothing behind
	(cat rsa8.der; echo) > long.der
	refused 65 "--key: long.der: holds no private key" --cert rsa.pem --key long.der
	head -c 600 rsa8.der > short.der
	refused 65 "--key: short.der: holds no private key" --cert rsa.pem --key short.der
}

# locked FILE ARGUMENTS...: opens with its passphrase, and else says why not.
locked() {
	signs --cert rsa.pem --key "$1" --passphrase file:pass
	refused 1 "--key: $1: wrong passphrase" --cert rsa.pem --key "$1" --passphrase file:wrong
	refused 65 "--key: $1: is encrypted, and no passphrase was given" --cert rsa.pem --key "$1"
}

@test "encrypted: PBES2, scrypt, PKCS #12's 3DES, RFC 1421; PEM and DER" {
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -out locked.pem
	locked locked.pem
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -outform DER -out locked.der
	locked locked.der
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -scrypt -outform DER -out scrypt.der
	locked scrypt.der
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -v1 PBE-SHA1-3DES -out triple.pem
	locked triple.pem
	openssl rsa -in rsa.key -traditional -aes128 -passout file:pass -out traditional.pem 2> /dev/null
	grep -q DEK-Info traditional.pem
	locked traditional.pem
}

@test "encrypted as it was done of old: single DES, RC2, RC4" {
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -v1 PBE-MD5-DES -provider legacy -provider default -outform DER -out des.der
	locked des.der
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -v1 PBE-SHA1-RC4-128 -provider legacy -provider default -out rc4.pem
	locked rc4.pem
	openssl pkcs8 -topk8 -in rsa.key -passout file:pass -v2 rc2 -provider legacy -provider default -out rc2.pem
	locked rc2.pem
}

@test "a key file of another kind is told by name" {
	ssh-keygen -q -t ecdsa -N '' -f ssh.key < /dev/null || skip "no ssh-keygen"
	refused 65 '--key: ssh.key: is OpenSSH'"'"'s form of a key; "ssh-keygen -p -m PKCS8" makes a copy of it readable' --cert rsa.pem --key ssh.key
}

@test "what is no key" {
	refused 65 "--key: rsa.pem: holds no private key" --cert rsa.pem --key rsa.pem
	: > empty
	refused 65 "--key: empty: holds no private key" --cert rsa.pem --key empty
	refused 66 "--key: absent.key: No such file or directory" --cert rsa.pem --key absent.key
	refused 64 "--key: p256.key: not the key of rsa.pem" --cert rsa.pem --key p256.key
	refused 64 "--key: new.p12: is PKCS #12, certificate and key in one; --p12 takes it" --cert rsa.pem --key new.p12
	refused 64 "--cert: new.p12: is PKCS #12, certificate and key in one; --p12 takes it" --cert new.p12 --key rsa.key
}

# --- PKCS #12 ---

@test "PKCS #12, new and as macOS exports it; from file, descriptor and environment" {
	for f in new mac; do
		signs --p12 $f.p12 --passphrase file:pass
		signs --p12 $f.p12 --passphrase fd:7 7< pass
		P12_PASSPHRASE=sesame signs --p12 $f.p12 --passphrase env:P12_PASSPHRASE
	done
	# it is the old ciphers that we mean
	openssl pkcs12 -in mac.p12 -legacy -passin file:pass -info -noout 2>&1 | grep -q 'pbeWithSHA1And40BitRC2-CBC'
	not openssl pkcs12 -in mac.p12 -passin file:pass -noout
}

@test "PKCS #12: a wrong passphrase, none, an empty one" {
	for f in new mac; do
		refused 1 "--p12: $f.p12: wrong passphrase" --p12 $f.p12 --passphrase file:wrong
		refused 65 "--p12: $f.p12: is encrypted, and no passphrase was given" --p12 $f.p12
	done
	signs --p12 empty.p12
	refused 1 "--p12: empty.p12: wrong passphrase: the file has none, or an empty one" --p12 empty.p12 --passphrase file:pass
	: > nothing
	refused 65 "--passphrase: file:nothing: is empty" --p12 new.p12 --passphrase file:nothing
	refused 66 "--passphrase: env:NOT_THERE: there is no such variable" --p12 new.p12 --passphrase env:NOT_THERE
	refused 64 "--passphrase: want file:PATH, fd:N or env:NAME, not the secret itself" --p12 new.p12 --passphrase sesame
}

@test "PKCS #12 without a key, without a MAC, damaged, too dear" {
	refused 65 "--p12: nokey.p12: holds no private key, only 1 certificate(s): the identity has to be exported, not its certificate" \
		--p12 nokey.p12 --passphrase file:pass
	refused 65 "--p12: nomac.p12: is PKCS #12 without a MAC: nothing tells whether it is whole" --p12 nomac.p12 --passphrase file:pass
	refused 65 "--p12: rsa.pem: is PEM, not PKCS #12; --cert and --key take it" --p12 rsa.pem
	head -c 1500 new.p12 > cut.p12
	run -65 mcprofile-sign --p12 cut.p12 --passphrase file:pass < final.plist
	[[ "$output" == "mcprofile-sign: --p12: cut.p12: "* ]]
	# the MAC's number of rounds, 2048, becomes one of four octets
	openssl pkcs12 -export -inkey p256.key -in p256.pem -passout file:pass -out dear.p12
	python3 - <<- 'P'
		d = bytearray(open("dear.p12", "rb").read())
		assert d[-4:] == b"\x02\x02\x08\x00"
		d[-4:] = b"\x02\x04\x7f\xff\xff\xff"
		# two more octets in the MAC and in the whole
		at = len(d) - 6 - 8 - 2
		while not (d[at] == 0x30 and d[at + 1] == len(d) - 2 - at - 2):
		    at -= 1
		d[at + 1] += 2
		d[2:4] = (int.from_bytes(d[2:4], "big") + 2).to_bytes(2, "big")
		open("dear.p12", "wb").write(d)
	P
	refused 65 "--p12: dear.p12: wants 2147483647 rounds of hashing for its passphrase; 10000000 are left of those that one file gets" \
		--p12 dear.p12 --passphrase file:pass
}

@test "without OpenSSL's legacy provider the new ones open, and of the old ones it is said" {
	OPENSSL_MODULES=/nonexistent signs --p12 new.p12 --passphrase file:pass
	OPENSSL_MODULES=/nonexistent refused 70 "--p12: mac.p12: single DES, RC2 and RC4 need OpenSSL's legacy provider (legacy.so), which is not here: install openssl-provider-legacy" \
		--p12 mac.p12 --passphrase file:pass
}

@test "one of two: --p12, or --cert and --key" {
	refused 64 "who signs? --p12 FILE, or --cert and --key"
	refused 64 "--p12, or --cert and --key: not both" --p12 new.p12 --key rsa.key
	refused 65 "--cert: rsa.pem: holds no private key" --cert rsa.pem
	cat rsa.pem rsa.key > both.pem
	signs --cert both.pem
}

# --- asked on a terminal ---

# typed TEXT COMMAND...: a terminal of its own, on which TEXT is typed.
typed() {
	python3 - "$@" <<- 'P'
		import os, pty, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.execvp(sys.argv[2], sys.argv[2:])
		seen = b""
		try:
		    while b": " not in seen:
		        seen += os.read(fd, 100)
		    os.write(fd, sys.argv[1].encode() + b"\n")
		    while True:
		        seen += os.read(fd, 100)
		except OSError:
		    pass
		sys.stdout.write(seen.decode())
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	P
}

@test "--ask: on the terminal, not shown; nowhere else" {
	run typed sesame mcprofile-sign --p12 mac.p12 --chain root.pem --ask -o asked.p7 final.plist
	show
	[ "$status" -eq 0 ]
	[ "${output//$'\r'/}" = "Passphrase: " ]
	openssl cms -verify -binary -inform DER -in asked.p7 -CAfile root.pem -purpose any 2> /dev/null | cmp - final.plist
	run typed wrong mcprofile-sign --p12 mac.p12 --chain root.pem --ask -o asked2.p7 final.plist
	[ "$status" -eq 1 ]
	[[ "$output" == *"mcprofile-sign: --p12: mac.p12: wrong passphrase"* ]]
	[ ! -e asked2.p7 ]
	refused 66 "--ask: there is no terminal to ask on" --p12 new.p12 --ask
	refused 64 "--passphrase, or --ask: not both" --p12 new.p12 --ask --passphrase file:pass
}

@test "without --ask nobody is asked, on a terminal either" {
	run -65 script -qec "mcprofile-sign --p12 new.p12 final.plist" /dev/null < /dev/null
	[ "${output%$'\r'}" = "mcprofile-sign: --p12: new.p12: is encrypted, and no passphrase was given" ]
}

# --- sizes and curves ---

@test "RSA of 8192 bits, P-256 and P-384 sign; P-521, Ed25519 and short RSA do not" {
	signs --cert rsa8192.pem --key rsa8192.key
	signs --cert p256.pem --key p256.key
	openssl cms -cmsout -print -inform DER -in out.p7 | grep -q 'ecdsa-with-SHA256'
	signs --cert p384.pem --key p384.key
	openssl cms -cmsout -print -inform DER -in out.p7 | grep -q 'ecdsa-with-SHA384'
	refused 1 "--cert: p521.pem: an EC key on another curve than P-256 or P-384" --cert p521.pem --key p521.key
	openssl genpkey -algorithm ed25519 -out ed.key
	openssl req -x509 -key ed.key -subj /CN=ed -days 3 -out ed.pem
	refused 1 "--cert: ed.pem: a key that is neither RSA nor EC" --cert ed.pem --key ed.key
	openssl genrsa -out short.key 1024 2> /dev/null
	issue short short.key
	refused 12 '--cert: short.pem: "/CN=short": its key is too small (--allow-weak signs all the same)' --cert short.pem --key short.key
}

# --- stores and tokens ---

@test "the URI of a store that OpenSSL has" {
	signs --cert rsa.pem --key "file:$T/rsa.key"
	refused 64 "--key: tpm2:handle=1: no file, and OpenSSL has no store for such a URI" --cert rsa.pem --key tpm2:handle=1
}

@test "pkcs11: RSA and EC keys in a token" {
	quiet_engine
	mkdir tokens
	printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$T" > softhsm.conf
	softhsm2-util --init-token --free --label ci --pin 1234 --so-pin 9876 > token.log
	for k in rsa p256; do
		openssl pkcs8 -topk8 -nocrypt -in $k.key -out import.pem
		softhsm2-util --import import.pem --token ci --label $k --id "$([ $k = rsa ] && echo a1 || echo a2)" --pin 1234 > token.log
	done
	echo 1234 > pin
	echo 4321 > badpin
	signs --cert rsa.pem --key 'pkcs11:token=ci;object=rsa' --passphrase file:pin
	signs --cert p256.pem --key 'pkcs11:token=ci;object=p256' --passphrase file:pin
	TOKEN_PIN=1234 signs --cert rsa.pem --key 'pkcs11:token=ci;object=rsa' --passphrase env:TOKEN_PIN
	refused 65 "--key: pkcs11:token=ci;object=rsa: asks for a PIN, and none was given" --cert rsa.pem --key 'pkcs11:token=ci;object=rsa'
	refused 1 "--key: pkcs11:token=ci;object=rsa: wrong PIN" --cert rsa.pem --key 'pkcs11:token=ci;object=rsa' --passphrase file:badpin
	refused 66 "--key: pkcs11:token=ci;object=nope: no such token, or no such key in it" \
		--cert rsa.pem --key 'pkcs11:token=ci;object=nope' --passphrase file:pin
	refused 64 "--key: pkcs11:token=ci;object=p256: not the key of rsa.pem" \
		--cert rsa.pem --key 'pkcs11:token=ci;object=p256' --passphrase file:pin
	# a PIN in the URI is not repeated
	run -64 mcprofile-sign --cert p256.pem --key 'pkcs11:token=ci;object=rsa;pin-value=1234' final.plist
	show
	[ "$output" = "mcprofile-sign: --key: pkcs11:token=ci;object=rsa;pin-value=...: not the key of p256.pem" ]
	# the token is as it was: three wrong PINs would have been too many
	signs --cert rsa.pem --key 'pkcs11:token=ci;object=rsa;pin-value=1234'
}
