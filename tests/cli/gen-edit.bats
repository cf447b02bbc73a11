# mcprofile-gen set, get, sort, merge and split: profiles edited.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat > wifi.mobileconfig <<- 'END'
		<?xml version="1.0" encoding="UTF-8"?>
		<plist version="1.0"><dict>
		<key>PayloadContent</key><array>
			<dict>
				<key>SSID_STR</key><string>ACME</string>
				<key>PayloadType</key><string>com.apple.wifi.managed</string>
				<key>PayloadVersion</key><integer>1</integer>
				<key>PayloadIdentifier</key><string>com.acme.wifi.it</string>
				<key>PayloadUUID</key><string>11111111-1111-4111-8111-111111111111</string>
				<key>EncryptionType</key><string>WPA2</string>
				<key>PayloadCertificateUUID</key><string>22222222-2222-4222-8222-222222222222</string>
			</dict>
			<dict>
				<key>PayloadType</key><string>com.apple.security.root</string>
				<key>PayloadVersion</key><integer>1</integer>
				<key>PayloadIdentifier</key><string>com.acme.wifi.ca</string>
				<key>PayloadUUID</key><string>22222222-2222-4222-8222-222222222222</string>
				<key>PayloadContent</key><data>AAEC/w==</data>
			</dict>
			<dict>
				<key>PayloadType</key><string>com.example.own</string>
				<key>PayloadVersion</key><integer>1</integer>
				<key>PayloadIdentifier</key><string>com.acme.wifi.own</string>
				<key>PayloadUUID</key><string>33333333-3333-4333-8333-333333333333</string>
				<key>PayloadDisplayName</key><string>Own</string>
				<key>When</key><date>2026-11-22T12:00:00Z</date>
				<key>Ratio</key><real>0.1</real>
				<key>a.b</key><array><true/><integer>-5</integer></array>
			</dict>
		</array>
		<key>PayloadType</key><string>Configuration</string>
		<key>PayloadVersion</key><integer>1</integer>
		<key>PayloadIdentifier</key><string>com.acme.wifi</string>
		<key>PayloadUUID</key><string>44444444-4444-4444-8444-444444444444</string>
		<key>PayloadDisplayName</key><string>Grüße</string>
		</dict></plist>
	END
}

gen() { command mcprofile-gen "$@" 3>&-; }

# value FILE EXPR: an expression over the plist p, by a reader not ours.
value() {
	python3 -c 'import plistlib, sys
p = plistlib.load(open(sys.argv[1], "rb"))
c = p.get("PayloadContent")
print(eval(sys.argv[2]))' "$1" "$2"
}

# says STATUS TEXT COMMAND...: that status, and that on standard error.
says() {
	local want_status=$1 want=$2 said status=0
	shift 2
	said=$("$@" 2>&1 > says.out) || status=$?
	printf 'want: %s %s\nhave: %s %s\n' "$want_status" "$want" "$status" "$said"
	[ "$status" -eq "$want_status" ]
	[ "$said" = "$want" ]
}
refused() {
	says "$1" "mcprofile-gen: $2" "${@:3}"
	[ ! -s says.out ]
}

# --- get

@test "get: a value of every type" {
	g() { gen get "$1" wifi.mobileconfig; }
	[ "$(g 'PayloadContent[0].SSID_STR')" = ACME ]
	[ "$(g 'PayloadDisplayName')" = Grüße ]
	[ "$(g 'PayloadContent[com.apple.security.root].PayloadContent')" = AAEC/w== ]
	[ "$(g 'PayloadContent[com.acme.wifi.own].When')" = 2026-11-22T12:00:00Z ]
	[ "$(g 'PayloadContent[33333333-3333-4333-8333-333333333333].Ratio')" = 0.1 ]
	[ "$(g 'PayloadContent[2]."a.b"[0]')" = true ]
	[ "$(g 'PayloadContent[2].a\.b[1]')" = -5 ]
	gen get 'PayloadContent[1]' wifi.mobileconfig > part
	[ "$(value part 'list(p)')" = "['PayloadType', 'PayloadVersion', 'PayloadIdentifier', 'PayloadUUID', 'PayloadContent']" ]
}

@test "get: --raw gives the bytes alone, --json is JSON" {
	gen get --raw 'PayloadContent[1].PayloadContent' wifi.mobileconfig | cmp - <(printf '\0\1\2\377')
	gen get --raw PayloadDisplayName wifi.mobileconfig | cmp - <(printf 'Grüße')
	[ "$(gen get --json 'PayloadContent[2]' wifi.mobileconfig | jq -c '[.When, .Ratio, .["a.b"]]')" = '[{"@date":"2026-11-22T12:00:00Z"},0.1,[true,-5]]' ]
	[ "$(gen get --json 'PayloadContent[1].PayloadContent' wifi.mobileconfig | jq -c .)" = '{"@base64":"AAEC/w=="}' ]
	[ "$(gen get --json PayloadDisplayName wifi.mobileconfig)" = '"Grüße"' ]
	refused 1 'wifi.mobileconfig: --raw: want data or a string, not array' gen get --raw PayloadContent wifi.mobileconfig
	refused 64 '--raw: not with --json' gen get --raw --json PayloadContent wifi.mobileconfig
}

@test "get: what is not there is status 1, and tells what is near" {
	refused 1 'wifi.mobileconfig: PayloadContent[0]: no key "SSID"; near it: SSID_STR' \
	    gen get 'PayloadContent[0].SSID' wifi.mobileconfig
	run gen get 'PayloadContent[3]' wifi.mobileconfig
	[ "$status" -eq 1 ]
	run gen get 'PayloadContent[com.apple.vpn.managed]' - < wifi.mobileconfig
	[ "$status" -eq 1 ]
	[[ "$output" = "mcprofile-gen: standard input: "* ]]
	run gen get 'PayloadContent[' wifi.mobileconfig
	[ "$status" -eq 64 ]
	refused 66 'nothere: No such file or directory' gen get x nothere
}

# --- set

@test "set: values are typed by the schema of their payload, nothing else changes" {
	gen set 'PayloadContent[0].AutoJoin=false' 'PayloadContent[com.apple.wifi.managed].SSID_STR=true' 'PayloadContent[2].N:=integer:7' \
	    PayloadRemovalDisallowed=true 'PayloadContent[2].Sub.x:=string:y' wifi.mobileconfig > out
	python3 - <<- 'END'
		import plistlib
		was, now = (plistlib.load(open(f, "rb")) for f in ("wifi.mobileconfig", "out"))
		c = was["PayloadContent"]
		c[0]["AutoJoin"] = False
		c[0]["SSID_STR"] = "true"
		c[2]["N"] = 7
		c[2]["Sub"] = {"x": "y"}
		was["PayloadRemovalDisallowed"] = True
		assert was == now, now
		assert list(was) == list(now) and [list(x) for x in c] == [list(x) for x in now["PayloadContent"]]
		assert now["PayloadContent"][0]["AutoJoin"] is False and type(now["PayloadContent"][2]["N"]) is int
	END
}

@test "set: a wrong type, an unknown key, a missing payload; --force" {
	refused 64 'wifi.mobileconfig: PayloadContent[0]: com.apple.wifi.managed: AutoJoin=maybe: want true or false' \
	    gen set 'PayloadContent[0].AutoJoin=maybe' wifi.mobileconfig
	refused 64 'wifi.mobileconfig: PayloadContent[0]: com.apple.wifi.managed: Pasword: no such key; did you mean Password?' \
	    gen set 'PayloadContent[0].Pasword=x' wifi.mobileconfig
	run gen set 'PayloadContent[9].Password=x' wifi.mobileconfig
	[ "$status" -eq 1 ]
	refused 64 'x: want KEYPATH=VALUE; only the last word is a file' gen set x PayloadScope=User
	refused 64 'want KEYPATH=VALUE, --remove KEYPATH or --renew-uuids' gen set wifi.mobileconfig
	gen set --force 'PayloadContent[0].EncryptionType=Future' wifi.mobileconfig > out 2> said
	[ "$(value out 'c[0]["EncryptionType"]')" = Future ]
	[ -s said ]
}

@test "set: from standard input, and in its place" {
	gen set PayloadScope=System < wifi.mobileconfig > out
	gen set PayloadScope=System --output wifi.mobileconfig wifi.mobileconfig
	cmp out wifi.mobileconfig
	[ "$(value out 'p["PayloadScope"]')" = System ]
}

@test "set: --remove, then what is set" {
	gen set --remove PayloadDisplayName --remove 'PayloadContent[1]' 'PayloadContent[1].More:=boolean:true' wifi.mobileconfig > out
	[ "$(value out '"PayloadDisplayName" in p, len(c), c[1]["PayloadType"], c[1]["More"]')" = "(False, 2, 'com.example.own', True)" ]
	run gen set --remove Nothing wifi.mobileconfig
	[ "$status" -eq 1 ]
	[[ "$output" = 'mcprofile-gen: wifi.mobileconfig: --remove: '* ]]
}

@test "set: UUIDs stay, or are renewed with their references; @uuid: means a payload" {
	u='[x["PayloadUUID"] for x in [p, *c]]'
	gen set PayloadScope=User wifi.mobileconfig > out
	[ "$(value out "$u")" = "$(value wifi.mobileconfig "$u")" ]
	gen set --renew-uuids wifi.mobileconfig > out
	[ "$(value out "set($u) & set($(value wifi.mobileconfig "$u"))")" = 'set()' ]
	[ "$(value out 'c[0]["PayloadCertificateUUID"] == c[1]["PayloadUUID"]')" = True ]
	gen set 'PayloadContent[0].PayloadCertificateUUID=@uuid:com.acme.wifi.own' wifi.mobileconfig > out
	[ "$(value out 'c[0]["PayloadCertificateUUID"]')" = 33333333-3333-4333-8333-333333333333 ]
}

@test "set: a secret comes from where secrets are, and its file is for its owner" {
	umask 022
	printf 'pass word\n' > psk
	gen set 'PayloadContent[0].Password=@file:psk' -o out wifi.mobileconfig
	[ "$(value out 'c[0]["Password"]')" = "pass word" ]
	[ "$(stat -c %a out)" = 600 ]
	gen set PayloadScope=User -o plain wifi.mobileconfig
	[ "$(stat -c %a plain)" = 644 ]
}

@test "set: what refers to no payload is refused, however it is written" {
	gen set 'PayloadContent[com.acme.wifi.it].PayloadCertificateUUID:=json:{"@uuid":"com.example.own"}' wifi.mobileconfig > out
	[ "$(value out 'c[0]["PayloadCertificateUUID"]')" = 33333333-3333-4333-8333-333333333333 ]
	refused 64 'wifi.mobileconfig: K: @uuid:X: no payload here has that type or identifier' \
	    gen set 'K:=json:{"@uuid":"X"}' wifi.mobileconfig
}

@test "set: a quote in brackets, a bracket and an equals sign in quotes" {
	gen set 'PayloadContent[2]."x]=y".B:=string:z' 'PayloadContent["com.example.own"]."a=b:c"+=1' --force wifi.mobileconfig > out
	[ "$(value out 'c[2]["x]=y"]["B"], c[2]["a=b:c"]')" = "('z', ['1'])" ]
	refused 64 'wifi.mobileconfig: A["x]=y"].B: A: no payload "x]=y": it has none' gen set --force 'A["x]=y"].B:=string:z' wifi.mobileconfig
	refused 64 '--set: PayloadContent: is what --payload and --from add to' \
	    gen configuration --identifier com.acme.x --payload com.apple.wifi.managed SSID_STR=x --set '"PayloadContent"[0].SSID_STR=y'
}

# --- whatever they are wrapped in

@test "binary property lists, signed profiles, and what is not kept" {
	python3 -c 'import plistlib; plistlib.dump(plistlib.load(open("wifi.mobileconfig", "rb")), open("binary", "wb"), fmt=plistlib.FMT_BINARY)'
	selfsigned signer /CN=Signer
	openssl cms -sign -in wifi.mobileconfig -signer signer.pem -inkey signer.key -outform DER -nodetach -binary -out signed
	gen sort wifi.mobileconfig > want
	gen sort binary | cmp - want
	says 0 'warning: signed: is signed; what comes out of it is not any more' gen sort signed
	cmp says.out want
	[ "$(gen get 'PayloadContent[0].SSID_STR' < signed 2> /dev/null)" = ACME ]
	says 0 'warning: standard input: is signed; what comes out of it is not any more' gen sort < signed
	sed -i 's/ACME/EVIL/' signed
	run gen get 'PayloadContent[0].SSID_STR' signed
	[ "$status" -eq 11 ]
	sed 's/<key>/<!-- x --><key>/' wifi.mobileconfig > commented
	says 0 'warning: commented: its comments are not kept' gen sort commented
	cmp says.out want
}

@test "what other readers let pass is told; what they would change is refused" {
	printf '<plist version="1.0"><dict><key>a</key><integer> 5</integer></dict></plist>' > loose
	run gen sort loose
	show
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" = "warning: loose:1:"* ]] || [[ "${lines[0]}" = "warning: loose: 1:"* ]]
	printf '<plist version="1.0"><dict><key>a</key><date>9999-01-01T00:00:00Z</date></dict></plist>' > late
	run gen sort late
	[ "$status" -eq 65 ]
	printf '<plist version="1.0"><dict>' > cut
	run gen sort cut
	[ "$status" -eq 65 ]
	: > empty
	run gen set PayloadScope=User empty
	[ "$status" -eq 65 ]
	printf '<plist version="1.0"><array/></plist>' > array
	refused 65 'array: want a dict, not array' gen set PayloadScope=User array
}

@test "sort: the same bytes whatever the order was" {
	python3 - <<- 'END'
		import plistlib
		def turn(x):
		    if isinstance(x, dict): return {k: turn(x[k]) for k in reversed(list(x))}
		    return [turn(i) for i in x] if isinstance(x, list) else x
		plistlib.dump(turn(plistlib.load(open("wifi.mobileconfig", "rb"))), open("turned", "wb"), sort_keys=False)
	END
	gen sort wifi.mobileconfig > a
	gen sort turned > b
	cmp a b
	gen sort a | cmp - a
	[ "$(value a 'list(p)')" = "['PayloadType', 'PayloadVersion', 'PayloadIdentifier', 'PayloadUUID', 'PayloadDisplayName', 'PayloadContent']" ]
	python3 -c 'import plistlib; a, b = (plistlib.load(open(f, "rb")) for f in ("a", "wifi.mobileconfig")); assert a == b'
}

# --- merge and split

@test "split: payloads that belong together stay so; merge is the way back" {
	[ "$(gen split --output-dir parts wifi.mobileconfig)" = $'parts/com.acme.wifi.wifi.managed.mobileconfig\nparts/com.acme.wifi.com.example.own.mobileconfig' ]
	f=parts/com.acme.wifi.wifi.managed.mobileconfig
	[ "$(value $f 'p["PayloadIdentifier"], p["PayloadDisplayName"], [x["PayloadIdentifier"] for x in c]')" = \
	    "('com.acme.wifi.wifi.managed', 'Grüße', ['com.acme.wifi.it', 'com.acme.wifi.ca'])" ]
	f=parts/com.acme.wifi.com.example.own.mobileconfig
	python3 - "$(value $f 'p["PayloadDisplayName"], p["PayloadUUID"]')" <<- 'END'
		import sys, uuid
		space = uuid.UUID("2A7C0D52-6B0E-4F8B-9D57-0C1E5A3B8F64")
		assert eval(sys.argv[1]) == ("Own", str(uuid.uuid5(space, "com.acme.wifi.com.example.own")).upper())
	END
	gen merge parts/com.acme.wifi.wifi.managed.mobileconfig $f --identifier com.acme.wifi --name Grüße > again
	[ "$(value again c)" = "$(value wifi.mobileconfig c)" ]
	# once more: they are there
	cp -R parts first
	gen split --output-dir parts wifi.mobileconfig > /dev/null
	diff -r first parts
	echo mine > $f
	refused 1 "$f: is there with other content; --replace writes over it" gen split --output-dir parts wifi.mobileconfig
	gen split --replace --output-dir parts wifi.mobileconfig > /dev/null
	diff -r first parts
}

@test "merge: the first one's names, or those that are given" {
	sed 's/com\.acme\.wifi\.\(it\|ca\|own\)/com.acme.two.\1/; s/1111/5555/g; s/2222/6666/g; s/3333/7777/g; s/4444/8888/g; s/Grüße/Two/
	    s/<key>PayloadDisplayName.*Two/<key>PayloadScope<\/key><string>System<\/string>&/; s/\.wifi</.two</' wifi.mobileconfig > two
	gen merge wifi.mobileconfig two > out
	[ "$(value out 'p["PayloadIdentifier"], p["PayloadUUID"], p["PayloadDisplayName"], p["PayloadScope"], len(c)')" = \
	    "('com.acme.wifi', '44444444-4444-4444-8444-444444444444', 'Grüße', 'System', 6)" ]
	[ "$(value out 'c[0]["PayloadCertificateUUID"] == c[1]["PayloadUUID"], c[3]["PayloadCertificateUUID"] == c[4]["PayloadUUID"]')" = "(True, True)" ]
	gen merge --identifier com.acme.both - two < wifi.mobileconfig > out
	[ "$(value out 'p["PayloadIdentifier"], p["PayloadUUID"][14], p["PayloadDisplayName"]')" = "('com.acme.both', '5', 'Grüße')" ]
	gen set PayloadScope=User -o one wifi.mobileconfig
	says 0 'warning: two: its PayloadScope is dropped, one has another' gen merge one two
}

@test "merge: the same payload once, another one of its name not at all" {
	gen merge wifi.mobileconfig wifi.mobileconfig > out
	[ "$(value out c)" = "$(value wifi.mobileconfig c)" ]
	gen set 'PayloadContent[0].SSID_STR=Other' wifi.mobileconfig > other
	refused 1 'other: PayloadContent[0]: has the PayloadIdentifier of another payload, com.acme.wifi.it, wifi.mobileconfig PayloadContent[0]' \
	    gen merge wifi.mobileconfig other
	refused 64 '-: standard input is there twice' gen merge - - < wifi.mobileconfig
	refused 64 'FILE is required' gen merge
	refused 64 '--identifier: is empty' gen merge --identifier '' wifi.mobileconfig
}

@test "a profile with a secret in it is for its owner, whatever verb writes it" {
	umask 022
	gen set 'PayloadContent[0].Password=hunter22' wifi.mobileconfig > psk
	gen merge -o merged psk
	gen template --uuid keep -o filled psk
	gen template --uuid keep --var x=y -o open wifi.mobileconfig
	gen sort -o sorted psk
	gen set PayloadScope=User -o set psk
	[ "$(stat -c '%a %n' merged filled sorted set open)" = $'600 merged\n600 filled\n600 sorted\n600 set\n644 open' ]
	gen split --output-dir parts psk
	[ "$(stat -c %a parts/com.acme.wifi.wifi.managed.mobileconfig)" = 600 ]
	gen merge -o plain wifi.mobileconfig
	[ "$(stat -c %a plain)" = 644 ]
}

@test "encrypted profiles are told, profiles of another kind too" {
	printf '<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>EncryptedPayloadContent</key><data>AA==</data></dict></plist>' > locked
	refused 65 'locked: its payloads are encrypted; they must be decrypted first' gen merge wifi.mobileconfig locked
	refused 65 'locked: its payloads are encrypted; they must be decrypted first' gen split --output-dir parts locked
	says 1 'warning: locked: its payloads are encrypted, and not to be seen
mcprofile-gen: locked: the top: no key "PayloadContent"; it has PayloadType, EncryptedPayloadContent' \
	    gen get 'PayloadContent[0].SSID_STR' locked
	gen set PayloadDisplayName=Locked locked > out
	[ "$(value out 'p["PayloadDisplayName"], p["EncryptedPayloadContent"]')" = "('Locked', b'\\x00')" ]
	gen profile-service --url https://x/ --identifier x > service
	run gen split --output-dir parts service
	[ "$status" -eq 65 ]
}

@test "what identifies a part cannot lead out of the folder" {
	sed 's/com\.acme\.wifi</..\/..\/x</' wifi.mobileconfig > evil
	refused 65 "the file's name \"../../x.wifi.managed.mobileconfig\" has a slash in it" gen split --output-dir parts evil
	[ -z "$(ls -A parts)" ]
}

@test "split: two parts of one name are told as such" {
	cat > same <<- 'END'
		<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key><string>p</string>
		<key>PayloadContent</key><array>
		<dict><key>PayloadType</key><string>a</string></dict>
		<dict><key>PayloadType</key><string>a</string></dict>
		<dict><key>PayloadType</key><string>A.2</string></dict>
		</array></dict></plist>
	END
	refused 1 'p.A.2.mobileconfig: part 2 has that name already' gen split --output-dir parts same
}

@test "1,000 payloads are merged and split in seconds" {
	python3 - <<- 'END'
		import plistlib, uuid
		def payload(i, to): return {"PayloadType": "com.example.p%d" % (i % 7), "PayloadIdentifier": "x.%d" % i, "PayloadUUID": str(uuid.UUID(int=i + 1)), "rUUID": str(uuid.UUID(int=to + 1))}
		def top(name, c): return {"PayloadType": "Configuration", "PayloadIdentifier": name, "PayloadContent": c}
		plistlib.dump(top("one", [payload(i, i // 10 * 10) for i in range(500)]), open("one", "wb"))
		plistlib.dump(top("two", [payload(i, i // 10 * 10) for i in range(500, 1000)]), open("two", "wb"))
	END
	SECONDS=0
	gen merge one two > all
	[ "$(gen split --output-dir parts all | wc -l)" -eq 100 ]
	[ "$SECONDS" -lt 200 ]
	python3 -c 'import glob, plistlib
assert all(len(plistlib.load(open(f, "rb"))["PayloadContent"]) == 10 for f in glob.glob("parts/*"))'
}

@test "get: PlistBuddy's colons" {
	refused 1 'wifi.mobileconfig: the top: no key "PayloadContent:0:SSID_STR"; a colon parts no keys: want PayloadContent[0].SSID_STR' \
	    mcprofile-gen get PayloadContent:0:SSID_STR wifi.mobileconfig
	refused 1 'wifi.mobileconfig: the top: no key ":PayloadContent:0:SSID_STR"; a colon parts no keys: want PayloadContent[0].SSID_STR' \
	    mcprofile-gen get :PayloadContent:0:SSID_STR wifi.mobileconfig
}

@test "every verb: a full disk" {
	for verb in "get PayloadContent" sort merge "set PayloadScope=User"; do
		run bash -c "mcprofile-gen $verb wifi.mobileconfig > /dev/full 3>&-"
		[ "$status" -eq 74 ]
	done
}
