# mcprofile-gen configuration: any profile, read back by a reader not ours.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf '\211PNG\r\n\032\nnot really\n' > icon.png
}

mcprofile-gen() { command mcprofile-gen "$@" 3>&-; }

# value FILE EXPR: an expression over the plist p, and w, its first payload.
value() {
	python3 -c 'import plistlib, sys, datetime
p = plistlib.load(open(sys.argv[1], "rb"))
w = p["PayloadContent"][0]
print(eval(sys.argv[2]))' "$1" "$2"
}

# is FILE EXPR TEXT
is() {
	local have
	have=$(value "$1" "$2")
	printf 'want: %s\nhave: %s\n' "$3" "$have"
	[ "$have" = "$3" ]
}

conf() { mcprofile-gen configuration --identifier com.acme.x "$@"; }
wifi() { conf --payload com.apple.wifi.managed "$@"; }

# refused STATUS TEXT COMMAND...: that status, that one line, and no output.
refused() {
	local want_status=$1 want=$2 said status=0
	shift 2
	said=$("$@" 2>&1 > refused.out) || status=$?
	printf 'want: %s %s\nhave: %s %s\n' "$want_status" "$want" "$status" "$said"
	[ "$status" -eq "$want_status" ]
	[ "$said" = "mcprofile-gen: $want" ]
	[ ! -s refused.out ]
}

# The manual's line, with its password on a descriptor.
acme() {
	command mcprofile-gen configuration --identifier com.acme.wifi --name "ACME Wi-Fi" --organization "ACME Inc." \
	    --payload com.apple.wifi.managed SSID_STR=ACME EncryptionType=WPA2 Password=@fd:3 AutoJoin=true \
	    --payload com.apple.webClip.managed Label=Intranet URL=https://intranet.acme.com Icon=@icon.png IsRemovable=false "$@" 3<<< 'pass & <word>'
}

@test "the manual's line gives the profile that it says" {
	acme > out
	is out 'list(p)' "['PayloadType', 'PayloadVersion', 'PayloadIdentifier', 'PayloadUUID', 'PayloadOrganization', 'PayloadDisplayName', 'PayloadContent']"
	is out '[p[k] for k in ("PayloadType", "PayloadVersion", "PayloadIdentifier", "PayloadOrganization", "PayloadDisplayName")]' \
	    "['Configuration', 1, 'com.acme.wifi', 'ACME Inc.', 'ACME Wi-Fi']"
	is out 'list(w)' "['PayloadType', 'PayloadVersion', 'PayloadIdentifier', 'PayloadUUID', 'AutoJoin', 'EncryptionType', 'Password', 'SSID_STR']"
	is out '[w[k] for k in ("PayloadType", "PayloadIdentifier", "AutoJoin", "EncryptionType", "Password", "SSID_STR")]' \
	    "['com.apple.wifi.managed', 'com.acme.wifi.wifi.managed', True, 'WPA2', 'pass & <word>', 'ACME']"
	is out 'p["PayloadContent"][1]["Icon"] == open("icon.png", "rb").read()' True
	is out 'p["PayloadContent"][1]["IsRemovable"]' False
	is out 'len(p["PayloadContent"])' 2
}

@test "the same as JSON gives the same bytes, from a file, a pipe, and another folder" {
	acme > words
	mkdir sub
	cp icon.png sub
	cat > sub/wifi.json <<- 'END'
	{ "identifier": "com.acme.wifi", "name": "ACME Wi-Fi", "organization": "ACME Inc.",
	  "payloads": [
	    { "type": "com.apple.wifi.managed", "SSID_STR": "ACME", "EncryptionType": "WPA2",
	      "Password": {"@secret": "fd:3"}, "AutoJoin": true },
	    { "type": "com.apple.webClip.managed", "Label": "Intranet", "URL": "https://intranet.acme.com",
	      "Icon": {"@file": "icon.png"}, "IsRemovable": false } ] }
	END
	rm icon.png # a file is beside the JSON
	command mcprofile-gen configuration --from sub/wifi.json 3<<< 'pass & <word>' > a
	(cd sub && command mcprofile-gen configuration --from - < wifi.json 3<<< 'pass & <word>' > ../b)
	cmp words a
	cmp words b
	# Apple's own names say the same
	sed -e 's/"identifier"/"PayloadIdentifier"/; s/"name"/"PayloadDisplayName"/; s/"organization"/"PayloadOrganization"/' \
	    -e 's/"payloads"/"PayloadContent"/; s/"type"/"PayloadType"/' sub/wifi.json > sub/apple.json
	command mcprofile-gen configuration --from sub/apple.json 3<<< 'pass & <word>' > c
	cmp words c
}

@test "the same bytes in another folder, locale, time zone, umask, and another year" {
	acme --expiration-date 2030-06-01T12:00:00+02:00 > a
	mkdir other
	cp icon.png other
	(cd other && umask 0 && LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 TZ=Pacific/Auckland acme --expiration-date 2030-06-01T12:00:00+02:00 > ../b)
	cmp a b
	is a 'p["PayloadExpirationDate"]' '2030-06-01 10:00:00'
}

@test "an update keeps its UUIDs, --uuid random does not" {
	wifi SSID_STR=a > a
	wifi SSID_STR=b > b
	[ "$(value a 'p["PayloadUUID"], w["PayloadUUID"]')" = "$(value b 'p["PayloadUUID"], w["PayloadUUID"]')" ]
	# what uuid5 is to Python, of names that the manual tells
	space=2A7C0D52-6B0E-4F8B-9D57-0C1E5A3B8F64
	is a "__import__('uuid').uuid5(__import__('uuid').UUID('$space'), 'com.acme.x') == __import__('uuid').UUID(p['PayloadUUID'])" True
	is a "__import__('uuid').uuid5(__import__('uuid').UUID('$space'), 'com.acme.x\\0com.acme.x.wifi.managed') == __import__('uuid').UUID(w['PayloadUUID'])" True
	wifi SSID_STR=a --uuid random > c
	wifi SSID_STR=a --uuid random > d
	not cmp -s c d
	[[ "$(value c 'w["PayloadUUID"]')" =~ ^[0-9A-F]{8}-[0-9A-F]{4}-4 ]]
}

@test "every option of the profile" {
	printf 'Ich stimme zu.\n' > de.txt
	wifi SSID_STR=a --description 'what & why' --scope User --removal-disallowed --expiration-date 2030-12-31T23:59:59+01:00 \
	    --duration-until-removal 30d --consent default=Agreed. --consent en-GB=Agreed. --consent de=@de.txt \
	    --set TargetDeviceType=1 > out
	is out '[p[k] for k in ("PayloadDescription", "PayloadScope", "PayloadRemovalDisallowed", "DurationUntilRemoval", "TargetDeviceType")]' \
	    "['what & why', 'User', True, 2592000.0, 1]"
	is out 'p["PayloadExpirationDate"]' '2030-12-31 22:59:59'
	is out 'p["ConsentText"]' "{'de': 'Ich stimme zu.', 'default': 'Agreed.', 'en-GB': 'Agreed.'}"
	is out 'list(p)[-1]' PayloadContent
	wifi SSID_STR=a --removal-date 2031-01-01 > out
	is out 'p["RemovalDate"]' '2031-01-01 00:00:00'
}

@test "HasRemovalPasscode follows the payload" {
	conf --payload com.apple.profileRemovalPassword RemovalPassword=x > out
	is out 'p["HasRemovalPasscode"]' True
	wifi SSID_STR=a > out
	is out '"HasRemovalPasscode" in p' False
}

@test "options beside --from win, payloads add" {
	cat > x.json <<- 'END'
	{ "identifier": "com.acme.json", "name": "JSON", "description": "d",
	  "payloads": [ { "type": "com.apple.wifi.managed", "SSID_STR": "a" } ] }
	END
	conf --from x.json --name Words --payload com.apple.wifi.managed SSID_STR=b --set PayloadDescription=set > out
	is out '[p[k] for k in ("PayloadIdentifier", "PayloadDisplayName", "PayloadDescription")]' "['com.acme.x', 'Words', 'set']"
	is out '[(x["SSID_STR"], x["PayloadIdentifier"]) for x in p["PayloadContent"]]' "[('a', 'com.acme.x.wifi.managed'), ('b', 'com.acme.x.wifi.managed.2')]"
}

@test "values as Python reads them" {
	wifi SSID_STR=true ProxyServerPort=8080 EAPClientConfiguration.AcceptEAPTypes+=13 EAPClientConfiguration.AcceptEAPTypes+=25 \
	    EAPClientConfiguration.UserName=@@alice > out
	is out 'w["SSID_STR"], w["ProxyServerPort"], w["EAPClientConfiguration"]' "('true', 8080, {'AcceptEAPTypes': [13, 25], 'UserName': '@alice'})"
	conf --payload com.acme.own a:=integer:-5 b:=real:0.1 c:=date:2030-01-01 d:=data:AAE= e:=json:'{"x":[1,"y"]}' '"k.with.dots":=string:z' 2> said > out
	[ ! -s said ]
	is out '[w[k] for k in ("a", "b", "c", "d", "e", "k.with.dots")]' "[-5, 0.1, datetime.datetime(2030, 1, 1, 0, 0), b'\\x00\\x01', {'x': [1, 'y']}, 'z']"
}

@test "references between payloads" {
	conf --payload com.apple.wifi.managed SSID_STR=a PayloadCertificateUUID=@uuid:com.apple.security.pkcs12 EAPClientConfiguration.AcceptEAPTypes+=13 EAPClientConfiguration.PayloadCertificateAnchorUUID+=@uuid:com.acme.ca \
	    --payload com.apple.security.pkcs12 PayloadContent=@icon.png --payload com.apple.security.root PayloadIdentifier=com.acme.ca PayloadContent=@icon.png > out
	is out 'w["PayloadCertificateUUID"] == p["PayloadContent"][1]["PayloadUUID"]' True
	is out 'w["EAPClientConfiguration"]["PayloadCertificateAnchorUUID"] == [p["PayloadContent"][2]["PayloadUUID"]]' True
	refused 64 'PayloadContent[0].PayloadCertificateUUID: @uuid:com.apple.security.pkcs13: no payload here has that type or identifier' \
	    wifi SSID_STR=a PayloadCertificateUUID=@uuid:com.apple.security.pkcs13
}

@test "refusals name the key, what is wanted, and what is near" {
	refused 64 '--payload: com.apple.wifi.managed: SSID_STRING: no such key; did you mean SSID_STR?' wifi SSID_STRING=a
	refused 64 '--payload: com.apple.wifi.managed: EncryptionType=WPA9: want one of WEP, WPA, WPA2, WPA3, Any, None' wifi SSID_STR=a EncryptionType=WPA9
	refused 64 '--payload: com.apple.wifi.managed: AutoJoin=yes: want true or false' wifi AutoJoin=yes
	refused 64 'com.apple.webClip.managed: URL (a string), Label (a string) are required' conf --payload com.apple.webClip.managed
	refused 64 '--payload: com.apple.wifi.mananged: SSID_STR: no such payload type; did you mean com.apple.wifi.managed?' conf --payload com.apple.wifi.mananged SSID_STR=a
	refused 64 '--payload: com.acme.own: a: the schema does not have this payload, so say the type: :=string:TEXT, :=integer:5' conf --payload com.acme.own a=5
	refused 66 '--payload: com.apple.webClip.managed: Icon: nothere.png: No such file or directory' conf --payload com.apple.webClip.managed Icon=@nothere.png
	refused 64 '--set: PayloadScop: no such key; did you mean PayloadScope?' wifi SSID_STR=a --set PayloadScop=User
}

@test "refusals of the options" {
	refused 64 '--identifier NAME is required' mcprofile-gen configuration --payload com.apple.wifi.managed SSID_STR=a
	refused 64 '--payload TYPE KEY=VALUE ... or --from FILE is required' conf
	refused 64 '--payload: want a type first, like com.apple.wifi.managed' conf --payload ''
	refused 64 '--payload: want a type first, like com.apple.wifi.managed' conf --payload Password=hunter2
	refused 64 '--payload: com.apple.wifi.managed: PayloadType: is what stands behind --payload' wifi SSID_STR=a PayloadType=b
	refused 64 'TopLevel: is no payload'"'"'s type' conf --payload TopLevel
	refused 64 '--set: PayloadContent: is what --payload and --from add to' wifi SSID_STR=a --set 'PayloadContent[0].SSID_STR=b'
	refused 64 'PayloadIdentifier: is empty' mcprofile-gen configuration --identifier '' --payload com.apple.wifi.managed SSID_STR=a
	refused 64 '--scope: PayloadScope=All: want one of System, User' wifi SSID_STR=a --scope All
	refused 64 '--expiration-date: PayloadExpirationDate=soon: want a date like 2030-12-31T23:59:59Z or 2030-12-31T23:59:59+01:00' wifi SSID_STR=a --expiration-date soon
	refused 64 '--consent: want LANG=TEXT, LANG being like en, de-CH or default' wifi SSID_STR=a --consent 'e n=x'
	refused 64 '--uuid: want one of named|random, not v5' wifi SSID_STR=a --uuid v5
	refused 64 '--duration-until-removal: want a time like 90s, 15m, 1h or 2d, not soon' wifi SSID_STR=a --duration-until-removal soon
	refused 65 'PayloadDisplayName: want UTF-8 without control characters' wifi SSID_STR=a --name $'\x01'
	refused 64 'PayloadContent[0] and [1] have one PayloadIdentifier, a' \
	    wifi SSID_STR=a PayloadIdentifier=a --payload com.apple.wifi.managed SSID_STR=b PayloadIdentifier=a
	refused 66 '--schema: nothere: No such file or directory' wifi SSID_STR=a --schema nothere
}

@test "--force warns, of all, and goes on" {
	wifi SSID_STRING=a EncryptionType=WPA9 AutoJoin=yes --payload com.apple.webClip.managed Label=x --force > out 2> said
	is out 'w["SSID_STRING"], w["EncryptionType"], w["AutoJoin"]' "('a', 'WPA9', 'yes')"
	diff said - <<- 'END'
	warning: com.apple.wifi.managed: SSID_STRING: no such key; did you mean SSID_STR?
	warning: com.apple.wifi.managed: EncryptionType=WPA9: want one of WEP, WPA, WPA2, WPA3, Any, None
	warning: com.apple.wifi.managed: AutoJoin=yes: want true or false
	warning: com.apple.webClip.managed: URL (a string) is required
	END
}

@test "a type that nobody knows is warned of where it is near one" {
	conf --payload com.apple.wifi.mananged a:=integer:5 > out 2> said
	is out 'w["a"]' 5
	grep -q 'com.apple.wifi.mananged: no such payload type; did you mean com.apple.wifi.managed?' said
	conf --payload com.acme.own a:=integer:5 > out 2> said
	[ ! -s said ]
}

@test "JSON that is none, or not right: the file, the place, and nothing of what stands there" {
	j() { printf '%s' "$1" > x.json; mcprofile-gen configuration --from x.json; }
	refused 65 'x.json: 1:1: want JSON, not nothing' j ''
	refused 65 'x.json: 2:20: this is not JSON' j $'{"payloads":\n[{"Password": hunter2}]}'
	refused 65 'x.json: 1:18: this object has two members of one name' j '{"name":"a","name":"b"}'
	refused 65 'x.json: 1:4: want nothing after the value' j '{} {}'
	refused 65 'x.json: 1:24: the number does not fit 64 bits' j '{"a":9223372036854775808}'
	refused 65 'x.json: payloads[0].SSID_STRING: no such key; did you mean SSID_STR?' j '{"identifier":"a","payloads":[{"type":"com.apple.wifi.managed","SSID_STRING":"x"}]}'
	refused 65 'x.json: payloads[0].AutoJoin: want a boolean, not a string' j '{"identifier":"a","payloads":[{"type":"com.apple.wifi.managed","AutoJoin":"true"}]}'
	refused 64 'PayloadIdentifier is required; want one like com.acme.wifi' j '{"payloads":[{"type":"a.b"}]}'
	refused 66 'nothere.json: No such file or directory' mcprofile-gen configuration --from nothere.json
	k() { printf '%s' "$1" | mcprofile-gen configuration --from -; }
	refused 65 'standard input: 1:1: the input ends too early' k '{'
	head -c 100000 /dev/zero | tr '\0' '[' > deep.json
	refused 65 'deep.json: 1:65: nested more than 64 deep' mcprofile-gen configuration --from deep.json
}

@test "JSON: a profile without payloads is none" {
	echo '{"identifier":"a"}' > x.json
	refused 64 'no payload: want --payload TYPE KEY=VALUE ..., or payloads in JSON' mcprofile-gen configuration --from x.json
}

@test "a file with a secret in it is its owner's alone" {
	umask 022
	acme -o secret.mobileconfig
	[ "$(stat -c %a secret.mobileconfig)" = 600 ]
	wifi SSID_STR=a Password=plain -o named.mobileconfig
	[ "$(stat -c %a named.mobileconfig)" = 600 ]
	echo x > x
	conf --payload com.acme.own a:=string:@file:x -o source.mobileconfig
	[ "$(stat -c %a source.mobileconfig)" = 600 ]
	wifi SSID_STR=a -o open.mobileconfig
	[ "$(stat -c %a open.mobileconfig)" = 644 ]
}

@test "a secret is in no message" {
	export W=hunter2
	for word in EncryptionType=@env:W AutoJoin=@env:W ProxyServerPort=@env:W SSID_STR:=integer:@env:W SSID_STR:=json:@env:W hunter2 Password:=hunter2; do
		W=hunter2 run wifi "$word"
		[ "$status" -ne 0 ]
		[[ "$output" != *hunter2* ]]
	done
}

@test "a word that is no KEY=VALUE is named, if it cannot be a secret's" {
	refused 64 '--payload: com.apple.wifi.managed: want KEY=VALUE, not "Wi-Fi"; a value with blanks needs quotes' wifi SSID_STR=ACME Wi-Fi
	refused 64 '--payload: com.apple.wifi.managed: want KEY=VALUE, KEY+=VALUE or KEY:=TYPE:VALUE; a value with blanks needs quotes' \
	    wifi SSID_STR=ACME Password:=string:correct horse
	refused 64 '--payload: com.apple.wifi.managed: Foo[: is no key path: a quote or a bracket is not closed' wifi 'Foo[=a'
}

@test "a key that one payload is given twice" {
	refused 64 '--payload: com.apple.wifi.managed: SSID_STR: is given twice' wifi SSID_STR=ACME AutoJoin=true SSID_STR=B
	refused 64 '--payload: com.apple.wifi.managed: SSID_STR: is given twice' wifi SSID_STR:=string:ACME SSID_STR=B
	wifi SSID_STR=ACME 'EAPClientConfiguration.AcceptEAPTypes[+]=13' 'EAPClientConfiguration.AcceptEAPTypes[+]=25' EAPClientConfiguration.AcceptEAPTypes+=21 \
	    --payload com.apple.wifi.managed SSID_STR=B > out
	is out 'w["EAPClientConfiguration"]["AcceptEAPTypes"]' '[13, 25, 21]'
	is out 'p["PayloadContent"][1]["SSID_STR"]' B
}

@test "below a key of a secret's name nothing is told either" {
	printf 'payload com.acme.s on macos 10.7\n\tPasscodes dict\n\t\tFirst string values one\n\t\tList array\n\t\t\titem One string values one\n' > s.schema
	refused 64 '--payload: com.acme.s: Passcodes.First: want one' conf --schema s.schema --payload com.acme.s Passcodes.First=hunter2
	refused 64 '--payload: com.acme.s: Passcodes: List[0]: want one' conf --schema s.schema --payload com.acme.s 'Passcodes:=json:{"List":["hunter2"]}'
}

@test "a schema of the site's" {
	mkdir manifests
	cat > manifests/com.acme.own.plist <<- 'END'
	<plist version="1.0"><dict><key>pfm_domain</key><string>com.acme.own</string><key>pfm_title</key><string>Own</string>
	<key>pfm_format_version</key><integer>1</integer><key>pfm_version</key><integer>1</integer>
	<key>pfm_subkeys</key><array><dict><key>pfm_name</key><string>Count</string><key>pfm_type</key><string>integer</string></dict></array></dict></plist>
	END
	conf --schema manifests --payload com.acme.own Count=5 > out
	is out 'w["Count"]' 5
	refused 64 '--payload: com.acme.own: Coumt: no such key; did you mean Count?' conf --schema manifests --payload com.acme.own Coumt=5
	# a path that describe tells is one to set
	printf 'payload com.acme.odd\n\t"a=b" array\n\t\titem X dict\n\t\t\tN integer\n\t\t\tSub array\n\t\t\t\titem X again\n' > odd.schema
	mcprofile-gen describe --schema odd.schema com.acme.odd > out
	grep -qF '"a=b"[0]' out
	conf --schema odd.schema --payload com.acme.odd '"a=b"[0].N=5' > out
	is out 'w["a=b"][0]["N"]' 5
}

# The manual's example of a name, up to the line that writes the file.
@test "the manual's two payloads, one of which refers to the other, are fine to lint" {
	printf '%s\n' 'pass word' > psk
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=Root -days 30 -addext keyUsage=critical,keyCertSign -keyout /dev/null -outform DER -out ca.der 2> /dev/null
	sed -n '/one of which refers to the other:/,/^\.Ed/p' "$SRC/man/mcprofile-gen.1" | sed -n '/^\$ /,/^\.Ed/p' | sed 's/^\$ //; s/\\e$/\\/; /^\./d' > example.sh
	grep -q '@uuid:com.apple.security.root' example.sh
	. ./example.sh
	is wifi.mobileconfig 'p["PayloadContent"][1]["EAPClientConfiguration"]["PayloadCertificateAnchorUUID"] == [w["PayloadUUID"]]' True
	mcprofile-lint wifi.mobileconfig
}

@test "JSON as editors of Windows save it, with a byte order mark" {
	printf '\357\273\277{"identifier":"a","payloads":[{"type":"com.apple.wifi.managed","SSID_STR":"ACME"}]}\r\n' > in.json
	mcprofile-gen configuration --from in.json > out
	is out 'w["SSID_STR"]' ACME
	mcprofile-gen configuration --from - < in.json | cmp out
	printf '\357\273\277' > in.json
	refused 65 'in.json: 1:1: want JSON, not nothing' mcprofile-gen configuration --from in.json
}

@test "what no schema says, and makes no sense" {
	refused 64 'PayloadIdentifier=com acme: has blanks in it; want one like com.acme.wifi' \
	    mcprofile-gen configuration --identifier 'com acme' --payload com.apple.wifi.managed SSID_STR=a
	refused 64 'com.apple.wifi.managed: PayloadIdentifier=a b: has blanks in it; want one like com.acme.wifi' wifi SSID_STR=a 'PayloadIdentifier=a b'
	refused 64 'com.apple.wifi.managed: PayloadUUID=foo: is no UUID; without one it is made of the identifiers' wifi SSID_STR=a PayloadUUID=foo
	refused 64 'PayloadUUID=foo: is no UUID; without one it is made of the identifiers' wifi SSID_STR=a --set PayloadUUID=foo
	refused 64 'RemovalDate: not with DurationUntilRemoval' wifi SSID_STR=a --removal-date 2030-01-01 --duration-until-removal 1h
	refused 64 'PayloadIdentifier=com acme: has blanks in it; want one like com.acme.wifi' mcprofile-gen wifi --identifier 'com acme' --ssid a
	# a template's variables are filled in later
	wifi SSID_STR=a 'PayloadUUID=${uuid}' 'PayloadIdentifier={{ site }}' > out
	is out 'w["PayloadUUID"]' '${uuid}'
	said=$(wifi SSID_STR=a PayloadUUID=foo --force 2>&1 > out)
	[ "$said" = 'warning: com.apple.wifi.managed: PayloadUUID=foo: is no UUID; without one it is made of the identifiers' ]
	is out 'w["PayloadUUID"]' foo
}

@test "a disk that is full" {
	run sh -c 'mcprofile-gen configuration --identifier a --payload com.apple.wifi.managed SSID_STR=a > /dev/full'
	[ "$status" -eq 74 ]
}

@test "every payload of the schema, in JSON and in words, as Python reads it" {
	read -r types values <<< "$(python3 "$SRC/tests/cli/gen_table.py")"
	echo "$types types, $values values"
	[ "$types" -ge 120 ]
	[ "$values" -gt 1800 ]
}
