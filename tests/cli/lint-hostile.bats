# Property lists that bring other readers down: a finding each, at once, and
# with little memory.
load ../helper

setup() { cd "$BATS_TEST_TMPDIR"; }

# lint FILE: within 64 MB of address space, which a sanitizer alone exceeds, and
# a second of CPU time; the exit status, and what was found in $found.
lint() {
	local status=0
	grep -q __asan_init "$(command -v mcprofile-lint)" || ulimit -S -v 65536
	found=$(ulimit -S -t 20 && mcprofile-lint --format gcc "$1" 2> said) || status=$?
	ulimit -S -v unlimited
	echo "$status $found"
	return "$status"
}

# refused FILE TEXT: an error with this text.
refused() {
	local status=0 before after
	before=$(awk '{ print $16 + $17 }' /proc/$$/stat)
	lint "$1" || status=$?
	after=$(awk '{ print $16 + $17 }' /proc/$$/stat)
	[ "$status" -eq 1 ]
	[[ "$found" == *": error: "*"$2"* ]]
	# hundredths of a second, of all children; a sanitizer takes its time
	[ $((after - before)) -lt 500 ]
}

# xml NAME TEXT: a plist around it.
xml() { printf '<plist version="1.0">\n%s</plist>' "$2" > "$1"; }

@test "a binary plist that would be 8 GB" {
	python3 - <<-'EOF'
	import struct
	objects = [b'\xae' + bytes([i + 1]) * 14 for i in range(9)] + [b'\x08']
	out, offsets = b'bplist00', []
	for o in objects:
	    offsets.append(len(out))
	    out += o
	table = len(out)
	out += bytes(offsets) + b'\0' * 6 + b'\1\1' + struct.pack('>QQQ', len(objects), 0, table)
	assert len(out) < 200
	open('bomb', 'wb').write(out)
	EOF
	refused bomb "more than 200000 values"
}

@test "a binary plist that holds itself" {
	printf 'bplist00\241\000\010\0\0\0\0\0\0\001\001\0\0\0\0\0\0\0\001\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\012' > self
	refused self "offset 8: it holds itself"
}

@test "arrays that are opened and opened" {
	python3 -c 'print("<plist version=\"1.0\">" + "<array>" * 175000)' > arrays
	refused arrays "nested more than 64 deep"
}

@test "more values than a profile has" {
	xml many "<array>$(printf '<true/>%.0s' {1..200001})</array>"
	refused many "more than 200000 values"
}

@test "what is accepted silently elsewhere is told" {
	xml twice '<dict><key>a</key><true/><key>a</key><true/></dict>'
	refused twice "is there twice"
	printf '%s' '<plist version="1.0"><dict/></plist><plist/>' > trailing
	lint trailing || true
	grep -q 'junk after document element' <<< "$found"
	xml utf8 $'<dict><key>a</key><string>\xc3(</string></dict>'
	refused utf8 "not UTF-8: want the file saved as UTF-8"
	xml integer '<dict><key>a</key><integer>1x</integer></dict>'
	refused integer 'want a decimal number of 64 bits, not "1x"'
	xml date '<dict><key>a</key><date>yesterday</date></dict>'
	refused date 'want YYYY-MM-DDTHH:MM:SSZ, not "yesterday"'
	xml data '<dict><key>a</key><data>A</data></dict>'
	lint data || true
	grep -q 'base64: bad length' <<< "$found"
}

@test "keys that are there again and again, in a hash that cannot tell them apart" {
	python3 - > again <<-'EOF'
	keys = [''.join('Ez' if i >> b & 1 else 'FY' for b in range(12)) for i in range(1024)]
	print('<plist version="1.0"><dict>' + ''.join('<key>%s</key><true/>\n' % keys[i % 1024] for i in range(190000)) + '</dict></plist>')
	EOF
	refused again "more than 1000 faults: key "
}

@test "a NUL in a string" {
	printf '<plist version="1.0"><string>a\0b</string></plist>' > nul
	refused nul "holds a NUL byte"
	printf 'bplist00\241\001\121\0\010\012\0\0\0\0\0\0\001\001\0\0\0\0\0\0\0\002\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\014' > nul.bin
	refused nul.bin "offset 10: text with a character that XML has not"
}

@test "a million ampersands" {
	python3 -c 'print("<plist version=\"1.0\"><string>" + "&amp;" * 1000000 + "</string></plist>")' > amp
	refused amp "a profile is a dict"
}

@test "entities that grow" {
	cat > laughs <<-'EOF'
	<!DOCTYPE plist [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
	<plist version="1.0"><string>&b;</string></plist>
	EOF
	refused laughs "DOCTYPE: want no declarations of its own"
}

@test "a file that ends early says where" {
	printf '<plist version="1.0">\n<dict>\n' > early
	refused early "ends too early: </plist> is missing"
	[[ "$found" == "early:3:1: "* ]]
}
