# --help, the manual, completion and the README say the same.
load ../helper
setup() { cd "$SRC"; }

commands() { ls "$O/bin"; }
page() { ls man/"$1".[18]; }

# The lines of a section of a page or of --help=mdoc.
section() { awk -v want=".Sh $1" '/^\.Sh /{ on = $0 == want; next } on' ; }

@test "each manual page's SYNOPSIS is the option table's" {
	for c in $(commands); do
		diff <(command "$c" --help=mdoc 3>&- | section SYNOPSIS) <(section SYNOPSIS < "$(page "$c")") || { echo "$c"; false; }
	done
}

@test "each manual page has every option, in order, and no other" {
	for c in $(commands); do
		diff <(command "$c" --help=mdoc 3>&- | section OPTIONS) \
		    <(section OPTIONS < "$(page "$c")" | grep -E '^\.(Ss|It (Fl|Ar))') || { echo "$c"; false; }
	done
}

@test "each option in a manual page has a sentence" {
	for c in $(commands); do
		run awk '/^\.Sh /{ on = $0 == ".Sh OPTIONS" } on && /^\.It /{ if (last) print last; last = FILENAME ": " $0; next } on && /^[^.]/{ last = "" } on && /^\.(Ss|El)/{ if (last) print last; last = "" }' "$(page "$c")"
		[ -z "$output" ] || { echo "$output"; false; }
	done
}

@test "manual pages are correct mdoc" {
	run mandoc -Tlint -Wwarning man/*.[1-8]
	[ -z "$output" ] || { echo "$output"; false; }
}

@test "each manual page tells the exit status, an example and what to see also" {
	for c in $(commands); do
		for s in NAME DESCRIPTION "EXIT STATUS" EXAMPLES "SEE ALSO"; do
			grep -qx ".Sh $s" "$(page "$c")" || { echo "$c: $s"; false; }
		done
	done
}

@test "README lists every command" {
	for c in $(commands); do
		grep -q "^| \`$c\`" README.md || { echo "$c"; false; }
	done
}

@test "--help and --version answer on standard output with status 0" {
	for c in $(commands); do
		command "$c" --help 3>&- | grep -q "^usage: $c"
		[ "$(command "$c" --version 3>&-)" = "$c (mcprofile) $(sed -n 's/^VERSION *:= //p' Makefile)" ]
		run sh -c "$c --help > /dev/full 3>&-"
		[ "$status" -eq 74 ]
	done
}

@test "an unknown option is a usage error that names it" {
	for c in $(commands); do
		run -64 command "$c" --no-such-thing
		[[ "$output" == "$c: --no-such-thing: no such option; --help lists them" ]]
	done
}
