# mcprofile-gen template --each: a profile for every row of a list.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat > base.mobileconfig <<- 'END'
		<plist version="1.0"><dict>
		<key>PayloadType</key><string>Configuration</string>
		<key>PayloadVersion</key><integer>1</integer>
		<key>PayloadIdentifier</key><string>com.acme.mail.${user}</string>
		<key>PayloadUUID</key><string>11111111-1111-4111-8111-111111111111</string>
		<key>PayloadContent</key><array><dict>
			<key>PayloadType</key><string>com.apple.mail.managed</string>
			<key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>com.acme.mail.${user}.account</string>
			<key>PayloadUUID</key><string>22222222-2222-4222-8222-222222222222</string>
			<key>EmailAddress</key><string>${mail}</string>
			<key>EmailAccountName</key><string>${name} of ${company}</string>
			<key>Others</key><string>$FLEET_VAR_X {{x}} %SerialNumber% $USERNAME</string>
			<key>CertificateUUID</key><string>22222222-2222-4222-8222-222222222222</string>
		</dict></array>
		</dict></plist>
	END
	printf 'user,mail,name\nalice,alice@acme.com,Alice\nbob,bob@acme.com,Bob\n' > people.csv
}

teardown() { [ -z "${big-}" ] || rm -rf "$big"; }

# Tens of thousands of files: in memory, where there is such a folder.
in_memory() {
	big=$(mktemp -d -p /dev/shm 2> /dev/null) || return 0
	cp base.mobileconfig "$big"
	cd "$big"
}

mcprofile-gen() { command mcprofile-gen "$@" 3>&-; }
each() { mcprofile-gen template base.mobileconfig --var company=ACME --output-dir out --name '${user}.mobileconfig' --each "$@"; }

# value FILE EXPR: an expression over the plist p, by a reader not ours.
value() {
	python3 -c 'import plistlib, sys
p = plistlib.load(open(sys.argv[1], "rb"))
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

# refused STATUS TEXT COMMAND...: the same, and nothing is written at all.
refused() {
	says "$1" "mcprofile-gen: $2" "${@:3}"
	[ ! -s says.out ]
	[ ! -e out ]
}

@test "the manual's line: a profile a row, the template's own values filled in" {
	[ "$(each people.csv)" = "2 of 2 profiles written" ]
	[ "$(ls out)" = $'alice.mobileconfig\nbob.mobileconfig' ]
	[ "$(value out/bob.mobileconfig 'p["PayloadIdentifier"]')" = com.acme.mail.bob ]
	[ "$(value out/bob.mobileconfig '[p["PayloadContent"][0][k] for k in ("EmailAddress", "EmailAccountName")]')" = "['bob@acme.com', 'Bob of ACME']" ]
}

@test "other systems' variables pass through" {
	each people.csv
	[ "$(value out/alice.mobileconfig 'p["PayloadContent"][0]["Others"]')" = '$FLEET_VAR_X {{x}} %SerialNumber% $USERNAME' ]
}

@test "UUIDs: named, so that another run says the same; fresh, kept" {
	each people.csv
	cp -R out first
	[ "$(each people.csv)" = "0 of 2 profiles written; 2 were there already" ]
	rm -r out
	each people.csv
	diff -r first out
	u='[p["PayloadUUID"], p["PayloadContent"][0]["PayloadUUID"], p["PayloadContent"][0]["CertificateUUID"]]'
	python3 - "$(value out/alice.mobileconfig "$u")" "$(value out/bob.mobileconfig "$u")" <<- 'END'
		import sys, uuid
		space = uuid.UUID("2A7C0D52-6B0E-4F8B-9D57-0C1E5A3B8F64")
		for who, have in zip(("alice", "bob"), map(eval, sys.argv[1:])):
		    top = "com.acme.mail." + who
		    own = str(uuid.uuid5(space, top + "\0" + top + ".account")).upper()
		    assert have == [str(uuid.uuid5(space, top)).upper(), own, own], have
	END
	each people.csv --uuid fresh --replace
	not diff -r first out > /dev/null
	each people.csv --uuid keep --replace
	[ "$(value out/bob.mobileconfig "$u" | tr -d "'[],")" = "11111111-1111-4111-8111-111111111111 22222222-2222-4222-8222-222222222222 22222222-2222-4222-8222-222222222222" ]
	says 64 "mcprofile-gen: --uuid: want one of fresh|keep|named, not random" each people.csv --uuid random
}

@test "UUIDs: the value of a variable that is one of the template's is no reference" {
	printf 'user,mail,name\nalice,22222222-2222-4222-8222-222222222222,x\n' > people.csv
	each people.csv
	[ "$(value out/alice.mobileconfig 'p["PayloadContent"][0]["EmailAddress"]')" = 22222222-2222-4222-8222-222222222222 ]
}

@test "one profile may have named UUIDs too" {
	one() { mcprofile-gen template base.mobileconfig --uuid named --var user=bob --var mail=bob@acme.com --var name=Bob --var company=ACME; }
	each people.csv
	one | cmp - out/bob.mobileconfig
	sed 's/\.account//' base.mobileconfig > x && mv x base.mobileconfig
	one > /dev/null
	sed -i 's/<key>PayloadContent/<key>More<\/key><dict><key>PayloadIdentifier<\/key><string>com.acme.mail.${user}<\/string><key>PayloadUUID<\/key><string>x<\/string><\/dict>&/' base.mobileconfig
	says 65 "mcprofile-gen: base.mobileconfig: PayloadIdentifier com.acme.mail.bob: two payloads have it, and so would have one PayloadUUID" one
}

@test "2,000 rows that Python wrote are what Python reads" {
	python3 - <<- 'END'
		import csv, random
		random.seed(4)
		alphabet = ['a', ' ', ',', '"', '\n', '\r\n', ';', "'", 'ü', '漢', '😀', '<', '&', ']]>', '${user}', '\t', '=']
		with open("people.csv", "w", newline="", encoding="utf-8") as f:
		    w = csv.writer(f, lineterminator="\r\n")
		    w.writerow(["user", "mail", "name"])
		    for i in range(2000):
		        w.writerow([f"u{i}", *("".join(random.choices(alphabet, k=random.randrange(12))) for _ in "mn")])
	END
	[ "$(each people.csv)" = "2,000 of 2,000 profiles written" ]
	python3 - <<- 'END'
		import csv, os, plistlib
		rows = list(csv.DictReader(open("people.csv", newline="", encoding="utf-8")))
		assert len(rows) == 2000 and len(os.listdir("out")) == 2000
		for row in rows:
		    p = plistlib.load(open(f"out/{row['user']}.mobileconfig", "rb"))["PayloadContent"][0]
		    # XML has one line end, LF; CR is written so that it stays
		    assert p["EmailAddress"] == row["mail"], (row, p)
		    assert p["EmailAccountName"] == row["name"] + " of ACME", (row, p)
	END
}

@test "lines of JSON, by the name of the file or by --each-format" {
	python3 -c 'import json
for i in range(300): print(json.dumps({"user": f"u{i}", "mail": "ü\n\"" + str(i), "name": [i, i / 4, True, None][i % 4]}))' > people.jsonl
	[ "$(each people.jsonl)" = "300 of 300 profiles written" ]
	[ "$(value out/u7.mobileconfig 'p["PayloadContent"][0]["EmailAddress"] == "ü\n\"7"')" = True ]
	[ "$(value out/u4.mobileconfig 'p["PayloadContent"][0]["EmailAccountName"]')" = '4 of ACME' ]
	[ "$(value out/u5.mobileconfig 'p["PayloadContent"][0]["EmailAccountName"]')" = '1.25 of ACME' ]
	[ "$(value out/u6.mobileconfig 'p["PayloadContent"][0]["EmailAccountName"]')" = 'true of ACME' ]
	[ "$(value out/u7.mobileconfig 'p["PayloadContent"][0]["EmailAccountName"]')" = ' of ACME' ]
	cp people.jsonl list
	cp people.jsonl list.ndjson
	[ "$(each list --each-format jsonl)" = "0 of 300 profiles written; 300 were there already" ]
	[ "$(each list.ndjson)" = "0 of 300 profiles written; 300 were there already" ]
	cp people.csv people.jsonl
	[ "$(each people.jsonl --each-format csv)" = "2 of 2 profiles written" ]
}

@test "the list is standard input" {
	[ "$(each - < people.csv)" = "2 of 2 profiles written" ]
	says 65 "mcprofile-gen: standard input: 1: column 2 has no name" each - <<< 'user,'
}

@test "a bad row does not stop the rest; it is told, and kept as it is" {
	printf 'user,mail,name\r\nalice,a@x\r\nbob,"b, ""x""",B\r\n"ca"rol,c,C\r\nda/ve,d,D\r\n' > people.csv
	says 1 "people.csv:2: has 2 fields, and the first row has 3
people.csv:4: field 1: goes on behind its closing quote
people.csv:5: the file's name \"da/ve.mobileconfig\" has a slash in it
mcprofile-gen: 3 of 4 rows failed" each people.csv --failed again.csv
	[ "$(cat says.out)" = "1 of 4 profiles written; 3 rows failed" ]
	[ "$(ls out)" = bob.mobileconfig ]
	printf 'user,mail,name\r\nalice,a@x\r\n"ca"rol,c,C\r\nda/ve,d,D\r\n' | cmp - again.csv
	printf 'user,mail,name\r\nalice,a@x,A\r\n' > again.csv
	[ "$(each again.csv --failed none.csv)" = "1 of 1 profiles written" ]
	[ "$(cat none.csv)" = $'user,mail,name\r' ]
}

@test "rows of JSON fail one by one, for want of a variable too" {
	printf '{"user":"a","mail":"m","name":"n"}\n{"user":"b","nane":"n","mail":"m"}\n[1]\n{"user":"c","mail":"m","name":[]}' > p.jsonl
	says 1 'p.jsonl:2: base.mobileconfig: PayloadContent[0].EmailAccountName: ${name}: no such variable; near: nane
p.jsonl:3: want an object in each line
p.jsonl:4: name: want a string, a number, a boolean or null
mcprofile-gen: 3 of 4 rows failed' each p.jsonl --failed again.jsonl
	sed -n '2,$p' p.jsonl > want
	echo >> want
	cmp want again.jsonl
}

@test "at most 20 are told by name" {
	{ echo user,mail,name; for i in {1..1234}; do echo "u$i"; done; } > people.csv
	said=$(each people.csv 2>&1 > sum) && false
	[ "$(wc -l <<< "$said")" -eq 22 ]
	[ "$(sed -n 20p <<< "$said")" = "people.csv:21: has 1 field, and the first row has 3" ]
	[ "$(tail -n 2 <<< "$said")" = $'and 1,214 more\nmcprofile-gen: 1,234 of 1,234 rows failed' ]
	[ "$(cat sum)" = "0 of 1,234 profiles written; 1,234 rows failed" ]
}

@test "what every row would suffer from is told once, before the first" {
	refused 64 'base.mobileconfig: PayloadContent[0].EmailAddress: ${mail}: no such variable; near: mial' \
	    each <(printf 'user,mial,name\na,b,c\n')
	refused 64 '--name: ${usr}: no such variable; near: user' each people.csv --name '${usr}'
	refused 64 "people.csv:1: a column and --var: mail: is given twice" each people.csv --var mail=x
	refused 65 "people.csv:1: column 2: \"e mail\": not a variable's name" \
	    env sh -c 'printf "user,e mail\n" > people.csv; mcprofile-gen template base.mobileconfig --output-dir out --name "\${user}" --each people.csv'
	printf 'user;mail;name\n' > people.csv
	refused 65 'people.csv:1: want columns that commas separate, not semicolons or tabs' each people.csv
	: > people.csv
	refused 65 'people.csv:1: is empty; the first row names the variables' each people.csv
	printf '\xff\xfeu\0' > people.csv
	refused 65 'people.csv:1: is UTF-16; it must be saved as UTF-8' each people.csv
	refused 66 '--each: nothere.csv: No such file or directory' each nothere.csv
}

@test "a list without rows is no error" {
	echo user,mail,name > people.csv
	[ "$(each people.csv)" = "0 of 0 profiles written" ]
	: > people.jsonl
	[ "$(each people.jsonl)" = "0 of 0 profiles written" ]
}

@test "options that need each other" {
	t() { mcprofile-gen template base.mobileconfig "$@"; }
	refused 64 '--name: only with --each' t --name '${x}'
	refused 64 '--output-dir: only with --each' t --output-dir out
	refused 64 '--failed: only with --each' t --failed x
	refused 64 '--replace: only with --each' t --replace
	refused 64 '--each-format: only with --each' t --each-format csv
	refused 64 '--each: --output-dir DIR is required' t --each people.csv --name '${user}'
	refused 64 '--each: --name TEXT is required' t --each people.csv --output-dir out
	refused 64 '--name: want a ${variable} in it; every profile needs a name of its own' t --each people.csv --output-dir out --name x
}

@test "names of files cannot lead out of the folder, or hide" {
	long=$(printf 'x%.0s' {1..230})
	printf 'user,mail,name\n"",m,n\n..,m,n\n../x,m,n\n/etc/x,m,n\n"a\nb",m,n\n%s,m,n\n' "$long" > people.csv
	said=$(each people.csv --name '${user}' 2>&1 > /dev/null) && false
	[ "$(sed 's/"xxx.*xxx[.]*"/LONG/' <<< "$said")" = "people.csv:2: the file's name is empty
people.csv:3: the file's name \"..\" begins with a dot
people.csv:4: the file's name \"../x\" has a slash in it
people.csv:5: the file's name \"/etc/x\" has a slash in it
people.csv:6: the file's name \"a?b\" holds a control character
mcprofile-gen: 5 of 6 rows failed" ]
	[ "$(ls -A out)" = "$long" ]
	said=$(each people.csv --name '${user}-and-fifteen' 2>&1 > /dev/null) && false
	grep -q 'people.csv:8: .* is longer than 240 bytes$' <<< "$said"
	[ ! -e x ]
}

@test "two rows with one name: the second fails, also in the other case" {
	printf 'user,mail,name\nalice,1,x\nALICE,2,x\nalice,3,x\n' > people.csv
	says 1 'people.csv:3: ALICE.mobileconfig: line 2 has that name already
people.csv:4: alice.mobileconfig: line 2 has that name already
mcprofile-gen: 2 of 3 rows failed' each people.csv --replace
	[ "$(value out/alice.mobileconfig 'p["PayloadContent"][0]["EmailAddress"]')" = 1 ]
}

@test "what is there stays, unless --replace is given" {
	mkdir -p out/bob.mobileconfig
	echo mine > out/alice.mobileconfig
	says 1 'people.csv:2: out/alice.mobileconfig: is there with other content; --replace writes over it
people.csv:3: out/bob.mobileconfig: is there, and is no file
mcprofile-gen: 2 of 2 rows failed' each people.csv
	[ "$(cat out/alice.mobileconfig)" = mine ]
	says 1 'people.csv:3: out/bob.mobileconfig: is there, and is no file
mcprofile-gen: 1 of 2 rows failed' each people.csv --replace
	[ "$(value out/alice.mobileconfig 'p["PayloadContent"][0]["EmailAddress"]')" = alice@acme.com ]
	# a symbolic link is not followed
	rmdir out/bob.mobileconfig
	echo mine > target
	ln -s ../target out/bob.mobileconfig
	says 1 'people.csv:3: out/bob.mobileconfig: is there, and is no file
mcprofile-gen: 1 of 2 rows failed' each people.csv --replace
	[ "$(cat target)" = mine ]
}

@test "a secret's profiles are for their owner" {
	umask 022
	each people.csv
	[ "$(stat -c %a out/bob.mobileconfig)" = 644 ]
	sed 's/EmailAddress/IncomingPassword/' base.mobileconfig > x && mv x base.mobileconfig
	rm -r out
	each people.csv
	[ "$(stat -c %a out/bob.mobileconfig)" = 600 ]
}

@test "a full disk stops it at once, with whole files only" {
	{ echo user,mail,name; for i in {1..50}; do echo "u$i,m,n"; done; echo "u51,$(printf 'x%.0s' {1..9000}),n"; echo u52,m,n; } > people.csv
	run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 8; mcprofile-gen template base.mobileconfig --var company=ACME --output-dir out --name "\${user}" --each people.csv 3>&-'
	show
	[ "$status" -eq 74 ]
	[ "$stderr" = "mcprofile-gen: people.csv:52: stopped behind 50 profiles: out/u51: write: File too large" ]
	[ -z "$output" ]
	[ "$(ls out | wc -l)" -eq 50 ]
}

@test "a file's name that begins with a hyphen is none" {
	printf 'user,mail,name\n-rf,m,n\nbob,m,n\n' > people.csv
	says 1 'people.csv:2: the file'"'"'s name "-rf.mobileconfig" begins with a hyphen
mcprofile-gen: 1 of 2 rows failed' each people.csv
	[ "$(ls -A out)" = bob.mobileconfig ]
}

@test "what --secret-var fills in is for its owner, and so are rows that failed" {
	umask 022
	printf 'hunter2\n' > pw
	each people.csv --secret-var extra=file:pw
	[ "$(stat -c %a out/bob.mobileconfig)" = 600 ]
	rm -r out
	printf 'eve\n' >> people.csv
	says 1 'people.csv:4: has 1 field, and the first row has 3
mcprofile-gen: 1 of 3 rows failed' each people.csv --failed again.csv
	[ "$(stat -c %a out/bob.mobileconfig) $(stat -c %a again.csv)" = '644 600' ]
	set -- mcprofile-gen template base.mobileconfig --var user=u --var name=n --var company=c
	"$@" --var mail=m -o plain
	"$@" --secret-var mail=file:pw -o secret
	[ "$(stat -c %a plain secret | tr '\n' ' ')" = '644 600 ' ]
}

@test "folders that cannot be" {
	: > file
	says 74 "mcprofile-gen: file: File exists" each people.csv --output-dir file
	says 74 "mcprofile-gen: no/where: No such file or directory" each people.csv --output-dir no/where
	says 74 "mcprofile-gen: --failed: no/where: No such file or directory" each people.csv --failed no/where
	if [ "$(id -u)" -ne 0 ]; then
		mkdir -m 555 shut
		says 74 "mcprofile-gen: people.csv:2: stopped behind 0 profiles: shut/alice.mobileconfig: Permission denied" each people.csv --output-dir shut
	fi
}

@test "the sum goes to -o, and a full disk there is an error" {
	each people.csv -o sum
	[ "$(cat sum)" = "2 of 2 profiles written" ]
	run each people.csv -o /dev/full
	[ "$status" -eq 74 ]
}

@test "killed in the middle it leaves whole files" {
	in_memory
	python3 -c 'print("user,mail,name")
for i in range(30000): print(f"u{i},m,n")' > people.csv
	command mcprofile-gen template base.mobileconfig --var company=x --output-dir out --name '${user}.mobileconfig' --each people.csv 3>&- > sum &
	for _ in {1..200}; do
		[ -e out/u100.mobileconfig ] && break
		sleep 0.02
	done
	kill -KILL $!
	wait $! && false
	[ ! -s sum ]
	n=$(find out -name 'u*.mobileconfig' | wc -l)
	echo "$n files"
	[ "$n" -gt 100 ] && [ "$n" -lt 30000 ]
	[ "$(find out -type f ! -name '*.mobileconfig' | wc -l)" -le 1 ]
	[ "$(find out -name '*.mobileconfig' -size 0 | wc -l)" -eq 0 ]
	python3 -c 'import glob, plistlib
for f in glob.glob("out/*.mobileconfig"): plistlib.load(open(f, "rb"))'
}

@test "10,000 profiles take seconds and little memory" {
	in_memory
	python3 -c 'print("user,mail,name")
for i in range(10000): print(f"u{i},u{i}@acme.com,User {i}")' > people.csv
	SECONDS=0
	run -0 python3 - <<- 'END'
		import resource, subprocess
		subprocess.run(["mcprofile-gen", "template", "base.mobileconfig", "--var", "company=ACME", "--output-dir", "out",
		    "--name", "${user}.mobileconfig", "--each", "people.csv"], check=True)
		print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
	END
	show
	[ "${lines[0]}" = "10,000 of 10,000 profiles written" ]
	[ "$SECONDS" -lt 300 ]
	# sanitizers keep what was freed
	[ "${lines[1]}" -lt 32000 ] || nm -D "$O/bin/mcprofile-gen" | grep -q __asan_
	[ "$(ls out | wc -l)" -eq 10000 ]
}

@test "a person who waits sees how far it is" {
	python3 -c 'print("user,mail,name")
for i in range(9000): print(f"u/{i},m,n")' > people.csv
	printf 'bad\n' >> people.csv
	script -qec "command mcprofile-gen template base.mobileconfig --var company=x --output-dir out --name '\${user}' --each people.csv 3>&-" /dev/null > seen || [ $? -eq 1 ]
	tr '\r' '\n' < seen | tail -n 8
	grep -q 'profiles: [0-9]* of 9001 ([0-9]*%)' seen
	grep -q 'people.csv:2: ' seen
	tr -d '\r' < seen | tail -n 1 | grep -qx 'mcprofile-gen: 9,001 of 9,001 rows failed'
}
