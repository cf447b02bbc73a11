# mcprofile-gen types and describe: the schema for people and for scripts.
load ../helper

setup() { cd "$BATS_TEST_TMPDIR"; }

# refused STATUS TEXT COMMAND...: exactly that line on standard error, nothing on standard output.
refused() {
	local status=$1 text=$2 got=0
	shift 2
	"$@" > out 2> err || got=$?
	[ "$got" -eq "$status" ] && [ ! -s out ] && [ "$(cat err)" = "mcprofile-gen: $text" ] || { cat out err; echo "status $got"; return 1; }
}

# on_tty COLUMNS COMMAND...: run it on a terminal that wide; what it shows is printed.
on_tty() {
	python3 - "$@" <<- 'E'
		import fcntl, os, pty, struct, sys, termios
		pid, fd = pty.fork()
		if pid == 0:
		    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
		    os.environ["TERM"] = "xterm"
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

# A small schema with all that a key can say.
small() {
	sed 's/^|//' > small.schema <<- 'E'
		|release "ACME 1"

		|payload com.acme.all on ios 9.3 supervised, macos 10.7 device user
		|	Text string required values one, two default two
		|	Number integer from 1 to 180
		|	Ratio real from 0.5
		|	Name string form hostname pattern "^[a-z, ]{1,8}$" on ios 11.3, not macos
		|	List array items 1 to 3
		|		item Each dict
		|			Self array
		|				item Each again
		|			Old boolean default false on macos deprecated 10.15 removed 11.0
		|	Open dict
		|		* data
		|	Either string or array
		|	com.acme.dotted string default ""
	E
}

@test "types: a row for each type, filtered by words and systems" {
	mcprofile-gen types > out
	head -n 1 out | grep -qx 'TYPE  *KEYS  iOS  *macOS  *tvOS  *visionOS  *watchOS *'
	[ "$(tail -n +2 out | awk '{print $1}')" = "$(tail -n +2 out | awk '{print $1}' | LC_ALL=C sort -u)" ]
	[ "$(tail -n +2 out | wc -l)" -ge 114 ]
	[ "$(mcprofile-gen types wifi MANAGED | tail -n +2 | awk '{print $1, $3, $4, $5, $6, $7}')" = "com.apple.wifi.managed 4.0 10.7 9.0 1.0 3.2" ]
	# six parts are one row; a type that was there once is told so
	[ "$(mcprofile-gen types apple.MCX | grep -c '^com.apple.MCX ')" = 1 ]
	mcprofile-gen types jabber | grep -q '^com.apple.jabber.account .* 10.7-10.14 '
	mcprofile-gen types ironwood | grep -q ' 10.9\* '
	# systems: with a version what came later or is gone is left out
	mcprofile-gen types --os watchos > watch
	not grep -q com.apple.dock watch
	grep -q '^com.apple.wifi.managed ' watch
	mcprofile-gen types --os macOS:10.13 jabber | grep -q jabber
	refused 1 'no payload type fits' mcprofile-gen types --os macos:10.14 jabber
	refused 1 'no payload type fits' mcprofile-gen types --os watchos:3.1 wifi
	refused 1 'no payload type fits' mcprofile-gen types nosuchword
	refused 64 '--os beos: want ios, macos, tvos, visionos or watchos, and a version after a colon, like macos:14' mcprofile-gen types --os beos
	refused 64 '--os ios:x: want ios, macos, tvos, visionos or watchos, and a version after a colon, like macos:14' mcprofile-gen types --os ios:x
}

@test "types --json: what a script wants to know" {
	small
	mcprofile-gen types --json > out.json
	[ "$(jq -r '.[].type' out.json)" = "$(mcprofile-gen types | tail -n +2 | awk '{print $1}')" ]
	jq -e '.[] | select(.type == "com.apple.MCX") | .parts | length == 6' out.json
	mcprofile-gen types --json --schema small.schema com.acme > out.json
	jq -e '. == [{"type": "com.acme.all", "parts": [{"release": "ACME 1", "keys": 8, "os": {
		"ios": {"introduced": "9.3", "flags": ["supervised"]},
		"macos": {"introduced": "10.7", "flags": ["device", "user"]}}}]}]' out.json
}

@test "describe: a tree for people" {
	small
	mcprofile-gen describe --schema small.schema com.acme.all > out
	diff -u - out <<- 'E'
		com.acme.all  (ACME 1)
		  iOS 9.3, supervised
		  macOS 10.7, device channel, user channel
		  not on tvOS, visionOS, watchOS

		  Text             string   required; one of one, two; default two
		  Number           integer  1 to 180
		  Ratio            real     0.5 or more
		  Name             string   a hostname; matches ^[a-z, ]{1,8}$; iOS 11.3; not on macOS
		  List             array    1 to 3 items
		    [Each]         dict
		      Self         array
		        [Each]     dict     keys as in List[0]
		      Old          boolean  default false; macOS (deprecated in 10.15) (gone in 11.0)
		  Open             dict
		    (any key)      data
		  Either           string   or array
		  com.acme.dotted  string   default ""
	E
}

@test "describe: one key, by its name or its path" {
	small
	for key in com.acme.dotted '"com.acme.dotted"'; do
		mcprofile-gen describe --schema small.schema com.acme.all "$key" | tail -n 1 | grep -qx '  com.acme.dotted  string   default ""'
	done
	for key in 'List[0].Old' List.Old 'List[0].Self[0].Old' List.Self.Self.Old 'List[+].Old'; do
		mcprofile-gen describe --schema small.schema com.acme.all "$key" | tail -n 1 > out
		[ "$(cat out)" = '  Old  boolean  default false; macOS (deprecated in 10.15) (gone in 11.0)' ] || { echo "$key"; cat out; return 1; }
	done
	mcprofile-gen describe --schema small.schema com.acme.all Open.whatever | tail -n 1 | grep -qx '  (any key)  data'
	# a part for each that has it: both MCX payloads that know it
	[ "$(mcprofile-gen describe com.apple.MCX DestroyFVKeyOnStandby | grep -c '^com.apple.MCX, part [12] of 2')" = 2 ]
	mcprofile-gen describe com.apple.wifi.managed PayloadUUID | grep -q 'a key of every payload'
}

@test "describe: what is not there: 66, and the nearest name" {
	small
	refused 66 'no payload type "com.apple.wifi.mananged"; did you mean com.apple.wifi.managed?' mcprofile-gen describe com.apple.wifi.mananged
	refused 66 'no payload type "nowhere"; mcprofile-gen types lists them' mcprofile-gen describe nowhere
	refused 66 'com.apple.wifi.managed has no key "SSID_ST"; did you mean SSID_STR?' mcprofile-gen describe com.apple.wifi.managed SSID_ST
	refused 66 'com.apple.wifi.managed has no key "PayloadUID"; did you mean PayloadUUID?' mcprofile-gen describe com.apple.wifi.managed PayloadUID
	refused 66 'com.acme.all has no key "Ol" there; did you mean Old?' mcprofile-gen describe --schema small.schema com.acme.all List.Ol
	# where any key is good, those of every payload are still what they are
	mcprofile-gen describe com.apple.firstethernet.managed PayloadVersion > out
	grep -q 'integer' out
	mcprofile-gen describe --json com.apple.firstethernet.managed SSID_STR | jq -e '.parts[0].keys[0].name == null'
	refused 66 'com.acme.all has no key "Zebra"; mcprofile-gen describe com.acme.all lists them' mcprofile-gen describe --schema small.schema com.acme.all Zebra
	refused 66 'com.acme.all: that key path wants an item of what is no array' mcprofile-gen describe --schema small.schema com.acme.all 'Text[0]'
	run -64 mcprofile-gen describe com.apple.wifi.managed 'a..b'
	run -64 mcprofile-gen describe
	# what a name holds is shown, not obeyed
	run -66 mcprofile-gen describe "$(printf 'a\033[31mb\nc')"
	[ "${#lines[@]}" = 1 ]
	not grep -q $'\033' <<< "$output"
}

@test "describe --json: all of it, typed, a structure in itself told once" {
	small
	mcprofile-gen describe --json --schema small.schema com.acme.all > out.json
	jq -e '.type == "com.acme.all" and (.parts | length) == 1' out.json
	jq -e '.parts[0].keys[0] == {"name": "Text", "type": "string", "required": true, "allowed": ["one", "two"], "default": "two",
		"os": {"ios": {"introduced": "9.3", "flags": ["supervised"]}, "macos": {"introduced": "10.7", "flags": ["device", "user"]}}}' out.json
	jq -e '.parts[0].keys | map({(.name): .}) | add | . as $k |
		$k.Number.min == 1 and $k.Number.max == 180 and ($k.Number.min | tostring) == "1" and
		$k.Ratio.min == 0.5 and ($k.Ratio | has("max") | not) and
		$k.Name.form == "hostname" and $k.Name.pattern == "^[a-z, ]{1,8}$" and
		($k.Name.os | keys) == ["ios"] and $k.Name.os.ios.introduced == "11.3" and
		$k.List.count == {"min": 1, "max": 3} and
		$k.List.items[0].keys[0].items[0].children_of == "List[0]" and
		($k.List.items[0].keys[0].items[0] | has("keys") | not) and
		$k.List.items[0].keys[1].default == false and
		$k.List.items[0].keys[1].os.macos == {"introduced": "10.7", "deprecated": "10.15", "removed": "11.0", "flags": ["device", "user"]} and
		$k.Open.keys[0].name == null and $k.Open.keys[0].type == "data" and
		($k.Either.types | sort) == ["array", "string"] and
		$k["com.acme.dotted"].default == ""' out.json
	# a key alone has the same form
	mcprofile-gen describe --json --schema small.schema com.acme.all List.Old > key.json
	jq -e '.key == "List.Old" and (.parts[0].keys | length) == 1 and .parts[0].keys[0].name == "Old"' key.json
	# "children_of" is a path that describe takes
	mcprofile-gen describe com.apple.homescreenlayout --json | jq -r '.. | .children_of? // empty' > paths
	[ "$(wc -l < paths)" = 2 ]
	while read -r path; do
		mcprofile-gen describe com.apple.homescreenlayout "$path" > /dev/null
	done < paths
}

@test "describe --json: numbers past 64 bits, and fractions where any type will do" {
	printf 'payload a\n\tI integer from -1 to 99999999999999999999 default 99999999999999999999\n\tA any from 0.5 to 2\n' > n.schema
	mcprofile-gen describe --json --schema n.schema a > out.json
	jq -e '.parts[0].keys | map({(.name): .}) | add |
		.I.min == -1 and .I.max == 1e20 and .I.default == 1e20 and
		.A.min == 0.5 and .A.max == 2 and (.A.max | tostring) == "2"' out.json
}

@test "on a terminal: bold, no line too long, and words beside their names only where there is room" {
	small
	[ "$(mcprofile-gen describe com.apple.wifi.managed | grep -c $'\033')" = 0 ]
	for wide in 40 60 100; do
		for args in "describe --schema small.schema com.acme.all" "describe com.apple.wifi.managed"; do
			# shellcheck disable=SC2086
			on_tty $wide mcprofile-gen $args > out
			grep -q $'\033\[1m' out
			sed 's/\x1b\[[0-9;]*m//g' out > plain
			# what has no blank in it is not broken
			awk -v w=$wide 'length > w && NF > 3 { print; bad = 1 } END { exit bad }' plain
		done
	done
	on_tty 100 mcprofile-gen types wifi > out
	grep -q $'\033\[1mTYPE' out
	# the same words, wherever they stand
	on_tty 60 mcprofile-gen describe com.apple.wifi.managed | sed 's/\x1b\[[0-9;]*m//g' | tr -s ' \n' '\n' > narrow
	mcprofile-gen describe com.apple.wifi.managed | tr -s ' \n' '\n' | diff - narrow
}

@test "--schema: what is there is replaced, what is wrong is told with its place" {
	printf 'payload com.apple.gamed on macos 10.7\n\tOnly string\n' > dock.schema
	[ "$(mcprofile-gen types --schema dock.schema --json gamed | jq '.[0].parts[0].keys')" = 1 ]
	mcprofile-gen describe --schema dock.schema com.apple.gamed | grep -q '^com.apple.gamed  (dock.schema)'
	run -66 mcprofile-gen types --schema nowhere
	[ "$output" = 'mcprofile-gen: --schema: nowhere: No such file or directory' ]
	printf 'payload com.apple.gamed on macos 10.7\n\tOnly strong\n' > bad.schema
	run -65 mcprofile-gen types --schema bad.schema
	[[ $output = 'mcprofile-gen: --schema: bad.schema:2:'* ]]
}
