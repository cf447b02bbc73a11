# The schema's files and their manual say what the programs read.
load ../helper
setup() { cd "$SRC"; }

# Literal blocks of the manual, as files in the test's folder: 1, 2, ...
examples() {
	mandoc -Tutf8 man/mcprofile-schema.5 > /dev/null
	awk -v d="$BATS_TEST_TMPDIR" '/^\.Sh/ { in_examples = $2 == "EXAMPLES" }
		in_examples && /^\.Bd/ { n++; copy = 1; next } /^\.Ed/ { copy = 0 }
		copy { print > (d "/" n ".schema") }' man/mcprofile-schema.5
}

@test "the examples of mcprofile-schema(5) are schema files" {
	examples
	ls "$BATS_TEST_TMPDIR"/1.schema "$BATS_TEST_TMPDIR"/2.schema
	for f in "$BATS_TEST_TMPDIR"/*.schema; do
		mcprofile-gen types --schema "$f" > "$f.out"
	done
	grep -q '^com.acme.vpn ' "$BATS_TEST_TMPDIR/1.schema.out"
}

# A keyword of the form: behind a Cm, in its list, or in the block of systems.
in_manual() {
	grep -qE "^\.(.* )?Cm ([^ ]+ , )*$1( |\$)|^$1 SYSTEM\$|^SYSTEM .*\[$1 VERSION\]" man/mcprofile-schema.5
}

@test "mcprofile-schema(5) names each keyword that files use" {
	for w in release payload change add drop item again required optional values from to default pattern form items on \
		not deprecated removed named because or no; do
		in_manual "$w" || { echo "the manual does not name $w"; false; }
		grep -v '^#' share/schema/*.schema | grep -qwe "$w" || { echo "$w is used nowhere"; false; }
	done
	not in_manual frob
	not in_manual attributes # which is an argument
}

@test "what is installed is what is compiled in" {
	mkdir "$BATS_TEST_TMPDIR/d"
	cp share/schema/*.schema "$BATS_TEST_TMPDIR/d"
	mcprofile-gen types > "$BATS_TEST_TMPDIR/compiled"
	mcprofile-gen types --schema "$BATS_TEST_TMPDIR/d" > "$BATS_TEST_TMPDIR/loaded"
	cmp "$BATS_TEST_TMPDIR/compiled" "$BATS_TEST_TMPDIR/loaded"
}

@test "a schema that is wrong does not get compiled" {
	printf 'payload a\n\tb strin\n' > "$BATS_TEST_TMPDIR/bad.schema"
	run -65 --separate-stderr "$O/schema-compile" "$BATS_TEST_TMPDIR/bad.schema" share/schema/overrides.schema
	[ -z "$output" ]
	[ "$stderr" = "bad.schema:2:4: want dict, array, string, boolean, integer, real, date, data or any" ]
	printf 'change a\n' > "$BATS_TEST_TMPDIR/stale.schema"
	run -65 --separate-stderr "$O/schema-compile" share/schema/apple-2024-10.schema "$BATS_TEST_TMPDIR/stale.schema"
	[ "$stderr" = "stale.schema:1:8: there is no a to change" ]
}

@test "make SCHEMA=FILE: another schema is another table, made by a program that runs here" {
	table() { env -u MAKEFLAGS make -s O="$BATS_TEST_TMPDIR/o" CC=false SCHEMA="$1" "$BATS_TEST_TMPDIR/o/generated/schema.c"; }
	newest=$(printf '%s\n' share/schema/apple-*.schema | sort | tail -n 1)
	sed '/^release/s/"$/, again"/' "$newest" > "$BATS_TEST_TMPDIR/older.schema"
	touch -d 2001-01-01 "$BATS_TEST_TMPDIR/older.schema"
	not cmp -s "$newest" "$BATS_TEST_TMPDIR/older.schema"
	table "$newest"
	not grep -q ', again' "$BATS_TEST_TMPDIR/o/generated/schema.c"
	table "$BATS_TEST_TMPDIR/older.schema"
	grep -q ', again' "$BATS_TEST_TMPDIR/o/generated/schema.c"
}
