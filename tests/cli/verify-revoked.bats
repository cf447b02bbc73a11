# --crl, --ocsp, --crl-check-all: the answer to "revoked", by openssl's lists.
load ../helper

# ca NAME CERT: an openssl ca that can revoke and publish.
ca() {
	mkdir -p "$1" && : > "$1/index" && echo 01 > "$1/crlnumber"
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s/index\ncrlnumber=%s/crlnumber\nnew_certs_dir=%s\ndefault_md=sha256\ndefault_crl_days=30\n' "$1" "$1" "$1" > "$1.cnf"
}

ca_run() {
	local name=$1
	shift
	openssl ca -config "$name.cnf" -cert "$name.pem" -keyfile "$name.key" "$@" 2> /dev/null
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for i in root mid site other; do
		openssl ecparam -name prime256v1 -genkey -noout -out $i.key
	done
	openssl req -x509 -key root.key -subj "/CN=Root" -days 100 -out root.pem
	openssl req -new -key mid.key -subj "/CN=Mid" -out mid.csr
	openssl x509 -req -in mid.csr -CA root.pem -CAkey root.key -set_serial 2 -days 90 -out mid.pem \
		-extfile <(printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n') 2> /dev/null
	for i in site other; do
		openssl req -new -key $i.key -subj "/CN=$i" -out $i.csr
	done
	openssl x509 -req -in site.csr -CA mid.pem -CAkey mid.key -set_serial 3 -days 80 -out site.pem -extfile <(echo subjectKeyIdentifier=hash) 2> /dev/null
	openssl x509 -req -in other.csr -CA mid.pem -CAkey mid.key -set_serial 4 -days 80 -out other.pem -extfile <(echo subjectKeyIdentifier=hash) 2> /dev/null
	ca root
	ca mid
	ca_run root -gencrl -out root.crl
	ca_run mid -gencrl -out mid.crl
	ca_run mid -revoke other.pem -crl_reason keyCompromise
	ca_run mid -gencrl -out mid-other.crl
	ca_run root -revoke mid.pem
	ca_run root -gencrl -out root-mid.crl
	echo "<plist version=\"1.0\"><dict/></plist>" > a.plist
	for i in site other; do
		openssl cms -sign -binary -nodetach -signer $i.pem -inkey $i.key -certfile mid.pem -in a.plist -outform DER -out $i.p7
	done
}

setup() { cd "$BATS_FILE_TMPDIR"; }

try() {
	status=0
	"$@" > out 2> words || status=$?
	output=$(cat out words)
	show
}

in_days() { echo "@$(($(date +%s) + $1 * 86400))"; }

@test "not revoked: said, with the list that says so" {
	try mcprofile-verify --ca root.pem --crl mid.crl site.p7
	[ "$status" -eq 0 ]
	grep -qx "revoked:   no, by mid.crl" out
	try mcprofile-verify --ca root.pem --crl mid-other.crl --format json site.p7
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.revoked, .revocation.status, .revocation.source, .revocation.at]' out)" = '[false,"good","mid-other.crl",null]' ]
	# who does not ask is not told
	try mcprofile-verify --ca root.pem other.p7
	[ "$status" -eq 0 ]
	not grep -q "^revoked:" out
}

@test "revoked: 14, with when, why, and by which list; not a byte of content" {
	try mcprofile-verify --ca root.pem --crl mid-other.crl --extract other.p7
	[ "$status" -eq 14 ]
	[ ! -s out ]
	[[ $(cat words) =~ ^'mcprofile-verify: other.p7: "/CN=other": revoked at '20[0-9T:-]+'Z, key compromise, by mid-other.crl'$ ]]
	try mcprofile-verify --ca root.pem --crl mid-other.crl other.p7
	[ "$status" -eq 14 ]
	[ "$(sed -n 1,3p out)" = "$(printf '%s\n' 'intact:    yes' 'trusted:   yes, its chain leads to an anchor of --ca' 'in date:   yes')" ]
	grep -q '^revoked:   yes: "/CN=other": revoked at 20' out
	try mcprofile-verify --ca root.pem --crl mid-other.crl --format json other.p7
	[ "$(jq -c '[.exit, .verdict, .trusted, .in_date, .revoked, .revocation.status]' out)" = '[14,"revoked",true,true,true,"revoked"]' ]
	# DER, and in a folder
	mkdir -p lists && openssl crl -in mid-other.crl -outform DER -out lists/mid.crl
	try mcprofile-verify --ca root.pem --crl lists other.p7
	[ "$status" -eq 14 ]
}

@test "an issuer that was revoked revokes what it issued" {
	try mcprofile-verify --ca root.pem --crl mid.crl --crl root-mid.crl site.p7
	[ "$status" -eq 14 ]
	grep -q '^revoked:   yes: "/CN=Mid": revoked at 20' out
}

@test "an anchor that its issuer revoked: the signer itself, an intermediate" {
	for by in "--ca mid.pem" "--chain mid.pem" ""; do
		try mcprofile-verify --ca other.pem $by --crl mid-other.crl --extract other.p7
		[ "$status" -eq 14 ]
		[ ! -s out ]
		[[ $(cat words) == *'"/CN=other": revoked at '*', by mid-other.crl' ]]
	done
	try mcprofile-verify --ca mid.pem --chain root.pem --crl mid.crl --crl root-mid.crl site.p7
	[ "$status" -eq 14 ]
	grep -q '^revoked:   yes: "/CN=Mid": revoked at 20' out
	# nobody says a thing of the signer: that is not "no"; of another anchor it need not be said
	try mcprofile-verify --ca site.pem --crl root.crl site.p7
	[ "$status" -eq 12 ]
	grep -q '^revoked:   not known: "/CN=site": ' out
	try mcprofile-verify --ca site.pem --crl mid.crl site.p7
	[ "$status" -eq 0 ]
	grep -qx "revoked:   no, by mid.crl" out
	try mcprofile-verify --ca mid.pem --crl mid.crl --crl-check-all site.p7
	[ "$status" -eq 0 ]
}

@test "not known: not trusted; --crl-check-all asks for the whole chain" {
	try mcprofile-verify --ca root.pem --crl root.crl --extract site.p7
	[ "$status" -eq 12 ]
	[ ! -s out ]
	[[ $(cat words) == *'"/CN=site": not known whether it is revoked: '* ]]
	try mcprofile-verify --ca root.pem --crl mid.crl --crl-check-all site.p7
	[ "$status" -eq 12 ]
	grep -q '^revoked:   not known: "/CN=Mid": ' out
	try mcprofile-verify --ca root.pem --crl mid.crl --crl root.crl --crl-check-all site.p7
	[ "$status" -eq 0 ]
}

@test "stale: out of date" {
	try mcprofile-verify --ca root.pem --crl mid.crl --at "$(in_days 40)" site.p7
	[ "$status" -eq 13 ]
	grep -q '^revoked:   not known: "/CN=site": .*mid.crl is of another time' out
	grep -q "^in date:   yes" out
	try mcprofile-verify --ca root.pem --crl mid.crl --at "$(in_days 40)" --format json site.p7
	[ "$(jq -c '[.revoked, .revocation.status]' out)" = '[null,"stale"]' ]
}

@test "a list that somebody else signed says nothing" {
	cp mid.pem fake.pem
	openssl ecparam -name prime256v1 -genkey -noout -out fake.key
	openssl req -x509 -key fake.key -subj "/CN=Mid" -days 50 -out fake.pem
	ca fake
	ca_run fake -revoke site.pem
	ca_run fake -gencrl -out fake.crl
	try mcprofile-verify --ca root.pem --crl fake.crl site.p7
	[ "$status" -eq 12 ]
	grep -q '^revoked:   not known: ' out
	try mcprofile-verify --ca root.pem --crl fake.crl --crl mid.crl site.p7
	[ "$status" -eq 0 ]
}

@test "--ocsp: a response of the issuer's, DER and base64" {
	printf 'V\t300101000000Z\t\t03\tunknown\t/CN=site\nR\t300101000000Z\t260101000000Z,keyCompromise\t04\tunknown\t/CN=other\n' > index.txt
	for i in site other; do
		openssl ocsp -issuer mid.pem -cert $i.pem -reqout $i.req -no_nonce
		openssl ocsp -index index.txt -CA mid.pem -rsigner mid.pem -rkey mid.key -reqin $i.req -respout $i.resp -ndays 5 > /dev/null 2>&1
		base64 $i.resp > $i.b64
	done
	for form in resp b64; do
		try mcprofile-verify --ca root.pem --ocsp site.$form site.p7
		[ "$status" -eq 0 ]
		grep -qx "revoked:   no, by site.$form" out
		try mcprofile-verify --ca root.pem --ocsp other.$form --extract other.p7
		[ "$status" -eq 14 ]
		[ ! -s out ]
		# one about somebody else
		try mcprofile-verify --ca root.pem --ocsp other.$form site.p7
		[ "$status" -eq 12 ]
	done
}

@test "a folder of lists: what is no file in it is not waited for" {
	mkdir -p odd && cp mid-other.crl odd && mkfifo odd/a.crl && mkdir odd/b.crl
	ln -s /dev/zero odd/c.pem
	try timeout 10 mcprofile-verify --ca root.pem --crl odd other.p7
	[ "$status" -eq 14 ]
	# one that is named is read, whatever it is
	try mcprofile-verify --ca root.pem --crl <(cat mid-other.crl) other.p7
	[ "$status" -eq 14 ]
}

@test "what a list is called does nothing to a terminal" {
	mkdir -p named && cp mid-other.crl named/$'\e[31m\nintact:    no.crl'
	for i in site other; do
		try mcprofile-verify --ca root.pem --crl named $i.p7
		not grep -q $'\e' out
		not grep -q "^intact:    no" out
		grep -qF 'by named/?[31m?intact:    no.crl' out
	done
}

@test "files that are none are told before anything is verified" {
	try mcprofile-verify --ca root.pem --crl nope site.p7
	[ "$status" -eq 66 ]
	[[ $(cat words) == "mcprofile-verify: --crl: nope: "* ]]
	try mcprofile-verify --ca root.pem --crl root.pem site.p7
	[ "$status" -eq 65 ]
	[[ $(cat words) == "mcprofile-verify: --crl: root.pem: "* ]]
	try mcprofile-verify --ca root.pem --ocsp mid.crl site.p7
	[ "$status" -eq 65 ]
	[[ $(cat words) == "mcprofile-verify: --ocsp: mid.crl: "* ]]
}
