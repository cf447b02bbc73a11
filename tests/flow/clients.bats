# SCEP clients that others wrote, against lighttpd and mcprofile-cgi, for CA
# keys of three kinds; openssl has the last word on what they got.
load ../helper
load lib

kinds='rsa2048 rsa4096 p256'

# make_ca DIR KIND: a CA with a profile for each way of enrolling.
make_ca() {
	case $2 in
	rsa*) scep-ca init --dir "$1" --subject "/O=ACME/CN=ACME $2" --key rsa --bits "${2#rsa}" ;;
	*) scep-ca init --dir "$1" --subject "/O=ACME/CN=ACME $2" --key "$2" ;;
	esac > "$1.init"
	cat > "$1/ca.conf" <<- 'EOF'
		[profile person]
		accept = approval
		[profile legacy]
		insecure = yes
	EOF
}

# serve_scep DIR PORT: the CA in DIR/ca over plain HTTP; its pid in $server.
serve_scep() {
	local dir=$1 port=$2
	printf '/scep GET,POST anyone - scep-ca --dir %%{ca} respond\n/scep/* GET,POST anyone - scep-ca --dir %%{ca} respond\n' > "$dir/routes"
	printf 'url = https://localhost\norganization = ACME\nidentifier = com.example\nroutes = routes\nca = ca\n' > "$dir/site.conf"
	printf '#!/bin/sh\nexport PATH=%q ASAN_OPTIONS=%q\nexec mcprofile-cgi --site %q 2>> %q\n' \
	    "$PATH" "${ASAN_OPTIONS-}" "$dir/site.conf" "$dir/log" > "$dir/driver"
	chmod 755 "$dir/driver"
	cat > "$dir/lighttpd.conf" <<- EOF
		server.modules = ( "mod_cgi", "mod_alias" )
		server.document-root = "$dir"
		server.bind = "127.0.0.1"
		server.port = $port
		server.errorlog = "$dir/server.log"
		server.upload-dirs = ( "$dir" )
		alias.url = ( "" => "$dir/driver" )
		cgi.assign = ( "driver" => "" )
	EOF
	lighttpd -D -f "$dir/lighttpd.conf" > "$dir/lighttpd.log" 2>&1 3>&- &
	server=$!
	wait_port "$port" $server || { cat "$dir/lighttpd.log" "$dir/server.log"; return 1; }
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for kind in $kinds; do
		mkdir "$kind"
		make_ca "$PWD/$kind/ca" "$kind"
		free_port > "$kind/port"
		serve_scep "$PWD/$kind" "$(cat "$kind/port")"
		echo $server > "$kind/pid"
	done
}

teardown_file() {
	for kind in $kinds; do
		kill "$(cat "$BATS_FILE_TMPDIR/$kind/pid")" 2> /dev/null || true
	done
}

setup() { cd "$BATS_TEST_TMPDIR"; }

# use KIND [PROFILE]: sets $ca and $url.
use() {
	ca=$BATS_FILE_TMPDIR/$1/ca
	url=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/$1/port")/scep${2:+/$2}
}

# At every profile, unless it says which.
challenge() {
	case " $* " in
	*" --profile "*) scep-ca --dir "$ca" challenge new "$@" ;;
	*) scep-ca --dir "$ca" challenge new --any-profile "$@" ;;
	esac
}

# What openssl says of CERT: by our CA, for this key, with this name, a
# client's, and on record as valid.
good() {
	local cert=$1 key=$2 subject=$3
	openssl verify -CAfile "$ca/ca.pem" -purpose sslclient "$cert"
	[ "$(openssl x509 -in "$cert" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout)" ]
	[ "$(openssl x509 -in "$cert" -noout -subject -nameopt compat)" = "subject=$subject" ]
	scep-ca --dir "$ca" list --status valid --format csv | grep -q "$(serial "$cert")"
}

serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }

# strongSwan

# swan_ca: what strongSwan trusts, asked of the server itself.
swan_ca() {
	pki --scepca --url "$url" --caout swan-ca.der --raout swan-ra.der --force > scepca.log 2>&1 3>&-
	# the RA's certificates get a number each
	ls swan-ra*.der > /dev/null
	openssl x509 -inform DER -in swan-ca.der -out swan-ca.pem
	cmp <(openssl x509 -in "$ca/ca.pem" -outform DER) swan-ca.der
}

# swan DN KEY OUT [OPTION...]: one enrolment.
swan() {
	local dn=$1 key=$2 out=$3
	shift 3
	timeout 60 pki --scep --url "$url" --in "$key.der" --dn "$dn" --cacert-enc swan-ra.der --cacert-sig swan-ca.der "$@" > "$out.der" 2> "$out.log" 3>&- ||
	    { cat "$out.log"; return 1; }
	openssl x509 -inform DER -in "$out.der" -out "$out.pem"
}

rsa_key() {
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" 2> /dev/null
	openssl rsa -in "$1.key" -outform DER -out "$1.der" 2> /dev/null
}

swan_enrols_and_renews() {
	use "$1"
	swan_ca
	rsa_key alice
	swan "O=ACME, CN=Alice" alice first --password "$(challenge --subject "/O=ACME/CN=Alice")"
	good first.pem alice.key "/O=ACME/CN=Alice"
	# RenewalReq, by the old key, for a new one
	rsa_key new
	swan "O=ACME, CN=Alice" new second --cert first.der --key alice.der
	good second.pem new.key "/O=ACME/CN=Alice"
	[ "$(serial first.pem)" != "$(serial second.pem)" ]
	# the old one is valid until its end
	openssl verify -CAfile "$ca/ca.pem" first.pem
	scep-ca --dir "$ca" show "$(serial second.pem)" | grep -q "$(serial first.pem)"
}

@test "strongSwan enrols and renews, RSA-2048" { swan_enrols_and_renews rsa2048; }
@test "strongSwan enrols and renews, RSA-4096" { swan_enrols_and_renews rsa4096; }
@test "strongSwan enrols and renews, P-256 CA under an RSA RA" { swan_enrols_and_renews p256; }

@test "strongSwan is told of a challenge that is none" {
	use rsa2048
	swan_ca
	rsa_key alice
	run swan "CN=Alice" alice none --password 00000000000000000000000000000000
	[ "$status" -ne 0 ]
	grep -qi "badRequest\|bad request\|transaction not permitted" <<< "$output"
}

# wait_pending: until somebody waits; the number in $waiting.
wait_pending() {
	for _ in $(seq 100); do
		waiting=$(scep-ca --dir "$ca" pending --format csv | awk -F, -v s="$1" 'index($0, s) { print $1 }')
		[ -z "$waiting" ] || return 0
		sleep 0.1
	done
	return 1
}

@test "strongSwan polls until a person has approved" {
	use rsa2048 person
	swan_ca
	rsa_key bob
	swan "CN=Bob waits" bob waited --interval 1 --maxpolltime 40 &
	client=$!
	wait_pending "Bob waits"
	scep-ca --dir "$ca" approve "$waiting"
	wait $client
	good waited.pem bob.key "/CN=Bob waits"
}

@test "strongSwan is told that a person has rejected it" {
	use p256 person
	swan_ca
	rsa_key eve
	swan "CN=Eve waits" eve never --interval 1 --maxpolltime 40 > eve.out 2>&1 &
	client=$!
	wait_pending "Eve waits"
	scep-ca --dir "$ca" reject "$waiting" --reason "who is Eve?"
	not wait $client
	[ ! -s never.der ]
	not grep -q "who is Eve" never.log
}

# certmonger, on a bus of its own

# certmonger SCRIPT: run it (a function's name) beside a daemon.
certmonger() {
	export HOME=$BATS_TEST_TMPDIR/home CERTMONGER_CONFIG_DIR=$BATS_TEST_TMPDIR/home ca url
	export -f "$1" monitored good serial scep-ca
	mkdir -p "$HOME"
	timeout 120 dbus-run-session -- bash -euc '
		export DBUS_STARTER_BUS_TYPE=session
		/usr/lib/certmonger/certmonger-session -n -d 2 > "$HOME/log" 2>&1 &
		daemon=$!
		trap "kill $daemon; wait $daemon || true" EXIT
		for i in $(seq 100); do getcert list-cas -s > /dev/null 2>&1 && break; sleep 0.1; done
		getcert add-scep-ca -s -c acme -u "$url"
		for i in $(seq 100); do getcert list-cas -s -c acme | grep -q thumbprint && break; sleep 0.1; done
		"$1"' bash "$1" 3>&-
}

# monitored OLD-SERIAL: certmonger has another certificate, and is content.
monitored() {
	for _ in $(seq 200); do
		if getcert list -s -i req | grep -q 'status: MONITORING' && [ -s cm.pem ] && [ "$(serial cm.pem)" != "$1" ]; then
			return 0
		fi
		sleep 0.2
	done
	getcert list -s -i req
	return 1
}

certmonger_script() {
	getcert request -s -c acme -f "$PWD/cm.pem" -k "$PWD/cm.key" -N "CN=certmonger" -L "$secret" -I req
	monitored none
	good cm.pem cm.key /CN=certmonger
	cp cm.pem first.pem
	# the same key again, with the same transactionID
	getcert resubmit -s -i req
	monitored "$(serial first.pem)"
	good cm.pem cm.key /CN=certmonger
	cp cm.pem second.pem
	[ "$(openssl x509 -in first.pem -noout -pubkey)" = "$(openssl x509 -in second.pem -noout -pubkey)" ]
	# another key
	getcert rekey -s -i req
	monitored "$(serial second.pem)"
	good cm.pem cm.key /CN=certmonger
	[ "$(openssl x509 -in cm.pem -noout -pubkey)" != "$(openssl x509 -in second.pem -noout -pubkey)" ]
}

certmonger_cycle() {
	use "$1"
	secret=$(challenge --subject /CN=certmonger)
	export secret
	certmonger certmonger_script || { tail -50 "$HOME/log"; return 1; }
	# one challenge, three certificates: two are renewals
	[ "$(scep-ca --dir "$ca" list --format csv | grep -c certmonger)" -ge 3 ]
}

@test "certmonger requests, resubmits and rekeys, RSA-2048" { certmonger_cycle rsa2048; }
@test "certmonger requests, resubmits and rekeys, RSA-4096" { certmonger_cycle rsa4096; }
@test "certmonger requests, resubmits and rekeys, P-256 CA under an RSA RA" { certmonger_cycle p256; }

# scepclient knows nothing but single DES

# It encrypts to every certificate that it is given, and dies of a CA's that is
# not RSA, unless it is told which one to take.
scepclient_run() {
	local challenge=$1 only=()
	case $ca in */p256/*) only=(-ca-fingerprint "$(openssl x509 -in "$ca/ra.pem" -outform DER | sha256sum | cut -c1-64)") ;; esac
	timeout 60 scepclient -server-url "$url" -challenge "$challenge" -private-key sc.key -certificate sc.pem \
	    -organization ACME -ou "" -country "" -cn scepclient "${only[@]}" 2>&1 3>&-
}

scepclient_cycle() {
	use "$1"
	run scepclient_run "$(challenge --any-subject)"
	[ "$status" -ne 0 ]
	[[ $output == *"failInfo: badAlg (0)"* ]]
	[ ! -e sc.pem ]
	use "$1" legacy
	run scepclient_run "$(challenge --any-subject)"
	echo "$output"
	[ "$status" -eq 0 ]
	openssl verify -CAfile "$ca/ca.pem" -purpose sslclient sc.pem
	[ "$(openssl x509 -in sc.pem -noout -pubkey)" = "$(openssl pkey -in sc.key -pubout)" ]
	scep-ca --dir "$ca" list --status valid --format csv | grep -q "$(serial sc.pem)"
}

@test "scepclient is refused with badAlg, and served by the insecure profile, RSA-2048" { scepclient_cycle rsa2048; }
@test "scepclient is refused with badAlg, and served by the insecure profile, RSA-4096" { scepclient_cycle rsa4096; }
@test "scepclient is refused with badAlg, and served by the insecure profile, P-256 CA" { scepclient_cycle p256; }

@test "what was issued to all of them is sound to openssl and to GnuTLS" {
	for kind in $kinds; do
		use "$kind"
		scep-ca --dir "$ca" check
		for s in $(scep-ca --dir "$ca" list --status valid --format csv | tail -n +2 | cut -d, -f1); do
			scep-ca --dir "$ca" show "$s" --format pem > one.pem
			openssl verify -x509_strict -CAfile "$ca/ca.pem" one.pem
			cat one.pem "$ca/ca.pem" > chain.pem
			certtool --verify-chain --infile chain.pem | grep -q "Chain verification output: Verified"
		done
	done
}
