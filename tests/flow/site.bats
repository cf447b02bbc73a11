# The site of examples/site, as a person would set it up, and the demo's issue
# line and refusals: what lighttpd itself says.
load ../helper
load lib

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/site
	make_site "$SITE" "$(free_port | tee "$BATS_FILE_TMPDIR/port")"
}
setup() {
	cd "$BATS_TEST_TMPDIR"
	port=$(cat "$BATS_FILE_TMPDIR/port")
}
teardown() { stop_server; }

@test "the line of the manual works as it stands in the demo's folder" {
	serve_lighttpd "$SITE" "$port" fcgi
	cd "$SITE"
	# as it is printed, but for the port
	grep -A3 '^mcprofile-device enroll https://localhost:8443' "$SRC/man/mcprofile-device.1" | sed '/^\./,$d; s/\\e$/\\/' > line
	[ "$(tr -s ' \\\n' ' ' < line)" = "mcprofile-device enroll https://localhost:8443/enroll --user alice --password file:pw --ca tls.pem --factory factory/ -o final.mobileconfig " ]
	sed -i "s/8443/$port/" line
	sh ./line 2> story 3>&- || { cat story; false; }
	python3 -c 'import plistlib; assert plistlib.load(open("final.mobileconfig", "rb"))["PayloadType"] == "Configuration"'
	# the leaf is first, and its CA behind it
	openssl verify -CAfile ca/ca.pem tls.pem
	[ "$(grep -c BEGIN tls.pem)" -eq 2 ]
}

@test "a signer by another CA than the web server's: the message names the option" {
	serve_lighttpd "$SITE" "$port" fcgi
	sed '/END/q' "$SITE/tls.pem" > leaf.pem
	run --separate-stderr mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$SITE/pw" --ca leaf.pem \
	    --factory "$SITE/factory" --quiet 3>&-
	show "$stderr"
	[ "$status" -eq 12 ]
	[[ "$stderr" == "mcprofile-device: phase 1: https://localhost:$port/enroll: the profile's signature: "*"; --signer-ca FILE names the CA of profile signers" ]]
	mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$SITE/pw" --ca leaf.pem --signer-ca "$SITE/ca/ca.pem" \
	    --factory "$SITE/factory" --quiet -o final.plist 3>&-
}

@test "a wrong password leads to a page of ours, with its headers, once each" {
	for how in fcgi cgi; do
		serve_lighttpd "$SITE" "$port" $how
		[ "$(curl -sS --noproxy '*' --cacert "$SITE/tls.pem" -u alice:wrong -D head -o page -w '%{http_code}' "https://localhost:$port/enroll")" = 401 ]
		grep -q '<h1 id="title">Please sign in</h1>' page
		grep -q 'Example Inc.' page
		not grep -q 'When you ask for help' page
		grep -qi '^content-type: text/html; charset=utf-8' head
		grep -qi '^www-authenticate: basic' head
		for h in cache-control content-security-policy x-content-type-options x-frame-options referrer-policy; do
			[ "$(grep -ci "^$h:" head)" -eq 1 ]
		done
		# what the driver says has them too, once, and the same
		curl -sS --noproxy '*' --cacert "$SITE/tls.pem" -D driver -o page "https://localhost:$port/"
		for h in cache-control content-security-policy x-content-type-options x-frame-options referrer-policy; do
			[ "$(grep -i "^$h:" driver)" = "$(grep -i "^$h:" head)" ]
		done
		# and nobody else's server on this host is bound to TLS
		not grep -qi strict-transport-security driver
		stop_server || true
	done
}

@test "a server that does not know the factory says so by an id, which the device tells" {
	serve_lighttpd "$SITE" "$port" fcgi
	mcprofile-device factory --dir other --quiet > /dev/null 3>&-
	run --separate-stderr mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$SITE/pw" --ca "$SITE/tls.pem" \
	    --factory other --quiet 3>&-
	show "$stderr"
	[ "$status" -eq 1 ]
	id=$(tail -n 1 "$SITE/log" | jq -r .id)
	[ "$stderr" = "mcprofile-device: phase 2: https://localhost:$port/profile: answered 403: the server does not allow this; does the server know this factory (device-ca in its site.conf)?; the server's id of it: $id" ]
}

@test "examples/site: the two files work as they are, but for names and paths" {
	mkdir empty
	for f in site.conf lighttpd.conf; do
		sed -e "s,/srv/mdm,$PWD,g; s,/usr/local/bin/mcprofile-cgi,$(command -v mcprofile-cgi),; s,/usr/local/bin:,$(dirname "$(command -v mcprofile-cgi)"):," \
		    -e "s,mdm.example.com,localhost:$port,; s,server.port = 443,server.port = $port,; /^server.*name = \"mdm\"/d" \
		    "$SRC/examples/site/$f" > "$f"
	done
	# of a build that is not installed
	printf "%s = $SRC/share/%s\n" routes routes htdocs htdocs device-ca device-ca >> site.conf
	sed -i 's/^log = syslog/log = stderr/' site.conf
	cp -R "$SITE"/{ca,tls.pem,tls.key,sign.pem,sign.key,htpasswd,base.mobileconfig} .
	cp ca/ca.pem sign-chain.pem
	cp -R "$SITE/factory" .
	lighttpd -tt -f lighttpd.conf
	lighttpd -D -f lighttpd.conf > lighttpd.log 2>&1 3>&- &
	server=$!
	wait_port "$port" $server || { cat lighttpd.log server.log; false; }
	curl -sS --noproxy '*' --cacert tls.pem -D head -o page "https://localhost:$port/"
	grep -q 'Set up your device - ACME Inc.' page
	grep -qi '^strict-transport-security: max-age=31536000' head
	[ "$(curl -sS --noproxy '*' --cacert tls.pem -o page -w '%{http_code}' "https://localhost:$port/enroll")" = 401 ]
	[ "$(curl -sS --noproxy '*' --cacert tls.pem -u "alice:$(cat "$SITE/pw")" -o page -w '%{http_code}' "https://localhost:$port/enroll")" = 200 ]
	# a factory that is no maker of devices is trusted only by name
	run -1 mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$SITE/pw" --ca tls.pem --factory factory --quiet 3>&-
	stop_server || true
	sed -i 's/^device-ca.*/device-ca = factory/' site.conf
	lighttpd -D -f lighttpd.conf > lighttpd.log 2>&1 3>&- &
	server=$!
	wait_port "$port" $server
	mcprofile-device enroll "https://localhost:$port/enroll" --user alice --password "file:$SITE/pw" --ca tls.pem --factory factory --quiet -o final.plist 3>&-
	grep -q 'Help for alice' final.plist
}
