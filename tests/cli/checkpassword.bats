# examples/checkpassword/htpasswd, against hashes by openssl passwd.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	check=$SRC/examples/checkpassword/htpasswd
	{
		printf 'alice:%s\n' "$(printf '%s' 'p w$1\' | openssl passwd -6 -stdin)"
		printf 'bob:%s\n' "$(echo sha256 | openssl passwd -5 -stdin)"
		printf 'carol:%s\n' "$(echo apache | openssl passwd -apr1 -stdin)"
		printf 'dave:%s\n' "$(echo again | openssl passwd -6 -stdin)"
		echo 'dora:$2y$05$abcdefghijklmnopqrstuv'
		echo 'plain:plain'
		echo ':$6$x$y'
	} > users
}

# given FIELDS [PROGRAM...]: printf's escapes, on descriptor 3.
given() {
	printf "$1" > fields
	shift
	run "$check" users "$@" 3< fields
}

@test "a right password runs the program as USER, without descriptor 3" {
	given 'alice\0p w$1\\\0when\0' sh -c 'echo "$USER $*"; ! (: <&3) 2> /dev/null' - a 'b c'
	[ "$status" -eq 0 ]
	[ "$output" = "alice a b c" ]
	given 'bob\0sha256\0\0' true
	[ "$status" -eq 0 ]
	given 'carol\0apache\0' true
	[ "$status" -eq 0 ]
	given 'dave\0again\0\0' sh -c 'exit 7'
	[ "$status" -eq 7 ]
}

@test "a wrong one runs nothing" {
	for fields in 'alice\0p w$1\0\0' 'alice\0again\0\0' 'alice\0\0\0' 'nobody\0again\0\0' '\0again\0\0' 'Dave\0again\0\0' \
	    'dave\0again\n\0\0' 'dave\0 again\0\0' 'dave\nx\0again\0\0' 'dave:x\0again\0\0' 'dav.\0again\0\0' '*\0again\0\0' '\0\0\0'; do
		given "$fields" sh -c 'echo ran'
			[ "$status" -eq 1 ]
		[ -z "$output" ]
	done
}

@test "what it cannot judge, and what is no request" {
	given 'dora\0x\0\0' true
	[ "$status" -eq 111 ]
	given 'plain\0plain\0\0' true
	[ "$status" -eq 111 ]
	given '' true
	[ "$status" -eq 2 ]
	given 'alice' true
	[ "$status" -eq 2 ]
	given 'dave\0again' true
	[ "$status" -eq 2 ]
	run "$check" users true 3<&-
	[ "$status" -eq 2 ]
	run "$check" users
	[ "$status" -eq 2 ]
	run "$check" nowhere true 3< /dev/null
	[ "$status" -eq 111 ]
	[ "$output" = "htpasswd: nowhere: cannot be read" ]
}

@test "the password is in no argument" {
	printf 'dave\0again\0\0' > fields
	mkdir bin
	printf '#!/bin/sh\necho "$@" >> %s\nexec %s "$@"\n' "$PWD/arguments" "$(command -v openssl)" > bin/openssl
	chmod +x bin/openssl
	PATH=$PWD/bin:$PATH "$check" users true 3< fields
	grep -q stdin arguments
	run -1 grep again arguments
}
