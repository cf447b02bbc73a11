# Where a CA's keys are: tokens (SoftHSM), files with passphrases, another CA's
# folder; and what follows on what.
load ../helper

MODULE=/usr/lib/softhsm/libsofthsm2.so

setup_file() {
	export T=$BATS_FILE_TMPDIR SOFTHSM2_CONF=$BATS_FILE_TMPDIR/softhsm.conf
	cd "$T"
	mkdir tokens
	printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$T" > softhsm.conf
	softhsm2-util --init-token --free --label one --pin 1234 --so-pin 9876 > token.log
	softhsm2-util --init-token --free --label two --pin 5678 --so-pin 9876 >> token.log
	generate one 1234 rsa:2048 ca 0c
	generate one 1234 rsa:2048 ra 0a
	generate one 1234 EC:prime256v1 ec 0e
	generate two 5678 rsa:2048 ra2 2a
	generate two 5678 EC:secp384r1 ec2 2e
	printf '1234\n' > pin-one
	printf '5678\n' > pin-two
	printf 'correct horse battery\n' > pass
	chmod 600 pin-one pin-two pass
	openssl genrsa -traditional 2048 2> /dev/null > alice.key
	openssl rsa -in alice.key -outform der -out alice.der 2> /dev/null
	openssl req -new -key alice.key -subj "/CN=Alice" -out alice.csr
	# one server for every CA of this file: the CA is in the path
	cat > answer <<- 'E'
		#!/bin/sh
		ca=${MCPROFILE_PATH#/}
		MCPROFILE_PATH=/scep exec scep-ca --dir "$T/${ca%%/*}" respond 2>> "$T/server.log"
	E
	chmod +x answer
	python3 "$SRC/tests/cli/scep_http.py" port ./answer > /dev/null 2> http.log 3>&- &
	echo $! > server.pid
	for _ in $(seq 100); do [ -f port ] && break; sleep 0.1; done
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/server.pid")" || true
}

setup() { cd "$T"; }

# Under LeakSanitizer: libp11 loses its five method tables when OpenSSL unloads
# it after a key that could not be had.
quiet_engine() { export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"; }

# generate TOKEN PIN TYPE LABEL [ID]: a key pair in a token.
generate() {
	pkcs11-tool --module "$MODULE" --token-label "$1" -l --pin "$2" --keypairgen --key-type "$3" --label "$4" ${5:+--id "$5"} >> token.log 2>&1
}

uri() { echo "pkcs11:token=$1;object=$2;type=private"; }

# certs CA: its certificate, and its RA's out of what GetCACert gives.
certs() {
	scep-ca --dir "$1" cacert --format pem > "$1.ca.pem"
	openssl x509 -in "$1.ca.pem" -outform der -out "$1.ca.der"
	scep-ca --dir "$1" cacert --format p7 | openssl pkcs7 -inform der -print_certs > "$1.certs"
	openssl x509 -in "$1.certs" -outform der -out "$1.ra.der"
	# a set has no order of its own
	if cmp -s "$1.ra.der" "$1.ca.der"; then
		sed '1,/END CERTIFICATE/d' "$1.certs" | openssl x509 -outform der -out "$1.ra.der"
	fi
}

# enrol CA SUBJECT OUT [RA-CERTIFICATE]: strongSwan's client, a new challenge.
enrol() {
	certs "$1"
	[ -z "${4-}" ] || openssl x509 -in "$4" -outform der -out "$1.ra.der"
	pki --scep --url "http://127.0.0.1:$(cat port)/$1/scep" --in alice.der --dn "$2" \
		--password "$(scep-ca --dir "$1" challenge new --any-subject)" \
		--cacert-enc "$1.ra.der" --cacert-sig "$1.ca.der" ${ROOT:+--cacert "$ROOT"} > "$3" 2> pki.log 3>&- || { cat pki.log server.log; return 1; }
	openssl verify -CAfile "$1.ca.pem" -partial_chain "$3"
}

# in_token LABEL CERTIFICATE: the public key of a pair in token one.
in_token() {
	pkcs11-tool --module "$MODULE" --token-label one --read-object --type pubkey --label "$1" -o "$1.pub" > /dev/null 2>&1
	[ "$(openssl pkey -pubin -inform der -in "$1.pub" -pubout)" = "$(openssl x509 -in "$2" -noout -pubkey)" ]
}

# --- tokens ---

@test "a CA and its RA with RSA keys in a token issue through respond" {
	mkdir rsa
	cat > rsa/ca.conf <<- E
		ca-key = $(uri one ca)
		ca-passphrase = file:$T/pin-one
		ra-key = $(uri one ra)
		ra-passphrase = file:$T/pin-one
	E
	scep-ca --dir rsa init --subject "/O=ACME/CN=Token CA"
	in_token ca rsa/ca.pem
	in_token ra rsa/ra.pem
	# no key is in the folder: what is there says where they are
	[ "$(cat rsa/ca.key)" = "$(uri one ca)" ]
	[ "$(cat rsa/ra.key)" = "$(uri one ra)" ]
	enrol rsa "CN=Alice" alice.pem
	# and the list of what is revoked is signed by the token
	scep-ca --dir rsa revoke "$(openssl x509 -in alice.pem -noout -serial | cut -d= -f2)" --reason keyCompromise
	scep-ca --dir rsa crl > rsa.crl
	openssl crl -in rsa.crl -inform der -CAfile rsa/ca.pem -noout 2>&1 | grep -q 'verify OK'
}

@test "keys in two tokens, each with a PIN of its own; the responder's too" {
	mkdir ec
	cat > ec/ca.conf <<- E
		ca-key = $(uri one ec)
		ca-passphrase = file:$T/pin-one
		ra-key = $(uri two ra2)
		ra-passphrase = file:$T/pin-two
		ocsp-key = $(uri two ec2)
		ocsp-passphrase = file:$T/pin-two
	E
	scep-ca --dir ec init --subject "/O=ACME/CN=EC CA"
	openssl x509 -in ec/ca.pem -noout -text | grep -q 'ASN1 OID: prime256v1'
	openssl x509 -in ec/ocsp.pem -noout -text | grep -q 'ASN1 OID: secp384r1'
	enrol ec "CN=Alice" alice-ec.pem
	openssl ocsp -issuer ec/ca.pem -cert alice-ec.pem -no_nonce -reqout ocsp.req
	scep-ca --dir ec ocsp < ocsp.req > ocsp.resp
	openssl ocsp -respin ocsp.resp -no_nonce -issuer ec/ca.pem -cert alice-ec.pem -CAfile ec/ca.pem > ocsp.txt 2>&1 || { cat ocsp.txt; false; }
	grep -q 'Response verify OK' ocsp.txt
	grep -q 'alice-ec.pem: good' ocsp.txt
}

@test "a PIN in the URI is not told to anybody" {
	quiet_engine
	mkdir pin
	echo "ca-key = $(uri one nokey);pin-value=1234" > pin/ca.conf
	run -66 scep-ca --dir pin init --subject /CN=x
	show
	[ "$output" = "scep-ca: pin/ca.conf: ca-key: pkcs11:token=one;object=nokey;type=private;pin-value=...: no such token, or no such key in it" ]
	echo "ca-key = $(uri one ca);pin-value=4321" > pin/ca.conf
	run -1 scep-ca --dir pin init --subject /CN=x
	[ "$output" = "scep-ca: pin/ca.conf: ca-key: pkcs11:token=one;object=ca;type=private;pin-value=...: wrong PIN" ]
	echo "ca-key = $(uri one ca);pin-value=1234" > pin/ca.conf
	scep-ca --dir pin init --subject /CN=x > pin.txt
	grep -qx "CA key  *$(uri one ca);pin-value=..." pin.txt
	not grep -q 1234 pin.txt
	scep-ca --dir pin sign --subject /CN=y < alice.csr > /dev/null
	[ "$(stat -c %a pin/ca.key)" = 600 ]
}

@test "a wrong PIN, none, a token or a key that is missing: each is told, and nobody is asked" {
	quiet_engine
	cp -R rsa bad
	printf '0000\n' > pin-bad
	sed -i "s,file:.*,file:$T/pin-bad," bad/ca.conf
	run -1 script -qec "scep-ca --dir bad crl --new" /dev/null < /dev/null
	show
	[ "${output%$'\r'}" = "scep-ca: bad/ca.conf: ca-key: $(uri one ca): wrong PIN" ]
	sed -i '/passphrase/d' bad/ca.conf
	run -65 script -qec "scep-ca --dir bad crl --new" /dev/null < /dev/null
	[ "${output%$'\r'}" = "scep-ca: bad/ca.conf: ca-key: $(uri one ca): asks for a PIN, and none was given" ]
	sed "s/token=one/token=three/" rsa/ca.conf > bad/ca.conf
	run -66 scep-ca --dir bad crl --new
	[ "$output" = "scep-ca: bad/ca.conf: ca-key: $(uri three ca): no such token, or no such key in it" ]
	sed "s/object=ca/object=cb/" rsa/ca.conf > bad/ca.conf
	run -66 scep-ca --dir bad crl --new
	[ "$output" = "scep-ca: bad/ca.conf: ca-key: $(uri one cb): no such token, or no such key in it" ]
	SOFTHSM2_CONF=/nonexistent run -66 scep-ca --dir rsa crl --new
	# a key of another CA
	sed "s/object=ca;/object=ra;/" rsa/ca.conf > bad/ca.conf
	rm bad/ca.key
	run -65 scep-ca --dir bad crl --new
	[ "$output" = "scep-ca: bad/ca.conf: ca-key: not the key of bad/ca.pem" ]
	# the token is as it was: three wrong ones would have been too many
	enrol rsa "CN=Alice" again.pem
}

@test "an EC key whose public half cannot be found is told" {
	quiet_engine
	generate one 1234 EC:prime256v1 lost 0b
	pkcs11-tool --module "$MODULE" --token-label one -l --pin 1234 --delete-object --type pubkey --label lost > /dev/null 2>&1
	mkdir lost
	echo "ca-key = $(uri one lost);pin-value=1234" > lost/ca.conf
	run -64 scep-ca --dir lost init --subject /CN=x
	[ "$output" = "scep-ca: lost/ca.conf: ca-key: $(uri one lost);pin-value=...: the token has no public key of the same ID (CKA_ID)" ]
}

@test "a URI that no store knows is told" {
	mkdir nostore
	echo "ca-key = tpm2:handle=1" > nostore/ca.conf
	run -64 scep-ca --dir nostore init --subject /CN=x
	[ "$output" = "scep-ca: nostore/ca.conf: ca-key: tpm2:handle=1: no file, and OpenSSL has no store for such a URI" ]
	[ ! -e nostore/ca.pem ]
}

@test "import: a CA whose key is in a token" {
	quiet_engine
	openssl req -new -x509 -engine pkcs11 -keyform engine -key "$(uri one ec);pin-value=1234" -subj "/CN=Company CA" -days 30 \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -out company.pem 2> /dev/null
	scep-ca --dir company init --ca-cert company.pem --ca-key "$(uri one ec)" --ca-passphrase file:pin-one
	grep -qxF "ca-key = $(uri one ec)" company/ca.conf
	grep -qxF "ca-passphrase = file:$T/pin-one" company/ca.conf
	enrol company "CN=Alice" alice-company.pem
	run -64 scep-ca --dir company2 init --ca-cert company.pem --ca-key "$(uri one ca)" --ca-passphrase file:pin-one
	[ "$output" = "scep-ca: company.pem: has another key than the one given" ]
	[ ! -e company2/ca.pem ]
}

@test "the RA's key moves into a token without a pause" {
	scep-ca --dir move init --subject "/O=ACME/CN=Moving CA" --key p256
	cp move/ra.pem old-ra.pem
	enrol move "CN=Alice" m1.pem
	printf 'ra-key = %s\nra-passphrase = file:%s\n' "$(uri one ra)" "$T/pin-one" > move/ca.conf
	# until the renewal the old key goes on
	enrol move "CN=Alice" m2.pem
	scep-ca --dir move ra renew
	in_token ra move/ra.pem
	enrol move "CN=Alice" m3.pem
	# clients that have the old RA's certificate are served
	enrol move "CN=Alice" m4.pem old-ra.pem
	scep-ca --dir move ra retire
	enrol move "CN=Alice" m5.pem
	not enrol move "CN=Alice" m6.pem old-ra.pem
	# the same key again: its old certificate is good as well
	cp move/ra.pem token-ra.pem
	scep-ca --dir move ra renew
	not cmp -s move/ra.pem token-ra.pem
	[ "$(cat move/ra-1.key)" = "$(uri one ra)" ]
	enrol move "CN=Alice" m7.pem token-ra.pem
}

# --- passphrases ---

@test "a passphrase from a file: every key is encrypted, and respond finds it" {
	scep-ca --dir locked init --subject /CN=Locked --bits 2048 --passphrase file:pass
	for k in ca ra ocsp; do
		grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "locked/$k.key"
		openssl pkey -in "locked/$k.key" -passin file:pass -noout
		not openssl pkey -in "locked/$k.key" -passin pass:wrong -noout
		grep -qxF "$k-passphrase = file:$T/pass" locked/ca.conf
	done
	enrol locked "CN=Alice" l.pem
	# from anywhere
	(cd / && command scep-ca --dir "$T/locked" crl --new > /dev/null 3>&-)
}

@test "a passphrase from a descriptor or the environment is read once for all keys" {
	cp -R locked elsewhere
	sed -i 's/file:.*/env:CA_SECRET/' elsewhere/ca.conf
	CA_SECRET='correct horse battery' scep-ca --dir elsewhere crl --new > /dev/null
	run -66 scep-ca --dir elsewhere crl --new
	show
	[[ "$output" == *"passphrase: env:CA_SECRET: there is no such variable" ]]
	sed -i 's/env:.*/fd:5/' elsewhere/ca.conf
	scep-ca --dir elsewhere crl --new > /dev/null 5< pass
	echo wrong > wrong
	run -1 scep-ca --dir elsewhere crl --new 5< wrong
	[ "$output" = "scep-ca: elsewhere/ca.key: wrong passphrase" ]
	CA_SECRET='correct horse battery' scep-ca --dir env init --subject /CN=x --key p256 --passphrase env:CA_SECRET
	openssl pkey -in env/ca.key -passin file:pass -noout
}

@test "an encrypted key without a passphrase is told, on a terminal too" {
	cp -R locked mute
	rm mute/ca.conf
	run -65 script -qec "scep-ca --dir mute crl --new" /dev/null < /dev/null
	[ "${output%$'\r'}" = "scep-ca: mute/ca.key: is encrypted, and no passphrase was given" ]
}

# --- import ---

company() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj "/O=Company/CN=Root" -days 30 \
		-addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout sub.key -out sub.csr -subj "/O=Company/CN=Devices" 2> /dev/null
	printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,%s\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' "$1" > sub.ext
	openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile sub.ext -out sub.pem 2> /dev/null
}

@test "import: a subordinate of a company's root, verified by openssl" {
	company keyCertSign,cRLSign
	scep-ca --dir sub init --ca-cert sub.pem --ca-key sub.key --ca-chain root.pem
	cmp sub.pem <(openssl x509 -in sub/ca.pem)
	cmp root.pem sub/chain.pem
	openssl x509 -in root.pem -outform der -out root.der
	ROOT=root.der enrol sub "CN=Alice" s.pem
	openssl verify -x509_strict -CAfile root.pem -untrusted sub/ca.pem s.pem
	openssl verify -x509_strict -CAfile root.pem -untrusted sub/ca.pem sub/ra.pem sub/ocsp.pem
	# nobody's certificate outlives the company's
	scep-ca --dir sub crl > s.crl
	openssl crl -in s.crl -inform der -CAfile sub/ca.pem -noout 2>&1 | grep -q 'verify OK'
}

@test "import: an encrypted key stays encrypted" {
	openssl pkcs8 -topk8 -in sub.key -passout file:pass -out sub-locked.key
	run -65 scep-ca --dir sub2 init --ca-cert sub.pem --ca-key sub-locked.key --ca-chain root.pem
	[ "$output" = "scep-ca: sub-locked.key: is encrypted, and no passphrase was given" ]
	run -1 scep-ca --dir sub2 init --ca-cert sub.pem --ca-key sub-locked.key --ca-chain root.pem --ca-passphrase file:pin-one
	[ "$output" = "scep-ca: sub-locked.key: wrong passphrase" ]
	scep-ca --dir sub2 init --ca-cert sub.pem --ca-key sub-locked.key --ca-chain root.pem --ca-passphrase file:pass
	grep -q 'BEGIN ENCRYPTED PRIVATE KEY' sub2/ca.key
	ROOT=root.der enrol sub2 "CN=Alice" s2.pem
}

@test "import: what a CA's certificate lacks is told by name" {
	company keyCertSign
	run -65 scep-ca --dir lacks init --ca-cert sub.pem --ca-key sub.key
	[ "$output" = "scep-ca: sub.pem: its keyUsage lacks cRLSign" ]
	company digitalSignature,cRLSign
	run -65 scep-ca --dir lacks init --ca-cert sub.pem --ca-key sub.key
	[ "$output" = "scep-ca: sub.pem: its keyUsage lacks keyCertSign" ]
	selfsigned leaf /CN=leaf -addext basicConstraints=critical,CA:FALSE
	run -65 scep-ca --dir lacks init --ca-cert leaf.pem --ca-key leaf.key
	[ "$output" = "scep-ca: leaf.pem: not a CA's certificate" ]
	company keyCertSign,cRLSign
	selfsigned other /CN=other
	run -64 scep-ca --dir lacks init --ca-cert sub.pem --ca-key sub.key --ca-chain other.pem
	[ "$output" = "scep-ca: other.pem: /CN=other is not above the CA" ]
	run -64 scep-ca --dir lacks init --ca-cert sub.pem --ca-key other.key
	[ "$output" = "scep-ca: sub.pem: has another key than the one given" ]
	openssl pkcs12 -export -in sub.pem -inkey sub.key -passout pass:x -out sub.p12
	run -65 scep-ca --dir lacks init --ca-cert sub.pem --ca-key sub.p12
	[ "$output" = "scep-ca: sub.p12: is PKCS #12; want PEM: openssl pkcs12 -in sub.p12 -nocerts -out KEY.pem" ]
	: > empty
	run -65 scep-ca --dir lacks init --ca-cert empty --ca-key sub.key
	[ "$output" = "scep-ca: empty: holds no certificate" ]
	openssl req -x509 -newkey rsa:1024 -nodes -keyout small.key -out small.pem -subj /CN=small -days 3 2> /dev/null
	run -1 scep-ca --dir lacks init --ca-cert small.pem --ca-key small.key
	[[ "$output" == "scep-ca: small.pem: an RSA key of 1024 bits; 2048 to "* ]]
	[ ! -e lacks/ca.pem ]
}

# --- what follows on what ---

@test "rollover: announced, signed by the current CA, and then it takes over" {
	scep-ca --dir roll init --subject "/O=ACME/CN=Roll CA" --key p256
	enrol roll "CN=Alice" r1.pem
	not curl -fsS "http://127.0.0.1:$(cat port)/roll/scep?operation=GetNextCACert" -o next.p7
	not grep -qx GetNextCACert <(curl -fsS "http://127.0.0.1:$(cat port)/roll/scep?operation=GetCACaps")
	# time for what comes before it takes over, also on a machine that is busy
	scep-ca --dir roll rollover --at 25s --key p384
	grep -qx GetNextCACert <(curl -fsS "http://127.0.0.1:$(cat port)/roll/scep?operation=GetCACaps")
	curl -fsS "http://127.0.0.1:$(cat port)/roll/scep?operation=GetNextCACert" -o next.p7
	openssl cms -verify -inform der -in next.p7 -CAfile roll/ca.pem -certfile roll/ca.pem -purpose any -binary -out next-certs.p7
	openssl pkcs7 -inform der -in next-certs.p7 -print_certs | openssl x509 -noout -text > /dev/null
	grep -qF "$(openssl x509 -in roll/next/ca.pem | sed -n 2p)" <(openssl pkcs7 -inform der -in next-certs.p7 -print_certs)
	run -1 scep-ca --dir roll rollover
	[[ "$output" == "scep-ca: a next CA is announced already, and takes over at "* ]]
	enrol roll "CN=Alice" r2.pem
	for _ in $(seq 100); do
		grep -qx GetNextCACert <(curl -fsS "http://127.0.0.1:$(cat port)/roll/scep?operation=GetCACaps") || break
		sleep 0.5
	done
	not grep -qx GetNextCACert <(curl -fsS "http://127.0.0.1:$(cat port)/roll/scep?operation=GetCACaps")
	enrol roll "CN=Alice" r3.pem
	openssl x509 -in r3.pem -noout -text | grep -q ecdsa-with-SHA384
	run -1 scep-ca --dir roll rollover cancel
	[ "$output" = "scep-ca: roll: the next CA has taken over" ]
	# the third generation puts the first aside
	scep-ca --dir roll rollover --at 30d
	ls roll/old-*/ca.pem
	enrol roll "CN=Alice" r4.pem
	scep-ca --dir roll rollover cancel
	[ ! -e roll/next ]
}

@test "whoever loads the CA while it changes finds one that fits together" {
	scep-ca --dir busy init --subject /CN=Busy --key p256
	touch changing
	for i in 1 2 3; do
		(while [ -e changing ]; do
			run scep-ca --dir busy respond < pass
			[ "$status" = 65 ] || echo "$output" >> "torn.$i"
			echo >> "loads.$i"
		done) &
	done
	for _ in 1 2 3; do
		scep-ca --dir busy ra renew
		scep-ca --dir busy ra renew
		scep-ca --dir busy ra retire
		scep-ca --dir busy rollover --at 1s --key p256
		sleep 1.5
	done
	rm changing
	wait
	cat torn.* 2> /dev/null || true
	[ "$(cat loads.* | wc -l)" -gt 50 ]
	not ls torn.*
}

# --- killed at any change of the folder ---

CHANGES=rename,link,unlink,mkdir,rmdir

# traced LOG STRACE-OPTION... -- VERB...: a run on the CA "crash".
traced() {
	local log=$1
	local -a options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	# a shell between, for this one would tell of every death; and no leak
	# check, which cannot be made of a process that is traced
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" sh -c '"$@"; exit $?' sh strace -qq -o "$log" -e "trace=$CHANGES" "${options[@]}" \
		"$(command -v scep-ca)" --dir crash "$@" > /dev/null 2> killed.log 3>&-
}

# Sanitized, a process takes long to start.
sparsely() { case $O in *asan*) echo 4 ;; *) echo 1 ;; esac; }

# changes VERB...: which of its calls change the folder "crash": before a call
# that finds nothing to remove the folder is as it was.  CALL:N, for strace
# counts each call by itself.  Each BYth of them only; sanitized, fewer.
changes() {
	traced changes.log -- "$@" || { cat killed.log >&2; return 1; }
	awk -v by="$((${BY-1} * $(sparsely)))" '{ sub(/\(.*/, "", $1); seen[$1]++ } / = 0$/ && !(n++ % by) { print $1 ":" seen[$1] }' changes.log
}

# killed_at CALL:N VERB...: killed as it makes the Nth of these calls.
killed_at() {
	local at=$1
	shift
	not traced strace.log -e "inject=${at%:*}:signal=KILL:when=${at#*:}" -- "$@"
	grep -q 'killed by SIGKILL' strace.log || { cat killed.log >&2; exit 1; }
}

# All keys are there, are the certificates' and sign.
works() {
	scep-ca --dir crash sign --subject /CN=y < alice.csr > works.pem
	scep-ca --dir crash ocsp < works.req > works.resp
	# the RAs' keys are loaded, and find that this is no message
	run -65 scep-ca --dir crash respond < works.req
}

# survives VERB...: killed at each change in turn, on a copy of the CA "whole",
# it leaves a CA that works; and then it can be done, or was done already.
survives() {
	local n at
	rm -rf crash
	cp -R whole crash
	at=$(changes "$@")
	works
	for n in $at; do
		rm -rf crash
		cp -R whole crash
		killed_at "$n" "$@"
		works
		run scep-ca --dir crash "$@"
		[ "$status" = 0 ] || [[ "$output" == *"${DONE-never}"* ]] || { show; false; }
	done
	echo "$*: killed at" $at
	[ "$(wc -w <<< "$at")" -gt 0 ]
}

@test "init killed at any change leaves no CA, and can be done again" {
	local n at
	rm -rf crash
	at=$(changes init --subject /CN=x --key p256 --passphrase file:pass)
	for n in $at; do
		rm -rf crash
		killed_at "$n" init --subject /CN=x --key p256 --passphrase file:pass
		if [ ! -e crash/ca.pem ]; then
			run -66 scep-ca --dir crash cacert
			scep-ca --dir crash init --subject /CN=y --key p384 --passphrase file:pin-one
			grep -qxF "ca-passphrase = file:$T/pin-one" crash/ca.conf
			[ "$(grep -c passphrase crash/ca.conf)" = 3 ]
		fi
		scep-ca --dir crash crl > /dev/null
	done
	echo "init: killed at" $at
	[ "$(wc -w <<< "$at")" -gt 2 ]
}

@test "renewal and retirement killed at any change leave a CA that works" {
	scep-ca --dir whole init --subject "/O=ACME/CN=Whole CA" --key p256
	scep-ca --dir whole sign --subject /CN=y < alice.csr > whole.pem
	openssl ocsp -issuer whole/ca.pem -cert whole.pem -reqout works.req
	survives ra renew
	survives ocsp renew
	scep-ca --dir whole ra renew
	survives ra retire
}

@test "a rollover killed at any change leaves a CA that works, the third generation too" {
	DONE='is announced already' survives rollover --at 30d --key p256
	scep-ca --dir whole rollover --at 30d --key p256
	DONE='no next CA is announced' survives rollover cancel
	scep-ca --dir whole rollover cancel
	scep-ca --dir whole rollover --at 1s --key p256
	sleep 2
	# after what is put aside come the same changes as above
	BY=3 DONE='is announced already' survives rollover --at 30d --key p256
}
