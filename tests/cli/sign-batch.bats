# mcprofile-sign on many files: where they go, what one bad file does, and
# that nothing depends on how many are signed at once.
load ../helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem \
		-subj "/O=ACME Inc./CN=Root" -days 90 2> /dev/null
	openssl req -newkey rsa:2048 -nodes -keyout site.key -out site.csr -subj "/O=ACME Inc./CN=Site" 2> /dev/null
	openssl x509 -req -in site.csr -CA root.pem -CAkey root.key -set_serial 3 -days 60 -out site.pem 2> /dev/null
	mkdir in
	for i in a b d e; do
		profile com.acme.$i > in/$i.mobileconfig
	done
	echo '{"json": true}' > in/c.mobileconfig
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	rm -rf t
	cp -R in t
	export SOURCE_DATE_EPOCH=$(date +%s)
}

profile() {
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>\n'
	printf '<key>PayloadType</key><string>Configuration</string>\n'
	printf '<key>PayloadIdentifier</key><string>%s</string>\n</dict></plist>\n' "$1"
}

sign() {
	mcprofile-sign --cert site.pem --key site.key --chain root.pem --no-system-store "$@"
}

# What is in a signed file, by a tool that is not ours.
content() {
	openssl cms -verify -binary -inform DER -in "$1" -CAfile root.pem -purpose any 2> /dev/null
}

is_signed() { content "$1" | cmp - "in/${1##*/}"; }

@test "-d: each under its own name; a bad one does not stop the rest, and the exit status tells" {
	run -65 sign -d t/out t/*.mobileconfig
	show
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == "t/c.mobileconfig: "* ]]
	[ "${lines[1]}" = "mcprofile-sign: 4 signed, 1 failed" ]
	for i in a b d e; do
		is_signed t/out/$i.mobileconfig
	done
	[ "$(ls -A t/out)" = "$(printf '%s.mobileconfig\n' a b d e)" ]
	# what was read stays what it was
	diff -r -x out in t
}

@test "all good: the sum is told, and the status is 0" {
	rm t/c.mobileconfig
	run -0 sign -d t/out t
	[ "$output" = "4 signed" ]
	is_signed t/out/e.mobileconfig
}

@test "one file has no sum" {
	run -0 sign -d t/out t/a.mobileconfig
	[ -z "$output" ]
	is_signed t/out/a.mobileconfig
}

@test "the same bytes, messages and status with any number of workers" {
	for j in 1 2 4 16; do
		run -65 sign -j $j -d "t/$j" t/[a-e].mobileconfig
		echo "$output" > t/words.$j
		diff -r t/1 t/$j
		diff t/words.1 t/words.$j
	done
	sign < t/a.mobileconfig | cmp - t/1/a.mobileconfig
}

@test "the key is loaded once: its passphrase comes from a pipe" {
	openssl pkey -in site.key -aes256 -passout pass:secret -out t/locked.key
	rm t/c.mobileconfig
	mcprofile-sign --cert site.pem --key t/locked.key --passphrase fd:4 --chain root.pem --no-system-store \
		-j 4 -d t/out t/?.mobileconfig 4< <(echo secret)
	for i in a b d e; do
		is_signed t/out/$i.mobileconfig
	done
}

@test "-i: in place, with the mode that was there; what fails stays as it was" {
	chmod 640 t/a.mobileconfig
	run -65 sign -i t/*.mobileconfig
	is_signed t/a.mobileconfig
	is_signed t/e.mobileconfig
	[ "$(stat -c %a t/a.mobileconfig)" = 640 ]
	cmp t/c.mobileconfig in/c.mobileconfig
	# and nothing else lies about
	[ "$(ls -A t)" = "$(ls -A in)" ]
}

@test "-i on what is signed already: refused one by one; --resign signs all" {
	rm t/c.mobileconfig
	sign -i t/a.mobileconfig
	cp t/a.mobileconfig once
	run -65 sign -i t/a.mobileconfig t/b.mobileconfig
	show
	[[ ${lines[0]} == "t/a.mobileconfig: "*"--resign"* ]]
	[ "${lines[1]}" = "mcprofile-sign: 1 signed, 1 failed" ]
	cmp t/a.mobileconfig once
	is_signed t/b.mobileconfig
	SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 60)) run -0 sign --resign -i t/*.mobileconfig
	[ "${lines[-1]}" = "4 signed" ]
	not cmp -s t/a.mobileconfig once
	for i in a b d e; do
		is_signed t/$i.mobileconfig
	done
}

@test "-i through a symbolic link: the link stays, its target is signed" {
	mkdir t/real
	mv t/a.mobileconfig t/real/a.mobileconfig
	ln -s real/a.mobileconfig t/a.mobileconfig
	sign -i t/a.mobileconfig
	[ "$(readlink t/a.mobileconfig)" = real/a.mobileconfig ]
	is_signed t/real/a.mobileconfig
}

@test "two inputs of one name: nothing is written" {
	mkdir t/sub
	cp t/a.mobileconfig t/sub/a.mobileconfig
	run -64 sign -d t/out t/b.mobileconfig t/a.mobileconfig t/sub/a.mobileconfig
	show
	[[ $output == *a.mobileconfig* ]]
	[ ! -e t/out/a.mobileconfig ]
	[ ! -e t/out/b.mobileconfig ]
}

@test "several files, and nowhere said where they go" {
	run -64 sign t/a.mobileconfig t/b.mobileconfig
	[ "$output" = "mcprofile-sign: 2 files: --out-dir DIR or --in-place says where they go" ]
	run -64 sign -d t/out -i t/a.mobileconfig
	[ "$output" = "mcprofile-sign: --out-dir, or --in-place: not both" ]
	run -64 sign -i -o x t/a.mobileconfig
	[[ $output == "mcprofile-sign: --output is for one file"* ]]
	run -64 sign -i < t/a.mobileconfig
	[ "$output" = "mcprofile-sign: standard input has no name to be kept" ]
}

@test "a folder that cannot be written to" {
	[ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
	mkdir -m 555 t/out
	run -74 sign -d t/out t/a.mobileconfig t/b.mobileconfig
	[ "${lines[-1]}" = "mcprofile-sign: 0 signed, 2 failed" ]
	[ -z "$(ls -A t/out)" ]
}

@test "a file where the folder is to be: nothing is signed" {
	run sign -d t/c.mobileconfig t/a.mobileconfig t/b.mobileconfig
	show
	[ "$status" -ge 64 ]
	[[ $output == "mcprofile-sign: "*"t/c.mobileconfig"* ]]
	cmp t/c.mobileconfig in/c.mobileconfig
}

@test "a worker that is killed takes one file with it, and the rest are signed" {
	rm t/b.mobileconfig t/c.mobileconfig
	mkfifo t/b.mobileconfig
	mcprofile-sign --cert site.pem --key site.key --chain root.pem --no-system-store -j 2 -d t/out t/?.mobileconfig 2> t/words 3>&- &
	local pid=$! worker
	# the one that waits for the pipe's other end is the last to live
	for i in $(seq 200); do
		[ ! -e t/out/e.mobileconfig ] || break
		sleep 0.02
	done
	for worker in $(pgrep -P $pid); do
		kill -KILL "$worker"
	done
	wait $pid && status=0 || status=$?
	cat t/words
	[ "$status" -eq 70 ]
	grep -q '^t/b.mobileconfig: .*illed' t/words
	[ "$(tail -n 1 t/words)" = "mcprofile-sign: 3 signed, 1 failed" ]
	for i in a d e; do
		is_signed t/out/$i.mobileconfig
	done
}

@test "a file that is not there does not stop the others" {
	run -66 sign -d t/out t/a.mobileconfig t/nope.mobileconfig t/b.mobileconfig
	show
	[ "${lines[0]}" = "t/nope.mobileconfig: No such file or directory" ]
	[ "${lines[1]}" = "mcprofile-sign: 2 signed, 1 failed" ]
	is_signed t/out/b.mobileconfig
}

@test "killed in the middle: whole files only, the old ones or the new" {
	rm t/c.mobileconfig
	for i in $(seq 300); do
		cp t/a.mobileconfig t/f$i.mobileconfig
	done
	# not the function: it is the process that is to be killed
	mcprofile-sign --cert site.pem --key site.key --chain root.pem --no-system-store -j 2 -i t > /dev/null 2>&1 3>&- &
	local pid=$!
	# once the first one is signed, and long before the last
	until not cmp -s t/f1.mobileconfig in/a.mobileconfig || ! kill -0 $pid 2> /dev/null; do
		sleep 0.02
	done
	kill -TERM $pid
	not wait $pid
	local old=0 new=0
	for f in t/f*.mobileconfig; do
		if cmp -s "$f" in/a.mobileconfig; then
			old=$((old + 1))
		else
			new=$((new + 1))
			# the first byte of CMS, and the length that it says
			openssl asn1parse -inform DER -in "$f" -noout
		fi
	done
	echo "$old old, $new new"
	[ "$new" -gt 0 ]
	[ "$old" -gt 0 ]
	[ "$((old + new))" -eq 300 ]
	[ -z "$(find t -name '.*' -type f)" ]
}

@test "a file keeps its mode, but no bit of a program's; a signed one is as readable as what it was made of" {
	chmod 600 t/a.mobileconfig
	sign -d t/out t/a.mobileconfig
	[ "$(stat -c %a t/out/a.mobileconfig)" = 600 ]
	chmod 4755 t/b.mobileconfig
	sign -i t/b.mobileconfig
	[ "$(stat -c %a t/b.mobileconfig)" = 755 ]
	if [ "$(id -u)" -eq 0 ]; then
		chown 65534:65534 t/d.mobileconfig
		sign -i t/d.mobileconfig
		[ "$(stat -c %u:%g t/d.mobileconfig)" = 65534:65534 ]
	fi
}

@test "in a folder, a link that leads out of it is passed over" {
	rm t/c.mobileconfig
	mkdir t/fenced
	mv t/a.mobileconfig t/fenced
	ln -s ../b.mobileconfig t/fenced/out.mobileconfig
	ln -s a.mobileconfig t/fenced/in.mobileconfig
	sign -d t/out t/fenced
	[ "$(cd t/out && echo *)" = "a.mobileconfig in.mobileconfig" ]
}

@test "one file by two names is refused before anything is written" {
	ln -s a.mobileconfig t/link.mobileconfig
	run -64 sign -i t/a.mobileconfig t/link.mobileconfig
	[ "$output" = "mcprofile-sign: t/a.mobileconfig and t/link.mobileconfig would be one file, t/a.mobileconfig" ]
	cp t/a.mobileconfig t/a
	run -64 sign --detach -d t/out t/a.mobileconfig t/a
	[ "$output" = "mcprofile-sign: t/a and t/a.mobileconfig would be one file, t/out/a.sig" ] ||
		[ "$output" = "mcprofile-sign: t/a.mobileconfig and t/a would be one file, t/out/a.sig" ]
	cmp t/a.mobileconfig in/a.mobileconfig
	[ ! -e t/out ]
}
