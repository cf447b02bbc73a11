# The devices' certificates come from a SCEP server that is not the site's: a
# fixed challenge, a CA that is known by its certificate only, no record.
load ../helper
load lib

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/site OTHER=$BATS_FILE_TMPDIR/other
	make_site "$SITE" 8443
	mkdir "$OTHER"
	cp "$SITE/tls.pem" "$SITE/tls.key" "$OTHER"
	scep-ca init --dir "$OTHER/ca" --subject "/O=Hosted Inc./CN=Hosted CA" > /dev/null
	printf '/certsrv/mscep.dll GET,POST anyone - scep-ca --dir %%{ca} respond --profile default\n' > "$OTHER/routes"
}
setup() { cd "$BATS_FILE_TMPDIR"; }
teardown() {
	stop_server
	server=${hosted-}
	stop_server
}

# The hosted SCEP server on a port of its own, and a site that uses it.
serve_both() {
	local port theirs
	theirs=$(free_port)
	printf 'url = https://localhost:%s\norganization = Hosted\nidentifier = com.hosted\nroutes = routes\nca = ca\n' "$theirs" > "$OTHER/site.conf"
	serve_bare "$OTHER" "$theirs"
	hosted=$server
	port=$(free_port)
	"$SRC/examples/demo/site" "$SITE" "$port" > /dev/null
	scep-ca --dir "$OTHER/ca" challenge new --any-subject > "$SITE/challenge"
	sed -i '/^ca = /d; /^private-ca/d; /^subject/d' "$SITE/site.conf"
	cat >> "$SITE/site.conf" <<- EOF
		scep-url = https://localhost:$theirs/certsrv/mscep.dll
		scep-name = hosted
		scep-challenge = file:challenge
		enrolled-ca = ../other/ca/ca.pem
		subject = /O=Example Inc./CN=\${uuid}
	EOF
	serve_bare "$SITE" "$port"
	url=https://localhost:$port
}

@test "a device enrols with an identity from another SCEP server, and comes back" {
	serve_both
	mcprofile-device enroll "$url/enroll" --user alice --password "file:$SITE/pw" --ca "$SITE/ca/ca.pem" --factory "$SITE/factory" \
	    --identity phone --save messages -o final.mobileconfig
	grep -q 'Help for alice' final.mobileconfig
	openssl verify -CAfile "$OTHER/ca/ca.pem" phone/identity.pem
	content < messages/2-profile.mobileconfig > phase2.plist
	[ "$(get "['PayloadContent'][0]['PayloadContent']['Name']" < phase2.plist)" = hosted ]
	[ "$(get "['PayloadContent'][0]['PayloadContent']['Challenge']" < phase2.plist)" = "$(cat "$SITE/challenge")" ]
	mcprofile-device refresh --identity phone --ca "$SITE/ca/ca.pem" -o again.mobileconfig
	grep -q 'Help for alice' again.mobileconfig

	# another certificate of that CA with the same name is not the one that came first
	openssl req -new -newkey rsa:2048 -nodes -keyout twin.key -subj "$(openssl x509 -in phone/identity.pem -noout -subject -nameopt compat | sed 's/^subject=//')" 2> /dev/null |
	    openssl x509 -req -CA "$OTHER/ca/ca.pem" -CAkey "$OTHER/ca/ca.key" -set_serial 77 -days 10 -out twin.pem 2> /dev/null
	plist UDID "$(get "['UDID']" < phone/device.plist)" PRODUCT x VERSION 1 SERIAL s | signed_by twin.pem twin.key > twin.p7
	cgi "$SITE" POST /profile CONTENT_TYPE=application/pkcs7-signature < twin.p7
	[ "$http" = 403 ]
	[ "$(logged stage)" = mcprofile-track ]

	# and the site's own /scep and /CA are not there
	cgi "$SITE" GET "/scep?operation=GetCACaps" < /dev/null
	[ "$http" = 404 ]
}
