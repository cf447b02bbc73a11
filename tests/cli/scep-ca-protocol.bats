# SCEP, rule by rule (RFC 8894): each test is named by the section and the rule, and is a row of the table in scep-ca(8).
# The messages are scep_client.py's, which shares no code with us, and openssl's.
load ../helper

setup_file() {
	export T=$BATS_FILE_TMPDIR
	warm
	cd "$T"
	scep-ca init --dir ca --subject "/O=ACME/CN=Rules CA" --bits 2048 > init.txt
	cat > ca/ca.conf <<- E
		program-timeout = 2s
		[profile strict]
		sha1 = no
		des3 = no
		short-nonces = no
		[profile weak]
		insecure = yes
		[profile clock]
		clock-skew = 5m
		[profile person]
		accept = challenge approval
		[profile people]
		accept = approval
		[profile held]
		hold = yes
		[profile chain]
		reply = chain
		ca-certs = chain
		[profile norenew]
		renew = no
		[profile fresh]
		renew-same-key = no
		revoke-replaced = yes
		[profile late]
		renew-window = 1d
		[profile rsaonly]
		keys = rsa
		rsa-min = 3072
		[profile program]
		accept = program
		names = request
		decide = $T/decide
		[profile told]
		notify = $T/notify
	E
	client key k.key
	client cert k.key /CN=requester k.pem
	client key l.key
	client cert l.key /CN=another l.pem
	client key e.key p256
	client cert e.key /CN=curve e.pem
	selfsigned foreign "/O=ACME/CN=Rules CA"
	# a certificate to renew, poll and look for
	got "/O=ACME/CN=Alice" old.pem
}

setup() { cd "$T"; }

client() { py "$SRC/tests/cli/scep_client.py" "$@"; }
# At every profile, unless it says which.
challenge() {
	case " $* " in
	*" --profile "*) scep-ca --dir "${CA:-ca}" challenge new "$@" ;;
	*) scep-ca --dir "${CA:-ca}" challenge new --any-profile "$@" ;;
	esac
}

# message OUT [OPTION...]: from the usual requester to the RA; what comes later overrides.
message() {
	local out=$1
	shift
	client message "$out" --key k.key --cert k.pem --recipient "${RA:-ca/ra.pem}" "$@"
}

# csr OUT SUBJECT [OPTION...]: with a challenge for that subject, unless an option says another.
csr() {
	local out=$1 subject=$2
	shift 2
	case " $* " in
	*" --challenge "*) client csr k.key "$subject" "$out" "$@" ;;
	*) client csr k.key "$subject" "$out" --challenge "$(challenge --subject "$subject")" "$@" ;;
	esac
}

# ask MESSAGE [PROFILE]: the reply is r, the log's words are log.
ask() { scep-ca --dir "${CA:-ca}" respond ${2:+--profile "$2"} < "$1" > r 2> log; }

# reads [OPTION...]: the CertRep r is for the usual requester; what it says is in f, its certificates in out.pem.
reads() { client read r out --ra "${RA:-ca/ra.pem}" --key k.key --cert k.pem "$@" > f; }
has() { grep -qxF -- "$1" f || { cat f log; false; }; }

# failed FAILINFO [TEXT]: r is a FAILURE without content.
failed() {
	client read r out --ra "${RA:-ca/ra.pem}" > f || return 1
	has status=2 && has "fail=$1" && has content=absent && has type=3 && { [ $# -lt 2 ] || has "text=$2"; }
}
granted() { reads "$@" && has status=0 && has fail= && has content=there; }
waiting() { client read r out --ra ca/ra.pem > f && has status=3 && has fail= && has content=absent; }

# no_answer MESSAGE [PROFILE]: nobody can be answered; an HTTP 400.
no_answer() {
	run -65 scep-ca --dir ca respond ${2:+--profile "$2"} < "$1"
	[[ "$output" == "scep-ca: pkiMessage: "* ]]
}

# got SUBJECT OUT [PROFILE]: the usual requester has a certificate.
got() {
	csr got.csr "$1"
	message got.m --content got.csr
	ask got.m "${3-}"
	granted
	cp out.pem "$2"
}

serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
count() { scep-ca --dir ca list | tail -n +2 | wc -l; }

# --- 2: who is who ---

@test "2.1.2: a CA or an RA that may not sign, or not be encrypted to, does not start" {
	cp -r ca odd
	openssl x509 -req -in <(openssl req -new -key ca/ra.key -subj /CN=ra) -CA ca/ca.pem -CAkey ca/ca.key -set_serial 77 -days 1 \
		-extfile <(echo keyUsage=digitalSignature) -out odd/ra.pem 2> /dev/null
	run -65 scep-ca --dir odd respond < init.txt
	[ "$output" = "scep-ca: odd/ra.pem: its keyUsage lacks keyEncipherment" ]
}

@test "2.1.2: an ECDSA CA under an RSA RA" {
	for curve in p256 p384; do
		scep-ca init --dir ec-$curve --subject "/CN=EC CA" --key $curve > /dev/null
		export CA=ec-$curve RA=ec-$curve/ra.pem
		csr a.csr /CN=x
		message m --content a.csr
		ask m
		granted
		openssl verify -x509_strict -CAfile ec-$curve/ca.pem out.pem
		openssl x509 -in out.pem -noout -text | grep -q 'Signature Algorithm: ecdsa-with-SHA'
	done
}

@test "2.2: GetCACert gives the CA, whose fingerprint can be checked out of band" {
	MCPROFILE_METHOD=GET MCPROFILE_QUERY="operation=GetCACert" command scep-ca --dir ca respond < /dev/null > p7 3> facts
	openssl pkcs7 -inform der -in p7 -print_certs -out certs.pem
	print=$(openssl x509 -in ca/ca.pem -noout -fingerprint -sha256 | cut -d= -f2)
	grep -q "$print" init.txt
	grep -qx "$(sed -n 2p ca/ca.pem)" certs.pem
	grep -qx "$(sed -n 2p ca/ra.pem)" certs.pem
}

@test "2.3: a self-signed signer of another subject, X.509 v1, a serial of 32 octets, valid for 100 years" {
	openssl x509 -req -in <(openssl req -new -key k.key -subj "/CN=nobody in particular") -signkey k.key -days 36500 \
		-set_serial 0x7123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef -out v1.pem 2> /dev/null
	openssl x509 -in v1.pem -noout -text | grep -q 'Version: 1 '
	csr a.csr /CN=v1
	message m --content a.csr --cert v1.pem
	ask m
	granted --cert v1.pem
	openssl verify -CAfile ca/ca.pem out.pem
	[ "$(openssl x509 -in out.pem -noout -subject)" = "subject=CN = v1" ]
}

@test "2.3: the message's signer is the key to be certified" {
	client csr l.key /CN=x a.csr --challenge "$(challenge --subject /CN=x)"
	message m --content a.csr
	ask m
	failed 1 ""
}

@test "2.4: no challenge never enrols: badRequest" {
	client csr k.key /CN=x a.csr
	message m --content a.csr
	n=$(count)
	ask m
	failed 2 "the challenge password is not valid"
	[ "$(cat log)" = "scep-ca: badRequest: no challenge" ]
	[ "$(count)" = "$n" ]
}

@test "2.4: no challenge is PENDING where a person approves" {
	client csr k.key /CN=approve-me a.csr
	message m --content a.csr --transaction approve
	ask m person
	waiting
	# the same again is the same request
	ask m person
	waiting
	[ "$(scep-ca --dir ca pending | grep -c /CN=approve-me)" = 1 ]
}

@test "2.4: a challenge is one-time, and a wrong, used, expired or foreign one reads alike" {
	used=$(challenge --any-subject)
	csr a.csr /CN=first --challenge "$used"
	message m --content a.csr
	ask m
	granted
	brief=$(challenge --any-subject --ttl 1s)
	sleep 1.2
	for secret in "$used" "$brief" 00000000000000000000000000000000 "$(challenge --any-subject --profile weak)"; do
		csr a.csr /CN=second --challenge "$secret"
		message m --content a.csr
		ask m
		failed 2 "the challenge password is not valid"
	done
}

@test "2.4: the challenge of another subject gives neither name" {
	secret=$(challenge --subject /CN=Alice)
	csr a.csr /CN=Bob --challenge "$secret"
	message m --content a.csr
	n=$(count)
	ask m
	failed 2 "the subject is not one that may be asked for here"
	[ "$(count)" = "$n" ]
	csr a.csr /CN=Alice --challenge "$secret"
	message m --content a.csr
	ask m
	granted
}

# --- 2.5: renewal ---

# renew TYPE SUBJECT [OPTION...]: of old.pem, by a new key
renew() {
	local type=$1 subject=$2
	shift 2
	client csr l.key "$subject" n.csr
	client message m --key k.key --cert old.pem --recipient ca/ra.pem --content n.csr --type "$type" --transaction "$RANDOM$RANDOM" "$@"
}

@test "2.5: RenewalReq signed with the old certificate: a new key, no challenge" {
	renew 17 /O=ACME/CN=Alice
	ask m
	granted --cert old.pem --leaf-key l.key
	openssl verify -CAfile ca/ca.pem out.pem
	[ "$(openssl x509 -in out.pem -noout -pubkey)" = "$(openssl pkey -in l.key -pubout)" ]
	[ "$(openssl x509 -in out.pem -noout -subject)" = "subject=O = ACME, CN = Alice" ]
	# the old one stays good
	scep-ca --dir ca list --status valid | grep -q "^$(serial old.pem)"
}

@test "2.5: PKCSReq signed with the old certificate is a renewal too" {
	renew 19 /O=ACME/CN=Alice
	ask m
	granted --cert old.pem --leaf-key l.key
}

@test "2.5: a renewal with the same key" {
	client csr k.key /O=ACME/CN=Alice n.csr
	client message m --key k.key --cert old.pem --recipient ca/ra.pem --content n.csr --type 17 --transaction same-key
	ask m
	granted --cert old.pem
	# where the profile that issued it wants a new one
	got /CN=fresh fresh.pem fresh
	client csr k.key /CN=fresh n.csr
	client message m --key k.key --cert fresh.pem --recipient ca/ra.pem --content n.csr --type 17 --transaction same-key-2
	ask m fresh
	failed 2 "the certificate that signed the message cannot be renewed"
}

@test "2.5: revoke-replaced: the old certificate is revoked, and renews no more" {
	got /CN=replaced replaced.pem fresh
	client csr l.key /CN=replaced n.csr
	client message m --key k.key --cert replaced.pem --recipient ca/ra.pem --content n.csr --type 17 --transaction replaced-1
	ask m fresh
	granted --cert replaced.pem --leaf-key l.key
	scep-ca --dir ca list --status revoked | grep -q "^$(serial replaced.pem)"
	client message m --key k.key --cert replaced.pem --recipient ca/ra.pem --content n.csr --type 17 --transaction replaced-2
	ask m fresh
	failed 2 "the certificate that signed the message cannot be renewed"
}

@test "2.5: a renewal by a revoked signer is refused" {
	got /CN=revoked revoked.pem
	scep-ca --dir ca revoke "$(serial revoked.pem)" --reason keyCompromise
	client csr l.key /CN=revoked n.csr
	client message m --key k.key --cert revoked.pem --recipient ca/ra.pem --content n.csr --type 17
	ask m
	failed 2 "the certificate that signed the message cannot be renewed"
}

@test "2.5: a renewal by an expired signer is refused" {
	# ours by its signature, and out of date
	client cert k.key /O=ACME/CN=Alice expired.pem --issuer-cert ca/ca.pem --issuer-key ca/ca.key --begins -10 --days 5
	client csr l.key /O=ACME/CN=Alice n.csr
	client message m --key k.key --cert expired.pem --recipient ca/ra.pem --content n.csr --type 17
	ask m
	failed 2 "the certificate that signed the message cannot be renewed"
}

@test "2.5: a renewal by a certificate that is not on record is refused, though the CA's key has signed it" {
	client cert k.key /O=ACME/CN=Alice unknown.pem --issuer-cert ca/ca.pem --issuer-key ca/ca.key
	client csr l.key /O=ACME/CN=Alice n.csr
	client message m --key k.key --cert unknown.pem --recipient ca/ra.pem --content n.csr --type 17
	ask m
	failed 2 "the certificate that signed the message cannot be renewed"
}

@test "2.5: a renewal by a foreign signer of the CA's name is refused" {
	client cert k.key /O=ACME/CN=Alice forged.pem --issuer-cert foreign.pem --issuer-key foreign.key --serial "$(serial old.pem)"
	openssl x509 -in forged.pem -noout -issuer | grep -q 'CN = Rules CA'
	client csr l.key /O=ACME/CN=Alice n.csr
	client message m --key k.key --cert forged.pem --recipient ca/ra.pem --content n.csr --type 17
	ask m
	failed 2 "a RenewalReq is signed with a certificate of this CA"
	# as a first request it is somebody's who wants another key certified than his own
	client message m --key k.key --cert forged.pem --recipient ca/ra.pem --content n.csr
	ask m
	failed 1 ""
}

@test "2.5: a renewal for another subject is refused" {
	renew 17 /O=ACME/CN=Mallory
	n=$(count)
	ask m
	failed 2
	[ "$(count)" = "$n" ]
}

@test "2.5: a profile may renew nothing, or only shortly before the end" {
	for profile in norenew late; do
		got /CN=$profile $profile.pem $profile
		client csr l.key /CN=$profile n.csr
		client message m --key k.key --cert $profile.pem --recipient ca/ra.pem --content n.csr --type 17 --transaction $profile
		ask m $profile
		failed 2 "the certificate that signed the message cannot be renewed"
		# whatever path it comes by
		ask m
		failed 2 "the certificate that signed the message cannot be renewed"
	done
}

# --- 3: the message ---

@test "3: exactly one SignerInfo: two are no message" {
	csr a.csr /CN=x
	message m --content a.csr --odd two-signers --second-key l.key --second-cert l.pem
	no_answer m
}

@test "3: signed attributes: without them it is no message" {
	csr a.csr /CN=x
	message m --content a.csr --odd no-attributes
	no_answer m
}

@test "3: every byte belongs to the message: trailing and missing ones" {
	csr a.csr /CN=x
	message m --content a.csr --odd trailing
	no_answer m
	message m --content a.csr --odd cut
	no_answer m
	: > m
	no_answer m
}

@test "3: the signer's certificate is in the message" {
	csr a.csr /CN=x
	message m --content a.csr --odd no-certificate
	no_answer m
}

@test "3.1: AES-128, AES-192, AES-256: the reply is in kind" {
	for cipher in aes128 aes192 aes256; do
		csr a.csr /CN=$cipher
		message m --content a.csr --cipher $cipher
		ask m strict
		granted
		has cipher=$cipher
		has transport=pkcs1
	done
}

@test "3.1: 3DES and SHA-1 by policy, else badAlg" {
	csr a.csr /CN=des3
	message m --content a.csr --cipher des3 --md sha1
	ask m strict
	failed 0 "the digest algorithm is not accepted: use SHA-256"
	has md=sha256
	message m2 --content a.csr --cipher des3
	ask m2 strict
	failed 0 "the cipher is not accepted: use AES-128-CBC"
	ask m
	granted
	has cipher=des3
	has md=sha1
}

@test "3.1: single DES and MD5 only where insecure, else badAlg" {
	csr a.csr /CN=des
	message m --content a.csr --cipher des --md md5
	ask m
	failed 0 "the digest algorithm is not accepted: use SHA-256"
	has md=sha256
	message m2 --content a.csr --cipher des
	ask m2
	failed 0 "the cipher is not accepted: use AES-128-CBC"
	ask m weak
	granted
	has cipher=des
	has md=md5
}

@test "3.1: a cipher that nobody named: badAlg" {
	csr a.csr /CN=x
	openssl cms -encrypt -binary -outform DER -rc2 -provider legacy -provider default -in a.csr ca/ra.pem > rc2.env
	message m --envelope rc2.env
	for profile in default weak; do
		ask m $profile
		failed 0 "the cipher is not accepted: use AES-128-CBC"
	done
}

@test "3.1: SHA-256, SHA-384, SHA-512: the reply is in kind" {
	for md in sha256 sha384 sha512; do
		csr a.csr /CN=$md
		message m --content a.csr --md $md
		ask m strict
		granted
		has md=$md
	done
}

@test "3.1: RSASSA-PSS signers" {
	for md in sha256 sha512; do
		csr a.csr /CN=pss-$md
		message m --content a.csr --md $md --pss
		ask m strict
		granted
	done
}

@test "3.1: RSAES-OAEP envelopes: the reply is in kind" {
	for md in sha256 sha512; do
		csr a.csr /CN=oaep-$md
		message m --content a.csr --oaep $md
		ask m strict
		granted
		has transport=oaep-$md
	done
}

@test "3.1: an envelope of openssl's" {
	for cipher in aes-128-cbc aes-256-cbc des3; do
		csr a.csr /CN=x
		openssl cms -encrypt -binary -outform DER -$cipher -in a.csr ca/ra.pem > env
		message m --envelope env --transaction "openssl $cipher"
		ask m
		granted
	done
}

@test "3.1: EC by key transport: the reply is enveloped with the challenge" {
	for curve in p256 p384; do
		client key c.key $curve
		client cert c.key /CN=curve c.pem
		secret=$(challenge --subject /CN=$curve)
		client csr c.key /CN=$curve a.csr --challenge "$secret"
		client message m --key c.key --cert c.pem --recipient ca/ra.pem --content a.csr
		ask m
		reads --key c.key --cert c.pem --password "$secret"
		has status=0
		has transport=password
		openssl verify -CAfile ca/ca.pem out.pem
		[ "$(openssl x509 -in out.pem -noout -pubkey)" = "$(openssl pkey -in c.key -pubout)" ]
		not reads --key c.key --cert c.pem --password wrong
	done
}

@test "3.1: EC by password: request and reply are enveloped with the challenge" {
	for curve in p256 p384; do
		client key c.key $curve
		client cert c.key /CN=curve c.pem
		challenge --any-subject --envelope > others
		secret=$(challenge --subject /CN=pw-$curve --envelope)
		client csr c.key /CN=pw-$curve a.csr --challenge "$secret"
		client message m --key c.key --cert c.pem --password "$secret" --content a.csr --cipher aes256
		ask m
		reads --key c.key --cert c.pem --password "$secret"
		has status=0
		has transport=password
		has cipher=aes256
		[ "$(openssl x509 -in out.pem -noout -pubkey)" = "$(openssl pkey -in c.key -pubout)" ]
	done
}

@test "3.1: an envelope of openssl's with a password" {
	secret=$(challenge --subject /CN=openssl-pw --envelope)
	client csr e.key /CN=openssl-pw a.csr --challenge "$secret"
	openssl cms -encrypt -binary -outform DER -aes-128-cbc -pwri_password "$secret" -in a.csr > env
	client message m --key e.key --cert e.pem --envelope env
	ask m
	reads --key e.key --cert e.pem --password "$secret"
	has status=0
}

@test "3.1: a password that is no challenge of ours: badMessageCheck, without a reason" {
	client csr e.key /CN=x a.csr --challenge guess
	client message m --key e.key --cert e.pem --password guess --content a.csr
	ask m
	failed 1 ""
	[ "$(cat log)" = "scep-ca: badMessageCheck: EnvelopedData: it cannot be decrypted" ]
	# nor does one that was not made to encrypt
	secret=$(challenge --any-subject)
	client csr e.key /CN=x a.csr --challenge "$secret"
	client message m --key e.key --cert e.pem --password "$secret" --content a.csr
	ask m
	failed 1 ""
}

@test "3.1: a key that cannot decrypt, and no challenge to encrypt with: badAlg" {
	client csr e.key /CN=x a.csr
	client message m --key e.key --cert e.pem --recipient ca/ra.pem --content a.csr
	ask m person
	failed 0 "a key that cannot decrypt needs a challenge password to encrypt the answer with"
}

@test "3.1: a curve, or a size of RSA, that is not accepted: badAlg" {
	csr a.csr /CN=small
	message m --content a.csr
	ask m rsaonly
	failed 0 "the key or the digest is not one that this CA accepts"
	secret=$(challenge --subject /CN=curve)
	client csr e.key /CN=curve a.csr --challenge "$secret"
	client message m --key e.key --cert e.pem --recipient ca/ra.pem --content a.csr
	ask m rsaonly
	failed 0 "the key or the digest is not one that this CA accepts"
	client key small.key rsa1024
	client cert small.key /CN=small small.pem
	client csr small.key /CN=x a.csr --challenge "$(challenge --subject /CN=x)"
	client message m --key small.key --cert small.pem --recipient ca/ra.pem --content a.csr
	ask m
	failed 0 "the key or the digest is not one that this CA accepts"
}

# --- 3.2.1: attributes ---

@test "3.2.1.1: transactionID comes back unchanged, whatever it is made of" {
	for id in 1 "with a blank" 'a+b/c==' 77777777777777777777777777777777777777777777777777777777777777777777777777777 'x_@*&' \
		"$(printf 'y%.0s' $(seq 128))"; do
		csr a.csr /CN=x
		message m --content a.csr --transaction "$id"
		ask m
		granted
		has "transaction=$id"
	done
}

@test "3.2.1.1: transactionID absent, twice, empty, too long, of another type: nobody can be answered" {
	csr a.csr /CN=x
	message m --content a.csr --odd transaction-absent
	no_answer m
	message m --content a.csr --odd transaction-twice
	no_answer m
	for id in "" "$(printf 'y%.0s' $(seq 129))" $'a\nb' $'\x7f'; do
		message m --content a.csr --transaction "$id"
		no_answer m
	done
	message m --content a.csr --transaction-tag utf8
	no_answer m
}

@test "3.2.1.2: messageType 0..255: what is not a client's is badRequest, before anything is decrypted" {
	mkdir -p types
	csr types/csr /CN=types
	# around an envelope for somebody else: what gets as far is refused for that
	client types types --key k.key --cert k.pem --content types/csr --recipient foreign.pem
	for n in $(seq 0 255); do scep-ca --dir ca respond < types/$n.m > types/$n.r 2> /dev/null; done
	client statuses ca/ra.pem types/*.r | sort -n > told
	[ "$(wc -l < told)" = 256 ]
	[ "$(grep -c ' 2 2 this messageType is not supported$' told)" = 251 ]
	grep -q '^17.r 2 1 it is not encrypted to this RA' told
	grep -q '^19.r 2 1 it is not encrypted to this RA' told
	grep -q '^20.r 2 4 there is no such request$' told
	grep -q '^21.r 2 4 no such certificate$' told
	grep -q '^22.r 2 4 no such certificate$' told
}

@test "3.2.1.2: messageType spelled otherwise, of another type, absent: badRequest" {
	csr a.csr /CN=x
	for type in "" 019 "19 " " 19" +19 19a 0x13 -1 nineteen 00; do
		message m --content a.csr --type "$type"
		ask m
		failed 2 "this messageType is not supported"
	done
	for tag in utf8 ia5 octets integer bmp; do
		message m --content a.csr --type-tag $tag
		ask m
		failed 2 "this messageType is not supported"
	done
	message m --content a.csr --odd type-absent
	ask m
	failed 2 "this messageType is not supported"
}

@test "3.2.1.2: messageType with two values is badRequest, and twice it is no message" {
	csr a.csr /CN=x
	message m --content a.csr --odd type-values
	ask m
	failed 2 "this messageType is not supported"
	message m --content a.csr --odd type-twice
	no_answer m
}

@test "3.2.1.4: failInfo is there if and only if it is FAILURE" {
	csr a.csr /CN=x
	message m --content a.csr
	ask m
	granted
	has fail=
	csr a.csr /CN=x --challenge wrong
	message m --content a.csr
	ask m
	failed 2
}

@test "3.2.1.5: senderNonce comes back as recipientNonce; the reply's own is new" {
	csr a.csr /CN=x
	message m --content a.csr --nonce 0102030405060708090a0b0c0d0e0f10
	ask m
	granted
	has recipient=0102030405060708090a0b0c0d0e0f10
	first=$(grep ^sender= f)
	[ ${#first} = 39 ]
	ask m
	granted
	[ "$first" != "$(grep ^sender= f)" ]
}

@test "3.2.1.5: short nonces by policy" {
	csr a.csr /CN=x
	message m --content a.csr --nonce 0102030405060708
	ask m strict
	failed 2 "senderNonce must be 16 octets"
	ask m
	granted
	has recipient=0102030405060708
	message m --content a.csr --nonce none
	ask m strict
	failed 2 "senderNonce must be 16 octets"
	ask m
	granted
	has recipient=
	message m --content a.csr --nonce 010203040506070809
	ask m
	failed 2 "senderNonce must be 16 octets"
}

@test "3.2.1: other signed attributes pass; a signingTime need not be there" {
	csr a.csr /CN=x
	message m --content a.csr --odd extra
	ask m strict
	granted
}

@test "3.2.1.4: badTime only where clocks count, and then a signingTime has to be there" {
	csr a.csr /CN=x
	message m --content a.csr --time -4000
	ask m clock
	failed 3 "signingTime is too far from this CA's clock"
	message m2 --content a.csr --time 4000
	ask m2 clock
	failed 3 "signingTime is too far from this CA's clock"
	message m3 --content a.csr
	ask m3 clock
	failed 3 "the message has no signingTime"
	ask m
	granted
	csr a.csr /CN=x
	message m --content a.csr --time 0
	ask m clock
	granted
}

# --- 3.2.2: the envelope ---

@test "3.2.2: encrypted to somebody else: badMessageCheck" {
	csr a.csr /CN=x
	for cert in foreign.pem k.pem ca/ca.pem; do
		message m --content a.csr
		client message m --key k.key --cert k.pem --recipient $cert --content a.csr
		ask m
		failed 1 "it is not encrypted to this RA: ask for its certificate with GetCACert"
	done
}

@test "3.2.2: several recipients: badMessageCheck, but where insecure" {
	csr a.csr /CN=x
	message m --content a.csr --recipient ca/ca.pem
	ask m
	failed 1 "encrypt to the RA's certificate and to no other"
	ask m weak
	granted
}

@test "3.2.2: a signature that does not hold: badMessageCheck" {
	csr a.csr /CN=x
	message m --content a.csr --odd signature
	ask m
	failed 1 "the signature does not hold"
}

@test "3.2.2: no envelope, or bytes that are none: badMessageCheck" {
	csr a.csr /CN=x
	message m --content a.csr --odd content-absent
	ask m
	failed 1
	message m --envelope a.csr
	ask m
	failed 1 ""
}

# --- 3.3: messages ---

@test "3.3.1: a CSR with a broken signature, trailing or missing bytes: badMessageCheck, all alike" {
	for pop in broken trailing cut; do
		csr a.csr /CN=x --pop $pop
		message m --content a.csr
		ask m
		failed 1 ""
		[ "$(cat log)" = "scep-ca: badMessageCheck: EnvelopedData: it cannot be decrypted" ]
		# in a renewal too
		client csr l.key /O=ACME/CN=Alice a.csr --pop $pop
		client message m --key k.key --cert old.pem --recipient ca/ra.pem --content a.csr --type 17
		ask m
		failed 1 ""
		[ "$(cat log)" = "scep-ca: badMessageCheck: EnvelopedData: it cannot be decrypted" ]
	done
}

@test "3.3.1: the CSR's extensions are wishes: CA:TRUE is not granted" {
	csr a.csr /CN=ca --ca --names dns:evil.example.com
	message m --content a.csr
	n=$(count)
	ask m
	if reads && grep -qx status=0 f; then
		openssl x509 -in out.pem -noout -text > text
		grep -q CA:FALSE text
		not grep -q 'evil\|Certificate Sign' text
	else
		failed 2
		[ "$(count)" = "$n" ]
	fi
}

@test "3.3.1: an MD5 in the CSR's own signature is not accepted" {
	openssl req -new -md5 -key k.key -subj /CN=md5 -outform der -out a.csr
	message m --content a.csr
	for profile in default weak; do
		ask m $profile
		failed 0
	done
}

@test "3.3.2: SUCCESS is a degenerate certs-only message of the leaf alone" {
	csr a.csr /CN=x
	message m --content a.csr
	ask m
	granted
	has certificates=1
	has crls=0
}

@test "3.3.2: with the chain where the profile says so" {
	csr a.csr /CN=x
	message m --content a.csr
	ask m chain
	granted
	has certificates=2
	grep -qx "$(sed -n 2p ca/ca.pem)" out.pem
}

@test "3.3.2: openssl takes a reply apart" {
	csr a.csr /CN=x
	message m --content a.csr
	ask m
	openssl cms -verify -inform der -in r -CAfile ca/ca.pem -purpose any -binary -out env 2> /dev/null
	openssl cms -decrypt -inform der -in env -recip k.pem -inkey k.key -binary -out p7
	openssl pkcs7 -inform der -in p7 -print_certs -out certs.pem
	openssl verify -x509_strict -purpose sslclient -CAfile ca/ca.pem certs.pem
}

@test "3.3.3: a poll while a person thinks is PENDING, and gets the certificate when he has approved" {
	client csr k.key /CN=poll a.csr
	message m --content a.csr --transaction poll-1
	ask m person
	waiting
	client poll ca/ca.pem k.pem p
	message poll.m --content p --type 20 --transaction poll-1
	ask poll.m person
	waiting
	number=$(scep-ca --dir ca pending | awk '/\/CN=poll$/ { print $1 }')
	scep-ca --dir ca approve "$number"
	ask poll.m person
	granted
	cp out.pem polled.pem
	[ "$(openssl x509 -in out.pem -noout -subject)" = "subject=CN = poll" ]
	# asked again, the same; as is the request itself
	ask poll.m person
	granted
	cmp out.pem polled.pem
	ask m person
	granted
	cmp out.pem polled.pem
}

@test "3.3.3: a poll for what was rejected is badRequest" {
	client csr k.key /CN=rejected a.csr
	message m --content a.csr --transaction poll-2
	ask m person
	waiting
	scep-ca --dir ca reject "$(scep-ca --dir ca pending | awk '/\/CN=rejected$/ { print $1 }')"
	client poll ca/ca.pem k.pem p
	message m --content p --type 20 --transaction poll-2
	ask m person
	failed 2 "the request was rejected"
}

@test "3.3.3: a poll for what nobody asked for, or another key asked for, is badCertId" {
	client csr k.key /CN=mine a.csr
	message m --content a.csr --transaction poll-3
	ask m person
	waiting
	client poll ca/ca.pem k.pem p
	message m --content p --type 20 --transaction poll-4
	ask m person
	failed 4 "there is no such request"
	client message m --key l.key --cert l.pem --recipient ca/ra.pem --content p --type 20 --transaction poll-3
	ask m person
	failed 4 "there is no such request"
}

@test "3.3.3: held: a challenge and a person" {
	csr a.csr /CN=held
	message m --content a.csr --transaction held
	ask m held
	waiting
	scep-ca --dir ca approve "$(scep-ca --dir ca pending | awk '/\/CN=held$/ { print $1 }')"
	ask m held
	granted
}

@test "3.3.3: a poll by a key that cannot decrypt waits, and is told to send its request again" {
	secret=$(challenge --subject /CN=ec-held)
	client csr e.key /CN=ec-held a.csr --challenge "$secret"
	client message m --key e.key --cert e.pem --recipient ca/ra.pem --content a.csr --transaction ec-held
	ask m held
	waiting
	client poll ca/ca.pem e.pem p
	client message poll.m --key e.key --cert e.pem --recipient ca/ra.pem --content p --type 20 --transaction ec-held
	ask poll.m held
	waiting
	scep-ca --dir ca approve "$(scep-ca --dir ca pending | awk '/\/CN=ec-held$/ { print $1 }')"
	ask poll.m held
	failed 0 "it is granted: send the request again, for a poll has no password to encrypt the answer with"
	ask m held
	reads --key e.key --cert e.pem --password "$secret"
	has status=0
}

@test "3.3.4: GetCert" {
	client id old.pem i
	message m --content i --type 21
	ask m
	granted
	cmp out.pem old.pem
}

@test "3.3.4: GetCert of what is not there, of another CA, or unreadable: badCertId, all alike" {
	client cert l.key /CN=x other.pem --issuer-cert ca/ca.pem --issuer-key ca/ca.key
	client id other.pem unknown.i
	client cert l.key /CN=x other.pem --issuer-cert k.pem --issuer-key k.key --serial "$(serial old.pem)"
	client id other.pem other.i
	printf '\x30\x03\x02\x01\x07' > odd.i
	: > empty.i
	for what in unknown other odd empty; do
		message m --content $what.i --type 21
		ask m
		failed 4 "no such certificate"
		[ "$(cat log)" = "scep-ca: badCertId: no such certificate" ]
	done
	client id old.pem i
	client message m --key k.key --cert k.pem --recipient foreign.pem --content i --type 21
	ask m
	failed 4 "no such certificate"
	# a signer whose key the answer cannot be encrypted to
	client message m --key e.key --cert e.pem --recipient ca/ra.pem --content i --type 21
	ask m
	failed 0 "the answer cannot be encrypted to the signer's key"
}

@test "3.3.4: GetCRL: the list that openssl verifies, with what was revoked in it" {
	got /CN=listed listed.pem
	scep-ca --dir ca revoke "$(serial listed.pem)" --reason superseded
	for cert in listed.pem ca/ca.pem ca/ra.pem; do
		client id $cert i
		message m --content i --type 22
		ask m
		reads
		has status=0
		has crls=1
		has certificates=0
		openssl crl -inform der -in out.crl -CAfile ca/ca.pem -noout -text > text 2> verdict
		grep -q 'verify OK' verdict
		grep -q "Serial Number: $(serial listed.pem)" text
	done
	client cert l.key /CN=x other.pem --issuer-cert ca/ca.pem --issuer-key ca/ca.key
	client id other.pem i
	message m --content i --type 22
	ask m
	failed 4 "no such certificate"
}

# --- 3.5 and 4: around the messages ---

# get QUERY [PATH]: what a GET is answered; the body is body, the facts are facts.
get() {
	MCPROFILE_METHOD=${METHOD:-GET} MCPROFILE_QUERY=$1 MCPROFILE_PATH=${2-/scep} command scep-ca --dir "${CA:-ca}" respond < "${IN:-/dev/null}" > body 3> facts 2> log
}

@test "3.5: GetCACaps: one word a line, and only what works" {
	get "operation=GetCACaps"
	printf '%s\n' AES DES3 POSTPKIOperation Renewal SCEPStandard SHA-1 SHA-256 SHA-384 SHA-512 | cmp - body
	grep -qx CONTENT_TYPE=text/plain facts
	get "operation=GetCACaps&message=x" /scep/strict
	printf '%s\n' AES POSTPKIOperation Renewal SCEPStandard SHA-256 SHA-384 SHA-512 | cmp - body
	get "operation=GetCACaps" /scep/norenew
	not grep -q Renewal body
}

@test "4.1: GET in every spelling that clients have" {
	csr a.csr /CN=get
	message m --content a.csr
	b64=$(base64 -w0 m)
	for how in 's/+/%2B/g;s,/,%2F,g;s/=/%3D/g' 's/+/%20/g' 's/=*$//' 's/\(.\{64\}\)/\1%0A/g' s/x/x/; do
		get "operation=PKIOperation&message=$(printf %s "$b64" | sed "$how")"
		cp body r
		granted
		grep -qx CONTENT_TYPE=application/x-pki-message facts
	done
}

@test "4.1: any path, and Cisco's; a profile by its path" {
	for path in "" / /scep /scep/ /cgi-bin/pkiclient.exe /scep/PKIclient.exe /pkiclient.exe /a/b/default; do
		get "operation=GetCACaps" "$path"
		grep -qx PROFILE=default facts
	done
	for path in /scep/strict /scep/strict/ /scep/strict/pkiclient.exe /strict /a//b/strict; do
		get "operation=GetCACaps" "$path"
		grep -qx PROFILE=strict facts
		not grep -q SHA-1 body
	done
	for path in /scep/nothing /scep/nothing/pkiclient.exe /a/b /scep/STRICT "/scep/$(printf 'x%.0s' $(seq 100))"; do
		MCPROFILE_METHOD=GET MCPROFILE_QUERY=operation=GetCACaps MCPROFILE_PATH=$path run -66 scep-ca --dir ca respond
		[[ "$output" == "scep-ca: no profile "* ]]
	done
	# through the driver, a wrong URL is a 404
	printf '%s\n' "url = https://localhost" "organization = ACME" "identifier = com.example" "routes = $T/routes" "ca = $T/ca" > site.conf
	grep '^/scep' "$SRC/share/routes" > routes
	printf 'GET /scep/nothing?operation=GetCACaps HTTP/1.0\r\n\r\n' | mcprofile-cgi --site site.conf > answer 2> log
	head -n 1 answer | grep -q ' 404 '
	printf 'GET /scep/strict?operation=GetCACaps HTTP/1.0\r\n\r\n' | mcprofile-cgi --site site.conf > answer 2> log
	head -n 1 answer | grep -q ' 200 '
	grep -q '"profile": *"strict"' log
	grep -q '"scep": *"GetCACaps"' log
}

@test "4.1: an operation that is none: HTTP 400" {
	for op in GetCAChain getcacaps PKIOperation2 '' %00 GetNextCACert; do
		METHOD=GET run -65 get "operation=$op"
	done
	run -65 get ""
	run -65 get "operation=GetCACaps&operation=GetCACert"
	run -65 get "operation=PKIOperation"
	run -65 get "operation=PKIOperation&message=AAA*"
}

@test "4.2: GetCACert by profile: RA and CA, or the chain" {
	get "operation=GetCACert"
	grep -qx CONTENT_TYPE=application/x-x509-ca-ra-cert facts
	openssl pkcs7 -inform der -in body -print_certs -noout | grep -c '^subject' | grep -qx 2
	get "operation=GetCACert" /scep/chain
	grep -q '^CONTENT_TYPE=application/x-x509-ca-' facts
}

@test "4.3: a refusal is status 200 and a signed message, and the log knows who, what and why" {
	csr a.csr /CN=x --challenge wrong
	message m --content a.csr --transaction "log me"
	METHOD=POST IN=m get "operation=PKIOperation" /scep/weak
	cp body r
	failed 2
	grep -qx CONTENT_TYPE=application/x-pki-message facts
	grep -qx "REFUSED=badRequest: unknown challenge" facts
	grep -qx SCEP_TYPE=PKCSReq facts
	grep -qx "TRANSACTION=log me" facts
	grep -qx PROFILE=weak facts
	client csr k.key /CN=facts a.csr
	message m --content a.csr
	METHOD=POST IN=m get "operation=PKIOperation" /scep/person
	grep -qx "WAITING=$(scep-ca --dir ca pending | awk '/\/CN=facts$/ { print $1 }')" facts
}

@test "4.7: GetNextCACert, signed by the current CA; announced only then" {
	cp -r ca next-ca
	export CA=next-ca
	scep-ca --dir next-ca rollover --at 20d --bits 2048 > /dev/null
	get "operation=GetCACaps"
	grep -qx GetNextCACert body
	get "operation=GetNextCACert"
	grep -qx CONTENT_TYPE=application/x-x509-next-ca-cert facts
	openssl cms -verify -inform der -in body -CAfile ca/ca.pem -certfile ca/ca.pem -purpose any -binary -out p7 2> /dev/null
	openssl pkcs7 -inform der -in p7 -print_certs -out certs.pem
	grep -qx "$(sed -n 2p next-ca/next/ca.pem)" certs.pem
	openssl cms -cmsout -print -inform der -in body | grep -A1 'd.signerInfos\|signerInfos' | head -n 1 > /dev/null
	# until then the current one signs
	csr a.csr /CN=x --challenge "$(challenge --any-subject)"
	RA=next-ca/ra.pem message m --content a.csr
	ask m
	RA=next-ca/ra.pem granted
	openssl verify -CAfile ca/ca.pem out.pem
}

@test "an older RA opens what was encrypted to it, and signs the answer" {
	cp -r ca two-ras
	export CA=two-ras
	cp two-ras/ra.pem first-ra.pem
	scep-ca --dir two-ras ra renew > /dev/null
	not cmp -s first-ra.pem two-ras/ra.pem
	for ra in first-ra.pem two-ras/ra.pem; do
		csr a.csr /CN=x --challenge "$(challenge --any-subject)"
		RA=$ra message m --content a.csr
		ask m
		RA=$ra granted
	done
	scep-ca --dir two-ras ra retire > /dev/null
	csr a.csr /CN=x --challenge "$(challenge --any-subject)"
	RA=first-ra.pem message m --content a.csr
	ask m
	RA=two-ras/ra.pem failed 1
}

# --- 5: exactly once ---

@test "3.2.1.1: exactly once: the same request again gets the same certificate, in whatever envelope" {
	csr a.csr /CN=once
	n=$(count)
	for cipher in aes128 aes256 aes128; do
		message m --content a.csr --transaction once --cipher $cipher
		ask m
		granted
		[ ! -e once.pem ] || cmp out.pem once.pem
		cp out.pem once.pem
	done
	[ "$(count)" = $((n + 1)) ]
	scep-ca --dir ca revoke "$(serial once.pem)"
	ask m
	failed 2 "the certificate of this request was revoked"
}

@test "3.2.1.1: exactly once: by password too" {
	secret=$(challenge --subject /CN=pw-once --envelope)
	client csr e.key /CN=pw-once a.csr --challenge "$secret"
	client message m --key e.key --cert e.pem --password "$secret" --content a.csr --transaction pw-once
	ask m
	reads --key e.key --cert e.pem --password "$secret"
	has status=0
	cp out.pem first.pem
	ask m
	reads --key e.key --cert e.pem --password "$secret"
	has status=0
	cmp out.pem first.pem
}

@test "3.2.1.1: exactly once: another CSR, or another signer, under the same transactionID is another request" {
	csr a.csr /CN=one
	message m --content a.csr --transaction constant
	ask m
	granted
	cp out.pem one.pem
	csr a.csr /CN=two
	message m --content a.csr --transaction constant
	ask m
	granted
	not cmp -s out.pem one.pem
	client csr l.key /CN=three a.csr --challenge "$(challenge --subject /CN=three)"
	client message m --key l.key --cert l.pem --recipient ca/ra.pem --content a.csr --transaction constant
	ask m
	granted --key l.key --cert l.pem
	[ "$(openssl x509 -in out.pem -noout -subject)" = "subject=CN = three" ]
}

@test "7: replay: somebody else's envelope in a message of one's own gets nothing" {
	csr a.csr /CN=victim
	message m --content a.csr
	openssl cms -verify -inform der -in m -noverify -binary -out env 2> /dev/null
	client message stolen --key l.key --cert l.pem --envelope env
	n=$(count)
	ask stolen
	failed 1 ""
	[ "$(cat log)" = "scep-ca: badMessageCheck: EnvelopedData: it cannot be decrypted" ]
	[ "$(count)" = "$n" ]
	ask m
	granted
}

# --- who decides ---

program() {
	printf '#!/bin/sh\n%s\n' "$2" > "$1"
	chmod +x "$1"
}

@test "decide: a program sees the request and the facts, and says what is issued" {
	program decide 'cat > seen.csr; env | grep ^MCPROFILE_ | sort > seen.env
		{ echo "SUBJECT=/O=ACME/CN=decided"; echo NAMES=dns:decided.example.com; echo USER=dora; } >&3'
	client csr k.key "/CN=ask the program" a.csr --challenge "a token of theirs" --names dns:asked.example.com
	message m --content a.csr --transaction program-1
	METHOD=POST IN=m MCPROFILE_REMOTE_ADDR=192.0.2.7 get operation=PKIOperation /scep/program
	cp body r
	granted
	openssl x509 -in out.pem -noout -subject | grep -qx 'subject=O = ACME, CN = decided'
	openssl x509 -in out.pem -noout -ext subjectAltName | grep -q 'DNS:decided.example.com$'
	openssl req -in seen.csr -noout -verify -subject 2>&1 | grep -q 'ask the program'
	grep -qx MCPROFILE_PROFILE=program seen.env
	grep -qx 'MCPROFILE_SUBJECT=/CN=ask the program' seen.env
	grep -qx MCPROFILE_NAMES=dns:asked.example.com seen.env
	grep -qx MCPROFILE_WAY=program seen.env
	grep -qx MCPROFILE_TRANSACTION=program-1 seen.env
	grep -qx MCPROFILE_REMOTE_ADDR=192.0.2.7 seen.env
	not grep -q 'a token' seen.env
	scep-ca --dir ca show "$(serial out.pem)" | grep -q dora
}

@test "decide: no is badRequest, and its words are in the log alone" {
	program decide 'echo "not on my list" >&2; echo more >&2; exit 3'
	client csr k.key /CN=no a.csr
	message m --content a.csr
	ask m program
	failed 2 "the request was rejected"
	grep -q 'badRequest: .*not on my list$' log
	not grep -q more log
}

@test "decide: 75 leaves it to a person" {
	program decide 'exit 75'
	# three of one key may wait
	for n in $(scep-ca --dir ca pending | awk 'NR > 1 { print $1 }'); do scep-ca --dir ca reject "$n"; done
	client csr k.key /CN=later a.csr
	message m --content a.csr --transaction later
	ask m program
	waiting
	scep-ca --dir ca approve "$(scep-ca --dir ca pending | awk '/\/CN=later$/ { print $1 }')"
	ask m program
	granted
}

# fails REASON: the device is to try again (HTTP 503), and the log says why.
fails() {
	run -75 scep-ca --dir ca respond --profile program < m
	[ "$output" = "scep-ca: decide: $1" ]
}

@test "decide: a program that fails decides nothing: HTTP 503, and the same request may come again" {
	client csr k.key /CN=again a.csr
	message m --content a.csr --transaction fails
	n=$(count)
	program decide 'echo "the MDM is down" >&2; exit 70'
	fails "the MDM is down"
	program decide 'exit 127'
	fails "exit status 127"
	program decide 'exit 64'
	fails "exit status 64"
	program decide 'kill -9 $$'
	fails "killed by signal 9 (Killed)"
	program decide 'sleep 30'
	fails "not done after 2 s: killed"
	program decide 'echo "no fact" >&3'
	run -75 scep-ca --dir ca respond --profile program < m
	[[ $output == "scep-ca: decide: "*"fd 3: "* ]]
	program decide 'echo SUBJECT=foo >&3'
	run -75 scep-ca --dir ca respond --profile program < m
	[[ $output == "scep-ca: decide: SUBJECT: "* ]]
	program decide 'echo NAMES=foo >&3'
	run -75 scep-ca --dir ca respond --profile program < m
	[[ $output == "scep-ca: decide: NAMES: "* ]]
	program decide 'echo PROFILE=nosuch >&3'
	fails "PROFILE: ca.conf has no profile nosuch"
	program decide 'exit 0'
	chmod -x decide
	run -75 scep-ca --dir ca respond --profile program < m
	[[ $output == *decide*"Permission denied"* ]]
	rm decide
	run -75 scep-ca --dir ca respond --profile program < m
	[[ $output == *decide*"No such file or directory"* ]]
	[ "$(count)" = "$n" ]
	program decide 'exit 0'
	ask m program
	granted
}

@test "a challenge where none is taken: the log says so, the device hears what it always hears" {
	csr a.csr /CN=brought --challenge "some password"
	message m --content a.csr --transaction brought
	ask m people
	failed 2 "the challenge password is not valid"
	grep -qx 'scep-ca: badRequest: profile people takes no challenges' log
	ask m person
	failed 2 "the challenge password is not valid"
	grep -qx 'scep-ca: badRequest: unknown challenge' log
}

@test "notify: told before the reply leaves; its no voids the certificate" {
	program notify 'cat > told.pem; env | grep ^MCPROFILE_ | sort > told.env'
	got /CN=told got.pem told
	cmp told.pem got.pem
	grep -qx "MCPROFILE_SERIAL=$(serial got.pem)" told.env
	grep -q '^MCPROFILE_NOT_AFTER=20.*Z$' told.env
	grep -qx MCPROFILE_WAY=challenge told.env
	program notify 'echo "the inventory is down" >&2; exit 1'
	csr a.csr /CN=void
	message m --content a.csr
	ask m told
	failed 2
	grep -q 'the inventory is down$' log
	scep-ca --dir ca list --status revoked | grep -q '/CN=void$'
	program notify 'exit 0'
	ask m told
	failed 2 "the certificate of this request was revoked"
}

# --- guessing ---

@test "a source that fails too often is told so, and nothing is decrypted for it; another is not" {
	cp -r ca few
	printf 'failures = 3\nfailure-window = 1h\n' > few/ca.conf
	export CA=few MCPROFILE_REMOTE_ADDR=192.0.2.1
	csr a.csr /CN=x --challenge wrong
	for i in 1 2 3; do
		message m --content a.csr --transaction "guess $i"
		ask m
		failed 2 "the challenge password is not valid"
	done
	csr good.csr /CN=x --challenge "$(challenge --any-subject)"
	message m --content good.csr
	ask m
	failed 2 "too many requests have failed: try again later"
	# not even looked into: this one could not be opened
	csr broken.csr /CN=x --pop broken
	message m2 --content broken.csr --transaction unheard-of
	ask m2
	failed 2 "too many requests have failed: try again later"
	# a poll is not a guess
	client poll ca/ca.pem k.pem p
	message poll.m --content p --type 20 --transaction nothing
	ask poll.m
	failed 4
	MCPROFILE_REMOTE_ADDR=192.0.2.2 ask m
	granted
}

@test "what cannot be decrypted, and what is not found, are failures of a source too" {
	cp -r ca fewer
	printf 'failures = 2\nfailure-window = 1h\n' > fewer/ca.conf
	export CA=fewer
	csr good.csr /CN=x --challenge "$(challenge --any-subject)"
	message good.m --content good.csr
	csr a.csr /CN=x --pop broken
	message broken.m --content a.csr
	client id k.pem i
	message lost.m --content i --type 21
	for what in broken lost; do
		MCPROFILE_REMOTE_ADDR=$what ask $what.m
		MCPROFILE_REMOTE_ADDR=$what ask $what.m
		MCPROFILE_REMOTE_ADDR=$what ask good.m
		failed 2 "too many requests have failed: try again later"
	done
	MCPROFILE_REMOTE_ADDR=third ask good.m
	granted
}

@test "the answers are counted" {
	cp -r ca counted
	export CA=counted
	csr a.csr /CN=x --challenge wrong
	message m --content a.csr
	before=$(scep-ca --dir counted metrics | awk '/badRequest/ { print $2 }')
	ask m
	ask m
	after=$(scep-ca --dir counted metrics | awk '/badRequest/ { print $2 }')
	[ "$after" = $((before + 2)) ]
}

@test "whoever needs no guess is not locked out by others behind his address" {
	cp -r ca shared
	printf 'failures = 2\nfailure-window = 1h\nrenew-max = 0\n' > shared/ca.conf
	export CA=shared MCPROFILE_REMOTE_ADDR=2001:db8::1
	csr first.csr /CN=first --challenge "$(challenge --any-subject)"
	message first.m --content first.csr --transaction first
	ask first.m
	granted
	cp out.pem first.pem
	csr a.csr /CN=x --challenge wrong
	for i in 1 2; do
		message m --content a.csr --transaction "guess $i"
		# another address of the same customer
		MCPROFILE_REMOTE_ADDR=2001:db8::$i:1 ask m
		failed 2 "the challenge password is not valid"
	done
	csr good.csr /CN=x --challenge "$(challenge --any-subject)"
	message good.m --content good.csr
	ask good.m
	failed 2 "too many requests have failed: try again later"
	# the same transaction by the same key, but another request, is no repetition
	message good.m --content good.csr --transaction first
	ask good.m
	failed 2 "too many requests have failed: try again later"
	ask first.m
	granted
	cmp out.pem first.pem
	renew 17 /O=ACME/CN=Alice
	ask m
	granted --cert old.pem --leaf-key l.key
	# it is his own failures that count then
	for i in 1 2; do
		renew 17 /O=ACME/CN=Mallory
		ask m
		failed 2 "the subject is not one that may be asked for here" || failed 2 "the certificate that signed the message cannot be renewed"
	done
	renew 17 /O=ACME/CN=Alice
	ask m
	failed 2 "too many requests have failed: try again later"
	# nothing of that was his neighbour's
	MCPROFILE_REMOTE_ADDR=2001:db8:0:1::1 ask good.m
	granted
}

@test "who is refused for his failures costs the store nothing" {
	cp -r ca quiet
	printf 'failures = 1\nfailure-window = 1h\n' > quiet/ca.conf
	export CA=quiet MCPROFILE_REMOTE_ADDR=192.0.2.9
	csr a.csr /CN=x --challenge wrong
	message m --content a.csr
	ask m
	before=$(scep-ca --dir quiet metrics | grep answers)
	ask m
	failed 2 "too many requests have failed: try again later"
	[ "$(scep-ca --dir quiet metrics | grep answers)" = "$before" ]
}

@test "a password is for keys that cannot decrypt, where challenges count: else badAlg, and nothing is searched" {
	secret=$(challenge --any-subject --envelope)
	csr a.csr /CN=x --challenge "$secret"
	message m --content a.csr --password "$secret"
	ask m
	failed 0 "a password is for keys that cannot decrypt: encrypt to the RA's certificate"
	client csr e.key /CN=x a.csr --challenge "$secret"
	client message m --key e.key --cert e.pem --password "$secret" --content a.csr
	ask m program
	failed 0 "no challenge of this profile opens an envelope: encrypt to the RA's certificate"
	# one search at a time
	flock -o ca/search.lock sleep 10 &
	held=$!
	run -75 scep-ca --dir ca respond < m
	kill $held
	[[ "$output" == *"ca/search.lock: other envelopes are searched for their challenge; try again" ]]
	ask m
	reads --key e.key --cert e.pem --password "$secret"
	has status=0
}

@test "OAEP with a digest that the requester's own key has no room for is answered by PKCS #1" {
	cp -r ca old
	echo 'rsa-min = 1024' > old/ca.conf
	client key small.key rsa1024
	client cert small.key /CN=small small.pem
	client csr small.key /CN=x a.csr --challenge "$(CA=old challenge --subject /CN=x)"
	client message m --key small.key --cert small.pem --recipient ca/ra.pem --content a.csr --oaep sha512
	CA=old ask m
	reads --key small.key --cert small.pem
	has status=0
	has transport=pkcs1
}

@test "strangers do not make the CA's key work: lookups, and what is announced" {
	cp -r ca keyless
	printf '[profile told]\nnotify = %s\n' "$T/notify" > keyless/ca.conf
	export CA=keyless
	scep-ca --dir keyless rollover --at 20d --bits 2048 > /dev/null
	scep-ca --dir keyless crl > kept.crl
	mv keyless/ca.key away.key
	get "operation=GetNextCACert"
	openssl cms -verify -inform der -in body -CAfile ca/ca.pem -certfile ca/ca.pem -purpose any -binary -out p7 2> /dev/null
	scep-ca --dir keyless crl | cmp - kept.crl
	client id old.pem i
	for type in 21 22; do
		message m --content i --type $type
		ask m
		reads
		has status=0
	done
	# it does where there is something to sign
	csr a.csr /CN=x
	message m --content a.csr
	run -66 scep-ca --dir keyless respond < m
	mv away.key keyless/ca.key
	scep-ca --dir keyless rollover cancel
	[ ! -e keyless/next ]
}

@test "GetCert: a certificate that was voided before anybody was told of it is not given out" {
	program notify 'exit 1'
	csr a.csr /CN=untold
	message m --content a.csr
	ask m told
	failed 2
	program notify 'exit 0'
	scep-ca --dir ca show "$(scep-ca --dir ca list --status revoked | awk '/\/CN=untold$/ { print $1 }')" --format pem > untold.pem
	client id untold.pem i
	message m --content i --type 21
	ask m
	failed 4 "no such certificate"
}

@test "GetCACert: the order of ca-certs is the order of the message" {
	ra=$(openssl x509 -in ca/ra.pem -noout -subject)
	own=$(openssl x509 -in ca/ca.pem -noout -subject)
	cp -r ca order
	for what in "ra-first $ra" "ca-first $own"; do
		echo "ca-certs = ${what%% *}" > order/ca.conf
		scep-ca --dir order cacert --format p7 > order.p7
		[ "$(openssl pkcs7 -inform der -in order.p7 -print_certs -noout | grep -m 1 '^subject')" = "${what#* }" ]
	done
}

@test "decide: a subject too long to be told to a program is refused" {
	program decide 'exit 0'
	openssl req -new -key k.key -utf8 -outform der -out a.csr -subj "/CN=x$(for i in $(seq 300); do printf '/OU=%060d' "$i"; done)"
	message m --content a.csr
	ask m program
	failed 2
}
