# What the source may not say, and how long it may be.
load ../helper
setup() { cd "$SRC"; }

# no PATTERN FILE...: no line of code matches (comments do not count).
no() {
	local pattern=$1
	shift
	! grep -nE "$pattern" "$@" /dev/null | grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)'
}

@test "lib never exits, prints or aborts" {
	no '\b(exit|_exit|abort|err|errx|warn|warnx|printf|puts|putchar|perror|vprintf|assert|signal)\(' \
	    $(ls lib/*/*.c | grep -v '^lib/stage/\(stage\|spawn\|crew\).c')
	no '\bfprintf\((stdout|stderr)' $(ls lib/*/*.c | grep -v '^lib/stage/stage.c')
	no '\b(exit|abort|perror)\(' lib/stage/stage.c
}

@test "calls that bite are not made" {
	no '\b(CMS_decrypt|CMS_EnvelopedData_decrypt|PKCS7_[a-z]+|OBJ_create|X509V3_EXT_conf[a-z_]*|ERR_error_string)\(' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch]
	no 'CMS_NO_ATTR_VERIFY|CMS_NO_CONTENT_VERIFY|CMS_NOVERIFY' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch]
	no '\b(plist_from_[a-z]+|plist_copy)\(' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch]
	no '\b(system|popen|strcpy|strcat|sprintf|gets|atoi|atol|strncpy|tmpnam|mktemp|alloca|rand|random)\(' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch]
	no '!(EVP_DigestVerify|X509_verify_cert|X509_REQ_verify|EVP_PKEY_eq|RAND_bytes)' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch]
	no '\bmemcmp\(.*(token|challenge|secret|passw)' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch]
	no '\btime\(NULL\)' $(ls lib/*/*.c cmd/*.c cmd/*/*.c | grep -v '^lib/base/time.c')
}

@test "functions have 60 lines at most, files 400" {
	run awk 'FNR == 1 { start = 0 } /^\{/ { start = FNR } /^\}/ && start { if (FNR - start > 60) print FILENAME ":" start; start = 0 }' lib/*/*.c cmd/*.c cmd/*/*.c
	[ -z "$output" ] || { echo "$output"; false; }
	run sh -c "wc -l lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch] | awk '\$1 > 400 && \$2 != \"total\"'"
	[ -z "$output" ] || { echo "$output"; false; }
}

@test "every source file says its licence in the first line" {
	for f in lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch]; do
		head -n 1 "$f" | grep -q 'SPDX-License-Identifier: ISC' || { echo "$f"; false; }
	done
}

@test "every header says what its module is for" {
	for f in lib/*/*.h; do
		sed -n 2p "$f" | grep -q '^/\*' || { echo "$f"; false; }
	done
}

@test "no two headers have one guard" {
	for f in lib/*/*.h cmd/*.h cmd/*/*.h tests/unit/*.h; do
		[ "$(grep -c "^#\(ifndef\|define\) $(sed -n 's/^#ifndef //p' "$f" | head -n 1)\b" "$f")" -eq 2 ] || { echo "$f"; false; }
	done
	run sh -c "sed -s -n '/^#ifndef /{p;q}' lib/*/*.h cmd/*.h cmd/*/*.h tests/unit/*.h | sort | uniq -d"
	[ -z "$output" ] || { echo "$output"; false; }
}

@test "every module of lib has one header of its name, or belongs to one" {
	for f in lib/*/*.c; do
		own=$(grep -m 1 -o '^#include "[^"]*"' "$f" | cut -d'"' -f2)
		[ "$(dirname "lib/$own")" = "$(dirname "$f")" ] || { echo "$f includes $own first"; false; }
	done
}

@test "nothing is left unfinished" {
	no '\b(TODO|FIXME|XXX|HACK)\b|not implemented' lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch] share/routes share/htdocs/* man/* README.md HACKING.md SECURITY.md
}

@test "the project names no machine's paths" {
	! grep -rnE '/work/|/home/[a-z]+/|/root/' --include='*' lib cmd man share examples README.md HACKING.md SECURITY.md Makefile .ci tests \
	    --exclude=source.bats
}

@test "no test has a negation that cannot fail it" {
	run awk 'FNR == 1 { p = "" } p ~ /^[ \t]+! .*[^\\]$/ && !/^}/ { print FILENAME ":" FNR - 1 ": " p } { p = $0 }' tests/*/*.bats tests/*/*.bash tests/*.bash
	[ -z "$output" ] || { echo "$output"; false; }
}

@test "every fuzz target has a corpus" {
	for f in tests/fuzz/*.c; do
		n=$(basename "$f" .c)
		[ "$n" = replay ] || [ -n "$(ls tests/fuzz/corpus/"$n" 2> /dev/null)" ] || { echo "$n"; false; }
	done
}
