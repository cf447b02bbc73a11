load ../helper

C=$SRC/tests/cli/lint

setup() { cd "$BATS_TEST_TMPDIR"; }

# A profile with one Wi-Fi payload; what is given goes into the payload.
wifi() {
	cat << END
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadIdentifier</key>
	<string>com.acme.profile</string>
	<key>PayloadUUID</key>
	<string>4CFA51A9-8E39-4C04-9C0B-2E6D6A8C0B11</string>
	<key>PayloadVersion</key>
	<integer>1</integer>
	<key>PayloadDisplayName</key>
	<string>ACME</string>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key>
			<string>com.apple.wifi.managed</string>
			<key>PayloadIdentifier</key>
			<string>com.acme.profile.wifi</string>
			<key>PayloadUUID</key>
			<string>6B9D9F0F-27C2-4A41-8C3E-4C9BBD1B9F02</string>
			<key>PayloadVersion</key>
			<integer>1</integer>
			<key>SSID_STR</key>
			<string>ACME</string>
$1
		</dict>
	</array>
</dict>
</plist>
END
}

good() { wifi > good.mobileconfig; }
warned() { wifi '<key>SSID_STRING</key><string>x</string>' > warned.mobileconfig; }
bad() { wifi '<key>AutoJoin</key><string>true</string>' > bad.mobileconfig; }

# The command is to end with this status and these last words.
ends() {
	local want=$1 words=$2
	shift 2
	status=0
	mcprofile-lint "$@" > out 2> words || status=$?
	output=$(cat out words)
	show
	[ "$status" -eq "$want" ]
	[ "$(tail -n 1 words)" = "${words:+mcprofile-lint: $words}" ]
}

@test "what is clean is told so, with status 0, from a file, a pipe and a binary" {
	good
	ends 0 "" --format gcc good.mobileconfig
	[ ! -s out ]
	mcprofile-lint --format gcc < good.mobileconfig
	python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.dumps(plistlib.load(open("good.mobileconfig", "rb")), fmt=plistlib.FMT_BINARY))' > binary.mobileconfig
	ends 0 "" --format gcc binary.mobileconfig
	[ ! -s out ]
}

@test "a finding has file, line, column, severity, message and code" {
	bad
	ends 1 "1 error in bad.mobileconfig" --format gcc bad.mobileconfig
	[ "$(cat out)" = 'bad.mobileconfig:28:20: error: PayloadContent[0].AutoJoin: string instead of boolean; want boolean [MC1104]' ]
	ends 1 "1 error in -" --format gcc - < bad.mobileconfig
	[ "$(cat out)" = '-:28:20: error: PayloadContent[0].AutoJoin: string instead of boolean; want boolean [MC1104]' ]
}

@test "the exit status is what --fail-on and --strict say" {
	good && warned && bad
	ends 0 "" warned.mobileconfig
	ends 1 "1 warning in warned.mobileconfig" --strict warned.mobileconfig
	ends 1 "1 warning in warned.mobileconfig" --fail-on warning warned.mobileconfig
	ends 1 "1 warning in warned.mobileconfig" --fail-on notice warned.mobileconfig
	ends 1 "1 error, 1 warning in 2 of 3 files" --strict good.mobileconfig warned.mobileconfig bad.mobileconfig
	ends 0 "" --fail-on never bad.mobileconfig
	grep -q MC1104 out
	ends 64 "--strict, or --fail-on never: not both" --strict --fail-on never bad.mobileconfig
}

@test "the report goes to --output, whole, whatever the verdict" {
	bad
	ends 1 "1 error in bad.mobileconfig" --format gcc -o report bad.mobileconfig
	[ ! -s out ]
	grep -q MC1104 report
	run -74 mcprofile-lint -o /dev/full bad.mobileconfig
	run -74 sh -c 'mcprofile-lint bad.mobileconfig > /dev/full'
}

@test "a file that cannot be read is told, and the others go on" {
	bad
	ends 66 "1 of 2 files could not be read" --format gcc missing.mobileconfig bad.mobileconfig
	grep -qx "missing.mobileconfig: No such file or directory" words
	grep -q MC1104 out
	mkdir empty
	ends 66 "1 of 2 files could not be read" --format gcc bad.mobileconfig empty
	grep -qx "empty: holds no \*.mobileconfig" words
	grep -q MC1104 out
	ends 66 "missing.mobileconfig: No such file or directory" missing.mobileconfig
	[ ! -s out ]
	ends 66 "empty: holds no *.mobileconfig" empty
}

@test "of a folder, every profile below is linted, in order, and nothing else" {
	bad
	mkdir -p d/b d/.git d/a
	cp bad.mobileconfig d/b/2.mobileconfig
	cp bad.mobileconfig d/b/1.MOBILECONFIG
	cp bad.mobileconfig d/.git/x.mobileconfig
	cp bad.mobileconfig d/.hidden.mobileconfig
	cp bad.mobileconfig d/c.plist
	cp bad.mobileconfig d/z.mobileconfig
	ln -s .. d/a/loop
	ends 1 "3 errors in 3 of 3 files" --format gcc d
	[ "$(cut -d: -f1 out | tr '\n' ' ')" = "d/b/1.MOBILECONFIG d/b/2.mobileconfig d/z.mobileconfig " ]
	ln -s d link
	ends 1 "3 errors in 3 of 3 files" --format gcc link
	ends 1 "3 errors in 3 of 3 files" --format gcc link/
}

@test "--ignore takes codes and names, and no others" {
	bad
	ends 0 "" --format gcc --ignore MC1104 bad.mobileconfig
	[ ! -s out ]
	ends 0 "" --ignore wrong-type bad.mobileconfig
	ends 1 "1 error in bad.mobileconfig" --ignore unknown-key bad.mobileconfig
	wifi '<key>AutoJoin</key><string>true</string><key>Nonsense</key><true/>' > two.mobileconfig
	ends 0 "" --strict --ignore unknown-key,MC1104 two.mobileconfig
	ends 64 "--ignore: : no such code (--codes lists them)" --ignore MC1104, bad.mobileconfig
	ends 64 "--ignore: MC9999: no such code (--codes lists them)" --ignore MC9999 bad.mobileconfig
}

@test "a comment leaves out a finding for its element only" {
	wifi '<!-- mcprofile-lint: ignore MC1104 --><key>AutoJoin</key><string>true</string>
	<key>HIDDEN_NETWORK</key><string>true</string>' > x.mobileconfig
	ends 1 "1 error in x.mobileconfig" --format gcc x.mobileconfig
	[ "$(cat out)" = 'x.mobileconfig:29:27: error: PayloadContent[0].HIDDEN_NETWORK: string instead of boolean; want boolean [MC1104]' ]
}

@test "a baseline leaves out what was known, and survives edits elsewhere" {
	bad
	ends 0 "" --format gcc --write-baseline known.json bad.mobileconfig
	[ ! -s out ]
	[ "$(jq -c '.findings' known.json)" = '[{"file":"bad.mobileconfig","code":"MC1104","path":"PayloadContent[0].AutoJoin"}]' ]
	ends 0 "" --format gcc --baseline known.json bad.mobileconfig
	[ ! -s out ]
	wifi '
	<key>HIDDEN_NETWORK</key><string>true</string>

	<key>AutoJoin</key><string>true</string>' > bad.mobileconfig
	ends 1 "1 error in bad.mobileconfig" --format gcc --baseline known.json bad.mobileconfig
	[ "$(grep -c . out)" -eq 1 ]
	grep -q '^bad.mobileconfig:29:' out
	cp bad.mobileconfig another.mobileconfig
	ends 1 "2 errors in another.mobileconfig" --baseline known.json another.mobileconfig
	ends 66 "--baseline: none.json: No such file or directory" --baseline none.json bad.mobileconfig
	echo '{}' > empty.json
	ends 65 "--baseline: empty.json: no baseline of mcprofile-lint: --write-baseline makes one" --baseline empty.json bad.mobileconfig
}

@test "a baseline knows a file however its path is spelt, from its own folder" {
	bad
	mkdir -p base/sub other && mv bad.mobileconfig base/sub/x.mobileconfig
	ends 0 "" --write-baseline known.json base/
	[ "$(jq -r '.findings[].file' known.json)" = base/sub/x.mobileconfig ]
	ends 0 "" --baseline known.json base
	ends 0 "" --baseline ./known.json base//sub/../sub/x.mobileconfig
	ends 0 "" --baseline "$PWD/known.json" "$PWD/base"
	(cd base/sub && ends 0 "" --baseline ../../known.json . && ends 0 "" --baseline ../../known.json x.mobileconfig)
	ends 0 "" --write-baseline other/known.json base
	[ "$(jq -r '.findings[].file' other/known.json)" = ../base/sub/x.mobileconfig ]
	ends 0 "" --baseline other/known.json base/sub
	mcprofile-lint --write-baseline base/in.json - < base/sub/x.mobileconfig
	[ "$(jq -r '.findings[].file' base/in.json)" = - ]
	: > empty.json
	ends 65 "--baseline: empty.json: 1:1: want JSON, not nothing" --baseline empty.json base
}

@test "--target tells what an OS does not know, a step lower where another one does" {
	local f=$C/MC1110-bad.mobileconfig
	ends 1 "1 error in $f" --format gcc --target ios:17 "$f"
	grep -q "error: .*com.apple.MCX.FileVault2 is not known on iOS.* \[MC1110\]" out
	ends 0 "" --format gcc --target ios:17 --target macos "$f"
	grep -q "warning: .*com.apple.MCX.FileVault2 is not known on iOS.* \[MC1110\]" out
	ends 0 "" --format gcc --target macos:14 "$f"
	not grep -q MC1110 out
	ends 64 "--target: linux: want ios, macos, tvos, visionos or watchos, with a version or without (ios:17.4)" --target linux "$f"
}

@test "what macOS makes of a value is a warning there, and an error elsewhere" {
	wifi '<key>AutoJoin</key><integer>1</integer>' > x.mobileconfig
	ends 0 "" --format gcc x.mobileconfig
	grep -q "warning: .*integer instead of boolean, which only macOS takes for one.* \[MC1105\]" out
	ends 0 "" --format gcc --target macos:14 x.mobileconfig
	grep -q "warning: .*integer instead of boolean, which macOS takes for one.* \[MC1105\]" out
	ends 1 "1 error in x.mobileconfig" --format gcc --target macos:14 --target ios:17 x.mobileconfig
	grep -q "error: .*integer instead of boolean, which iOS does not take for one.* \[MC1105\]" out
}

@test "a whole number where a real is due is as good, and not told" {
	sed 's/__/<key>DurationUntilRemoval<\/key><integer>86400<\/integer>/' > x.mobileconfig < <(wifi | sed 's/<key>PayloadContent<\/key>/__&/')
	for target in macos ios; do
		ends 0 "" --strict --format gcc --target $target x.mobileconfig
		[ ! -s out ] || { cat out; false; }
	done
	sed -i 's/86400/-1/' x.mobileconfig
	mcprofile-lint --format gcc --fail-on never x.mobileconfig > out
	grep -q MC1213 out
}

@test "what is gone of late is a notice where nobody named a target, and what is long gone a warning" {
	ends 0 "" --strict --format gcc "$C/MC1112-bad-2.mobileconfig"
	grep -q "notice: .*is gone since macOS 15.0.* \[MC1112\]" out
	ends 1 "1 warning in $C/MC1112-bad.mobileconfig" --strict --format gcc "$C/MC1112-bad.mobileconfig"
	ends 0 "" --format gcc --target macos:15 "$C/MC1112-bad-2.mobileconfig"
	grep -q "warning: .*is gone since macOS 15.0.* \[MC1112\]" out
}

@test "the version of a target decides what it knows" {
	local f=$C/MC1111-bad.mobileconfig
	ends 0 "" --format gcc --target ios:17.6 "$f"
	grep -q "warning: .*allowAppsToBeHidden needs iOS 18.0, and the target is 17.6.* \[MC1111\]" out
	ends 0 "" --format gcc --target ios:18 "$f"
	not grep -q MC1111 out
	ends 0 "" --format gcc "$f"
	not grep -q MC1111 out
}

@test "--pass writes the profile as it is, or nothing" {
	good && bad
	mcprofile-lint --pass good.mobileconfig | cmp - good.mobileconfig
	mcprofile-lint --pass < good.mobileconfig | cmp - good.mobileconfig
	mcprofile-lint --pass --fail-on never --format gcc bad.mobileconfig 2> words | cmp - bad.mobileconfig
	grep -q "MC1104" words
	ends 1 "1 error: PayloadContent[0].AutoJoin: string instead of boolean [MC1104]" --pass bad.mobileconfig
	[ ! -s out ]
	ends 64 "--pass: one profile, not 2" --pass good.mobileconfig bad.mobileconfig
	ends 66 "missing: No such file or directory" --pass missing
}

@test "--diff tells of an update, and takes one old and one new profile" {
	good && bad
	ends 64 "--diff OLD: one new profile, not 2" --diff good.mobileconfig good.mobileconfig bad.mobileconfig
	ends 66 "--diff: missing: No such file or directory" --diff missing good.mobileconfig
	mcprofile-lint --format gcc --diff good.mobileconfig good.mobileconfig > same
	not grep -q error same
	sed 's/com\.acme\.profile</com.acme.other</' good.mobileconfig > other.mobileconfig
	status=0
	mcprofile-lint --format gcc --diff good.mobileconfig other.mobileconfig > differs || status=$?
	not cmp -s same differs
	grep -q '\[MC16' differs
}

@test "--explain tells of a code by its number, its name, or of all" {
	mcprofile-lint --explain MC1102 > a
	mcprofile-lint --explain unknown-key | cmp - a
	[ "$(head -n 1 a)" = "MC1102 unknown-key (warning): a key that its payload does not have" ]
	grep -qx "To mend it:" a
	[ "$(awk 'length > 80' a)" = "" ]
	[ "$(mcprofile-lint --explain all | grep -c '^MC')" -eq "$(mcprofile-lint --codes | grep -c '^MC')" ]
	ends 64 "--explain: MC9999: no such code (--codes lists them)" --explain MC9999
	ends 64 "--explain: unknown-keys: no such code; did you mean unknown-key?" --explain unknown-keys
}

@test "the manual's table of codes is the catalogue" {
	diff <(mcprofile-lint --codes | awk 'NR > 1 { code = $1; severity = $2; $1 = $2 = $3 = ""; sub(/^ +/, ""); print ".It " code " Ta " severity " Ta " $0 }') \
	    <(sed -n '/^\.Sh CODES/,/^\.El/p' "$SRC/man/mcprofile-lint.1" | grep '^\.It')
}

@test "a schema of one's own is used: keys of a domain that Apple does not describe" {
	wifi > x.mobileconfig
	sed -i 's/com.apple.wifi.managed/com.acme.app/' x.mobileconfig
	ends 0 "" --format gcc x.mobileconfig
	grep -q "unknown payload type com.acme.app: its keys are not checked.* \[MC1101\]" out
	printf 'payload com.acme.app on macos 10.7 multiple device user\n\tServer string required\n\tSSID_STR integer\n' > acme.schema
	ends 1 "2 errors in x.mobileconfig" --format gcc --schema acme.schema x.mobileconfig
	grep -q "error: .*Server is missing, and required.* \[MC1103\]" out
	grep -q "error: .*string instead of integer.* \[MC1104\]" out
	ends 66 "--schema: missing: No such file or directory" --schema missing x.mobileconfig
}

@test "hostile files are findings, in little memory" {
	python3 - << 'END'
open("deep.mobileconfig", "w").write("<plist version='1.0'>" + "<array>" * 100000)
open("entities.mobileconfig", "w").write('<!DOCTYPE plist [<!ENTITY a "b">]><plist version="1.0"><string>&a;</string></plist>')
open("amp.mobileconfig", "w").write('<plist version="1.0"><string>' + "&amp;" * 1000000 + "</string></plist>")
open("nul.mobileconfig", "wb").write(b'<plist version="1.0"><string>\0</string></plist>')
open("trailing.mobileconfig", "wb").write(b'<plist version="1.0"><dict/></plist>\0\0')
open("binary.mobileconfig", "wb").write(b"bplist00" + b"\xaf\x13" + b"\xff" * 8 + b"\0" * 40)
open("der.mobileconfig", "wb").write(b"\x30\x84\xff\xff\xff\xff" + b"\0" * 100)
END
	status=0
	(
		# the shadow of a sanitizer is no memory of ours
		grep -q __asan_init "$(command -v mcprofile-lint)" || ulimit -v 262144
		ulimit -t 60
		mcprofile-lint --format gcc *.mobileconfig
	) > out 2> words || status=$?
	show
	[ "$status" -eq 1 ]
	for f in *.mobileconfig; do
		grep -q "^$f:.*error" out || { echo "$f"; cat out; false; }
	done
}

@test "a name with control characters is shown, not obeyed" {
	bad
	mv bad.mobileconfig $'a\e[31m.mobileconfig'
	status=0
	mcprofile-lint $'a\e[31m.mobileconfig' > out 2> words || status=$?
	[ "$status" -eq 1 ]
	not grep -q $'\e' out words
}

@test "in a chain of mcprofile-cgi what does not pass goes no further" {
	good && bad
	printf 'url = https://mdm.example.com\norganization = ACME\nroutes = routes\n' > site.conf
	echo '/in POST anyone application/x-apple-aspen-config mcprofile-lint --pass | cat' > routes
	post() {
		{ printf 'POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' "$(wc -c < "$1")" && cat "$1"; } |
			mcprofile-cgi --site site.conf > answer 2> log 3>&-
	}
	post good.mobileconfig
	head -n 1 answer | grep -q ' 200 '
	sed '1,/^\r$/d' answer | cmp - good.mobileconfig
	post bad.mobileconfig
	head -n 1 answer | grep -q ' 403 '
	not grep -q AutoJoin answer
	grep -q "1 error: PayloadContent\[0\].AutoJoin: string instead of boolean.* \[MC1104\]" log
}

@test "notices, however many, hide no error" {
	{
		for _ in $(seq 2100); do echo '<!-- mcprofile-lint: ignore x -->'; done
		echo '<plist version="1.0"><dict><key>broken'
	} > many.mobileconfig
	run -1 mcprofile-lint --format gcc many.mobileconfig
	[[ "$output" == *"[MC1003]"* && "$output" == *"[MC1024]"* ]]
	sed -i '1i <!-- mcprofile-lint: ignore MC1003 MC1020 MC1024 -->' many.mobileconfig
	for format in gcc json junit tap sarif github text; do
		run -1 mcprofile-lint --format $format many.mobileconfig
		[[ "$output" == *MC1003* ]] || { echo "$format"; false; }
	done
	run -1 mcprofile-lint --pass many.mobileconfig
	[[ "$output" != *"<plist"* ]]
}

@test "what could not be read whole is never clean, and never passes" {
	echo 'garbage not a plist' > junk.mobileconfig
	ends 64 "--ignore: MC1004: a file that cannot be looked at whole is never clean" --ignore MC1004 junk.mobileconfig
	ends 64 "--pass, or --write-baseline: not both" --pass --write-baseline b.json junk.mobileconfig
	run -1 mcprofile-lint --write-baseline b.json junk.mobileconfig
	run -1 mcprofile-lint --baseline b.json junk.mobileconfig
	run -1 mcprofile-lint --pass --fail-on never junk.mobileconfig
	[[ "$output" != *"garbage not a plist"* ]]
	run -1 mcprofile-lint --pass --fail-on never /dev/null
}

@test "--pass looks at the whole profile, whatever its comments and --diff say" {
	good && bad
	sed 's,<plist,<!-- mcprofile-lint: ignore MC1104 --><plist,' bad.mobileconfig > excused.mobileconfig
	mcprofile-lint excused.mobileconfig
	run -1 mcprofile-lint --no-suppress excused.mobileconfig
	run -1 mcprofile-lint --pass excused.mobileconfig
	run -1 mcprofile-lint --pass --diff good.mobileconfig bad.mobileconfig
	[[ "$output" == *MC1104* && "$output" != *"<plist"* ]]
}

@test "a pipe among the files of a folder is passed over" {
	good
	mkdir folder
	cp good.mobileconfig folder
	mkfifo folder/pipe.mobileconfig
	run -0 timeout 20 mcprofile-lint folder
}

@test "a message in PEM ends where the file ends" {
	good && bad
	selfsigned signer /CN=signer
	openssl cms -sign -binary -nodetach -in good.mobileconfig -signer signer.pem -inkey signer.key -outform PEM -out signed.pem
	mcprofile-lint signed.pem
	cat signed.pem bad.mobileconfig > more.pem
	run -1 mcprofile-lint --format gcc more.pem
	[[ "$output" == *"PEM: more than the message in it"* ]]
}

@test "SOURCE_DATE_EPOCH is what now is" {
	sed 's|<key>PayloadVersion</key>|<key>RemovalDate</key><date>2030-01-01T00:00:00Z</date>\n\t<key>PayloadVersion</key>|; 0,/PayloadVersion/b' <(wifi) |
		awk '/RemovalDate/ && seen++ { next } { print }' > dated.mobileconfig
	SOURCE_DATE_EPOCH=1700000000 ends 0 "" --format gcc dated.mobileconfig
	[ ! -s out ]
	# 2030-01-02
	SOURCE_DATE_EPOCH=1893542400 ends 1 "1 error in dated.mobileconfig" --format gcc dated.mobileconfig
	grep -q "1 day ago.*\[MC1211\]" out || { cat out; false; }
	for bad in "" x -1 1x " 1" 1.5 9999999999999; do
		SOURCE_DATE_EPOCH=$bad ends 64 "SOURCE_DATE_EPOCH: want seconds since 1970, digits alone" dated.mobileconfig
	done
}

@test "a name of a file cannot write to the terminal" {
	good
	esc=$(printf '\033[31mred')
	run -66 --separate-stderr mcprofile-lint "$esc.mobileconfig" good.mobileconfig
	[[ $stderr = *"?[31mred.mobileconfig: No such file"* ]] || { show; false; }
	[[ $stderr != *$'\033'* ]]
}

@test "a baseline that is not JSON is not repeated" {
	good
	echo '{"a": secretthing}' > broken.json
	run -65 --separate-stderr mcprofile-lint --baseline broken.json good.mobileconfig
	[[ $stderr = "mcprofile-lint: --baseline: broken.json: 1:"*": this is not JSON" ]] || { show; false; }
}
