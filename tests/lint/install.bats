# make install puts everything where a package wants it.
load ../helper
setup() { cd "$SRC"; }

@test "make install puts commands, manuals, completions and share under DESTDIR" {
	d="$BATS_TEST_TMPDIR/a pkg"
	# another prefix is another mcprofile-cgi: not in the build under test
	cp -a "$O" "$BATS_TEST_TMPDIR/o"
	make -s O="$BATS_TEST_TMPDIR/o" VARIANT="$(basename "$O")" PREFIX=/usr DESTDIR="$d" install
	strings=$(grep -ao '/usr/share/mcprofile[a-z/]*' "$d/usr/bin/mcprofile-cgi")
	[ -n "$strings" ]
	for c in $(ls "$O/bin"); do
		[ -x "$d/usr/bin/$c" ]
		ls "$d/usr/share/man/man"[18]"/$c."[18]
		[ -e "$d/usr/share/bash-completion/completions/$c" ]
	done
	[ -s "$d/usr/share/mcprofile/routes" ]
	[ -s "$d/usr/share/mcprofile/htdocs/welcome.html" ]
	[ -s "$d/usr/share/mcprofile/device-ca/pins" ]
	[ -s "$d/usr/share/mcprofile/schema/overrides.schema" ]
	ls "$d/usr/share/mcprofile/schema"/apple-*.schema
	[ ! -e "$d/usr/share/mcprofile/schema/compile.c" ]
	[ -s "$d/usr/share/mcprofile/templates/mdm.recipe" ]
	[ -s "$d/usr/share/mcprofile/templates/identity.part" ]
	[ -s "$d/usr/share/man/man7/mcprofile-stage.7" ]
}
