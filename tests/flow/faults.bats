# What must hold whatever breaks: every certificate is on record, a retry gets
# the same one, no challenge is used without its certificate, and a client is
# told to try again rather than no.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	scep-ca init --dir ca --subject "/CN=Faults" --bits 2048 > init.log
}

# messages N CHALLENGE...: m-1.der ..., requests for one key and N names, with
# the challenges in turn.
messages() {
	python3 - "$SRC/tests/flow" "$@" <<- 'EOF'
		import os, sys
		sys.path.insert(0, sys.argv[1])
		from pkcsreq import envelope, message, openssl, self_signed
		import tempfile
		n, challenges = int(sys.argv[2]), sys.argv[3:]
		openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "k.key")
		cert = self_signed("k.key")
		for i in range(1, n + 1):
		    with open("req.cnf", "w") as f:
		        f.write("[req]\ndistinguished_name = dn\nattributes = a\nprompt = no\n[dn]\nCN = n%d\n[a]\nchallengePassword = %s\n"
		                % (i, challenges[(i - 1) % len(challenges)]))
		    csr = openssl("req", "-new", "-config", "req.cnf", "-key", "k.key", "-outform", "DER")
		    with open("m-%d.der" % i, "wb") as f:
		        f.write(message("k.key", cert, envelope("ca/ra.pem", csr)))
	EOF
}

# granted FILE: is this CertRep a SUCCESS?
granted() { [ -s "$1" ] && openssl asn1parse -inform DER -in "$1" | grep -A 2 2.16.840.1.113733.1.9.3 | grep -q 'PRINTABLESTRING.*:0$'; }
refused() { [ -s "$1" ] && openssl asn1parse -inform DER -in "$1" | grep -A 2 2.16.840.1.113733.1.9.3 | grep -q 'PRINTABLESTRING.*:2$'; }

on_record() { scep-ca --dir ca list --format json | jq length; }

can_trace() { strace -o /dev/null true 2> /dev/null || skip "strace may not trace here"; }

# With sanitizers the shadow of a process is too large to be copied often.
stride() { case $O in *asan*) echo 7 ;; *) echo 1 ;; esac; }

@test "killed at each system call of one issuance" {
	can_trace
	messages 1 "$(scep-ca --dir ca challenge new --any-subject)"
	run python3 "$SRC/tests/flow/inject.py" ca m-1.der inject kill "$(stride)"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "an error from each system call of one issuance" {
	can_trace
	messages 1 "$(scep-ca --dir ca challenge new --any-subject)"
	run python3 "$SRC/tests/flow/inject.py" ca m-1.der inject error "$(stride)"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "64 processes, one challenge for one use: one certificate" {
	messages 64 "$(scep-ca --dir ca challenge new --any-subject)"
	for i in $(seq 64); do scep-ca --dir ca respond -o "r-$i.der" < "m-$i.der" 2> "e-$i" & done
	wait
	n=0
	for i in $(seq 64); do
		if granted "r-$i.der"; then n=$((n + 1)); else refused "r-$i.der"; fi
	done
	[ "$n" -eq 1 ]
	[ "$(on_record)" -eq 1 ]
	scep-ca --dir ca check
}

@test "64 processes, a challenge for ten uses: ten certificates" {
	messages 64 "$(scep-ca --dir ca challenge new --any-subject --uses 10)"
	for i in $(seq 64); do scep-ca --dir ca respond -o "r-$i.der" < "m-$i.der" 2> "e-$i" & done
	wait
	n=0
	for i in $(seq 64); do
		if granted "r-$i.der"; then n=$((n + 1)); fi
	done
	[ "$n" -eq 10 ]
	[ "$(on_record)" -eq 10 ]
	scep-ca --dir ca check
}

@test "64 processes, a challenge each: 64 certificates, no serial number twice" {
	# shellcheck disable=SC2046
	messages 64 $(for _ in $(seq 64); do scep-ca --dir ca challenge new --any-subject; done)
	for i in $(seq 64); do scep-ca --dir ca respond -o "r-$i.der" < "m-$i.der" 2> "e-$i" & done
	wait
	for i in $(seq 64); do granted "r-$i.der" || { cat "e-$i"; false; }; done
	[ "$(on_record)" -eq 64 ]
	[ "$(scep-ca --dir ca list --format json | jq -r '.[].serial' | sort -u | wc -l)" -eq 64 ]
	scep-ca --dir ca check
}

@test "64 processes, the same message: one certificate for all of them" {
	messages 1 "$(scep-ca --dir ca challenge new --any-subject)"
	for i in $(seq 64); do scep-ca --dir ca respond -o "r-$i.der" < m-1.der 2> "e-$i" & done
	wait
	openssl req -x509 -key k.key -subj /CN=requester -set_serial 1 -days 1 -out requester.pem
	for i in $(seq 64); do
		granted "r-$i.der"
		openssl cms -verify -noverify -binary -inform DER -in "r-$i.der" -out "env-$i" 2> /dev/null
		openssl cms -decrypt -inform DER -in "env-$i" -inkey k.key | openssl pkcs7 -inform DER -print_certs >> all.pem
	done
	[ "$(grep -c BEGIN all.pem)" -eq 64 ]
	[ "$(awk '/BEGIN/ { c = "" } { c = c $0 } /END/ { print c }' all.pem | sort -u | wc -l)" -eq 1 ]
	[ "$(on_record)" -eq 1 ]
}

@test "a full disk: try again, and nothing is lost" {
	unshare -Urm true 2> /dev/null || skip "no user namespaces here"
	messages 1 "$(scep-ca --dir ca challenge new --any-subject)"
	# shellcheck disable=SC2016
	run unshare -Urm bash -euc '
		mkdir small
		mount -t tmpfs -o size=1m tmpfs small
		cp -r ca small/ca
		cd small
		# room is taken from it until the store has none to write with
		dd if=/dev/zero of=fill bs=1k 2> /dev/null || true
		status=0
		scep-ca --dir ca respond < ../m-1.der > ../full.der 2> ../full.log || status=$?
		echo "full: $status"
		rm fill
		scep-ca --dir ca respond < ../m-1.der > ../room.der
		scep-ca --dir ca list --format json | jq length
		scep-ca --dir ca check'
	cat full.log
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"full: 75"* ]]
	[ ! -s full.der ]
	granted room.der
}

@test "a full disk: what is there can be read, also out of the log, and nothing is written" {
	unshare -Urm true 2> /dev/null || skip "no user namespaces here"
	openssl req -new -newkey rsa:2048 -nodes -keyout k.key -subj /CN=read -out a.csr 2> /dev/null
	openssl req -new -key k.key -subj /CN=logged -out b.csr
	scep-ca --dir ca sign a.csr > a.pem
	scep-ca --dir ca crl > kept.der
	openssl ocsp -issuer ca/ca.pem -cert a.pem -reqout o.req
	serial=$(openssl x509 -in a.pem -noout -serial | cut -d= -f2)
	# while somebody has the store open its log is not put into the file
	mkfifo hold
	sqlite3 ca/store.db < hold > /dev/null &
	exec 7> hold
	echo 'SELECT count(*) FROM certificate;' >&7
	sleep 0.5
	scep-ca --dir ca sign b.csr > b.pem
	[ -s ca/store.db-wal ]
	cp -r ca copy
	rm copy/store.db-shm
	exec 7>&-
	wait
	# shellcheck disable=SC2016
	run unshare -Urm bash -euc '
		mkdir small
		mount -t tmpfs -o size=2m tmpfs small
		cp -r copy small/ca
		cd small
		dd if=/dev/zero of=fill bs=1k 2> /dev/null || true
		cksum ca/store.db ca/store.db-wal > ../before
		scep-ca --dir ca list --format json | jq length
		scep-ca --dir ca show "$1" > ../show.txt
		scep-ca --dir ca crl > ../crl.der
		scep-ca --dir ca ocsp < ../o.req > ../o.der
		scep-ca --dir ca metrics > ../metrics.txt
		scep-ca --dir ca export > ../export.txt
		scep-ca --dir ca check
		scep-ca --dir ca backup ../backup
		scep-ca --dir ca list > ../list.txt
		status=0
		scep-ca --dir ca challenge new --any-subject 2> ../new.log || status=$?
		echo "new: $status"
		status=0
		scep-ca --dir ca revoke "$1" 2> ../revoke.log || status=$?
		echo "revoke: $status"
		cksum ca/store.db ca/store.db-wal > ../after
		rm fill
		scep-ca --dir ca revoke "$1" > /dev/null
		scep-ca --dir ca check' - "$serial"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 2 ]
	[[ $output == *"new: 75"* && $output == *"revoke: 75"* ]]
	grep -qx 'scep-ca: ca/store.db: the disk is full; nothing was recorded' new.log
	cmp before after
	grep -q /CN=read show.txt
	cmp crl.der kept.der
	openssl ocsp -respin o.der -reqin o.req -CAfile ca/ca.pem -resp_text > ocsp.txt 2>&1
	grep -q 'Cert Status: good' ocsp.txt
	grep -q 'Response verify OK' ocsp.txt
	grep -q /CN=logged list.txt
}
