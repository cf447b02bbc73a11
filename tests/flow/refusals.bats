# What the flow refuses: the holes of Apple's sample, and what else is tried.
# Each request goes through the driver as CGI; the messages are made by openssl
# and Python, not by us.
load ../helper
load lib

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/site
	warm
	make_site "$SITE" 8443
	cd "$BATS_FILE_TMPDIR"
	leaf "$SITE" phone
	leaf "$SITE" other
}
setup() { cd "$BATS_FILE_TMPDIR"; }

attributes() { plist UDID "$1" PRODUCT iPhone15,2 SERIAL F1 VERSION 21A329 ${2:+CHALLENGE "$2"}; }

# A phase 2 message of NAME (phone or other) for a challenge.
phase2() { attributes "$1" "$2" | signed_by "$1.pem" "$1.key" -certfile "$SITE/factory/device-ca.pem"; }

# refused STATUS WORDS: the last answer says no, with an id that finds the log
# line; that tells why, in these words among others, and the answer does not.
refused() {
	local words=$2
	[ "$http" = "$1" ] || { echo "http $http, $logline"; return 1; }
	[[ "$(header Content-Type)" == text/* ]]
	body | grep -qF "$(logged id)"
	[[ "$(logged reason)" == *"$words"* ]] || { echo "$logline"; return 1; }
	! body | grep -qF "$(logged reason)"
}

# A whole enrolment of NAME for user alice, by hand: NAME.id.pem is its identity.
enrolled() {
	local name=$1 challenge
	start_enrolment "$SITE" "${2:-alice}"
	phase2 "$name" "$token" | post "$SITE"
	[ "$http" = 200 ]
	body | content > "$name.scep.plist"
	challenge=$(get "['PayloadContent'][0]['PayloadContent']['Challenge']" < "$name.scep.plist")
	identity "$name" "$(scep_subject "$name")" "$challenge"
}

# The subject that NAME.scep.plist asks for.
scep_subject() {
	get "['PayloadContent'][0]['PayloadContent']['Subject']" < "$1.scep.plist" |
	    py -c 'import ast, sys; print("/" + "/".join("%s=%s" % tuple(r[0]) for r in ast.literal_eval(sys.stdin.read())))'
}

# identity NAME SUBJECT CHALLENGE: a PKCSReq made by openssl; NAME.id.pem, NAME.id.key.
identity() {
	py "$SRC/tests/flow/pkcsreq.py" "$SITE/ca/ra.pem" "$1.id.key" "$2" "$3" > "$1.pkcsreq"
	scep-ca --dir "$SITE/ca" respond < "$1.pkcsreq" > "$1.certrep"
	content < "$1.certrep" > "$1.envelope"
	[ -s "$1.envelope" ] || return 1
	openssl cms -decrypt -inform DER -in "$1.envelope" -inkey "$1.id.key" -out "$1.certs" 2> /dev/null
	openssl pkcs7 -inform DER -in "$1.certs" -print_certs > "$1.id.pem"
}

@test "the flow by hand, with openssl for the device, works" {
	enrolled phone
	attributes phone | signed_by phone.id.pem phone.id.key | post "$SITE"
	[ "$http" = 200 ]
	[ "$(header Content-Type)" = application/x-apple-aspen-config ]
	[ "$(logged user)" = alice ] && [ "$(logged udid)" = phone ] && [ "$(logged verdict)" = OK ]
}

@test "what a person is refused is a page to read, with an id that finds the log line" {
	cgi "$SITE" GET /enroll HTTPS= < /dev/null
	refused 403 "TLS"
	[[ "$(header Content-Type)" == text/html* ]]
	body | grep -q '<h1'
}

@test "a second device on the same token is refused" {
	start_enrolment "$SITE" alice
	phase2 phone "$token" | post "$SITE"
	[ "$http" = 200 ]
	phase2 other "$token" | post "$SITE"
	refused 403 "another device"
}

@test "the same device may try again" {
	start_enrolment "$SITE" alice
	phase2 phone "$token" | post "$SITE"
	[ "$http" = 200 ]
	phase2 phone "$token" | post "$SITE"
	[ "$http" = 200 ]
}

@test "a replayed message of phase 2 is no way to a second identity for somebody else" {
	start_enrolment "$SITE" alice
	phase2 phone "$token" > message
	post "$SITE" < message
	first=$(body | content | get "['PayloadContent'][0]['PayloadContent']['Subject']")
	post "$SITE" < message
	[ "$http" = 200 ]
	[ "$(body | content | get "['PayloadContent'][0]['PayloadContent']['Subject']")" = "$first" ]
}

@test "the token of another user is bound to that user's device" {
	start_enrolment "$SITE" bob
	phase2 other "$token" | post "$SITE"
	[ "$http" = 200 ]
	phase2 phone "$token" | post "$SITE"
	refused 403 "another device"
}

@test "a device with bob's token gets bob's enrolment, whatever it says of itself" {
	start_enrolment "$SITE" bob
	plist UDID phone PRODUCT x VERSION 1 USER alice user alice TEMPLATE /etc/passwd CHALLENGE "$token" |
	    signed_by phone.pem phone.key -certfile "$SITE/factory/device-ca.pem" | post "$SITE"
	[ "$http" = 200 ]
	[ "$(logged user)" = bob ]
}

@test "an unknown token, an empty one, none" {
	phase2 phone nonsense | post "$SITE"
	refused 403 "challenge"
	phase2 phone "" | post "$SITE"
	[ "$http" = 403 ] || [ "$http" = 400 ]
	attributes phone | signed_by phone.pem phone.key -certfile "$SITE/factory/device-ca.pem" | post "$SITE"
	[ "$http" = 403 ] || [ "$http" = 400 ]
}

@test "an expired token is refused, and the record says so" {
	sed 's/^token-lifetime.*/token-lifetime = 1s/' "$SITE/site.conf" > "$SITE/short.conf"
	cp "$SITE/site.conf" "$SITE/long.conf"
	cp "$SITE/short.conf" "$SITE/site.conf"
	start_enrolment "$SITE" alice
	sleep 2
	phase2 phone "$token" | post "$SITE"
	cp "$SITE/long.conf" "$SITE/site.conf"
	refused 403 "expired"
}

@test "a body swapped under an old signature is refused" {
	start_enrolment "$SITE" alice
	attributes phone "$token" > a
	attributes phonX "$token" > b
	signed_by phone.pem phone.key -certfile "$SITE/factory/device-ca.pem" < a |
	    py -c 'import sys; m = sys.stdin.buffer.read(); a, b = open("a", "rb").read(), open("b", "rb").read(); assert m.count(a) == 1; sys.stdout.buffer.write(m.replace(a, b))' | post "$SITE"
	refused 403 ""
	[ "$(logged verdict)" = ALTERED ]
}

@test "two SignerInfos are refused, in either order" {
	start_enrolment "$SITE" alice
	for order in "phone other" "other phone"; do
		set -- $order
		attributes phone "$token" | openssl cms -sign -binary -nodetach -outform DER -signer "$1.pem" -inkey "$1.key" -signer "$2.pem" -inkey "$2.key" \
		    -certfile "$SITE/factory/device-ca.pem" 2> /dev/null | post "$SITE"
		[ "$http" = 400 ] || [ "$http" = 403 ]
	done
}

@test "extra certificates in the bag change nothing: the profile is encrypted to the signer alone" {
	enrolled phone
	attributes phone | signed_by phone.id.pem phone.id.key -certfile other.pem | post "$SITE"
	[ "$http" = 200 ]
	body | content | py -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.loads(sys.stdin.buffer.read())["EncryptedPayloadContent"])' > sealed
	openssl cms -cmsout -print -inform DER -in sealed > printed
	[ "$(grep -c 'd.ktri' printed)" -eq 1 ]
	openssl cms -decrypt -binary -inform DER -in sealed -recip phone.id.pem -inkey phone.id.key -out plain
	grep -q '<array>' plain
	run openssl cms -decrypt -binary -inform DER -in sealed -recip other.pem -inkey other.key -out plain2
	[ "$status" -ne 0 ]
}

# fake_ca NAME SUBJECT: a CA of its own key under somebody else's name.
fake_ca() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -subj "$2" -days 30 -set_serial 1 \
	    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign 2> /dev/null
}
subject_of() { openssl x509 -in "$1" -noout -subject -nameopt compat | sed 's/^subject=//'; }

@test "a factory certificate of a forged CA with the right name is refused" {
	fake_ca forged "$(subject_of "$SITE/factory/device-ca.pem")"
	openssl req -new -newkey rsa:2048 -nodes -keyout forged-leaf.key -subj /CN=phone 2> /dev/null |
	    openssl x509 -req -CA forged.pem -CAkey forged.key -set_serial 7 -out forged-leaf.pem 2> /dev/null
	start_enrolment "$SITE" alice
	attributes phone "$token" | signed_by forged-leaf.pem forged-leaf.key -certfile forged.pem | post "$SITE"
	refused 403 ""
	[ "$(logged verdict)" = UNTRUSTED ]
	cat forged.pem "$SITE/factory/device-ca.pem" > both.pem
	attributes phone "$token" | signed_by forged-leaf.pem forged-leaf.key -certfile both.pem | post "$SITE"
	refused 403 ""
	[ "$(logged verdict)" = UNTRUSTED ]
}

@test "an identity by another CA with our CA's name is refused" {
	enrolled phone
	fake_ca ours "$(subject_of "$SITE/ca/ca.pem")"
	serial=$(openssl x509 -in phone.id.pem -noout -serial | cut -d= -f2)
	openssl req -new -key phone.id.key -subj "$(subject_of phone.id.pem)" |
	    openssl x509 -req -CA ours.pem -CAkey ours.key -set_serial "0x$serial" -out theirs.pem 2> /dev/null
	attributes phone | signed_by theirs.pem phone.id.key -certfile ours.pem | post "$SITE"
	refused 403 ""
	[ "$(logged verdict)" = UNTRUSTED ]
}

@test "a certificate by our CA that is not in its record is refused" {
	# the TLS certificate is by the same CA, but no enrolment gave it
	attributes phone | signed_by "$SITE/tls.pem" "$SITE/tls.key" | post "$SITE"
	[ "$http" = 403 ]
	# the guard says so, not only what comes behind it
	[ "$(logged stage)" = mcprofile-verify ]
}

@test "phase 3 for another device than the certificate's is refused" {
	enrolled phone
	attributes other | signed_by phone.id.pem phone.id.key | post "$SITE"
	refused 403 ""
	[ "$(logged stage)" = mcprofile-track ]
}

@test "SHA-1 in phase 3 is refused, unless the site has devices that can do no better" {
	enrolled phone
	attributes phone | signed_by phone.id.pem phone.id.key -md sha1 > old.p7
	post "$SITE" < old.p7
	refused 403 "SHA-1"
	cp "$SITE/site.conf" keep.conf
	echo "min-digest = sha1" >> "$SITE/site.conf"
	post "$SITE" < old.p7
	cp keep.conf "$SITE/site.conf"
	[ "$http" = 200 ]
}

@test "an identity without phase 2's challenge cannot be had from the CA" {
	run identity stranger "/CN=stranger" "guessed"
	[ "$status" -ne 0 ]
	openssl asn1parse -inform DER -in stranger.certrep > certrep.txt
	grep -A 2 '2.16.840.1.113733.1.9.4' certrep.txt | grep -q 'PRINTABLESTRING *:2'
}

@test "the SCEP challenge of an enrolment gives its own subject only" {
	start_enrolment "$SITE" alice
	phase2 phone "$token" | post "$SITE"
	challenge=$(body | content | get "['PayloadContent'][0]['PayloadContent']['Challenge']")
	run identity thief "/O=Example Inc./CN=somebody else" "$challenge"
	[ "$status" -ne 0 ]
}

@test "a UDID that the site does not allow is refused" {
	cp "$SITE/site.conf" keep.conf
	printf '# allowed\nother\n' > "$SITE/udids"
	echo "allowed-udids = udids" >> "$SITE/site.conf"
	start_enrolment "$SITE" alice
	phase2 phone "$token" | post "$SITE"
	cp keep.conf "$SITE/site.conf"
	refused 403 "UDID"
}

@test "returning = reenroll sends a device that comes back to /enroll, as Apple's sample did" {
	enrolled phone
	cp "$SITE/site.conf" keep.conf
	echo "returning = reenroll" >> "$SITE/site.conf"
	attributes phone | signed_by phone.id.pem phone.id.key | post "$SITE"
	[ "$http" = 200 ]
	attributes phone | signed_by phone.id.pem phone.id.key | post "$SITE"
	cp keep.conf "$SITE/site.conf"
	[ "$http" = 301 ]
	[ "$(header Location)" = https://localhost:8443/enroll ]
}

# with SETTING...: site.conf has these lines too, until keep is put back.
with() {
	[ -e keep.conf ] || cp "$SITE/site.conf" keep.conf
	cp keep.conf "$SITE/site.conf"
	printf '%s\n' "$@" >> "$SITE/site.conf"
}
without() { cp keep.conf "$SITE/site.conf" && rm keep.conf; }

# The last enrolment in the record: its line in the list, without what is dated.
last_one() { mcprofile-track --dir "$SITE/track" list | sed -n 2p | sed -E 's/^[0-9A-F]{8}  //; s/  [^ ]* [^ ]* [^ ]*  20[0-9T:-]+Z/ /; s/ +/ /g; s/ $//'; }
show_last() { mcprofile-track --dir "$SITE/track" show "$(mcprofile-track --dir "$SITE/track" list | sed -n 2s/\ .*//p)"; }

# decide WORDS STATUS: the site's program
decide() {
	printf '#!/bin/sh\necho "decide: %s" >&2\n[ %d = 0 ] && cat\nexit %d\n' "$1" "$2" "$2" > decide
	chmod 755 decide
}

@test "what stops a delivery is on record, and is no delivery" {
	for how in "" --exec-all; do
		enrolled phone
		[ "$(last_one)" = "alice identified" ]
		with "decide = $PWD/decide" "returning = reenroll"
		attributes phone | signed_by phone.id.pem phone.id.key > message

		decide "not on a Sunday" 1
		for _ in 1 2; do
			DRIVER=$how post "$SITE" < message
			refused 403 "not on a Sunday"
			[ "$(logged stage)" = decide ]
			[ -z "$(logged unrecorded)" ]
			[ "$(last_one)" = "alice identified refused by decide: not on a Sunday" ] || { last_one; false; }
		done
		show_last | grep -qE '  decide +refused  not on a Sunday$'

		decide "" 0
		with "decide = $PWD/decide" "returning = reenroll" "template = unknown.mobileconfig"
		sed '/^template = base/d' -i "$SITE/site.conf"
		sed 's/\${user}/${nobody}/' "$SITE/base.mobileconfig" > "$SITE/unknown.mobileconfig"
		DRIVER=$how post "$SITE" < message
		[ "$http" -ge 400 ]
		[ "$(logged stage)" = mcprofile-gen ]
		[[ "$(last_one)" = "alice identified refused by mcprofile-gen: "*nobody* ]] || { last_one; false; }

		with "decide = $PWD/decide" "returning = reenroll"
		mv "$SITE/sign.key" kept.key
		DRIVER=$how post "$SITE" < message
		mv kept.key "$SITE/sign.key"
		refused 500 "No such file"
		[[ "$(last_one)" = "alice identified refused by mcprofile-sign: "* ]] || { last_one; false; }

		# none of that was a delivery
		DRIVER=$how post "$SITE" < message
		[ "$http" = 200 ]
		[ "$(last_one)" = "alice delivered" ] || { last_one; false; }
		show_last | tail -n 1 | grep -qE '  delivered +ok +profile made$'
		DRIVER=$how post "$SITE" < message
		[ "$http" = 301 ]
		without
	done
}

@test "what stops phase 1 or 2 behind mcprofile-track is on record, and changes no answer" {
	key=$SITE/sign.key
	for how in "" --exec-all; do
		start_enrolment "$SITE" alice
		phase2 phone "$token" > message
		mv "$key" kept.key
		DRIVER=$how post "$SITE" < message
		[ "$http" = 500 ]
		[[ "$(last_one)" = "alice identified refused by mcprofile-sign: "*"No such file"* ]] || { last_one; mv kept.key "$key"; false; }
		DRIVER=$how cgi "$SITE" GET /enroll REMOTE_USER=bob < /dev/null
		mv kept.key "$key"
		[ "$http" = 500 ]
		[[ "$(mcprofile-track --dir "$SITE/track" list | sed -n 2p)" =~ " bob "\ +started\ +-\ .*"Z  refused by mcprofile-sign: ".*"No such file" ]] || { mcprofile-track --dir "$SITE/track" list; false; }
		DRIVER=$how post "$SITE" < message
		[ "$http" = 200 ]
	done
}

@test "a reason that cannot be put on record changes no answer, and that is logged" {
	enrolled phone
	# the record goes away while the site's program runs
	printf '#!/bin/sh\nmv track.away/store.db track.away/away\necho "no today" >&2\nexit 1\n' > decide
	for how in "" --exec-all; do
		cp -r "$SITE/track" "$SITE/track.away"
		with "decide = $PWD/decide"
		sed -i 's/^track = .*/track = track.away/' "$SITE/site.conf"
		attributes phone | signed_by phone.id.pem phone.id.key | DRIVER=$how post "$SITE"
		without
		rm -r "$SITE/track.away"
		refused 403 "no today"
		[[ "$(logged unrecorded)" = *"track.away"*"No such file"* ]] || { echo "$logline"; false; }
	done
}

@test "a site below a path: its pages, its profiles and its redirects lead there" {
	with
	sed -i 's,^url = .*,url = https://localhost:8443/apple/mdm,' "$SITE/site.conf"
	echo "returning = reenroll" >> "$SITE/site.conf"
	at=https://localhost:8443/apple/mdm
	cgi "$SITE" GET /apple/mdm/ < /dev/null
	[ "$http" = 200 ]
	[ "$(body | grep -o 'href="[^"]*"' | sort)" = "$(printf 'href="%s"\n' $at/CA $at/enroll | sort)" ] || { body | grep -o 'href="[^"]*"'; false; }
	cgi "$SITE" GET /apple/mdm/nothing < /dev/null
	[ "$http" = 404 ]
	[ "$(body | grep -o 'href="[^"]*"')" = "href=\"$at/\"" ]
	cgi "$SITE" GET /apple/mdm/CA < /dev/null
	[ "$http" = 200 ]

	cgi "$SITE" GET /apple/mdm/enroll REMOTE_USER=alice < /dev/null
	[ "$http" = 200 ]
	token=$(body | content | get "['PayloadContent']['Challenge']")
	[ "$(body | content | get "['PayloadContent']['URL']")" = $at/profile ]
	phase2 phone "$token" | cgi "$SITE" POST /apple/mdm/profile CONTENT_TYPE=application/pkcs7-signature
	[ "$http" = 200 ]
	body | content > phone.scep.plist
	[ "$(get "['PayloadContent'][0]['PayloadContent']['URL']" < phone.scep.plist)" = $at/scep ]
	identity phone "$(scep_subject phone)" "$(get "['PayloadContent'][0]['PayloadContent']['Challenge']" < phone.scep.plist)"
	for want in 200 301; do
		attributes phone | signed_by phone.id.pem phone.id.key | cgi "$SITE" POST /apple/mdm/profile CONTENT_TYPE=application/pkcs7-signature
		[ "$http" = $want ]
	done
	[ "$(header Location)" = $at/enroll ]
	without
}

@test "an oversized body is refused" {
	head -c 1048577 /dev/zero | post "$SITE"
	[ "$http" = 413 ]
}

@test "a wrong content type is refused" {
	start_enrolment "$SITE" alice
	phase2 phone "$token" | cgi "$SITE" POST /profile CONTENT_TYPE=application/x-www-form-urlencoded
	[ "$http" = 415 ]
	phase2 phone "$token" | cgi "$SITE" POST /profile
	[ "$http" = 415 ]
}

@test "an unknown path, GET on /profile, a plist that nobody signed" {
	cgi "$SITE" GET /nothing < /dev/null
	[ "$http" = 404 ]
	cgi "$SITE" GET /profile < /dev/null
	[ "$http" = 405 ]
	[ "$(header Allow)" = POST ]
	attributes phone x | post "$SITE"
	[ "$http" = 403 ] || [ "$http" = 400 ]
	[ "$(logged verdict)" = UNSIGNED ]
}

@test "HTTP without TLS on /enroll: 403, and no password is asked for" {
	cgi "$SITE" GET /enroll HTTPS= REMOTE_USER=alice < /dev/null
	[ "$http" = 403 ]
	cgi "$SITE" GET /enroll HTTPS= < /dev/null
	[ "$http" = 403 ]
	[ -z "$(header WWW-Authenticate)" ]
}

@test "every bad vector of a device's answer is refused, and openssl's two mistakes are not ours" {
	cp "$SITE/site.conf" keep.conf
	mkdir -p "$SITE/vector-ca"
	cp "$SRC"/tests/vectors/{pins,root.pem,intermediate.pem,device-ca.pem} "$SITE/vector-ca"
	sed -i 's/^device-ca = .*/device-ca = vector-ca/' "$SITE/site.conf"
	for v in "$SRC"/tests/vectors/bad-*.p7; do
		post "$SITE" < "$v"
		case $http in
		400 | 403) ;;
		*) echo "$v: $http"; false ;;
		esac
		[ "$(logged stage)" = mcprofile-verify ]
	done
	# the good ones pass the guard, and fail at the challenge only
	for v in "$SRC"/tests/vectors/good-*.p7; do
		post "$SITE" < "$v"
		refused 403 "challenge"
		[ "$(logged stage)" = mcprofile-track ]
	done
	cp keep.conf "$SITE/site.conf"
}

@test "no secret is in any log, and none in argv" {
	start_enrolment "$SITE" alice
	phase2 phone "$token" | post "$SITE"
	challenge=$(body | content | get "['PayloadContent'][0]['PayloadContent']['Challenge']")
	phase2 other "$token" | post "$SITE"
	refused 403 ""
	not grep -qF -e "$token" -e "$challenge" "$BATS_TEST_TMPDIR/log"
	not grep -rqaF -e "$token" -e "$challenge" "$SITE/track" "$SITE/ca"
}
