# Each code has files that have the finding, and files that have not:
#
#	tests/cli/lint/CODE-bad*.mobileconfig, CODE-good*.mobileconfig
#	CODE.options         what the command is given with the files of a code
#	CODE-*.old           the profile that the file of this name updates
#
# As many files as have the same options are linted by one process.
load ../helper

setup_file() {
	cp -R "$SRC/tests/cli/lint" "$BATS_FILE_TMPDIR/cases"
	cd "$BATS_FILE_TMPDIR/cases" || return 1
	# 2700 keys that nobody knows
	python3 -c 'import plistlib; p = plistlib.load(open("MC1024-good.mobileconfig", "rb")); c = p["PayloadContent"][0]; p["PayloadContent"] = [dict(c, **{"X%d" % k: True for k in range(900)}) for i in range(3)]; plistlib.dump(p, open("MC1024-bad.mobileconfig", "wb"))'
	# too large for the tree; and signed here, so that no certificate expires
	head -c $((16 * 1024 * 1024 + 1)) /dev/zero | tr '\0' ' ' > MC1002-bad.mobileconfig
	selfsigned signer /CN=signer
	openssl cms -sign -binary -nodetach -in MC1002-good.mobileconfig -signer signer.pem -inkey signer.key -outform DER -out MC1005-good.mobileconfig
	sed 's/Example/Exbmple/' MC1005-good.mobileconfig > MC1005-bad.mobileconfig
	# a certificate that has ten days to go, whenever that is
	openssl req -x509 -newkey rsa:2048 -nodes -keyout soon.key -outform DER -out soon.der -subj /CN=soon -days 10 2> /dev/null
	python3 -c 'import plistlib, sys; p = plistlib.load(open("MC1304-good.mobileconfig", "rb")); p["PayloadContent"][0]["PayloadContent"] = open("soon.der", "rb").read(); plistlib.dump(p, open("MC1304-bad.mobileconfig", "wb"))'
	mcprofile-lint --codes | awk 'NR > 1 { print $1 }' > codes
}

setup() { cd "$BATS_FILE_TMPDIR/cases"; }

# all: each file's findings as "FILE [CODE]", from one process for each set of
# options.
all() {
	local f options
	for f in MC*.mobileconfig; do
		options=$(cat "${f%%-*}.options" 2> /dev/null || true)
		[ ! -e "${f%.mobileconfig}.old" ] || options="$options --diff ${f%.mobileconfig}.old"
		printf '%s|%s\n' "$options" "$f"
	done | sort | awk -F '|' 'NR == 1 || $1 != last { printf "%s%s|", (NR > 1 ? "\n" : ""), $1; last = $1 } { printf " %s", $2 } END { print "" }' |
	while IFS='|' read -r options files; do
		# shellcheck disable=SC2086
		mcprofile-lint --format gcc --fail-on never $options $files < /dev/null || echo "status $? of $options $files"
	done | sed -n -e 's/^\([^:]*\):.* \(\[MC[0-9]*\]\)$/\1 \2/p' -e '/^status/p'
}

@test "each code has an example, good and bad, and each example a code" {
	while read -r code; do
		compgen -G "$code-bad*.mobileconfig" > /dev/null || echo "$code: nothing has it"
		compgen -G "$code-good*.mobileconfig" > /dev/null || echo "$code: nothing is without it"
	done < codes > missing
	cat missing
	[ ! -s missing ]
	for f in MC*; do
		grep -qx "${f:0:6}" codes || { echo "$f: no such code"; false; }
	done
}

@test "each bad example has its finding, each good one has not" {
	all > findings
	for f in MC*.mobileconfig; do
		code=${f%%-*}
		case $f in
		*-bad*) grep -qxF "$f [$code]" findings || echo "$f: has not $code" ;;
		*-good*) ! grep -qxF "$f [$code]" findings || echo "$f: has $code" ;;
		*) echo "$f: neither bad nor good" ;;
		esac
	done > wrong
	grep '^status' findings >> wrong || true
	cat wrong
	[ ! -s wrong ]
	# it is not that nothing was linted
	[ "$(grep -c "\[MC" findings)" -gt 100 ]
}

@test "each code is explained: what it is, why, and how to mend it" {
	mcprofile-lint --explain all > all
	while read -r code; do
		awk -v code="$code" '$1 ~ /^MC[0-9]+$/ { on = $1 == code; part = 0 } on && /^To mend it:$/ { part = 2; next } on && NF { n[part]++ } END { exit !(n[0] >= 2 && n[2] >= 1) }' all || { echo "$code"; false; }
	done < codes
	[ "$(sort -u codes | wc -l)" -eq "$(wc -l < codes)" ]
	[ "$(mcprofile-lint --codes | awk 'NR > 1 { print $3 }' | sort | uniq -d)" = "" ]
}
