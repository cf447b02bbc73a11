# The profiles of tests/corpus, as people and their tools write them: what is
# said of each is in tests/corpus/EXPECTED, and must be that and no more.
load ../helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	mkdir sorted
	cp "$SRC"/tests/corpus/*.mobileconfig .
	# Python knows an XML property list by its first bytes, of which there
	# may be others
	cat > profiles.py <<- 'PY'
	import plistlib
	def load(path):
	    data = open(path, "rb").read()
	    return plistlib.loads(data, fmt=None if data.startswith(b"bplist") else plistlib.FMT_XML)
	PY
	grep -v -e '^#' -e '^$' "$SRC/tests/corpus/EXPECTED" | tr -s ' ' > expected
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# report FOR OPTION...: rows such as EXPECTED's, of the files that it has
# for FOR; all of them in one process.
report() {
	local as=$1
	shift
	awk -v as="$as" '$2 == as { print $1 ".mobileconfig" }' expected | uniq > files
	mcprofile-lint --format json --fail-on never "$@" $(cat files) > report.json
	jq -r --arg mode "$as" --rawfile files files '
		(.findings | map(select(.severity != "notice")) | group_by(.file)
		    | map({ key: .[0].file, value: . }) | from_entries) as $by
		| $files | split("\n")[:-1][] | . as $file
		| ($file | rtrimstr(".mobileconfig")) as $name
		| if $by[$file] then $by[$file][]
		    | "\($name) \($mode) \(.severity) \(.code) \(
			if (.path // "") == "" then "line \(.line)" else .path end)"
		  else "\($name) \($mode) ok" end' report.json
}

# check FOR OPTION...: nothing else, and nothing less
check() {
	report "$@" | sort > got
	awk -v as="$1" '$2 == as' expected | sort > want
	[ -s want ]
	diff want got
}

@test "each of them is in the table, and nothing else is" {
	diff <(printf '%s\n' *.mobileconfig | sort) \
		<(awk '$2 == "-" { print $1 ".mobileconfig" }' expected | sort -u)
	[ "$(ls | grep -c '\.mobileconfig$')" -ge 60 ]
}

@test "what is expected of all of them, and no more" {
	check -
}

@test "what is expected of them on a system" {
	local as
	for as in $(awk '$2 != "-" { print $2 }' expected | sort -u); do
		echo "$as"
		check "$as" --target "${as%/*}" --way "${as#*/}"
	done
}

@test "no error in a profile that works, and few warnings; one in each that does not" {
	not grep -q -v -e '^bad-' -e ' ok$' -e ' - warning ' <(awk '$2 == "-"' expected)
	[ "$(awk '$2 == "-" && !/^bad-/ && $3 == "ok"' expected | wc -l)" -ge 50 ]
	awk '$2 == "-" && /^bad-/ { seen[$1] += $3 == "error" } END { for (f in seen) if (!seen[f]) { print f; exit 1 } }' expected
}

@test "Python's plistlib reads all but those that are no property lists" {
	python3 - <<- 'PY'
	import glob, xml.parsers.expat
	from profiles import load
	broken = []
	for f in sorted(glob.glob("*.mobileconfig")):
	    try:
	        p = load(f)
	        assert p["PayloadIdentifier"] and isinstance(p["PayloadUUID"], str), f
	    except xml.parsers.expat.ExpatError:
	        broken.append(f)
	assert broken == ["bad-xml-ampersand.mobileconfig"], broken
	PY
}

@test "sort: the same values, whatever they are written in, and sorted once is sorted" {
	local f
	for f in [!b]*.mobileconfig b[!a]*.mobileconfig baseline-mac.mobileconfig; do
		mcprofile-gen sort "$f" -o "sorted/$f"
	done
	python3 - <<- 'PY'
	import glob
	from profiles import load
	files = sorted(glob.glob("sorted/*"))
	assert len(files) >= 50
	for f in files:
	    assert load(f) == load(f[len("sorted/"):]), f
	    assert open(f, "rb").read().startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist'), f
	PY
	for f in passcode-mac wifi-eduroam sso; do
		mcprofile-gen sort "sorted/$f.mobileconfig" | cmp - "sorted/$f.mobileconfig"
	done
	# and nothing is found in them that was not there
	mcprofile-lint --format json --fail-on never sorted/ |
		jq -r '.findings[] | select(.severity == "error") | .file' > errors
	[ ! -s errors ]
}

@test "template leaves what is other systems' alone; get has the values" {
	local f
	for f in bad-template directory-binding wifi-eaptls-adcs munki-nomad; do
		mcprofile-gen template --uuid keep "$f.mobileconfig" > filled
		python3 -c 'import sys; from profiles import load; assert load(sys.argv[1]) == load("filled")' "$f.mobileconfig"
	done
	run -0 --separate-stderr mcprofile-gen get 'PayloadContent[0].SSID_STR' wifi-personal.mobileconfig
	[ "$output" = "Hafenhaus Gäste" ]
	run -0 --separate-stderr mcprofile-gen get 'PayloadContent[0].minLength' passcode-mac.mobileconfig
	[ "$output" = 15 ]
	run -0 --separate-stderr mcprofile-gen get 'ConsentText.de' wifi-eduroam.mobileconfig
	[[ "$output" == "Sie dürfen"* ]]
}

@test "signed by openssl: the same is found, and a change of one byte as well" {
	local f
	selfsigned signer /CN=signer
	for f in wifi-eduroam bad-vpn; do
		openssl smime -sign -binary -nodetach -outform DER -signer signer.pem -inkey signer.key \
			-in "$f.mobileconfig" -out "$f.signed"
		for as in "$f.mobileconfig" "$f.signed"; do
			mcprofile-lint --format json --fail-on never "$as" |
				jq -r '.findings[] | select(.severity != "notice") | "\(.code) \(.path)"' | sort > "$as.found"
		done
		diff "$f.mobileconfig.found" "$f.signed.found"
	done
	sed 's/anonymous@uni/anonymous@dni/' wifi-eduroam.signed > changed.signed
	not cmp -s changed.signed wifi-eduroam.signed
	run -1 --separate-stderr mcprofile-lint --format gcc changed.signed
	[[ "$output" == *"[MC1005]"* ]]
}
