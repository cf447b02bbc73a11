# scep-ca: the record as its administrator sees it: list, show, revoke, sign, export, import, metrics.
load ../helper

setup_file() {
	export T=$BATS_FILE_TMPDIR
	cd "$T"
	scep-ca init --dir ca --subject "/O=ACME Inc./CN=ACME CA" --key p256 > /dev/null
	printf '%s\n' 'names = challenge' '[profile short]' 'lifetime = 2d' > ca/ca.conf
	# alice has two, one of them short-lived; bob one, whose name is long
	issue alice1 /CN=alpha --user alice --names dns:alpha.example.com,email:a@example.com
	issue alice2 /CN=beta --user alice --profile short
	issue bob "/O=ACME Inc./CN=$(printf 'g%.0s' $(seq 50))" --user bob
	cp -r ca pristine
}

setup() { cd "$T"; }

# issue NAME SUBJECT [OPTION...]: NAME.key, NAME.csr, NAME.pem
issue() {
	local name=$1 subject=$2
	shift 2
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -subj "$subject" -out "$name.csr" 2> /dev/null
	scep-ca --dir "${CA:-ca}" sign "$@" -o "$name.pem" "$name.csr"
}

serial() { openssl x509 -in "$1.pem" -noout -serial | cut -d= -f2; }
fresh() { rm -rf "$1" && cp -r pristine "$1"; }
# on_tty COLUMNS COMMAND...: run it on a terminal that wide; what it shows is printed.
on_tty() {
	python3 - "$@" <<- 'E'
		import fcntl, os, pty, struct, sys, termios
		pid, fd = pty.fork()
		if pid == 0:
		    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
		    os.execvp(sys.argv[2], sys.argv[2:])
		out = b""
		try:
		    while (chunk := os.read(fd, 65536)):
		        out += chunk
		except OSError:
		    pass
		os.waitpid(pid, 0)
		sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
	E
}

# --- sign ---

@test "sign: what the administrator says, by the profile's rules; openssl verifies it" {
	openssl verify -x509_strict -purpose sslclient -CAfile ca/ca.pem alice1.pem alice2.pem bob.pem
	openssl x509 -in alice1.pem -noout -ext subjectAltName | grep -q 'DNS:alpha.example.com, email:a@example.com'
	[ "$(openssl x509 -in alice1.pem -noout -pubkey)" = "$(openssl pkey -in alice1.key -pubout)" ]
	openssl x509 -in alice2.pem -noout -checkend $((2 * 86400 - 600))
	not openssl x509 -in alice2.pem -noout -checkend $((2 * 86400 + 600))
	fresh s
	# from standard input, DER both ways, another name than the request's
	openssl req -in bob.csr -outform der | scep-ca --dir s sign --subject "/CN=other" --format der > other.der
	[ "$(openssl x509 -inform der -in other.der -noout -subject)" = "subject=CN = other" ]
	[ "$(facts scep-ca --dir s sign bob.csr)" = "ISSUED=$(scep-ca --dir s list -n 1 | sed -n 2p | cut -d' ' -f1)" ]
}

@test "sign: the same command is the same certificate, while that is valid; --new is another" {
	fresh s
	count() { scep-ca --dir s list --format json | jq length; }
	# it is on record, and nobody has it: the same command prints it
	run -74 sh -c 'scep-ca --dir s sign --user carol bob.csr > /dev/full 3>&-'
	[ "$(count)" = 4 ]
	scep-ca --dir s sign --user carol bob.csr > one.pem
	[ "$(count)" = 4 ]
	[ "$(serial one)" = "$(scep-ca --dir s list --user carol --format json | jq -r '.[0].serial')" ]
	scep-ca --dir s sign --user carol --format der bob.csr | openssl x509 -inform der | cmp - one.pem
	# each other word is another request
	for words in "" "--user dave" "--user carol --profile short" "--user carol --subject /CN=c" "--user carol --names dns:c.example.com"; do
		# shellcheck disable=SC2086
		scep-ca --dir s sign $words bob.csr > other.pem
		[ "$(serial other)" != "$(serial one)" ]
	done
	before=$(count)
	scep-ca --dir s sign --new --user carol bob.csr > two.pem
	[ "$(serial two)" != "$(serial one)" ]
	[ "$(count)" = $((before + 1)) ]
	scep-ca --dir s sign --user carol bob.csr | cmp - two.pem
	scep-ca --dir s revoke "$(serial two)"
	scep-ca --dir s sign --user carol bob.csr > three.pem
	[ "$(serial three)" != "$(serial two)" ]
	[ "$(serial three)" != "$(serial one)" ]
	scep-ca --dir s sign --user carol bob.csr | cmp - three.pem
	scep-ca --dir s check | grep -q 'no fault'
	# one that was not signed yet is finished, with the serial number that it was promised
	sqlite3 s/store.db "UPDATE certificate SET state = 0, der = NULL, told = 0 WHERE serial = '$(serial three)'"
	scep-ca --dir s show "$(serial three)" | grep -qx '  Certificate       not signed yet: the same sign command finishes it'
	scep-ca --dir s sign --user carol bob.csr > again.pem
	[ "$(serial again)" = "$(serial three)" ]
}

@test "sign: what is no request, and what the profile does not allow" {
	fresh s
	n=$(scep-ca --dir s list | wc -l)
	for bytes in '' hello '\x30\x80' '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'; do
		printf -- "$bytes" > bad
		run -65 scep-ca --dir s sign bad
		[[ "$output" == "scep-ca: bad: "* ]]
	done
	# a signature that is not its own
	openssl req -in bob.csr -outform der > tampered
	printf '\xff' | dd of=tampered bs=1 seek=$(($(stat -c %s tampered) - 3)) conv=notrunc 2> /dev/null
	not scep-ca --dir s sign tampered > out 2> err
	[ ! -s out ]
	run -66 scep-ca --dir s sign nowhere.csr
	[ "$output" = "scep-ca: nowhere.csr: No such file or directory" ]
	run -64 scep-ca --dir s sign --profile nosuch bob.csr
	[ "$output" = "scep-ca: --profile: ca.conf has no profile nosuch" ]
	run -64 scep-ca --dir s sign --subject nonsense bob.csr
	[ "$output" = 'scep-ca: --subject: "nonsense": a name begins with a slash, /CN=Alice' ]
	run -64 scep-ca --dir s sign --names carrier:pigeon bob.csr
	[[ "$output" == "scep-ca: --names: "* ]]
	openssl req -new -newkey rsa:1024 -nodes -keyout weak.key -subj /CN=weak -out weak.csr 2> /dev/null
	run -1 scep-ca --dir s sign weak.csr
	[ "$(scep-ca --dir s list | wc -l)" = "$n" ]
}

# --- list ---

@test "list: columns, the newest first, exactly" {
	end() { date -u -d "$(openssl x509 -in "$1.pem" -noout -enddate | cut -d= -f2)" +%FT%TZ; }
	g=$(printf 'g%.0s' $(seq 50))
	cat > want <<- E
		SERIAL                            STATUS  NOT AFTER             PROFILE  FOR    SUBJECT
		$(serial bob)  valid   $(end bob)  default  bob    /O=ACME Inc./CN=$g
		$(serial alice2)  valid   $(end alice2)  short    alice  /CN=beta
		$(serial alice1)  valid   $(end alice1)  default  alice  /CN=alpha
	E
	scep-ca --dir ca list | diff - want
	# as wide as need be, without colours, where nobody looks: into a pipe and a file
	scep-ca --dir ca list -o file && diff file want
}

@test "list: every way to choose" {
	names() { scep-ca --dir ca list "$@" --format json | jq -r '[.[].subject[0:8]] | join(" ")'; }
	[ "$(names)" = "/O=ACME  /CN=beta /CN=alph" ]
	[ "$(names --user alice)" = "/CN=beta /CN=alph" ]
	[ "$(names --user nobody)" = "" ]
	[ "$(names --profile short)" = "/CN=beta" ]
	[ "$(names --user alice --profile default)" = "/CN=alph" ]
	[ "$(names --limit 1)" = "/O=ACME " ]
	[ "$(names --expiring 30d)" = "/CN=beta" ]
	[ "$(names --expiring 1d)" = "" ]
	[ "$(names --key alice1.pem)" = "/CN=alph" ]
	[ "$(names --key alice1.csr)" = "/CN=alph" ]
	openssl pkey -in alice1.key -pubout -out alice1.pub
	[ "$(names --key alice1.pub)" = "/CN=alph" ]
	hash=$(openssl pkey -in alice1.key -pubout -outform der | sha256sum | cut -d' ' -f1)
	[ "$(names --key "$hash")" = "/CN=alph" ]
	[ "$(names --key "${hash^^}")" = "/CN=alph" ]
	[ "$(names ALPHA)" = "/CN=alph" ]
	[ "$(names alpha.example)" = "/CN=alph" ]
	[ "$(names "$(serial bob)")" = "/O=ACME " ]
	[ "$(names --issued-after 1h)" = "$(names)" ]
	[ "$(names --issued-before 1h)" = "" ]
	[ "$(names --issued-after "$(date -u +%F)" --issued-before "$(date -u -d tomorrow +%F)")" = "$(names)" ]
	[ "$(names --issued-before 2001-02-03T04:05:06Z)" = "" ]
	[ "$(names --status valid)" = "$(names)" ]
	[ "$(names --status expired)" = "" ]
	[ "$(names --status revoked)" = "" ]
	[ "$(names --status intent)" = "" ]
	[ "$(scep-ca --dir ca list --status pending)" = "NUMBER  STATUS  ASKED  PROFILE  FOR  FROM  KEY  SUBJECT  NAMES" ]
}

@test "list: what is no choice" {
	run -64 scep-ca --dir ca list --issued-after soon
	[ "$output" = "scep-ca: --issued-after: want a day like 2026-11-22, a time like 2026-11-22T12:00:00Z, or a span like 30d, not soon" ]
	for odd in 2026-02-30 2026-13-01 2026-11-22T25:00:00Z 2026-11-22T12:00:00 2026/11/22 1969-12-31; do
		run -64 scep-ca --dir ca list --issued-before $odd
	done
	run -64 scep-ca --dir ca list --status lost
	[ "$output" = "scep-ca: --status: want one of any|valid|expired|revoked|intent|pending, not lost" ]
	run -64 scep-ca --dir ca list --status pending --expiring 3d
	[ "$output" = "scep-ca: --status pending: what waits has no certificate yet, so --expiring, --key and the like do not choose among it" ]
	run -66 scep-ca --dir ca list --key nowhere.pem
	[ "$output" = "scep-ca: --key: nowhere.pem: neither a file nor 64 hexadecimal digits, or the first 12 or more of them" ]
	echo junk > junk
	run -65 scep-ca --dir ca list --key junk
	[ "$output" = "scep-ca: --key: junk: holds no certificate, request, or public key" ]
	run -64 scep-ca --dir ca list --challenge 12
	[ "$output" = "scep-ca: --challenge: want 12 hexadecimal digits or more, as challenge list shows them" ]
	run -1 scep-ca --dir ca list --challenge 0123456789ab
	[ "$output" = "scep-ca: --challenge: none begins with 0123456789ab" ]
}

@test "show, revoke: how a serial number begins is enough where it is one's alone" {
	fresh s
	all=$(serial alice1)
	for digits in "${all:0:8}" "${all:0:12}" "${all:0:13}" "$(sed 's/../&:/g; s/:$//' <<< "${all:0:12}")" "$(tr A-F a-f <<< "${all:0:12}")"; do
		scep-ca --dir s show "$digits" | grep -qx "  Serial number     $all"
	done
	run -1 scep-ca --dir s show "${all:0:7}"
	[[ "$output" == "scep-ca: no certificate has the serial number "* ]]
	# two that begin alike: neither is taken
	other=${all:0:12}$(serial bob | cut -c13-)
	sqlite3 s/store.db "UPDATE certificate SET serial = '$other' WHERE serial = '$(serial bob)'"
	run -1 scep-ca --dir s show "${all:0:12}"
	[ "$output" = "scep-ca: the serial numbers of 2 certificates begin with ${all:0:12}" ]
	run -1 scep-ca --dir s revoke "${all:0:12}"
	[ "$output" = "scep-ca: the serial numbers of 2 certificates begin with ${all:0:12}" ]
	[ "$(scep-ca --dir s list --status revoked | wc -l)" = 1 ]
	scep-ca --dir s revoke "$(serial alice2 | cut -c1-12)"
	[ "$(scep-ca --dir s list --status revoked --format json | jq -r '.[].serial')" = "$(serial alice2)" ]
}

@test "JSON is ASCII: nothing hidden in a name reaches a terminal" {
	fresh s
	openssl req -new -utf8 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout rtl.key -subj $'/CN=\u202etxt\u200b.M\u00fcller' -out rtl.csr 2> /dev/null
	scep-ca --dir s sign -o rtl.pem rtl.csr
	scep-ca --dir s list -n 1 --format json > j
	not grep -qP '[^\x00-\x7f]' j
	[ "$(jq -r '.[0].subject' j)" = $'/CN=\u202etxt\u200b.M\u00fcller' ]
	scep-ca --dir s show "$(serial rtl)" --format json > j
	not grep -qP '[^\x00-\x7f]' j
	[ "$(jq -r .subject j)" = $'/CN=\u202etxt\u200b.M\u00fcller' ]
}

@test "show: who was told, and what a program that failed said" {
	fresh s
	scep-ca --dir s show "$(serial alice1)" > said
	not grep -q 'Others told' said
	printf '#!/bin/sh\nexit 0\n' > good.sh
	printf '#!/bin/sh\necho "no room left" >&2\necho more >&2\nexit 3\n' > bad.sh
	chmod +x good.sh bad.sh
	printf 'notify = %s\n' "$PWD/good.sh" > s/ca.conf
	scep-ca --dir s sign -o t.pem alice1.csr
	scep-ca --dir s show "$(serial t)" | grep -q '^  Others told  '
	printf 'notify = %s\n' "$PWD/bad.sh" > s/ca.conf
	not scep-ca --dir s sign --new alice1.csr
	scep-ca --dir s show "$(scep-ca --dir s list -n 1 | sed -n 2p | cut -d' ' -f1)" > said
	grep -qE '  revoked  .*  notify failed: .*no room left$' said
	not grep -q 'Others told' said
}

@test "list on a terminal: as wide as that is, coloured, unless NO_COLOR or a dumb one" {
	export TERM=xterm
	unset NO_COLOR
	for width in 60 80 100 160; do
		NO_COLOR=1 on_tty $width scep-ca --dir ca list > shown
		[ "$(wc -L < shown)" -le $width ]
		[ "$(wc -l < shown)" = 4 ]
		# what people copy is whole
		digits=$(serial bob)
		[ $width -ge 120 ] || digits=${digits:0:12}
		grep -q "^$digits  valid" shown
		not grep -q $'\e' shown
	done
	grep -q "CN=$(printf 'g%.0s' $(seq 40))" shown
	# of a subject that is cut the end is kept, and other columns go first
	NO_COLOR=1 on_tty 80 scep-ca --dir ca list > shown
	grep -qE "^[0-9A-F]{12}  valid   [0-9-]{10}  bob    …g{38}\$" shown
	grep -qE "  alice  /CN=alpha\$" shown
	NO_COLOR=1 on_tty 40 scep-ca --dir ca list > shown
	grep -qE "^[0-9A-F]{12}  valid   …g{17}\$" shown
	grep -qE "^[0-9A-F]{12}  valid   /CN=alpha\$" shown
	# what waits fits, too
	NO_COLOR=1 on_tty 80 scep-ca --dir ca pending --all > shown
	[ "$(cat shown)" = "NUMBER  STATUS  KEY  SUBJECT  NAMES" ]
	on_tty 160 scep-ca --dir ca list > shown
	grep -q $'\e\[1mSERIAL\e\[0m' shown
	grep -q $'\e\[32mvalid\e\[0m' shown
	# without them it is the same text
	sed $'s/\e\\[[0-9]*m//g' shown | diff - <(scep-ca --dir ca list)
	TERM=dumb on_tty 160 scep-ca --dir ca list > shown
	not grep -q $'\e' shown
	# a file is not a terminal, whatever standard output is
	on_tty 60 scep-ca --dir ca list -o file
	diff file <(scep-ca --dir ca list)
}

@test "list --format json and csv: everything, exactly" {
	scep-ca --dir ca list --format json > list.json
	jq -e 'length == 3' list.json
	jq -r '.[2] | .serial, .status, .subject, .names, .user, .profile, .way, .owner, .challenge, .revoked_at' list.json > fields
	printf '%s\n' "$(serial alice1)" valid /CN=alpha dns:alpha.example.com,email:a@example.com alice default admin null null null | diff fields -
	[ "$(jq -r '.[2].key' list.json)" = "$(openssl pkey -in alice1.key -pubout -outform der | sha256sum | cut -d' ' -f1)" ]
	[ "$(scep-ca --dir ca list --user nobody --format json)" = "[]" ]
	scep-ca --dir ca list --format csv > list.csv
	python3 - <<- 'E'
		import csv, json
		rows = {r["serial"]: r for r in csv.DictReader(open("list.csv", newline=""))}
		for c in json.load(open("list.json")):
		    for name in ("subject", "names", "user", "owner", "profile", "status", "not_before", "not_after", "way"):
		        assert rows[c["serial"]][name] == (c[name] or ""), name
		assert len(rows) == 3
	E
}

@test "list: a table has a thousand rows at most, and says so; JSON has all" {
	fresh many
	sqlite3 many/store.db "
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
		SELECT count(*) FROM n" > /dev/null
	python3 - <<- 'E'
		import sqlite3
		db = sqlite3.connect("many/store.db")
		names = [r[1] for r in db.execute("PRAGMA table_info(certificate)") if r[1] != "id"]
		row = dict(zip(names, db.execute("SELECT %s FROM certificate LIMIT 1" % ",".join(names)).fetchone()))
		for i in range(1200):
		    new = dict(row, serial="%032X" % (0x40 << 120 | i), request="%064x" % i)
		    db.execute("INSERT INTO certificate (%s) VALUES (%s)" % (",".join(names), ",".join("?" * len(names))), [new[n] for n in names])
		db.commit()
	E
	scep-ca --dir many list > out 2> err
	[ "$(wc -l < out)" = 1001 ]
	[ "$(cat err)" = "scep-ca: there are more: --limit shows them, and so does --format json or csv" ]
	scep-ca --dir many list --limit 1100 > out 2> err
	[ "$(wc -l < out)" = 1101 ]
	[ ! -s err ]
	[ "$(scep-ca --dir many list --format json | jq length)" = 1203 ]
}

# --- show ---

@test "show: everything about one, in words, in JSON, and itself" {
	s=$(serial alice1)
	scep-ca --dir ca show "$s" > text
	grep -qx "  Serial number     $s" text
	grep -qx '  Status            valid' text
	grep -qx '  Subject           /CN=alpha' text
	grep -qx '  Names             dns:alpha.example.com,email:a@example.com' text
	grep -qx '  Issuer            /O=ACME Inc./CN=ACME CA' text
	grep -qx '  Key               EC, 256 bits' text
	grep -qx "  SHA-256           $(openssl x509 -in alice1.pem -noout -fingerprint -sha256 | cut -d= -f2)" text
	grep -qx '  By right of       admin' text
	grep -qx '  User              alice' text
	grep -q '^  20.*Z  issued  ' text
	# as people write it
	scep-ca --dir ca show "${s,,}" | diff - text
	scep-ca --dir ca show "$(sed 's/../&:/g; s/:$//' <<< "$s")" | diff - text
	scep-ca --dir ca show "$s" --format pem | diff - alice1.pem
	scep-ca --dir ca show "$s" --format json > json
	[ "$(jq -r .certificate json)" = "$(cat alice1.pem)" ]
	[ "$(jq -r '.history | map(.what) | join(" ")' json)" = "promised issued" ]
	[ "$(jq -r '.history[0].who' json)" = "$(SUDO_USER= LOGNAME= id -un)" ]
	run -1 scep-ca --dir ca show 0123
	[ "$output" = "scep-ca: no certificate has the serial number 0123" ]
	run -64 scep-ca --dir ca show hello
	[ "$output" = "scep-ca: hello: not a serial number in hexadecimal" ]
	run -64 scep-ca --dir ca show
	[ "$output" = "scep-ca: SERIAL is required" ]
}

@test "who did it: the person behind sudo, else the login name; nothing odd" {
	fresh w
	SUDO_USER=carol LOGNAME=root scep-ca --dir w revoke "$(serial alice1)" --reason superseded --note "lost, found, replaced"
	SUDO_USER= LOGNAME=dave scep-ca --dir w revoke "$(serial alice2)"
	SUDO_USER=$'x\ny' LOGNAME=$(printf 'y%.0s' $(seq 80)) scep-ca --dir w revoke "$(serial bob)"
	last() { scep-ca --dir w show "$(serial "$1")" --format json | jq -r '.history[-1] | .what, .who, .note'; }
	[ "$(last alice1)" = $'revoked\ncarol\nlost, found, replaced' ] || [[ "$(last alice1)" == $'revoked\ncarol\n'*'lost, found, replaced'* ]]
	[ "$(last alice2 | sed -n 2p)" = dave ]
	[ "$(last bob | sed -n 2p)" = "$(id -un)" ]
	scep-ca --dir w show "$(serial alice1)" | grep -q '^  Status            revoked, 20.*Z, superseded$'
}

# --- revoke ---

@test "revoke: by user, key, time and together; how many; --dry-run revokes none" {
	fresh r
	run -0 scep-ca --dir r revoke --user alice --dry-run
	[ "$(wc -l <<< "$output")" = 3 ]
	grep -q /CN=alpha <<< "$output"
	[ "$(scep-ca --dir r list --status revoked | wc -l)" = 1 ]
	run -0 scep-ca --dir r revoke --user alice --profile short --reason cessationOfOperation
	[ "$output" = "1 certificate revoked" ]
	run -0 scep-ca --dir r revoke --key bob.pem --reason keyCompromise
	[ "$output" = "1 certificate revoked" ]
	run -1 scep-ca --dir r revoke --key bob.pem
	[ "$output" = "scep-ca: no valid certificate is like that" ]
	# a serial number and a user: both have to be true
	run -1 scep-ca --dir r revoke "$(serial alice1)" --user bob
	[ "$output" = "scep-ca: no valid certificate is like that" ]
	run -0 scep-ca --dir r revoke "$(serial alice1)" --user alice
	[ "$output" = "1 certificate revoked" ]
	scep-ca --dir r list --format json | jq -r '.[].reason' | diff - <(printf '%s\n' keyCompromise cessationOfOperation unspecified)
	# a rehearsal ends as the thing itself
	for how in "" --dry-run; do
		# shellcheck disable=SC2086
		run -1 scep-ca --dir r revoke $how "$(serial bob)"
		[[ "$output" == "scep-ca: $(serial bob): already revoked at 20"* ]]
		# shellcheck disable=SC2086
		run -1 scep-ca --dir r revoke $how 51
		[ "$output" = "scep-ca: 51: no valid certificate has this serial number" ]
		# shellcheck disable=SC2086
		run -1 scep-ca --dir r revoke $how --user bob
		[ "$output" = "scep-ca: no valid certificate is like that" ]
	done
	fresh r
	# a key by the first digits of its hash
	hash=$(openssl pkey -in bob.key -pubout -outform DER | sha256sum)
	run -64 scep-ca --dir r revoke --key "${hash:0:12}" --note $'a\e[31m'
	[[ "$output" == "scep-ca: --note: "* ]]
	run -0 scep-ca --dir r list --key "${hash:0:12}" --format json
	[ "$(jq -r '.[].serial' <<< "$output")" = "$(serial bob)" ]
	run -1 scep-ca --dir r list --key 000000000000
	[ "$output" = "scep-ca: --key: none begins with 000000000000" ]
	for bad in "${hash:0:11}" nowhere; do
		run -66 scep-ca --dir r revoke --key "$bad"
		[ "$output" = "scep-ca: --key: $bad: neither a file nor 64 hexadecimal digits, or the first 12 or more of them" ]
	done
	run -0 scep-ca --dir r revoke --key "${hash:0:63}"
	fresh r
	run -1 scep-ca --dir r revoke --issued-before 1h
	run -0 scep-ca --dir r revoke --issued-after 1h --reason privilegeWithdrawn
	[ "$output" = "3 certificates revoked" ]
	[ "$(scep-ca --dir r list --format json | jq -r '[.[].reason] | unique | join(" ")')" = privilegeWithdrawn ]
	run -64 scep-ca --dir r revoke
	[ "$output" = "scep-ca: say which: SERIAL, --user, --owner, --challenge, --key, --issued-after or --issued-before" ]
	run -64 scep-ca --dir r revoke --profile short
	run -64 scep-ca --dir r revoke --user x --reason bored
	[ "$output" = "scep-ca: --reason: want one of unspecified|keyCompromise|cACompromise|affiliationChanged|superseded|cessationOfOperation|privilegeWithdrawn, not bored" ]
}

@test "revoke: --with-renewals: what was renewed from it goes with it, and what was renewed from that" {
	rm -rf line
	mkdir -m 700 line && cp pristine/*.pem pristine/*.key pristine/ca.conf line
	scep-ca init --dir blank --subject /CN=blank --key p256 > /dev/null && cp blank/store.db line
	# alice2 was renewed from alice1, and bob from alice2
	scep-ca --dir ca export --format json |
	    jq -c --arg a "$(serial alice1)" --arg b "$(serial alice2)" --arg c "$(serial bob)" \
	        '.replaces = ({($b): $a, ($c): $b}[.serial] // "")' > line.json
	run -0 scep-ca --dir line import line.json
	[ "$output" = "3 certificates added, 0 here already" ]
	cp -r line line2
	# openssl's way of writing it
	colons=$(sed 's/../&:/g; s/:$//' <<< "00$(serial alice1)")
	run -0 scep-ca --dir line revoke "$colons" --with-renewals --dry-run
	[ "$(wc -l <<< "$output")" = 4 ]
	[ "$(scep-ca --dir line list --status valid | wc -l)" = 4 ]
	run -0 scep-ca --dir line revoke "$colons" --with-renewals --reason keyCompromise
	[ "$output" = "3 certificates revoked" ]
	[ "$(scep-ca --dir line list --format json | jq -r '[.[].reason] | unique | join(" ")')" = keyCompromise ]
	run -1 scep-ca --dir line revoke "$colons" --with-renewals
	[ "$output" = "scep-ca: no valid certificate is like that" ]
	# without it the others stay; it can be said later
	scep-ca --dir line2 revoke "$(serial alice1)"
	[ "$(scep-ca --dir line2 list --status revoked | wc -l)" = 2 ]
	run -0 scep-ca --dir line2 revoke "$(serial alice2)" --with-renewals
	[ "$output" = "2 certificates revoked" ]
	run -64 scep-ca --dir line2 revoke --user alice --with-renewals
	[ "$output" = "scep-ca: --with-renewals goes with the SERIAL that was renewed" ]
}

@test "serial numbers: show, revoke and list take the same ways of writing them" {
	fresh n
	long=$(sed 's/../&:/g; s/:$//' <<< "00$(serial bob)")
	scep-ca --dir n show "$long" | diff - <(scep-ca --dir n show "$(serial bob)")
	[ "$(scep-ca --dir n list "$long" --format json | jq -r '.[].serial')" = "$(serial bob)" ]
	scep-ca --dir n revoke "$long"
	[ "$(scep-ca --dir n list "$long" --status revoked --format json | jq -r '.[].serial')" = "$(serial bob)" ]
	[ "$(scep-ca --dir n show "0x$(serial bob)" --format pem)" = "$(cat bob.pem)" ]
	for bad in 51"$(serial bob)$(serial bob)" 0x0151525354555657585960616263646566676869707; do
		run -64 scep-ca --dir n show "$bad"
		[ "$output" = "scep-ca: ${bad:0:64}: longer than 20 octets: no serial number" ]
	done
	for bad in hello 1: 1::2 :1 0x 0x0x1; do
		run -64 scep-ca --dir n show "$bad"
		[ "$output" = "scep-ca: $bad: not a serial number in hexadecimal" ]
		run -64 scep-ca --dir n revoke "$bad"
		[ "$output" = "scep-ca: $bad: not a serial number in hexadecimal" ]
	done
}

@test "list: by the SCEP transaction that it was issued in" {
	t=$(scep-ca --dir ca list --format json | jq -r --arg s "$(serial bob)" '.[] | select(.serial == $s).transaction')
	[ -n "$t" ]
	[ "$(scep-ca --dir ca list --transaction "$t" --format json | jq -r '.[].serial')" = "$(serial bob)" ]
	[ "$(scep-ca --dir ca list --transaction none | wc -l)" = 1 ]
	run -64 scep-ca --dir ca list --status pending --transaction "$t"
}

@test "revoke: each reason, as openssl crl calls it" {
	fresh r
	for pair in "keyCompromise:Key Compromise" "cACompromise:CA Compromise" "affiliationChanged:Affiliation Changed" superseded:Superseded \
	    "cessationOfOperation:Cessation Of Operation" "privilegeWithdrawn:Privilege Withdrawn"; do
		rm -rf each && cp -r r each
		scep-ca --dir each revoke "$(serial bob)" --reason "${pair%%:*}"
		scep-ca --dir each crl | openssl crl -inform der -noout -text > text
		grep -q "Serial Number: $(serial bob)" text
		grep -A1 'Reason Code' text | grep -qx " *${pair#*:}"
	done
}

# --- export, import ---

@test "export: openssl's index is openssl's own; openssl ocsp answers by it" {
	fresh x
	scep-ca --dir x revoke "$(serial bob)" --reason keyCompromise
	scep-ca --dir x export -o index.txt
	[ "$(wc -l < index.txt)" = 3 ]
	grep -qP "^V\t\d{12}Z\t\t$(serial alice1)\tunknown\t/CN=alpha$" index.txt
	grep -qP "^R\t\d{12}Z\t\d{12}Z,keyCompromise\t$(serial bob)\tunknown\t" index.txt
	for name in alice1 bob; do
		openssl ocsp -issuer x/ca.pem -cert $name.pem -no_nonce -reqout q.der 2> /dev/null
		openssl ocsp -index index.txt -CA x/ca.pem -rsigner x/ocsp.pem -rkey x/ocsp.key -reqin q.der -respout a.der 2> /dev/null
		openssl ocsp -respin a.der -no_nonce -issuer x/ca.pem -CAfile x/ca.pem -cert $name.pem > $name.txt 2>&1
	done
	grep -qx 'alice1.pem: good' alice1.txt
	grep -qx 'bob.pem: revoked' bob.txt
	# openssl ca reads it too
	printf '%s\n' '[ca]' default_ca=x '[x]' "database=$T/index.txt" "certificate=$T/x/ca.pem" "private_key=$T/x/ca.key" default_md=sha256 default_crl_days=1 > ca.cnf
	touch index.txt.attr
	openssl ca -config ca.cnf -gencrl 2> /dev/null | openssl crl -noout -text | grep -q "Serial Number: $(serial bob)"
	# chosen
	scep-ca --dir x export --status revoked | grep -c . | grep -qx 1
	[ "$(scep-ca --dir x export --user alice --format csv | wc -l)" = 3 ]
	scep-ca --dir x export --format json | jq -rs '[.[].serial] | join(" ")' | grep -qx "$(serial alice1) $(serial alice2) $(serial bob)"
}

@test "import: what was exported, into the same CA without its record; twice is once" {
	fresh x
	scep-ca --dir x revoke "$(serial bob)" --reason keyCompromise
	scep-ca --dir x export --format json -o all.json
	mkdir -m 700 empty && cp x/*.pem x/*.key x/ca.conf empty
	scep-ca init --dir scratch --subject /CN=scratch --key p256 > /dev/null && cp scratch/store.db empty
	run -0 scep-ca --dir empty import all.json
	[ "$output" = "3 certificates added, 0 here already" ]
	run -0 scep-ca --dir empty import < all.json
	[ "$output" = "0 certificates added, 3 here already" ]
	scep-ca --dir empty list | diff - <(scep-ca --dir x list)
	scep-ca --dir empty check
	# PEM, with openssl's index for the status
	cp scratch/store.db empty/store.db && rm -f empty/store.db-*
	cat alice1.pem alice2.pem bob.pem > all.pem
	scep-ca --dir x export -o index.txt
	run -0 scep-ca --dir empty import --index index.txt all.pem
	[ "$output" = "3 certificates added, 0 here already" ]
	scep-ca --dir empty list --status revoked | grep -q "^$(serial bob)"
	scep-ca --dir empty crl | openssl crl -inform der -noout -text | grep -q "Serial Number: $(serial bob)"
}

@test "import: of another CA, of no CA, broken: nothing is added" {
	fresh x
	n=$(scep-ca --dir x list | wc -l)
	selfsigned foreign /CN=foreign
	cat alice1.pem foreign.pem > mixed.pem
	not scep-ca --dir x import mixed.pem > out 2> err
	grep -q '^scep-ca: mixed.pem: certificate 2: ' err
	for bytes in '' junk '{}' '{"serial":' '\x00\x01' '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'; do
		printf -- "$bytes" > bad
		not scep-ca --dir x import bad > out 2> err
		grep -q '^scep-ca: ' err
		[ "$(wc -l < err)" = 1 ]
	done
	run -66 scep-ca --dir x import --index nowhere alice1.pem
	[ "$output" = "scep-ca: --index: nowhere: No such file or directory" ]
	printf 'V\tnothing\n' > odd.index
	run -65 scep-ca --dir x import --index odd.index alice1.pem
	[[ "$output" == "scep-ca: --index: odd.index:1: want the six fields"* ]]
	head -c 300 /dev/zero > bin.index
	run -65 scep-ca --dir x import --index bin.index alice1.pem
	[ "$output" = "scep-ca: --index: bin.index: holds a NUL" ]
	scep-ca --dir pristine list --format json > list.json
	run -65 scep-ca --dir x import list.json
	[ "$output" = "scep-ca: list.json: a JSON array, as list prints it: want what export --format json prints" ]
	[ "$(scep-ca --dir x list | wc -l)" = "$n" ]
}

# --- metrics ---

@test "metrics: Prometheus' text format, and the numbers are right" {
	fresh m
	# before the first CRL an alarm on its next update has something to fire on
	scep-ca --dir m metrics > text
	grep -qx 'scep_ca_crl_number 0' text
	grep -qx 'scep_ca_crl_next_update_timestamp_seconds 0' text
	scep-ca --dir m revoke "$(serial bob)"
	scep-ca --dir m crl > m.crl
	scep-ca --dir m metrics > text
	# what promtool check metrics looks at: types before samples, names, labels, one family in one place, a number each
	python3 - <<- 'E'
		import re
		types, seen, helped = {}, [], set()
		for line in open("text"):
		    assert line.endswith("\n")
		    line = line[:-1]
		    if line.startswith("# HELP "):
		        name, text = line[7:].split(" ", 1)
		        assert name not in helped and text.endswith(".")
		        helped.add(name)
		    elif line.startswith("# TYPE "):
		        name, kind = line[7:].split(" ")
		        assert name not in types and kind in ("gauge", "counter") and name in helped
		        assert (kind == "counter") == name.endswith("_total")
		        types[name] = kind
		    else:
		        m = re.fullmatch(r'([a-z_]+)(\{[a-z]+="[A-Za-z]+"\})? (\d+)', line)
		        assert m and m[1] in types, line
		        assert m[1] == (seen[-1] if seen else m[1]) or m[1] not in seen, "split family"
		        seen.append(m[1])
		        assert line.startswith("scep_ca_")
	E
	grep -qx 'scep_ca_certificates{status="valid"} 2' text
	grep -qx 'scep_ca_certificates{status="revoked"} 1' text
	grep -qx 'scep_ca_requests_pending 0' text
	grep -qx "scep_ca_next_expiry_timestamp_seconds $(date -d "$(openssl x509 -in alice2.pem -noout -enddate | cut -d= -f2)" +%s)" text
	for role in ca ra ocsp; do
		grep -qx "scep_ca_certificate_not_after_timestamp_seconds{role=\"$role\"} $(date -d "$(openssl x509 -in m/$role.pem -noout -enddate | cut -d= -f2)" +%s)" text
	done
	grep -qx "scep_ca_crl_number $((16#$(openssl crl -inform der -in m.crl -noout -crlnumber | cut -d= -f2 | sed s/^0x//)))" text
	grep -qx "scep_ca_crl_next_update_timestamp_seconds $(date -d "$(openssl crl -inform der -in m.crl -noout -nextupdate | cut -d= -f2)" +%s)" text
}

@test "metrics: an answer is counted" {
	fresh m
	openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -subj /CN=guess -out rsa.csr 2> /dev/null
	python3 "$SRC/tests/cli/scep_client.py" key dev.key
	python3 "$SRC/tests/cli/scep_client.py" cert dev.key /CN=dev dev.pem
	python3 "$SRC/tests/cli/scep_client.py" csr dev.key /CN=dev dev.csr --challenge 00
	python3 "$SRC/tests/cli/scep_client.py" message dev.msg --key dev.key --cert dev.pem --content dev.csr --recipient m/ra.pem
	for _ in 1 2; do scep-ca --dir m respond dev.msg > dev.reply 2> /dev/null; done
	scep-ca --dir m metrics | grep -qx 'scep_ca_answers_total{kind="badRequest"} 2'
}
