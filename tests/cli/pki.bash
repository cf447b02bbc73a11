# Keys, certificates and a profile for the tests of what signs and encrypts.
# The one RSA key is tests/vectors/scep-ra.key; the others are made, on P-256.

# ec_key NAME [CURVE]: NAME.key
ec_key() { openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:${2-P-256}" -out "$1.key" 2> /dev/null; }

# issue NAME KEY ISSUER EXTENSIONS [OPENSSL-X509-OPTION...]: NAME.pem, for 90
# days where no option says otherwise.
issue() {
	local name=$1 key=$2 issuer=$3 extensions=$4
	shift 4
	openssl req -new -key "$key" -subj "/O=ACME Inc./CN=$name" -out "$name.csr"
	openssl x509 -req -in "$name.csr" -CA "$issuer.pem" -CAkey "$issuer.key" -days 90 \
		-extfile <(printf "$extensions\n") -out "$name.pem" "$@" 2> /dev/null
}

CA='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash'
SIGNER='keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection'

# root.pem, mid.pem, and chain.pem of both; rsa.key.
pki() {
	cp "$SRC/tests/vectors/scep-ra.key" rsa.key
	ec_key root
	ec_key mid
	openssl req -x509 -key root.key -out root.pem -days 3650 -subj "/O=ACME Inc./CN=root" \
		-addext keyUsage=critical,keyCertSign,cRLSign
	issue mid mid.key root "$CA" -days 3000
	cat root.pem mid.pem > chain.pem
}

# A profile with one Wi-Fi network: profile [IDENTIFIER [OPTION...]]
profile() {
	mcprofile-gen configuration --name ACME --identifier "${1-com.acme.wifi}" "${@:2}" \
		--payload com.apple.wifi.managed SSID_STR=ACME AutoJoin=true
}
