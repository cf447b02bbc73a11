# examples/scep-only/serve: a SCEP server in one command, asked by strongSwan.
load ../helper

setup() { cd "$BATS_TEST_TMPDIR"; }
teardown() {
	[ -z "${server-}" ] || { kill "$server" 2> /dev/null; wait "$server" 2> /dev/null; } || true
}

# serve [OPTION...]: start it on a free port; what it prints is in the file
# told, its log in the file log.
serve() {
	port=$(free_port)
	# what the shell starts in the background is deaf to Ctrl-C otherwise
	env --default-signal=INT "$SRC/examples/scep-only/serve" "$port" "$@" > told 2> log 3>&- &
	server=$!
	for _ in $(seq 150); do
		grep -q '^Serving until Ctrl-C' told && return 0
		kill -0 "$server" || break
		sleep 0.1
	done
	cat told log
	return 1
}

# stop: Ctrl-C, and how it ends.
stop() {
	kill -INT "$server"
	local status=0
	wait "$server" || status=$?
	server=
	return $status
}

said() { sed -n "s/^$1  *//p" told; }

# enrol NAME CHALLENGE [OPTION...]: NAME.der by strongSwan.
enrol() {
	local name=$1 secret=$2
	shift 2
	[ -e key.der ] || openssl genrsa -traditional 2048 2> /dev/null | openssl rsa -outform der -out key.der 2> /dev/null
	pki --scepca --url "$(said URL)" --caout ca.der --raout ra.der --force > scepca.log 2>&1 3>&-
	pki --scep --url "$(said URL)" --in key.der --dn "CN=$name" --password "$secret" --cacert-enc ra.der --cacert-sig ca.der "$@" \
	    > "$name.der" 2> pki.log 3>&- || { cat pki.log log; return 1; }
}

@test "one command: URL, fingerprint and challenge are what a client needs; Ctrl-C leaves nothing" {
	export TMPDIR=$PWD/tmp
	mkdir tmp
	serve
	[ "$(said URL)" = "http://127.0.0.1:$port/scep" ]
	[[ "$(said Challenge)" =~ ^[0-9a-f]{32}$ ]]
	enrol alice "$(said Challenge)"
	[ "$(openssl x509 -inform der -in ca.der -noout -fingerprint -sha256 | cut -d= -f2)" = "$(said SHA-256)" ]
	curl -sf --noproxy '*' "$(said CA)" | cmp - ca.der
	openssl x509 -inform der -in ca.der -out ca.pem
	openssl x509 -inform der -in alice.der -out alice.pem
	openssl verify -CAfile ca.pem alice.pem
	[ "$(openssl x509 -in alice.pem -noout -subject)" = "subject=CN = alice" ]
	# the same challenge is good for another one
	openssl genrsa -traditional 2048 2> /dev/null | openssl rsa -outform der -out key.der 2> /dev/null
	enrol bob "$(said Challenge)"
	[ "$(openssl x509 -inform der -in bob.der -noout -serial)" != "$(openssl x509 -in alice.pem -noout -serial)" ]
	# and nothing else is
	not pki --scep --url "$(said URL)" --in key.der --dn "CN=eve" --password 00 --cacert-enc ra.der --cacert-sig ca.der > eve.der 2> pki.log 3>&-
	[ -n "$(ls tmp)" ]
	stop
	[ -z "$(ls tmp)" ]
	not curl -sf --noproxy '*' "http://127.0.0.1:$port/CA"
}

@test "what it prints works as it stands in another terminal, also where nothing is in PATH" {
	PATH=/usr/local/bin:/usr/bin:/bin serve
	sed -n '/^  pki --gen/,/cert.der$/p' told > typed
	[ "$(wc -l < typed)" = 4 ]
	no_proxy='*' PATH=/usr/local/bin:/usr/bin:/bin bash -e typed 2> pki.log 3>&- || { cat pki.log log; false; }
	[ "$(openssl x509 -inform der -in cert.der -noout -subject)" = "subject=CN = my phone" ]
	PATH=/usr/local/bin:/usr/bin:/bin bash -c "$(said Record)" | grep -q '/CN=my phone$'
	PATH=/usr/local/bin:/usr/bin:/bin bash -c "$(sed -n 's/^  *\(.* challenge new --any-subject\)$/\1/p' told)" | grep -qx '[0-9a-f]\{32\}'
	stop
}

@test "--dir keeps the CA; revoked is told by CRL and OCSP, by POST and GET" {
	serve --dir kept
	enrol alice "$(said Challenge)"
	first=$(said SHA-256)
	stop
	serve --dir kept
	[ "$(said SHA-256)" = "$first" ]
	openssl x509 -inform der -in alice.der -out alice.pem
	serial=$(openssl x509 -in alice.pem -noout -serial | cut -d= -f2)
	curl -sf --noproxy '*' "http://127.0.0.1:$port/crl" | openssl crl -inform der -CAfile kept/ca.pem -noout -text > crl.txt 2> verdict
	grep -qx 'verify OK' verdict
	grep -q 'No Revoked Certificates' crl.txt
	ocsp() { openssl ocsp -issuer kept/ca.pem -CAfile kept/ca.pem -cert alice.pem -url "http://127.0.0.1:$port/ocsp" 2>&1; }
	ocsp > good.txt
	grep -qx 'alice.pem: good' good.txt
	grep -q 'Response verify OK' good.txt
	scep-ca --dir kept revoke "$serial" --reason keyCompromise
	ocsp > revoked.txt
	grep -qx 'alice.pem: revoked' revoked.txt
	grep -q 'Reason: keyCompromise' revoked.txt
	curl -sf --noproxy '*' -D headers "http://127.0.0.1:$port/crl" | openssl crl -inform der -noout -text | grep -q "Serial Number: $serial"
	grep -qi $'^content-type: application/pkix-crl\r$' headers
	# RFC 6960 appendix A.1: base64 in the path, escaped or not
	openssl ocsp -issuer kept/ca.pem -cert alice.pem -no_nonce -reqout req.der 2> /dev/null
	raw=$(base64 -w0 req.der)
	for path in "$raw" "$(jq -rn --arg s "$raw" '$s | @uri')"; do
		curl -sf --noproxy '*' -D headers -o resp.der "http://127.0.0.1:$port/ocsp/$path"
		grep -qi $'^content-type: application/ocsp-response\r$' headers
		openssl ocsp -respin resp.der -reqin req.der -issuer kept/ca.pem -CAfile kept/ca.pem -cert alice.pem > got.txt 2>&1
		grep -qx 'alice.pem: revoked' got.txt
	done
	# what is no request gets an answer of OCSP's own
	curl -sf --noproxy '*' -o resp.der "http://127.0.0.1:$port/ocsp/nonsense"
	openssl ocsp -respin resp.der -resp_text 2>&1 | grep -q 'malformedrequest'
	stop
	scep-ca --dir kept list | grep -q "^$serial  revoked  "
	[ "$(stat -c %a kept/ca.key)" = 600 ]
}

@test "a profile of the kept CA's ca.conf answers under its own path" {
	mkdir kept
	printf '%s\n' '[profile wifi]' 'lifetime = 2d' > kept/ca.conf
	serve --dir kept
	scep-ca --dir kept challenge new --subject /CN=wifi --profile wifi > secret
	sed -i 's,^\(URL .*\)/scep$,\1/scep/wifi,' told
	enrol wifi "$(cat secret)"
	openssl x509 -inform der -in wifi.der -noout -checkend $((2 * 86400 - 60))
	not openssl x509 -inform der -in wifi.der -noout -checkend $((2 * 86400 + 60))
	scep-ca --dir kept list | grep -q '  wifi  '
	not curl -sf --noproxy '*' "http://127.0.0.1:$port/scep/nosuch?operation=GetCACaps"
	grep -q '"reason": *"no profile nosuch"' log
}

@test "what it is called with, and what it needs" {
	for args in "" "x" "0" "99999" "8080 --dir" "8080 8081" "8080 --folder x" "8080 --dir x y"; do
		# shellcheck disable=SC2086
		run -64 "$SRC/examples/scep-only/serve" $args
		[ "$output" = "usage: serve PORT [--dir DIR]" ]
	done
	port=$(free_port)
	python3 -c "import socket, time; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', $port)); s.listen(); time.sleep(30)" 3>&- &
	server=$!
	for _ in $(seq 50); do (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break; sleep 0.1; done
	run -75 "$SRC/examples/scep-only/serve" "$port" --dir never
	[ "$output" = "serve: port $port is taken: choose another one" ]
	[ ! -e never ]
}
