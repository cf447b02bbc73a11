# scep-ca explain: messages taken apart, whole and damaged ones, and what would be answered.
load ../helper

setup_file() {
	export T=$BATS_FILE_TMPDIR
	warm
	cd "$T"
	scep-ca init --dir ca --subject "/O=ACME/CN=Explained CA" --bits 2048 > /dev/null
	printf '[profile person]\naccept = challenge approval\n[profile strict]\nsha1 = no\n' > ca/ca.conf
	client key k.key
	client cert k.key /CN=requester k.pem
	secret=$(scep-ca --dir ca challenge new --subject /CN=good)
	echo "$secret" > secret
	client csr k.key /CN=good good.csr --challenge "$secret" --names dns:good.example.com
	client message good.m --key k.key --cert k.pem --recipient ca/ra.pem --content good.csr --transaction "the id" --time 0
}

setup() { cd "$T"; }

client() { py "$SRC/tests/cli/scep_client.py" "$@"; }
message() {
	local out=$1
	shift
	client message "$out" --key k.key --cert k.pem --recipient ca/ra.pem "$@"
}
explain() { scep-ca --dir ca explain "$@" > said; }

# says WHAT SECTION TEXT: there is such a line, "" for no section.
says() { grep -qxE "  $1 +${2:+${2//./\\.} +}$3" said || { cat said; false; }; }

@test "a request: its signer, each attribute, the envelope, the CSR, and the answer" {
	explain good.m
	grep -qx "size  *$(stat -c %s good.m) octets" said
	grep -qxE 'kind +3\.2\.1\.2 +PKCSReq' said
	says verdict 3.2 "it holds"
	says subject "" /CN=requester
	says issuer "" itself
	says key "" "RSA of 2048 bits"
	says messageType 3.2.1.2 '"19", PKCSReq'
	says transactionID 3.2.1.1 '"the id"'
	says senderNonce 3.2.1.5 "16 octets, 00112233445566778899aabbccddeeff"
	says signingTime "" "20[0-9-]*T[0-9:]*Z"
	says cipher 3.2.2 AES-128-CBC
	says recipients 3.2.2 1
	says recipient 3.2.2 "this CA's RA"
	says subject 3.3.1 /CN=good
	says verdict 3.3.1 "well formed, and signed by its own key"
	says "asks for" "" "X509v3 Subject Alternative Name"
	says names "" dns:good.example.com
	says profile "" default
}

@test "a challenge is never shown, only that there is one" {
	explain good.m
	says challenge 2.4 "there is one, not shown"
	not grep -q "$(cat secret)" said
	client csr k.key /CN=good none.csr
	message none.m --content none.csr
	explain none.m
	says challenge 2.4 none
}

@test "explaining has no effect: nothing is used, issued, counted or told" {
	sha256sum ca/store.db > before
	n=$(scep-ca --dir ca list | wc -l)
	metrics=$(scep-ca --dir ca metrics | grep -i answers || true)
	for i in 1 2 3; do MCPROFILE_REMOTE_ADDR=192.0.2.1 explain good.m; done
	[ "$(scep-ca --dir ca list | wc -l)" = "$n" ]
	[ "$(scep-ca --dir ca metrics | grep -i answers || true)" = "$metrics" ]
	scep-ca --dir ca challenge list | grep -q " open "
}

@test "the answer is the one that respond then gives: SUCCESS, and the same again with its serial number" {
	client csr k.key /CN=real real.csr --challenge "$(scep-ca --dir ca challenge new --subject /CN=real)"
	message real.m --content real.csr
	explain real.m
	says answer 3.3.2.1 SUCCESS
	scep-ca --dir ca respond < real.m > r
	client read r out --ra ca/ra.pem --key k.key --cert k.pem > f
	explain real.m
	says answer 3.3.2.1 "SUCCESS, with certificate $(openssl x509 -in out.pem -noout -serial | cut -d= -f2)"
}

@test "the answer: FAILURE with what is told and what is not, by profile" {
	client csr k.key /CN=x x.csr --challenge wrong
	message x.m --content x.csr
	explain x.m
	says answer 3.3.2.2 "FAILURE, badRequest"
	says told 3.2.1.4.1 "the challenge password is not valid"
	says because "" "badRequest: unknown challenge"
	message sha1.m --content x.csr --md sha1
	explain sha1.m --profile strict
	says profile "" strict
	says answer 3.3.2.2 "FAILURE, badAlg"
	# what comes after is shown all the same
	says subject 3.3.1 /CN=x
	client csr k.key /CN=x none.csr
	message none.m --content none.csr
	explain none.m --profile person
	grep -q "PENDING" said
	[ "$(scep-ca --dir ca pending | tail -n +2 | wc -l)" = 0 ]
	run -64 scep-ca --dir ca explain x.m --profile nothing
	[ "$output" = "scep-ca: --profile: ca.conf has no profile nothing" ]
}

@test "what respond hides in its answer: who it is for, and what is wrong with the CSR" {
	client csr k.key /CN=x x.csr --challenge x --pop broken
	message x.m --content x.csr
	explain x.m
	says verdict 3.3.1 "a request that was not signed by its own key"
	says told 3.2.1.4.1 "nothing more, on purpose"
	client message x.m --key k.key --cert k.pem --recipient k.pem --content x.csr
	explain x.m
	says recipient 3.2.2 "none of this CA's RAs: it cannot be opened here"
	not grep -q "certification request" said
}

@test "GetCert, a poll, a CertRep, GetCACert's answers" {
	client id k.pem i
	message m --content i --type 21
	explain m
	grep -qxE 'kind +3\.2\.1\.2 +GetCert' said
	says issuer 3.3.4 /CN=requester
	says answer 3.3.2.2 "FAILURE, badCertId"
	client poll ca/ca.pem k.pem p
	message m --content p --type 20
	explain m
	says messageType 3.2.1.2 '"20", CertPoll'
	says subject 3.3.3 /CN=requester
	scep-ca --dir ca respond < m > r 2> /dev/null
	explain r
	grep -qxE 'kind +3\.2\.1\.2 +CertRep' said
	says pkiStatus 3.2.1.3 '"2", FAILURE'
	says failInfo 3.2.1.4 '"4", badCertId'
	says failInfoText 3.2.1.4.1 '"there is no such request"'
	says "signed by" 3.3.2 "an RA of this CA"
	scep-ca --dir ca cacert > c
	explain c
	grep -qxE "kind +4\.2\.1\.1 +GetCACert's answer, a CA alone" said
	# a leaf is nobody's answer
	scep-ca --dir ca sign good.csr | openssl x509 -outform der > leaf.der
	explain leaf.der
	grep -qxE "kind +a certificate, and no CA's" said
	not grep -q GetCACert said
	scep-ca --dir ca cacert --format p7 > c
	explain c
	grep -qxE "kind +4\.2\.1\.2 +GetCACert's answer, a CA with its RA, or a chain" said
	[ "$(grep -c " 2\.1\.2 " said)" = 2 ]
}

@test "as a GET carries it" {
	base64 -w 64 good.m > b64
	explain b64
	says messageType 3.2.1.2 '"19", PKCSReq'
	explain < good.m
	says messageType 3.2.1.2 '"19", PKCSReq'
}

@test "damaged: where it stops, and what can be made out" {
	size=$(stat -c %s good.m)
	head -c $((size - 40)) good.m > cut
	explain cut
	grep -qxE 'stops here +3\.2 +message: cut short' said
	says messageType 3.2.1 '"19"'
	says transactionID 3.2.1 '"the id"'
	grep -qE '^    subject +/CN=requester' said
	says answer 4.3 "no CertRep: HTTP 400"
	head -c 300 /dev/urandom > cut
	explain cut
	says nothing "" "of SCEP's, and no certificate"
	: > cut
	explain cut
	grep -q "^stops here" said
}

@test "cut or changed anywhere, it is explained, and no byte of it is obeyed" {
	size=$(stat -c %s good.m)
	for at in $(seq 0 211 $((size - 1))); do
		head -c "$at" good.m > cut
		explain cut
		{ head -c "$at" good.m; printf '\x1b'; tail -c +$((at + 2)) good.m; } > cut
		explain cut
		not grep -q "$(printf '[\001-\010\013-\037\177]')" said
	done
	client message m --key k.key --cert k.pem --recipient ca/ra.pem --content good.csr --transaction "$(printf '\x1b[31mred\x1b[0m')"
	explain m
	not grep -q "$(printf '\x1b')" said
}
