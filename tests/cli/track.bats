load ../helper

A=$(printf 'a%.0s' {1..64})
B=$(printf 'b%.0s' {1..64})
ONE=$(printf '1%.0s' {1..64})
TWO=$(printf '2%.0s' {1..64})
UDID=ea750f0000000000000000000000000000003abc

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# attributes UDID [CHALLENGE] [MORE-XML]: what a device says of itself
attributes() {
	echo '<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>'
	echo "<key>UDID</key><string>$1</string>${2:+<key>CHALLENGE</key><string>$2</string>}"
	echo "<key>PRODUCT</key><string>iPhone5,2</string><key>VERSION</key><string>10A525</string>${3-}"
	echo '</dict></plist>'
}

# As if mcprofile-verify had been there: by_device SHA256 COMMAND..., and
# enrolled SHA256 OWNER COMMAND...
by_device() { MCPROFILE_SIGNER=device MCPROFILE_SIGNER_SHA256=$1 "${@:2}"; }
by_owner() { MCPROFILE_SIGNER=enrolled MCPROFILE_SIGNER_SHA256=$1 MCPROFILE_SIGNER_OWNER=$2 "${@:3}"; }
by_subject() { MCPROFILE_SIGNER=enrolled MCPROFILE_SIGNER_SHA256=$1 MCPROFILE_SIGNER_SUBJECT=$2 "${@:3}"; }

# The profile of enrolment ID is made: delivered ID [FILE] [< message]
delivered() { MCPROFILE_ENROLMENT=$1 mcprofile-track --dir track delivered "${@:2}"; }
# stopped ID STAGE REASON [STATE]
stopped() {
	local -x MCPROFILE_ENROLMENT=$1
	[ -z "${4-}" ] || local -x MCPROFILE_STATE=$4
	mcprofile-track --dir track stopped --stage "$2" --reason "$3"
}
state() { sql "SELECT state, ifnull(reason, '-') FROM enrolment WHERE id = '$1'"; }

start() { mcprofile-track --dir track start --user "${1:-alice}" "${@:2}"; }
identify() { by_device "$A" mcprofile-track --dir track identify --ca track "$@"; }
fact() { sed -n "s/^$1=//p" facts; }

# enrol USER UDID: through phase 2, leaving the facts
enrol() {
	token=$(start "$1")
	attributes "$2" "$token" > "$2.plist"
	by_device "$A" command mcprofile-track --dir track identify --ca track "$2.plist" 3> facts > /dev/null
}

sql() { python3 -c 'import sqlite3, sys; [print(*r, sep="|") for r in sqlite3.connect("track/store.db").execute(sys.argv[1])]' "$1"; }

@test "start prints a token, makes the folder private, and stores no token" {
	command mcprofile-track --dir track start --user alice 3> facts > out
	grep -qxE '[0-9a-f]{32}' out
	[ "$(fact TOKEN)" = "$(cat out)" ]
	[ "$(fact USER)" = alice ]
	grep -qE '^ENROLMENT=[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$' facts
	[ "$(fact STATE)" = started ]
	[ "$(wc -l < facts)" = 4 ]
	[ "$(stat -c %a track track/store.db)" = "$(printf '700\n600')" ]
	run grep -c "$(cat out)" track/store.db track/store.db-wal
	[ "$status" -ne 0 ]
	[ "$(sql 'SELECT token FROM enrolment')" = "$(tr -d '\n' < out | sha256sum | cut -d' ' -f1)" ]
}

@test "tokens differ, also when 30 are made at once in a new folder" {
	for i in $(seq 30); do start "user$i" > "token.$i" & done
	wait
	[ "$(cat token.* | sort -u | wc -l)" = 30 ]
	[ "$(mcprofile-track --dir track list | wc -l)" = 31 ]
}

@test "a life: start, identify, deliver, and the device may come again" {
	token=$(start alice)
	attributes $UDID "$token" > in.plist
	by_device "$A" command mcprofile-track --dir track identify --ca track in.plist 3> facts > out
	cmp in.plist out
	id=$(fact ENROLMENT)
	[ "$(fact USER)" = alice ]
	[ "$(fact UDID)" = $UDID ]
	[ "$(fact PRODUCT)" = iPhone5,2 ]
	[ "$(fact VERSION)" = 10A525 ]
	[ "$(fact SCEP_SUBJECT)" = "/CN=$id" ]
	challenge=$(fact SCEP_CHALLENGE)
	[[ $challenge =~ ^[0-9a-f]{32}$ ]]
	[ "$(sql 'SELECT hash, subject, owner, expires - created FROM challenge')" = "$(printf %s "$challenge" | sha256sum | cut -d' ' -f1)|/CN=$id|$id|3600" ]

	attributes $UDID > phase3.plist
	for state in identified delivered; do
		by_owner "$ONE" "$id" command mcprofile-track deliver --dir track phase3.plist 3> facts > out
		cmp phase3.plist out
		[ "$(fact ENROLMENT) $(fact USER) $(fact UDID) $(fact STATE)" = "$id alice $UDID $state" ]
		run grep -E 'SCEP|REDIRECT|TOKEN' facts
		[ "$status" = 1 ]
		mcprofile-track --dir track list | grep -qE "^${id:0:8}  alice  $state  iPhone5,2 10A525  20[0-9T:-]+Z\$"
		printf 'the \0 profile' > profile
		delivered "$id" profile > out
		cmp profile out
	done
	mcprofile-track --dir track list | grep -qE "^${id:0:8}  alice  delivered  iPhone5,2 10A525  20[0-9T:-]+Z\$"
}

@test "the same device may retry phase 2, and gets a fresh challenge" {
	enrol alice $UDID
	id=$(fact ENROLMENT) first=$(fact SCEP_CHALLENGE)
	by_device "$A" command mcprofile-track --dir track identify --ca track $UDID.plist 3> facts > /dev/null
	[ "$(fact ENROLMENT)" = "$id" ]
	[ "$(fact SCEP_CHALLENGE)" != "$first" ]
}

@test "a second device on the same token is refused, and the first one goes on" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	attributes 00008030-00AA "$token" > other.plist
	by_device "$B" run -1 mcprofile-track --dir track identify --ca track other.plist
	[ "$output" = "mcprofile-track: other.plist: challenge belongs to another device than UDID 00008030-00AA" ]
	# the same UDID with another factory certificate is another device too
	by_device "$B" run -1 mcprofile-track --dir track identify --ca track $UDID.plist
	[ "$output" = "mcprofile-track: $UDID.plist: UDID $UDID came with another factory certificate before" ]
	identify $UDID.plist > /dev/null
	mcprofile-track --dir track show "$id" | grep -q 'identify  refused  challenge belongs to another device'
}

@test "an expired token is refused, with how long ago" {
	token=$(start alice --ttl 1s)
	attributes $UDID "$token" > in.plist
	sleep 1.2
	by_device "$A" run -1 mcprofile-track --dir track identify --ca track in.plist
	[[ "$output" =~ ^'mcprofile-track: in.plist: challenge expired '[0-9]+' second's?' before'$ ]]
	mcprofile-track --dir track list | grep -qE '^[0-9A-F]{8}  alice  expired  -  .*challenge expired [0-9]+ seconds? before$'
	[ "$(sql 'SELECT count(*) FROM challenge')" = 0 ]
}

@test "a wrong token, a token's hash, none at all: refused" {
	start alice > /dev/null
	for token in 00000000000000000000000000000000 "$(sql 'SELECT token FROM enrolment')" x; do
		attributes $UDID "$token" > in.plist
		by_device "$A" run -1 mcprofile-track --dir track identify --ca track in.plist
		[ "$output" = "mcprofile-track: in.plist: challenge unknown" ]
	done
	attributes $UDID > in.plist
	by_device "$A" run -1 mcprofile-track --dir track identify --ca track in.plist
	[ "$output" = "mcprofile-track: in.plist: device's message: no CHALLENGE; UDID $UDID began nowhere" ]
}

@test "the token decides who the user is, and nobody else may bring it" {
	token=$(start alice)
	attributes $UDID "$token" '<key>USER</key><string>root</string><key>TEMPLATE</key><string>x</string>' > in.plist
	MCPROFILE_USER=bob by_device "$A" run -1 mcprofile-track --dir track identify --ca track in.plist
	[ "$output" = "mcprofile-track: in.plist: enrolment of another user than bob" ]
	by_device "$A" command mcprofile-track --dir track identify --ca track in.plist 3> facts > /dev/null
	[ "$(fact USER)" = alice ]
	run grep TEMPLATE facts
	[ "$status" = 1 ]
}

@test "a token replayed after the delivery is refused" {
	enrol alice $UDID
	attributes $UDID > phase3.plist
	by_owner "$ONE" "$(fact ENROLMENT)" mcprofile-track --dir track deliver phase3.plist > /dev/null
	delivered "$(fact ENROLMENT)" < phase3.plist > /dev/null
	by_device "$A" run -1 mcprofile-track --dir track identify --ca track $UDID.plist
	[[ "$output" = "mcprofile-track: $UDID.plist: challenge used up: the profile was delivered "*" before" ]]
}

@test "deliver: a forged UDID, a certificate of nobody, of another enrolment" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	enrol mallory 00008030-00BB
	mallory=$(fact ENROLMENT)
	attributes $UDID > phase3.plist
	by_owner "$TWO" "$mallory" run -1 mcprofile-track --dir track deliver phase3.plist
	[ "$output" = "mcprofile-track: phase3.plist: message speaks of another device, UDID $UDID" ]
	mcprofile-track --dir track show "$mallory" | grep -q "deliver   refused  message speaks of another device, UDID $UDID"
	by_owner "$TWO" 00000000-0000-4000-8000-000000000000 run -1 mcprofile-track --dir track deliver phase3.plist
	[ "$output" = "mcprofile-track: phase3.plist: the signer's certificate was issued in no enrolment" ]
	# a certificate of ours that belongs to nobody, with the right subject
	by_subject "$TWO" "/CN=$id" run -1 mcprofile-track --dir track deliver phase3.plist
	[ "$output" = "mcprofile-track: phase3.plist: the signer's certificate was issued in no enrolment" ]
	by_owner "$ONE" "$id" mcprofile-track --dir track deliver phase3.plist > /dev/null
}

@test "deliver is for enrolled signers, identify for factory certificates" {
	enrol alice $UDID
	by_device "$A" run -1 mcprofile-track --dir track deliver $UDID.plist
	[[ "$output" = *"the message's signer is of kind device, not enrolled" ]]
	by_owner "$A" "$(fact ENROLMENT)" run -1 mcprofile-track --dir track identify --ca track $UDID.plist
	[[ "$output" = *"the message's signer is of kind enrolled, not device" ]]
	run -64 mcprofile-track --dir track deliver $UDID.plist
	[[ "$output" = *"no fact MCPROFILE_SIGNER: mcprofile-verify comes before this" ]]
}

@test "--returning reenroll sends a device that comes again back to /enroll" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	attributes $UDID > phase3.plist
	# what was let through but not delivered is no return
	for _ in 1 2; do by_owner "$ONE" "$id" mcprofile-track --dir track deliver --returning reenroll phase3.plist > /dev/null; done
	delivered "$id" < phase3.plist > /dev/null
	by_owner "$ONE" "$id" run -1 command mcprofile-track --dir track deliver --returning reenroll phase3.plist 3> facts
	[[ "$output" = *"delivered before: has to enrol again" ]]
	[ "$(fact REDIRECT)" = /enroll ]
	[ "$(fact USER)" = alice ]
	# the policy may change
	by_owner "$ONE" "$id" mcprofile-track --dir track deliver --returning deliver phase3.plist > /dev/null
	# another refusal is no redirect
	attributes 00008030-00BB > other.plist
	by_owner "$ONE" "$id" run -1 command mcprofile-track --dir track deliver --returning reenroll other.plist 3> facts
	run grep REDIRECT facts
	[ "$status" = 1 ]
}

@test "a foreign CA: its challenge, the subject tells, the first certificate is pinned" {
	token=$(start alice)
	echo s3cret > challenge
	attributes $UDID "$token" > in.plist
	by_device "$A" run -64 mcprofile-track --dir track identify --scep-challenge file:challenge --subject '/CN=${user}' in.plist
	[[ "$output" = *'subject: must hold ${uuid}, for nothing else tells the certificates of a foreign CA apart' ]]
	by_device "$A" command mcprofile-track --dir track identify --scep-challenge file:challenge --subject '/O=A/CN=${user} ${uuid}' in.plist 3> facts > /dev/null
	subject=$(fact SCEP_SUBJECT)
	[ "$subject" = "/O=A/CN=alice $(fact ENROLMENT)" ]
	[ "$(fact SCEP_CHALLENGE)" = s3cret ]
	attributes $UDID > phase3.plist
	attributes 00008030-00BB > forged.plist
	by_subject "$ONE" "/O=A/CN=bob" run -1 mcprofile-track --dir track deliver phase3.plist
	by_subject "$ONE" "$subject" run -1 mcprofile-track --dir track deliver forged.plist
	by_subject "$ONE" "$subject" mcprofile-track --dir track deliver phase3.plist > /dev/null
	by_subject "$ONE" "$subject" mcprofile-track --dir track deliver phase3.plist > /dev/null
	by_subject "$TWO" "$subject" run -1 mcprofile-track --dir track deliver phase3.plist
	[ "$output" = "mcprofile-track: phase3.plist: another certificate came with this subject before" ]
}

@test "the challenge is good for one profile of our own CA: default, or the one that is named" {
	scep-ca init --dir own --subject /CN=own --key p256 > /dev/null
	printf '%s\n' '[profile vpn]' '[profile people]' 'accept = approval' > own/ca.conf
	token=$(start alice)
	attributes $UDID "$token" > in.plist
	of() { sqlite3 own/store.db 'SELECT profile FROM challenge'; }
	by_device "$A" mcprofile-track --dir track identify --ca own in.plist > /dev/null
	[ "$(of)" = default ]
	sqlite3 own/store.db 'DELETE FROM challenge'
	by_device "$A" mcprofile-track --dir track identify --ca own --scep-profile vpn in.plist > /dev/null
	[ "$(of)" = vpn ]
	by_device "$A" run -64 mcprofile-track --dir track identify --ca own --scep-profile nosuch in.plist
	[ "$output" = "mcprofile-track: --scep-profile: ca.conf has no profile nosuch" ]
	by_device "$A" run -64 mcprofile-track --dir track identify --ca own --scep-profile people in.plist
	[ "$output" = 'mcprofile-track: --scep-profile: profile people takes no challenges: its "accept" says so' ]
	by_device "$A" run -64 mcprofile-track --dir track identify --scep-profile vpn in.plist
	[ "$output" = "mcprofile-track: --scep-profile: is a profile of --ca's, which is missing" ]
	[ "$(of)" = vpn ]
}

@test "a foreign CA without a challenge: none is told" {
	token=$(start alice)
	attributes $UDID "$token" | by_device "$A" command mcprofile-track --dir track identify 3> facts > /dev/null
	run grep SCEP_CHALLENGE facts
	[ "$status" = 1 ]
	grep -q ^SCEP_SUBJECT=/CN= facts
}

@test "a user's name cannot add a part to the subject" {
	token=$(start 'x/O=Evil')
	attributes $UDID "$token" > in.plist
	by_device "$A" command mcprofile-track --dir track identify --ca track --subject '/O=ACME/CN=${user}' in.plist 3> facts > /dev/null
	[ "$(fact SCEP_SUBJECT)" = '/O=ACME/CN=x\/O=Evil' ]
	token=$(start '${uuid}')
	attributes $UDID "$token" > in.plist
	by_device "$A" run -1 mcprofile-track --dir track identify --ca track --subject '/CN=${user}' in.plist
	[ "$output" = 'mcprofile-track: in.plist: subject: a value holds ${' ]
	mcprofile-track --dir track list | grep -qF 'subject: a value holds ${'
}

@test "--allowed-udids: others are refused in both phases, a missing or bad file is an error" {
	token=$(start alice)
	attributes $UDID "$token" > in.plist
	attributes $UDID > phase3.plist
	printf '# ours\n00008030-00CC  # a spare\n' > udids
	by_device "$A" run -1 mcprofile-track --dir track identify --ca track --allowed-udids udids in.plist
	[ "$output" = "mcprofile-track: in.plist: UDID $UDID is not one of those allowed" ]
	by_device "$A" run -66 mcprofile-track --dir track identify --ca track --allowed-udids nowhere in.plist
	[ "$output" = "mcprofile-track: --allowed-udids: nowhere: No such file or directory" ]
	echo ${UDID^^} >> udids
	by_device "$A" command mcprofile-track --dir track identify --ca track --allowed-udids udids in.plist 3> facts > /dev/null
	by_owner "$ONE" "$(fact ENROLMENT)" mcprofile-track --dir track deliver --allowed-udids udids phase3.plist > /dev/null
	sed -i "/${UDID^^}/d" udids
	by_owner "$ONE" "$(fact ENROLMENT)" run -1 mcprofile-track --dir track deliver --allowed-udids udids phase3.plist
	echo 'two words' >> udids
	by_owner "$ONE" "$(fact ENROLMENT)" run -65 mcprofile-track --dir track deliver --allowed-udids udids phase3.plist
	[ "$output" = "mcprofile-track: phase3.plist: --allowed-udids: udids:3: not a UDID; want one a line" ]
}

@test "30 devices at once with one token: one is bound, the rest refused" {
	token=$(start alice)
	for i in $(seq 30); do
		attributes "D-$i" "$token" > "in.$i"
		(by_device "$A" mcprofile-track --dir track identify --ca track "in.$i" > /dev/null 2> "err.$i" && echo 0 > "status.$i" || echo $? > "status.$i") &
	done
	wait
	[ "$(grep -lx 0 status.* | wc -l)" = 1 ]
	[ "$(grep -lx 1 status.* | wc -l)" = 29 ]
	[ "$(grep -l 'belongs to another device' err.* | wc -l)" = 29 ]
	[ "$(sql 'SELECT count(*) FROM challenge')" = 1 ]
	[ "$(sql 'SELECT count(*) FROM event WHERE step = "identify"')" = 30 ]
}

@test "30 retries at once of one device: all pass, in one enrolment" {
	enrol alice $UDID
	for i in $(seq 30); do identify $UDID.plist > "out.$i" & done
	wait
	for i in $(seq 30); do cmp $UDID.plist "out.$i"; done
	[ "$(sql 'SELECT count(DISTINCT hash), count(DISTINCT owner) FROM challenge')" = '31|1' ]
}

@test "messages: empty, cut, binary, deep, oversized, of the wrong shape" {
	token=$(start alice)
	attributes $UDID "$token" > good
	bad() {
		by_device "$A" run -65 mcprofile-track --dir track identify --ca track "$1"
		[[ "$output" = "mcprofile-track: $1: "$2 ]] || { show; false; }
	}
	: > empty
	head -c 150 good > cut
	printf 'bplist00\xd1\x01\x02' > binary
	{ echo '<plist version="1.0">'; yes '<array>' | head -20; } > deep
	echo '<plist version="1.0"><array/></plist>' > array
	echo '<plist version="1.0"><dict/></plist>' > dict
	attributes 'a b' "$token" > blank
	attributes "$(printf 'a%.0s' {1..65})" "$token" > long
	attributes $UDID "$token" '<key>SERIAL</key><array/>' > type
	attributes $UDID "$token" "<key>SERIAL</key><string>$(printf 'a%.0s' {1..1025})</string>" > serial
	attributes $UDID '' '<key>CHALLENGE</key><integer>1</integer>' > number
	attributes $UDID '' '<key>CHALLENGE</key><data>YQBi</data>' > nul
	attributes $UDID '' '<key>DEVICE_NAME</key><string>a&#10;USER=root</string>' > line
	attributes $UDID '' $'<key>DEVICE_NAME</key><string>\xc2\x9b31m</string>' > c1
	attributes $UDID '' '<key>UDID</key><string>x</string>' > twice
	bad empty "device's message: "*
	bad cut "device's message: "*
	bad binary "device's message: 1:"*
	bad deep "device's message: "*
	bad twice "device's message: "*
	bad array "device's message: of type array; want a dict"
	bad dict "device's message: no UDID"
	bad blank "device's message: UDID: want 1 to 64 letters, digits and dashes"
	bad long "device's message: UDID: want 1 to 64 letters, digits and dashes"
	bad type "device's message: SERIAL: of type array; want a string"
	bad serial "device's message: SERIAL: longer than 1024 bytes"
	bad number "device's message: CHALLENGE: of type integer; want a string or data"
	bad nul "device's message: CHALLENGE: holds a NUL"
	bad line "device's message: DEVICE_NAME: holds a control character"
	bad c1 "device's message: DEVICE_NAME: holds a control character"
	head -c 17000000 /dev/zero > huge
	by_device "$A" run -65 mcprofile-track --dir track identify --ca track huge
	# none of that used the token up
	identify good > /dev/null
}

@test "a challenge that came as data, and attributes that are no strings" {
	token=$(start alice)
	attributes $UDID '' "<key>CHALLENGE</key><data>$(printf %s "$token" | base64)</data><key>NotOnConsole</key><false/><key>UserLongName</key><string>Zoë &amp; &lt;O'Neil&gt;</string><key>MEID</key><integer>12</integer>" > in.plist
	by_device "$A" command mcprofile-track --dir track identify --ca track in.plist 3> facts > /dev/null
	[ "$(fact NOTONCONSOLE)" = false ]
	[ "$(fact USERLONGNAME)" = "Zoë & <O'Neil>" ]
	[ "$(fact MEID)" = 12 ]
}

@test "a captured device's own words are understood" {
	sed "s/vector-challenge/$(start alice)/" "$SRC/tests/vectors/good-ios6.plist" > in.plist
	by_device "$A" command mcprofile-track --dir track identify --ca track in.plist 3> facts > /dev/null
	[ "$(fact IMEI)" = "01 335200 242816 7" ]
}

@test "a challenge that cannot be made is told in list too" {
	token=$(start alice)
	attributes $UDID "$token" > in.plist
	by_device "$A" run -66 mcprofile-track --dir track identify --ca nowhere in.plist
	[[ "$output" = "mcprofile-track: --ca: nowhere"*": No such file or directory" ]]
	mcprofile-track --dir track list | grep -q -- '--ca: nowhere'
	identify in.plist > /dev/null
	run grep -- --ca <(mcprofile-track --dir track list)
	[ "$status" = 1 ]
}

@test "list: columns, newest first, of one user" {
	run -66 mcprofile-track --dir nowhere list
	[[ "$output" = "mcprofile-track: --dir: nowhere/store.db: No such file or directory" ]]
	start bartholomew > /dev/null
	enrol zoë $UDID
	mcprofile-track list --dir track > out
	head -1 out | grep -qxE 'ID +USER +STATE +DEVICE +SINCE +REASON'
	sed -n 2p out | grep -qE '^[0-9A-F]{8}  zoë          identified  iPhone5,2 10A525  20[0-9T:-]+Z$'
	sed -n 3p out | grep -qE '^[0-9A-F]{8}  bartholomew  started     -                 20[0-9T:-]+Z$'
	[ "$(mcprofile-track --dir track list --user zoë | wc -l)" = 2 ]
	[ "$(mcprofile-track --dir track list --user nobody | wc -l)" = 1 ]
	run -74 sh -c 'mcprofile-track --dir track list > /dev/full 3>&-'
}

@test "show: a whole trace, by the beginning of an id in either case" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	part=${id:0:8}
	mcprofile-track --dir track show "${part,,}" > out
	grep -qx "enrolment            $id" out
	grep -qx 'user                 alice' out
	grep -qE '^state                identified since 20[0-9T:-]+Z$' out
	grep -qE '^token                good until 20[0-9T:-]+Z$' out
	grep -qx "UDID                 $UDID" out
	grep -qx "factory certificate  $A" out
	grep -qx "subject              /CN=$id" out
	grep -qE '^20[0-9T:-]+Z  start     ok  token good for 1 hour$' out
	grep -qE "^20[0-9T:-]+Z  identify  ok  UDID $UDID\$" out
	run -66 mcprofile-track --dir track show XYZ
	[ "$output" = "mcprofile-track: XYZ: no such enrolment" ]
	run -66 mcprofile-track --dir track show %
	for i in $(seq 17); do start bob > /dev/null; done
	# of 18 ids two begin with the same digit
	several=$(mcprofile-track --dir track list | sed 1d | cut -c1 | sort | uniq -d | head -1)
	run -64 mcprofile-track --dir track show "$several"
	[[ "$output" = "mcprofile-track: $several: "*" enrolments begin so; give more of the id" ]]
}

@test "bad invocations" {
	run -64 mcprofile-track
	run -64 mcprofile-track start --user alice
	[ "$output" = "mcprofile-track: --dir is required" ] || [[ "$output" = *--dir* ]]
	run -64 mcprofile-track --dir track start
	[[ "$output" = *--user* ]]
	run -64 mcprofile-track --dir track start --user ''
	[ "$output" = "mcprofile-track: a user's name has 1 to 256 bytes" ]
	run -64 mcprofile-track --dir track start --user $'a\nb'
	run -64 mcprofile-track --dir track start --user a --ttl 2y
	[ "$output" = "mcprofile-track: a token lives for at most a year" ]
	run -64 mcprofile-track --dir track show
	run -64 mcprofile-track --dir track deliver --returning sometimes /dev/null
	attributes $UDID x > in.plist
	by_device "$A" run -64 mcprofile-track --dir track identify --ca track --scep-challenge file:x in.plist
	[[ "$output" = *"--ca and --scep-challenge: one or the other" ]]
	mcprofile-track --dir track start --user a > /dev/null
	by_device "$A" run -66 mcprofile-track --dir track identify --ca track nowhere.plist
	echo garbage > file
	run -74 mcprofile-track --dir file start --user a
	mkdir other && head -c 5000 /dev/urandom > other/store.db
	run -65 mcprofile-track --dir other list
}

@test "delivered: what it needs, and nothing is on record where the message is not written" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	run -64 mcprofile-track --dir track delivered $UDID.plist
	[ "$output" = "mcprofile-track: no fact MCPROFILE_ENROLMENT: mcprofile-track deliver comes before this" ]
	MCPROFILE_ENROLMENT=nobody run -66 mcprofile-track --dir track delivered $UDID.plist
	[ "$output" = "mcprofile-track: nobody: no such enrolment" ]
	MCPROFILE_ENROLMENT=$id run -66 mcprofile-track --dir nowhere delivered $UDID.plist
	[ "$(state "$id")" = "1|-" ]
	start bob > /dev/null
	MCPROFILE_ENROLMENT=$(sql "SELECT id FROM enrolment WHERE user = 'bob'") run -1 mcprofile-track --dir track delivered $UDID.plist
	[ "$output" = "mcprofile-track: $UDID.plist: delivered to an enrolment without a device" ]
	head -c 3000000 /dev/zero > big
	delivered "$id" big | cmp - big
	[ "$(state "$id")" = "2|-" ]
	mcprofile-track --dir track show "$id" | grep -qE '  delivered  ok +profile made$'
}

@test "stopped: the reason is on record, the state stays, and it goes with the next step" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	stopped "$id" decide 'not on a Sunday' identified
	[ "$(state "$id")" = "1|refused by decide: not on a Sunday" ]
	mcprofile-track --dir track list | grep -qE '^[0-9A-F]{8}  alice  identified  .*Z  refused by decide: not on a Sunday$'
	mcprofile-track --dir track show "$id" | grep -qE '  decide +refused  not on a Sunday$'
	mcprofile-track --dir track show "$id" | grep -qE '^stopped because +refused by decide: not on a Sunday$'
	attributes $UDID > phase3.plist
	by_owner "$ONE" "$id" mcprofile-track --dir track deliver phase3.plist > /dev/null
	[ "$(state "$id")" = "1|-" ]
	delivered "$id" < phase3.plist > /dev/null
	# late news: the device has gone on
	stopped "$id" decide 'no' identified
	[ "$(state "$id")" = "2|-" ]
	mcprofile-track --dir track show "$id" | grep -qE '  decide +refused  no$'
	stopped "$id" -x '--reason'
	[ "$(state "$id")" = "2|refused by -x: --reason" ]
}

@test "stopped: what it does not take" {
	enrol alice $UDID
	export MCPROFILE_ENROLMENT=$(fact ENROLMENT)
	run -64 mcprofile-track --dir track stopped --reason x
	[ "$output" = "mcprofile-track: --stage NAME is required" ]
	run -64 mcprofile-track --dir track stopped --stage x
	[ "$output" = "mcprofile-track: --reason TEXT is required" ]
	run -64 mcprofile-track --dir track stopped --stage x --reason $'a\nb'
	[ "$output" = "mcprofile-track: the reason holds a control character" ]
	run -64 mcprofile-track --dir track stopped --stage '' --reason a
	[ "$output" = "mcprofile-track: a stage's name has 1 to 1023 bytes" ]
	MCPROFILE_ENROLMENT=nobody run -66 mcprofile-track --dir track stopped --stage x --reason x
	[ "$output" = "mcprofile-track: nobody: no such enrolment" ]
	unset MCPROFILE_ENROLMENT
	run -64 mcprofile-track --dir track stopped --stage x --reason x
	[ "$output" = "mcprofile-track: no fact MCPROFILE_ENROLMENT: another step comes before this" ]
	[ "$(state "$(fact ENROLMENT)")" = "1|-" ]
}

@test "a challenge that cannot be made is on record, and takes back nothing that happened meanwhile" {
	enrol alice $UDID
	id=$(fact ENROLMENT)
	attributes $UDID > phase3.plist
	mcprofile-track --dir ca start --user nobody > /dev/null # makes a store
	# somebody holds the CA's store for longer than anybody waits
	mkfifo held go
	python3 -c 'import sqlite3
c = sqlite3.connect("ca/store.db", isolation_level=None)
c.execute("BEGIN IMMEDIATE")
open("held", "w").close()
open("go").read()' 3>&- &
	holder=$!
	cat held
	by_device "$A" mcprofile-track --dir track identify --ca ca $UDID.plist > out 2> err &
	identify=$!
	# it has committed its own step, and waits
	for _ in $(seq 50); do
		[ "$(sql 'SELECT count(*) FROM event WHERE step = "identify"')" = 1 ] || break
		sleep 0.1
	done
	by_owner "$ONE" "$id" mcprofile-track --dir track deliver phase3.plist > /dev/null
	delivered "$id" < phase3.plist > /dev/null
	status=0
	wait $identify || status=$?
	: > go
	wait $holder
	[ "$status" = 75 ]
	[ ! -s out ]
	grep -q -- '--ca' err
	[ "$(state "$id")" = "2|-" ]
	[ "$(sql 'SELECT step, done FROM event ORDER BY number' | tail -n 4 | tr '\n' ' ')" = "identify|1 deliver|1 delivered|1 identify|0 " ]
}

@test "a time of 0 is none" {
	for t in 0 0s 00h; do
		run -64 mcprofile-track --dir track start --user alice --ttl $t
		[ "$output" = "mcprofile-track: --ttl: want a time like 90s, 15m, 1h or 2d, not $t" ]
		run -64 mcprofile-track --dir track identify --challenge-ttl $t
		[ "$output" = "mcprofile-track: --challenge-ttl: want a time like 90s, 15m, 1h or 2d, not $t" ]
		run -64 scep-ca --dir ca challenge new --ttl $t
		[ "$output" = "scep-ca: --ttl: want a time like 90s, 15m, 1h or 2d, not $t" ]
		run -64 scep-ca --dir ca init --lifetime $t
		[ "$output" = "scep-ca: --lifetime: want a time like 90s, 15m, 1h or 2d, not $t" ]
	done
	[ ! -e track ]
}
