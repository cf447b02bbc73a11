# sign.table, a row a message: what mcprofile-sign answers, and what
# mcprofile-verify does of what it wrote.
load ../helper
load pki

SIGNERS='rsa1024 rsa2048 rsa8192 p256 p384 p521 ed25519'

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	export SOFTHSM2_CONF=$PWD/softhsm.conf
	cp "$SRC/tests/vectors/leaf.key" rsa1024.key
	cp "$SRC/tests/vectors/scep-ra.key" rsa2048.key
	cp "$SRC/tests/vectors/rsa-8192.key" rsa8192.key
	ec_key p256
	ec_key p384 P-384
	ec_key p521 P-521
	openssl genpkey -algorithm ED25519 -out ed25519.key
	python3 "$SRC/tests/cli/sign_table.py" $SIGNERS
	printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" > softhsm.conf
	mkdir tokens nothing
	softhsm2-util --init-token --free --label ci --pin sesame --so-pin 98765432 > token.log
	for k in rsa2048 p256; do
		openssl pkcs8 -topk8 -nocrypt -in $k.key -out import.pem
		softhsm2-util --import import.pem --token ci --label $k --id "${#k}0" --pin sesame > token.log
	done
	echo sesame > pass
	profile > corp.mobileconfig
}

setup() { cd "$BATS_FILE_TMPDIR"; }

rows() { grep -v '^#\|^$' "$SRC/tests/cli/sign.table"; }

# The options for where key and certificate come from: from KEY SIGNER CHAIN
from() {
	local key=$1 name=$2 cert=$2.cert inside=()
	[ "$3" != inside ] || inside=(-certfile chain.pem)
	local p12=(openssl pkcs12 -export -inkey "$name.key" -in "$cert" "${inside[@]}" -iter 1 -nomaciter -passout file:pass -out "$name.p12")
	case $key in
	pem) options+=(--key "$name.key") ;;
	der) openssl pkey -in "$name.key" -outform DER -out "$name.der" && options+=(--key "$name.der") ;;
	locked | nopass)
		openssl pkcs8 -topk8 -iter 1 -in "$name.key" -passout file:pass -out "$name.locked"
		options+=(--key "$name.locked")
		;;
	wrong) options+=(--key "$([ "$name" = p256 ] && echo p384 || echo rsa1024).key") ;;
	token) options+=(--key "pkcs11:token=ci;object=$name") ;;
	p12) "${p12[@]}" && options+=(--p12 "$name.p12") ;;
	macp12)
		"${p12[@]}" -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1
		options+=(--p12 "$name.p12")
		;;
	*) return 1 ;;
	esac
	case $key in locked | token | p12 | macp12) options+=(--passphrase file:pass) ;; esac
	case $key in p12 | macp12) ;; *) options+=(--cert "$cert") ;; esac
}

# The options for where the chain comes from: along CHAIN SIGNER
along() {
	store=(SSL_CERT_FILE=/dev/null SSL_CERT_DIR=nothing)
	case $1 in
	full) options+=(--chain chain.pem) ;;
	noroot) options+=(--chain mid.pem) ;;
	none | self) ;;
	# behind the certificate in its file, too
	inside) cat chain.pem >> "$2.cert" ;;
	system) store=(SSL_CERT_FILE=root.pem SSL_CERT_DIR=nothing) options+=(--chain mid.pem) ;;
	forged) options+=(--chain forged.pem --chain root.pem) ;;
	oldmid) options+=(--chain oldmid.pem --chain root.pem) ;;
	*) return 1 ;;
	esac
}

# One row of the table: is it so?
holds() {
	local name=$1 key=$2 chain=$3 dates=$4 digest=$5 more=$6 sign=$7 demands=$8 verify=$9 seen=${10}
	local options=() store got
	rm -f out.p7 report
	cat mid.pem root.pem > chain.pem
	cp "$name-$dates.pem" "$name.cert"
	[ "$chain" != self ] || cp self.pem "$name.cert"
	along "$chain" "$name"
	from "$key" "$name" "$chain" || return
	[ "$more" = - ] || options+=(${more//,/ })
	got=0
	env "${store[@]}" ASAN_OPTIONS="$(quiet "$key")" mcprofile-sign "${options[@]}" --digest "$digest" -o out.p7 corp.mobileconfig 2> words || got=$?
	[ "$got" = "$sign" ] || { echo "sign: $got"; cat words; return 1; }
	if [ "$sign" != 0 ]; then
		# a reason in one line, and no file
		[ ! -e out.p7 ] && [ "$verify" = - ] && [ "$(grep -cv '^mcprofile-sign: warning: ' words)" -eq 1 ]
		return
	fi
	options=()
	[ "$demands" = - ] || options=(${demands//,/ })
	got=0
	mcprofile-verify --ca root.pem "${options[@]}" --format json out.p7 > report 2> words || got=$?
	[ "$got" = "$verify" ] || { echo "verify: $got"; cat words; return 1; }
	[ "$(jq -r '"\(.exit) \(.intact) \(.algorithm)/\(.digest)"' report)" = "$verify true $seen" ] || { cat report; return 1; }
	mcprofile-verify --ca root.pem "${options[@]}" --extract out.p7 > content 2> words || got=$?
	if [ "$verify" = 0 ]; then cmp content corp.mobileconfig; else [ ! -s content ]; fi
}

# LeakSanitizer and the token's module: tests/cli/sign-keys.bats
quiet() { if [ "$1" = token ]; then echo "${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"; else echo "${ASAN_OPTIONS-}"; fi; }

# Every row of these signers, and each that is not so.
table() {
	local name rest count=0 wrong=0
	while read -r name rest; do
		[[ " $* " = *" $name "* ]] || continue
		count=$((count + 1))
		holds "$name" $rest < /dev/null || { echo "^ $name $rest"; wrong=$((wrong + 1)); }
	done < <(rows)
	echo "$wrong of $count rows are not so"
	[ "$count" -gt 0 ] && [ "$wrong" -eq 0 ]
}

@test "RSA" {
	table rsa1024 rsa2048 rsa8192
}

@test "P-256" {
	table p256
}

@test "P-384, P-521, Ed25519" {
	table p384 p521 ed25519
}

@test "every row has a signer that we know, and ten columns" {
	[ "$(rows | awk 'NF != 10' | wc -l)" -eq 0 ]
	for name in $(rows | cut -d' ' -f1); do [[ " $SIGNERS " = *" $name "* ]]; done
}
