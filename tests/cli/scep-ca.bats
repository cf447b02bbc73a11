# scep-ca: every verb, and SCEP as strongSwan's client speaks it.
load ../helper

setup_file() {
	export T=$BATS_FILE_TMPDIR
	cd "$T"
	scep-ca init --dir ca --subject "/O=ACME Inc./CN=ACME Device CA" --bits 2048 > init.txt
	openssl genrsa -traditional 2048 2> /dev/null > alice.key
	openssl rsa -in alice.key -outform der -out alice.der 2> /dev/null
	openssl x509 -in ca/ca.pem -outform der -out ca.der
	openssl x509 -in ca/ra.pem -outform der -out ra.der
	# a server that answers, and one that only keeps what it is sent
	cat > keep <<- 'E'
		#!/bin/sh
		case $MCPROFILE_QUERY in
		operation=PKIOperation*) cat > kept.msg; exit 75 ;;
		esac
		exec scep-ca --dir ca respond
	E
	chmod +x keep
	python3 "$SRC/tests/cli/scep_http.py" port scep-ca --dir ca respond > /dev/null 2> server.log 3>&- &
	echo $! > server.pid
	python3 "$SRC/tests/cli/scep_http.py" keep-port ./keep > /dev/null 2> keep.log 3>&- &
	echo $! > keep.pid
	for _ in $(seq 100); do [ -f port ] && [ -f keep-port ] && break; sleep 0.1; done
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/server.pid")" "$(cat "$BATS_FILE_TMPDIR/keep.pid")" || true
}

setup() { cd "$T"; }

# bash does not count a failing "! COMMAND", nor the first half of "a && b".
refute() { if "$@"; then return 1; fi; }

url() { echo "http://127.0.0.1:$(cat "$T/${1:-port}")/scep"; }

# challenge SUBJECT: a new one for the CA of this file.
challenge() { scep-ca --dir "${2:-ca}" challenge new --subject "$1"; }

# enrol URL DN CHALLENGE OUT [OPTION...]: strongSwan's client.
enrol() {
	local url=$1 dn=$2 secret=$3 out=$4
	shift 4
	pki --scep --url "$url" --in alice.der --dn "$dn" --password "$secret" \
		--cacert-enc ra.der --cacert-sig ca.der "$@" > "$out" 2> pki.log 3>&-
}

# message OUT DN CHALLENGE [OPTION...]: what that client would send.
message() {
	local out=$1 dn=$2 secret=$3
	shift 3
	rm -f kept.msg
	refute enrol "$(url keep-port)" "$dn" "$secret" none "$@"
	mv kept.msg "$out"
}

respond() { scep-ca --dir "${CA:-ca}" respond 2> reason.txt; }

# attr NUMBER FILE: the value of a SCEP attribute, by its last arc.
attr() {
	openssl cms -cmsout -print -inform der -in "$2" |
		awk -v oid="(2.16.840.1.113733.1.9.$1)" '/object:/ { on = index($0, oid) } on && /STRING:/ { sub(/^[^:]*:/, ""); print; exit }'
}

# failed REPLY FAILINFO [TEXT]: it is a signed FAILURE, without content.
failed() {
	[ "$(attr 2 "$1")" = 3 ]
	[ "$(attr 3 "$1")" = 2 ]
	[ "$(attr 4 "$1")" = "$2" ]
	openssl cms -cmsout -print -inform der -in "$1" > failed.txt
	grep -q 'eContent: <ABSENT>' failed.txt
	[ -z "${3-}" ] || grep -q "UTF8STRING:$3\$" failed.txt
	openssl cms -verify -inform der -in "$1" -content /dev/null -CAfile "${CA:-ca}/ca.pem" -purpose any -binary > /dev/null 2>&1
}

# shape REPLY: what its signer says, without what differs each time.
shape() {
	openssl cms -cmsout -print -inform der -in "$1" |
		sed -n '/signerInfos:/,$p' | sed '/object: .*\(signingTime\|9\.5)\|9\.6)\)/,/^$/d; /signature: $/,$d'
}

# issued REPLY REQUEST OUT: the certificate in a SUCCESS, by openssl's hands.
issued() {
	[ "$(attr 2 "$1")" = 3 ]
	[ "$(attr 3 "$1")" = 0 ]
	[ -z "$(attr 4 "$1")" ]
	openssl cms -verify -inform der -in "$2" -noverify -signer self.pem -out /dev/null -binary 2> /dev/null
	openssl cms -verify -inform der -in "$1" -CAfile "${CA:-ca}/ca.pem" -purpose any -binary -out env.der 2> /dev/null
	openssl cms -decrypt -inform der -in env.der -recip self.pem -inkey alice.key -binary -out certs.der
	openssl pkcs7 -inform der -in certs.der -print_certs -out certs.pem
	[ "$(grep -c BEGIN certs.pem)" = 1 ]
	openssl x509 -in certs.pem -out "$3"
}

count() { scep-ca --dir "${CA:-ca}" list | tail -n +2 | wc -l; }

# --- the folder ---

@test "init tells where everything is, with the fingerprint that openssl tells" {
	grep -qx 'CA certificate    ca/ca.pem' init.txt
	grep -qx 'RA key            ca/ra.key' init.txt
	grep -qx 'Store             ca/store.db' init.txt
	grep -qx 'Subject           /O=ACME Inc./CN=ACME Device CA' init.txt
	f=$(openssl x509 -in ca/ca.pem -noout -fingerprint -sha256)
	grep -qx "SHA-256           ${f#*=}" init.txt
	[ "$(scep-ca --dir ca fingerprint)" = "${f#*=}" ]
}

@test "init: secrets are their owner's alone, and the two keys differ" {
	[ "$(stat -c %a ca ca/ca.key ca/ra.key ca/store.db ca/ca.pem ca/ra.pem | tr '\n' ' ')" = "700 600 600 600 644 644 " ]
	[ "$(openssl pkey -in ca/ca.key -pubout)" != "$(openssl pkey -in ca/ra.key -pubout)" ]
	[ "$(openssl pkey -in ca/ra.key -pubout)" = "$(openssl x509 -in ca/ra.pem -noout -pubkey)" ]
}

@test "init: the certificates say what RFC 8894 section 2.1.2 asks for" {
	openssl verify -x509_strict -CAfile ca/ca.pem ca/ra.pem
	openssl x509 -in ca/ca.pem -noout -ext basicConstraints,keyUsage > ext.txt
	grep -q 'CA:TRUE, pathlen:0' ext.txt
	grep -q 'Certificate Sign, CRL Sign' ext.txt
	openssl x509 -in ca/ra.pem -noout -ext basicConstraints,keyUsage > ext.txt
	grep -q 'CA:FALSE' ext.txt
	grep -q 'Digital Signature, Key Encipherment' ext.txt
	openssl x509 -in ca/ra.pem -noout -subject | grep -q 'CN = ACME Device CA RA'
}

@test "init refuses to replace a CA" {
	sha256sum ca/* > before
	run -1 scep-ca init --dir ca --subject /CN=Other
	[ "$output" = "scep-ca: ca: holds a CA already" ]
	sha256sum --quiet -c before
}

@test "init without ca.pem begins anew, but not where certificates were issued" {
	mkdir half && echo junk > half/ca.key && echo junk > half/ra.pem
	scep-ca init --dir half --subject /CN=Half --bits 2048 > /dev/null
	openssl verify -CAfile half/ca.pem half/ra.pem
	[ "$(stat -c %a half/ca.key)" = 600 ]
	scep-ca --dir half caps > /dev/null

	cp -r ca lost
	message m "CN=lost" "$(challenge /CN=lost lost)"
	CA=lost respond < m > /dev/null
	rm lost/ca.pem
	run -1 scep-ca init --dir lost --subject /CN=Other
	[ "$output" = "scep-ca: lost: its store has issued certificates, but there is no ca.pem; restore it from a backup" ]
	cmp ca/ca.key lost/ca.key
}

@test "init that is killed leaves no CA, or a whole one; the next one works" {
	for ms in 005 010 020 040 080 160 240; do
		timeout -s KILL "0.$ms" bash -c "exec scep-ca init --dir killed --subject /CN=Killed --bits 2048" > /dev/null 3>&- || true
		if [ -e killed/ca.pem ]; then
			scep-ca --dir killed caps > /dev/null
			break
		fi
	done
	[ -e killed/ca.pem ] || scep-ca init --dir killed --subject /CN=Killed --bits 2048 > /dev/null
	openssl verify -CAfile killed/ca.pem killed/ra.pem
}

@test "two inits at once: one CA" {
	for i in 1 2 3; do
		scep-ca init --dir twice --subject "/CN=Twice $i" --bits 2048 > "twice.$i" 2>&1 3>&- &
	done
	wait
	[ "$(grep -l '^SHA-256' twice.? | wc -l)" = 1 ]
	[ "$(grep -l 'holds a CA already' twice.? | wc -l)" = 2 ]
	scep-ca --dir twice caps > /dev/null
}

@test "init: options that make no CA" {
	run -64 scep-ca init --dir no --subject ACME
	[ "$output" = 'scep-ca: --subject: "ACME": a name begins with a slash, /CN=Alice' ]
	run -64 scep-ca init --dir no --subject /XX=y
	[ "$output" = 'scep-ca: --subject: "XX": no such name type' ]
	run -64 scep-ca init --dir no --subject /CN=x --bits 1024
	[ "$output" = "scep-ca: an RSA key of 1024 bits; 2048 to 4096 are possible" ]
	run -64 scep-ca init --dir no --subject /CN=x --bits 8192
	[ "$output" = "scep-ca: an RSA key of 8192 bits; 2048 to 4096 are possible" ]
	run -64 scep-ca init --dir no --subject /CN=x --lifetime 1h
	[ "$output" = "scep-ca: a CA lives for a day at least and 50 years at most" ]
	run -64 scep-ca init --subject /CN=x
	[ "$output" = "scep-ca: --dir DIR is required" ]
	[ ! -e no ]
	run -74 scep-ca init --dir no/deeper/still --subject /CN=x --bits 2048
	[ "$output" = "scep-ca: no/deeper/still: No such file or directory" ]
}

@test "init: a name as long as names get still has an RA" {
	scep-ca init --dir long --subject "/CN=$(printf 'x%.0s' $(seq 64))" --bits 2048 > /dev/null
	openssl x509 -in long/ra.pem -noout -subject | grep -qx 'subject=CN = SCEP RA'
	scep-ca init --dir nocn --subject "/O=ACME" --bits 2048 > /dev/null
	openssl x509 -in nocn/ra.pem -noout -subject | grep -qx 'subject=O = ACME, CN = SCEP RA'
}

@test "keys without their store: missing or empty" {
	scep-ca init --dir storeless --subject /CN=storeless --bits 2048 > /dev/null
	rm storeless/store.db*
	for is in missing empty; do
		for verb in list check "challenge list" respond crl; do
			# shellcheck disable=SC2086
			run ! scep-ca --dir storeless $verb < /dev/null
			[ "$status" -eq 66 ]
			[ "$output" = "scep-ca: storeless/store.db: is $is, though the CA's keys are here; scep-ca restore brings back a backup" ]
		done
		: > storeless/store.db
	done
	rm -r storeless
}

@test "a folder that is no CA" {
	mkdir -p empty
	for verb in "challenge new --subject /CN=x" "challenge list" list "revoke 12" cacert fingerprint caps respond; do
		for dir in empty nowhere; do
			# shellcheck disable=SC2086
			run -66 scep-ca --dir $dir $verb < /dev/null
			[ "$output" = "scep-ca: $dir: no CA here; scep-ca init makes one" ]
		done
	done
	[ ! -e nowhere ]
	[ -z "$(ls empty)" ]
}

@test "a key that others may read is refused, and the words say what to do" {
	message m CN=a "$(challenge /CN=a)"
	cp -r ca open
	local key mode
	for key in ca.key ra.key; do
		for mode in 640 604 620; do
			chmod $mode open/$key
			run -64 scep-ca --dir open respond m
			[ "$output" = "scep-ca: open/$key: others may read it or write to it: chmod 600 open/$key" ]
			scep-ca --dir open cacert | cmp - ca.der
		done
		chmod 600 open/$key
	done
	run -65 scep-ca --dir open respond < /dev/null
}

@test "a CA whose parts do not fit each other does not start, and says which" {
	cp -r ca odd && cp odd/ca.key odd/ra.key
	run -65 scep-ca --dir odd respond < /dev/null
	[ "$output" = "scep-ca: odd/ra.key: not the key of the certificate beside it" ]
	cp ca/ra.key odd/ && cp odd/ca.pem odd/ra.pem
	run -65 scep-ca --dir odd cacert
	[ "$output" = "scep-ca: odd/ra.pem: its keyUsage lacks keyEncipherment" ]
	selfsigned odd/ra /CN=foreign -addext keyUsage=digitalSignature,keyEncipherment && mv odd/ra.key odd/other.key
	run -65 scep-ca --dir odd cacert
	[ "$output" = "scep-ca: odd/ra.pem: was not issued by the CA beside it" ]
	selfsigned odd/ra /CN=foreign -addext keyUsage=digitalSignature
	run -65 scep-ca --dir odd cacert
	[ "$output" = "scep-ca: odd/ra.pem: its keyUsage lacks keyEncipherment" ]
	cp odd/ra.pem odd/ca.pem
	run -65 scep-ca --dir odd cacert
	[ "$output" = "scep-ca: odd/ca.pem: its keyUsage lacks keyCertSign" ]
	openssl x509 -req -in <(openssl req -new -key ca/ca.key -subj /CN=ra) -CA ca/ca.pem -CAkey ca/ca.key -set_serial 77 -days 1 \
		-extfile <(echo keyUsage=digitalSignature,keyEncipherment) -out odd/ra.pem 2> /dev/null
	cp ca/ca.pem odd/
	run -65 scep-ca --dir odd cacert
	[ "$output" = "scep-ca: odd/ra.pem: has the CA's own key; it needs another one" ]
	openssl req -x509 -key ca/ca.key -subj /CN=x -addext basicConstraints=critical,CA:FALSE -days 1 -out odd/ca.pem
	run -65 scep-ca --dir odd cacert
	[ "$output" = "scep-ca: odd/ca.pem: not a CA's certificate" ]
	openssl rsa -aes128 -passout pass:x -in ca/ca.key -out odd/ca.key 2> /dev/null
	cp ca/ca.pem ca/ra.pem ca/ra.key odd/
	message m CN=a "$(challenge /CN=a)"
	run -65 scep-ca --dir odd respond < m
	[ "$output" = "scep-ca: odd/ca.key: is encrypted, and no passphrase was given" ]
	echo "not a database, whatever its name may say" > odd/store.db
	run -65 scep-ca --dir odd list
	[ "$output" = "scep-ca: odd/store.db: not a store" ]
}

# --- challenges ---

@test "challenge new: 128 bits, each another, of which the store keeps a hash" {
	a=$(challenge /CN=a) b=$(challenge /CN=a)
	[[ "$a" =~ ^[0-9a-f]{32}$ ]]
	[[ "$b" =~ ^[0-9a-f]{32}$ ]]
	[ "$a" != "$b" ]
	refute grep -aq "$a" ca/store.db*
	h=$(printf %s "$a" | sha256sum | cut -c1-12)
	scep-ca --dir ca challenge list | grep -q "^$h  open  .*  /CN=a\$"
}

@test "challenge new: options before and after the verb, and into a file" {
	scep-ca --dir ca challenge new --ttl 1h --subject "/CN=Alice's phone" -o one
	scep-ca challenge new -d ca --any-subject --owner 42 -o two
	[ "$(wc -c < one)" = 33 ]
	[ "$(wc -c < two)" = 33 ]
	scep-ca challenge list --dir ca | grep -q "open .* 42  *any subject\$"
}

@test "challenge new: bad options" {
	run -64 scep-ca --dir ca challenge new
	[ "$output" = "scep-ca: one of --subject and --any-subject is required" ]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --any-subject
	[ "$output" = "scep-ca: --subject and --any-subject: give one" ]
	run -64 scep-ca --dir ca challenge new --subject CN=x
	[ "$output" = 'scep-ca: --subject: "CN=x": a name begins with a slash, /CN=Alice' ]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --ttl soon
	[ "$output" = "scep-ca: --ttl: want a time like 90s, 15m, 1h or 2d, not soon" ]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --ttl 11y
	[ "$output" = "scep-ca: a challenge lives for at least a second and at most ten years" ]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --owner $'a\nb'
	[ "$output" = "scep-ca: an owner is printable ASCII without blanks" ]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --owner ''
	[ "$output" = "scep-ca: an owner has at least one character, and 128 at most" ]
	run -74 sh -c 'scep-ca --dir ca challenge new --subject /CN=x > /dev/full 3>&-'
	[ "$output" = "scep-ca: standard output: write: No space left on device" ]
}

# --- what anybody may ask ---

@test "cacert: DER, PEM, and CA with RA" {
	scep-ca --dir ca cacert | cmp - ca.der
	scep-ca --dir ca cacert --format der | cmp - ca.der
	scep-ca --dir ca cacert --format pem | cmp - ca/ca.pem
	scep-ca cacert --dir ca --format p7 | openssl pkcs7 -inform der -print_certs -out both.pem
	[ "$(grep -c BEGIN both.pem)" = 2 ]
	grep -qx "$(sed -n 2p ca/ca.pem)" both.pem
	grep -qx "$(sed -n 2p ca/ra.pem)" both.pem
	run -64 scep-ca --dir ca cacert --format jks
	[ "$output" = "scep-ca: --format: want one of der|pem|p7, not jks" ]
}

@test "caps: a word a line" {
	scep-ca --dir ca caps > caps
	grep -qx AES caps
	grep -qx SHA-256 caps
	grep -qx SHA-512 caps
	grep -qx POSTPKIOperation caps
	grep -qx SCEPStandard caps
	refute grep -q '^$' caps
	refute grep -q $'\r' caps
	grep -qx Renewal caps
	refute grep -qx GetNextCACert caps
}

@test "the route: GetCACert, GetCACaps and their content types" {
	export MCPROFILE_METHOD=GET
	MCPROFILE_QUERY='operation=GetCACaps&message=' command scep-ca --dir ca respond < /dev/null 3> f > out
	scep-ca --dir ca caps | cmp - out
	grep -qx 'CONTENT_TYPE=text/plain' f
	MCPROFILE_QUERY='operation=GetCACert&message=acme' command scep-ca --dir ca respond < /dev/null 3> f > out
	scep-ca --dir ca cacert --format p7 | cmp - out
	grep -qx 'CONTENT_TYPE=application/x-x509-ca-ra-cert' f
}

@test "the route: an operation that is none" {
	export MCPROFILE_METHOD=GET
	for op in GetCAChain getcacert GetNextCACert '' %00; do
		MCPROFILE_QUERY="operation=$op" run -65 scep-ca --dir ca respond < /dev/null
	done
	MCPROFILE_QUERY="operation=GetCAChain" run -65 scep-ca --dir ca respond < /dev/null
	[ "$output" = "scep-ca: an operation other than GetCACaps, GetCACert, GetNextCACert and PKIOperation" ]
	MCPROFILE_QUERY="" run -65 scep-ca --dir ca respond < /dev/null
	[ "$output" = "scep-ca: a query without operation=" ]
	MCPROFILE_QUERY="operation=GetCACaps&operation=PKIOperation" run -65 scep-ca --dir ca respond < /dev/null
	MCPROFILE_QUERY="operation=PKIOperation" run -65 scep-ca --dir ca respond < /dev/null
	MCPROFILE_QUERY="operation=PKIOperation&message=AAA*" run -65 scep-ca --dir ca respond < /dev/null
}

# --- enrolment ---

@test "strongSwan: --scepca believes the CA and its RA" {
	pki --scepca --url "$(url)" --caout their-ca.der --raout their-ra.der > scepca.log 2>&1 3>&-
	grep -q 'RA cert is trusted' scepca.log
	cmp their-ca.der ca.der
	cmp their-ra.der ra.der
}

@test "strongSwan: --scep gets a certificate that openssl verifies" {
	n=$(count)
	enrol "$(url)" "CN=Alice's phone" "$(challenge "/CN=Alice's phone")" got.der
	grep -q 'Issued certificate is trusted' pki.log
	openssl x509 -in got.der -out got.pem
	openssl verify -x509_strict -purpose sslclient -CAfile ca/ca.pem got.pem
	[ "$(openssl x509 -in got.pem -noout -pubkey)" = "$(openssl pkey -in alice.key -pubout 2> /dev/null)" ]
	[ "$(count)" = $((n + 1)) ]
	scep-ca --dir ca list | sed -n 2p | grep -q "^$(openssl x509 -in got.pem -noout -serial | cut -d= -f2)  valid  .*  /CN=Alice's phone\$"
}

@test "strongSwan: --scep through mcprofile-cgi, and openssl takes the replies apart" {
	cat > site.conf <<- E
		url = https://localhost
		organization = ACME
		identifier = com.example
		routes = $T/routes
		ca = $T/ca
	E
	grep '^/scep' "$SRC/share/routes" > routes
	p=$(free_port)
	for how in "" "--exec-all"; do
		socat "TCP-LISTEN:$p,bind=127.0.0.1,fork,reuseaddr" EXEC:"mcprofile-cgi --site site.conf${how:+ $how}" 2> socat.log 3>&- &
		server=$!
		for _ in $(seq 100); do (: < "/dev/tcp/127.0.0.1/$p") 2> /dev/null && break; sleep 0.1; done
		rm -f got.der
		pki --scepca --url "http://127.0.0.1:$p/scep" --caout their-ca.der --raout their-ra.der --force > scepca.log 2>&1 3>&- || true
		enrol "http://127.0.0.1:$p/scep" "CN=bare$how" "$(challenge "/CN=bare$how")" got.der || true
		status=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$p/scep?operation=GetCAChain") || true
		message m CN=bare 00
		curl -s -D headers -o r --data-binary @m -H 'Content-Type:' "http://127.0.0.1:$p/scep?operation=PKIOperation" || true
		kill $server
		cmp their-ca.der ca.der
		cmp their-ra.der ra.der
		openssl verify -CAfile ca/ca.pem got.der
		[ "$status" = 400 ]
		grep -q '^HTTP/1.1 200' headers
		grep -qi $'^content-type: application/x-pki-message\r$' headers
		failed r 2 "the challenge password is not valid"
		grep -q '"refused": *"badRequest: unknown challenge"' socat.log
		grep -qi "\"issued\": *\"$(openssl x509 -in got.der -noout -serial | cut -d= -f2)\"" socat.log
	done
}

@test "strongSwan: triple DES and SHA-512 work too" {
	enrol "$(url)" "CN=three" "$(challenge /CN=three)" three.der --cipher des3 --digest sha512
	openssl verify -CAfile ca/ca.pem three.der
}

@test "a certificate says what the CA's profile says, and nothing that the request asked" {
	secret=$(challenge /CN=plain)
	message m "CN=plain" "$secret" --san evil.example.com --profile server
	respond < m > r
	failed r 2 "the subject alternative names are not ones that may be asked for here"
	grep -qx "scep-ca: badRequest: other names than the challenge's" reason.txt
	# where the profile does not look at them, they are not there either
	cp -r ca nameless && echo 'names = none' > nameless/ca.conf
	CA=nameless respond < m > r
	CA=nameless issued r m got.pem
	openssl x509 -in got.pem -noout -text > text
	refute grep -q 'evil\|Alternative' text
	message m "CN=plain" "$secret" --profile server
	respond < m > r
	issued r m got.pem
	openssl x509 -in got.pem -noout -text > text
	grep -A1 'X509v3 Key Usage: critical' text | grep -q 'Digital Signature, Key Encipherment$'
	grep -A1 'X509v3 Extended Key Usage' text | grep -q 'TLS Web Client Authentication$'
	grep -q 'CA:FALSE' text
	refute grep -q 'evil\|Alternative' text
	[ "$(grep -c 'X509v3 .*:' text)" = 6 ] # with the line that says "X509v3 extensions:"
	[ "$(openssl x509 -in got.pem -noout -enddate | cut -d= -f2 | xargs -0 date +%Y -d)" = "$(date +%Y -d '+365 days')" ]
	grep -q 'Signature Algorithm: sha256' text
}

@test "a reply, taken apart" {
	message m "CN=apart" "$(challenge /CN=apart)"
	respond < m > r
	[ ! -s reason.txt ]
	issued r m got.pem
	[ "$(attr 7 r)" = "$(attr 7 m)" ]
	openssl cms -cmsout -print -inform der -in r > text
	grep -A1 'signatureAlgorithm' text | tail -n 1 | grep -q 'rsaEncryption'
	# senderNonce came back as recipientNonce
	dump() { openssl cms -cmsout -print -inform der -in "$2" | awk -v oid="(2.16.840.1.113733.1.9.$1)" '/object:/ { on = index($0, oid) } on && / - /' | cut -c1-58; }
	[ -n "$(dump 5 m)" ]
	[ "$(dump 5 m)" = "$(dump 6 r)" ]
	[ "$(dump 5 r)" != "$(dump 6 r)" ]
	# certs-only: no signer, no content
	openssl cms -cmsout -print -inform der -in certs.der > text
	grep -A1 'signerInfos' text | grep -q EMPTY
	grep -q 'eContent: <ABSENT>' text
	openssl asn1parse -inform der -in r > /dev/null
}

@test "GET: the same message in base64" {
	message m "CN=get" "$(challenge /CN=get)"
	b64=$(base64 -w0 m)
	export MCPROFILE_METHOD=GET
	enc() { printf %s "$b64" | sed "$1"; }
	for how in 's/+/%2B/g;s,/,%2F,g;s/=/%3D/g' 's/+/%20/g' 's/=*$//' 's/\(.\{64\}\)/\1%0A/g'; do
		MCPROFILE_QUERY="operation=PKIOperation&message=$(enc "$how")" command scep-ca --dir ca respond < /dev/null > r 3> f
		issued r m "got.pem"
		[ ! -e first.pem ] || cmp got.pem first.pem
		cp got.pem first.pem
		grep -qx 'CONTENT_TYPE=application/x-pki-message' f
		grep -qx "ISSUED=$(openssl x509 -in got.pem -noout -serial | cut -d= -f2)" f
	done
}

@test "a wrong, a used, an expired and no challenge: badRequest, all alike" {
	used=$(challenge /CN=used)
	enrol "$(url)" "CN=used" "$used" got.der
	brief=$(scep-ca --dir ca challenge new --subject /CN=brief --ttl 1s)
	message wrong.m CN=wrong 0123456789abcdef0123456789abcdef
	message used.m CN=USED "$used" # CN=used would be a retry
	message brief.m CN=brief "$brief"
	message none.m CN=none ""
	sleep 1.1
	n=$(count)
	for what in wrong used brief none; do
		respond < $what.m > $what.r
		failed $what.r 2 "the challenge password is not valid"
		mv reason.txt $what.txt
	done
	[ "$(count)" = "$n" ]
	grep -qx 'scep-ca: badRequest: unknown challenge' wrong.txt
	grep -qx 'scep-ca: badRequest: the challenge was used by another request' used.txt
	grep -qx 'scep-ca: badRequest: the challenge has expired' brief.txt
	grep -q '^scep-ca: badRequest: .*challenge' none.txt
	# nothing but nonces, times and signatures differs
	for what in wrong used brief none; do
		shape $what.r > $what.shape
		grep -q 'UTF8STRING:the challenge' $what.shape
		cmp $what.shape wrong.shape
	done
}

@test "strongSwan says the same: it gets nothing for a wrong challenge" {
	refute enrol "$(url)" CN=wrong 0123456789abcdef0123456789abcdef got.der
	[ ! -s got.der ]
}

@test "another subject than the challenge's: badRequest, and the challenge stays good" {
	secret=$(challenge "/O=ACME/CN=Alice")
	message m "O=ACME, CN=Bob" "$secret"
	respond < m > r
	failed r 2 "the subject is not one that may be asked for here"
	grep -qx "scep-ca: badRequest: another subject than the challenge's" reason.txt
	message m "CN=Alice, O=ACME" "$secret"
	respond < m > r
	failed r 2
	message m "O=ACME, CN=Alice" "$secret"
	respond < m > r
	issued r m got.pem
}

@test "a challenge for any subject certifies what is asked" {
	message m "C=CH, O=ACME, CN=whoever" "$(scep-ca --dir ca challenge new --any-subject)"
	respond < m > r
	issued r m got.pem
	openssl x509 -in got.pem -noout -subject | grep -qx 'subject=C = CH, O = ACME, CN = whoever'
}

@test "ca.conf: smallest key, lifetime, and profiles by path" {
	cp -r ca conf
	message m CN=strict "$(scep-ca --dir conf challenge new --subject /CN=strict --any-profile)"
	printf '%s\n' 'rsa-min = 3072' '[profile short]' 'rsa-min = 2048' 'lifetime = 2d' > conf/ca.conf
	CA=conf respond < m > r
	CA=conf failed r 0
	grep -qx 'scep-ca: badAlg: a key of the wrong kind or size' reason.txt
	MCPROFILE_METHOD=POST MCPROFILE_PATH=/scep/short/pkiclient.exe MCPROFILE_QUERY=operation=PKIOperation scep-ca --dir conf respond < m > r
	CA=conf issued r m got.pem
	openssl x509 -in got.pem -noout -checkend $((2 * 86400 - 60))
	refute openssl x509 -in got.pem -noout -checkend $((2 * 86400 + 60))
	# never beyond the CA's own end
	message m CN=strict2 "$(challenge /CN=strict2 conf)"
	echo 'lifetime = 40y' > conf/ca.conf
	scep-ca --dir conf respond --profile default < m > r
	CA=conf issued r m got.pem
	[ "$(openssl x509 -in got.pem -noout -enddate)" = "$(openssl x509 -in ca/ca.pem -noout -enddate)" ]
	run -66 scep-ca --dir conf respond --profile nosuch < m
	[ "$output" = "scep-ca: no profile nosuch" ]
}

@test "a renewal: by the old certificate, without a challenge; or not, says ca.conf" {
	enrol "$(url)" CN=renew "$(challenge /CN=renew)" got.der
	old=$(openssl x509 -inform der -in got.der -noout -serial | cut -d= -f2)
	cp -r ca nomore && echo 'renew = no' > nomore/ca.conf
	message m CN=renew "" --cert got.der --key alice.der
	CA=nomore respond < m > r
	CA=nomore failed r 2 "the certificate that signed the message cannot be renewed"
	n=$(count)
	respond < m > r
	[ "$(attr 3 r)" = 0 ]
	[ "$(count)" = $((n + 1)) ]
	scep-ca --dir ca show "$(scep-ca --dir ca list --limit 1 | sed -n 2p | cut -d' ' -f1)" > new.txt
	grep -qx "  Replaces          $old" new.txt
	grep -qx '  By right of       renewal' new.txt
	scep-ca --dir ca show "$old" | grep -q '  renewed  '
}

# --- exactly once ---

@test "the same bytes again: the same certificate" {
	message m CN=again "$(challenge /CN=again)"
	n=$(count)
	for i in 1 2 3; do
		respond < m > r
		issued r m "got.$i"
	done
	cmp got.1 got.2
	cmp got.2 got.3
	[ "$(count)" = $((n + 1)) ]
	# the same request in a new envelope, too: the client's own retry
	scep-ca --dir ca revoke "$(openssl x509 -in got.1 -noout -serial | cut -d= -f2)"
	respond < m > r
	failed r 2 "the certificate of this request was revoked"
	[ "$(count)" = $((n + 1)) ]
}

@test "thirty at once with the same bytes: one certificate" {
	message m CN=thirty "$(challenge /CN=thirty)"
	n=$(count)
	for i in $(seq 30); do
		scep-ca --dir ca respond < m > "thirty.$i" 2> "thirty.$i.err" &
	done
	wait
	[ "$(count)" = $((n + 1)) ]
	issued thirty.1 m got.pem
	mv certs.der thirty.der
	for i in $(seq 2 30); do
		openssl cms -verify -inform der -in "thirty.$i" -CAfile ca/ca.pem -purpose any -binary -out env.der 2> /dev/null
		openssl cms -decrypt -inform der -in env.der -recip self.pem -inkey alice.key -binary -out certs.der
		cmp certs.der thirty.der
	done
}

@test "twenty at once with one challenge: one certificate" {
	secret=$(scep-ca --dir ca challenge new --any-subject)
	for i in $(seq 20); do message "twenty.$i" "CN=twenty $i" "$secret"; done
	n=$(count)
	for i in $(seq 20); do
		scep-ca --dir ca respond < "twenty.$i" > "twenty.$i.r" 2> /dev/null &
	done
	wait
	[ "$(count)" = $((n + 1)) ]
	won=0
	for i in $(seq 20); do
		case $(attr 3 "twenty.$i.r") in
		0) won=$((won + 1)) && issued "twenty.$i.r" "twenty.$i" got.pem ;;
		2) failed "twenty.$i.r" 2 "the challenge password is not valid" ;;
		*) false ;;
		esac
	done
	[ $won = 1 ]
}

@test "killed at any moment: the retry gets one certificate, and no row is without" {
	for ms in 5 10 15 20 30; do
		message m "CN=killed $ms" "$(challenge "/CN=killed $ms")"
		n=$(count)
		timeout -s KILL "$(printf 0.%03d $ms)" bash -c 'exec scep-ca --dir ca respond < m > r' 2> /dev/null 3>&- || true
		after=$(count)
		[ "$after" -le $((n + 1)) ]
		row=$(scep-ca --dir ca list | sed -n 2p | cut -d' ' -f1)
		respond < m > r
		issued r m got.pem
		[ "$(count)" = $((n + 1)) ]
		# what was promised is what is given
		[ "$after" = "$n" ] || [ "$row" = "$(openssl x509 -in got.pem -noout -serial | cut -d= -f2)" ]
	done
	refute grep -q ' intent ' <(scep-ca --dir ca list)
}

# --- bad input ---

@test "no message at all: an error, not an answer" {
	for bytes in '' '\x30' '\x30\x80' 'hello' '\x00' '\x30\x03\x02\x01\x01'; do
		printf "$bytes" > bad
		run -65 scep-ca --dir ca respond < bad
		[[ "$output" == "scep-ca: pkiMessage: "* ]]
	done
	head -c 100000 /dev/urandom > bad
	run -65 scep-ca --dir ca respond bad
	head -c 2000000 /dev/zero > bad
	run -65 scep-ca --dir ca respond bad
	run -66 scep-ca --dir ca respond nowhere
	[ "$output" = "scep-ca: nowhere: No such file or directory" ]
}

@test "a message cut or changed anywhere is refused, or means the same" {
	secret=$(challenge /CN=cut)
	message m CN=cut "$secret"
	n=$(count) size=$(stat -c %s m) same=0
	for at in $(seq 0 97 $((size - 1))); do
		head -c "$at" m > bad
		run -65 scep-ca --dir ca respond bad
		{ head -c "$at" m; printf '\xa5'; tail -c +$((at + 2)) m; } > bad
		cmp -s m bad && continue
		scep-ca --dir ca respond bad > r 2> /dev/null || continue
		# what the requester's own certificate says is not signed by anybody
		[ "$(attr 3 r)" = 2 ] || same=$((same + 1))
	done
	[ $same -lt 10 ]
	respond < m > r
	issued r m got.pem
	[ "$(count)" = $((n + 1)) ]
}

@test "a message for another RA: badMessageCheck, and where to ask for the right one" {
	scep-ca init --dir other --subject "/CN=Other CA" --bits 2048 > /dev/null
	message m CN=x "$(challenge /CN=x)"
	CA=other respond < m > r
	CA=other failed r 1
	# this much is told: it says nothing of what is inside
	openssl cms -cmsout -print -inform der -in r | grep -q 'UTF8STRING:it is not encrypted to this RA: ask for its certificate with GetCACert$'
}

@test "whatever an envelope holds that its sender did not prove to be his own: one answer" {
	mkdir unproven
	secret=$(challenge /CN=odd)
	python3 "$SRC/tests/cli/scep_oracle.py" contents ca/ra.pem unproven /CN=odd "$secret"
	n=$(count)
	respond < unproven/padding.m > padding.r
	failed padding.r 1
	refute grep -q UTF8STRING failed.txt
	[ "$(cat reason.txt)" = "scep-ca: badMessageCheck: EnvelopedData: it cannot be decrypted" ]
	mv reason.txt padding.txt
	shape padding.r > padding.shape
	grep -q 'PRINTABLESTRING:1$' padding.shape
	tried=0
	for m in unproven/*.m; do
		[ "$m" != unproven/good.m ] || continue
		respond < "$m" > r
		shape r | cmp - padding.shape
		cmp reason.txt padding.txt
		[ "$(stat -c %s r)" = "$(stat -c %s padding.r)" ]
		tried=$((tried + 1))
	done
	[ $tried = 12 ]
	[ "$(count)" = "$n" ]
	# nor is the challenge used up
	respond < unproven/good.m > r
	[ "$(attr 3 r)" = 0 ]
	[ "$(count)" = $((n + 1)) ]
}

@test "a digit of the challenge in a captured envelope cannot be found by guessing" {
	mkdir guess
	python3 "$SRC/tests/cli/scep_oracle.py" guesses ca/ra.pem guess /CN=victim "$(challenge /CN=victim)"
	# openssl, which has the key, sees which guess has good padding; a random last byte may look good too
	openssl cms -decrypt -inform der -in "guess/guess-$(cat guess/digit).env" -recip ca/ra.pem -inkey ca/ra.key -binary -out content
	[ "$(head -c 4 content | od -An -tx1)" = " 30 2d 04 2b" ]
	[ "$(stat -c %s content)" = 47 ]
	for x in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
		respond < "guess/guess-$x.m" > r
		{ cat reason.txt; shape r; stat -c %s r; } | sha256sum
	done > answers
	[ "$(wc -l < answers)" = 16 ]
	[ "$(sort -u answers | wc -l)" = 1 ]
}

@test "a key that is too small: told to who proves that it is his" {
	python3 - <<- 'E'
		import os, sys
		sys.path.insert(0, os.environ["SRC"] + "/tests/flow")
		from pkcsreq import *
		csr = request("small.key", "/CN=small", "0" * 32, 1024)
		open("m", "wb").write(message("small.key", self_signed("small.key"), envelope("ca/ra.pem", csr)))
	E
	respond < m > r
	failed r 0 "the key or the digest is not one that this CA accepts"
	grep -qx 'scep-ca: badAlg: a key of the wrong kind or size' reason.txt
}

@test "a name that no certificate can have: badRequest, and the challenge stays good" {
	secret=$(scep-ca --dir ca challenge new --any-subject)
	n=$(count)
	python3 - "$secret" <<- 'E'
		import os, sys
		sys.path.insert(0, os.environ["SRC"] + "/tests/flow")
		from pkcsreq import *
		secret = sys.argv[1]
		good = request("any.key", "/CN=fits", secret)
		cert = self_signed("any.key")
		open("fits.m", "wb").write(message("any.key", cert, envelope("ca/ra.pem", good)))
		# openssl refuses to write such names: the name is put in, and the request signed again
		info = list(children(good))[0]
		version, name, key, attributes = children(info)
		algorithm = list(children(good))[1]
		def rdn(arc, kind, value):
		    return tlv(0x31, tlv(0x30, oid(arc), tlv(kind, value)))
		odd = {
		    "long": rdn("2.5.4.3", 0x0C, b"L" * 80),
		    "empty": rdn("2.5.4.3", 0x0C, b""),
		    "many": rdn("2.5.4.11", 0x0C, b"x") * 33,
		    "country": rdn("2.5.4.6", 0x13, b"Germany"),
		}
		for what, names in odd.items():
		    info = tlv(0x30, version, tlv(0x30, names), key, attributes)
		    signature = openssl("dgst", "-sha256", "-sign", "any.key", data=info)
		    csr = tlv(0x30, info, algorithm, tlv(3, b"\0", signature))
		    open("odd-%s.m" % what, "wb").write(message("any.key", cert, envelope("ca/ra.pem", csr)))
	E
	for what in long empty many country; do
		for _ in 1 2; do
			respond < odd-$what.m > r
			failed r 2 "the certification request is not valid"
			grep -q '^scep-ca: badRequest: subject: ' reason.txt
		done
	done
	[ "$(count)" = "$n" ]
	respond < fits.m > r
	[ "$(attr 3 r)" = 0 ]
	[ "$(count)" = $((n + 1)) ]
}

@test "a full disk for the answer; a store that cannot be written" {
	message m CN=full "$(challenge /CN=full)"
	run -74 sh -c 'scep-ca --dir ca respond < m > /dev/full 3>&-'
	[ "$output" = "scep-ca: standard output: write: No space left on device" ]
	respond < m > r
	issued r m got.pem
}

@test "list: newest first, at most --limit" {
	enrol "$(url)" CN=older "$(challenge /CN=older)" got.der
	enrol "$(url)" CN=newer "$(scep-ca --dir ca challenge new --subject /CN=newer --owner 7b5e)" got.der
	scep-ca --dir ca list --limit 2 > list
	[ "$(wc -l < list)" = 3 ]
	sed -n 1p list | grep -q '^SERIAL .* STATUS  *NOT AFTER  *PROFILE  *FOR  *SUBJECT$'
	sed -n 2p list | grep -q ' valid .* 7b5e  */CN=newer$'
	sed -n 3p list | grep -q ' valid .* -  */CN=older$'
}

@test "revoke" {
	enrol "$(url)" CN=revoked "$(challenge /CN=revoked)" got.der
	serial=$(openssl x509 -in got.der -noout -serial | cut -d= -f2)
	run -0 scep-ca --dir ca revoke "${serial,,}"
	[ -z "$output" ]
	scep-ca --dir ca list | grep -q "^$serial  revoked "
	run -1 scep-ca --dir ca revoke "$serial"
	[[ $output =~ ^"scep-ca: $serial: already revoked at "20[0-9T:-]+Z$ ]]
	run -1 scep-ca --dir ca revoke 1234
	[ "$output" = "scep-ca: 1234: no valid certificate has this serial number" ]
	run -64 scep-ca --dir ca revoke xyz
	[ "$output" = "scep-ca: xyz: not a serial number in hexadecimal" ]
	run -64 scep-ca --dir ca revoke
	[ "$status" = 64 ]
}

@test "usage" {
	run -64 scep-ca
	[ "$output" = "scep-ca: a verb is required; --help lists them" ]
	run -64 scep-ca --dir ca frobnicate
	[ "$output" = "scep-ca: frobnicate: no such verb; --help lists them" ]
	run -64 scep-ca list
	[ "$output" = "scep-ca: --dir DIR is required" ]
	run -64 scep-ca --dir ca list more words
	[ "$output" = "scep-ca: words: one word too many" ]
}

@test "no secret in any message or file but where it belongs" {
	secret=$(challenge /CN=canary)
	message m CN=canary "$secret"
	respond < m > r
	issued r m got.pem
	refute grep -aq "$secret" ca/* r reason.txt server.log
}
