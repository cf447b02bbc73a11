# Where nothing can be written: mcprofile-sign, -encrypt and -verify say so by
# their exit status, and leave no part of a file.  And what is the same twice.
load ../helper
load pki

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	pki
	ec_key ec
	issue rsa rsa.key mid "$SIGNER"
	issue ec ec.key mid "$SIGNER"
	issue soon ec.key mid "$SIGNER" -days 5
	issue device rsa.key mid 'keyUsage=critical,keyEncipherment'
	# more than one write's worth of blocks
	profile com.acme.wifi --description "$(printf '%5000s' x)" > corp.mobileconfig
	profile com.acme.other > other.mobileconfig
	sign -o signed.p7 corp.mobileconfig
	mcprofile-encrypt --to device.pem -o sealed.mobileconfig corp.mobileconfig
	# root may write anywhere: a folder that another user can read, with
	# what that user needs
	local place
	place=$(mktemp -d "${TMPDIR:-/tmp}/mcprofile-faults.XXXXXX")
	echo "$place" > place
	mkdir "$place/locked" "$place/bin"
	cp "$O"/bin/mcprofile-{sign,encrypt,verify} "$place/bin"
	cp ./*.pem ./*.key signed.p7 sealed.mobileconfig other.mobileconfig "$place"
	cp corp.mobileconfig other.mobileconfig "$place/locked"
	chmod 755 "$place" "$place/bin"
	chmod 644 "$place"/*.*
	chmod 644 "$place/locked"/*
	chmod 555 "$place/locked"
}

teardown_file() {
	local place
	place=$(cat "$BATS_FILE_TMPDIR/place")
	chmod 755 "$place/locked"
	rm -rf "$place"
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	place=$(cat place)
}

SIGN=(mcprofile-sign --cert rsa.pem --key rsa.key --chain chain.pem --no-system-store)
ENCRYPT=(mcprofile-encrypt --to device.pem)
DECRYPT=(mcprofile-encrypt -d --cert device.pem --key rsa.key)
VERIFY=(mcprofile-verify --ca root.pem)
sign() { "${SIGN[@]}" "$@"; }

# Nothing but this many files, of any name, is below a folder.
files() { [ "$(find "$1" -type f | wc -l)" -eq "$2" ] || { find "$1"; return 1; }; }

# fails TEXT COMMAND...: as what cannot write does.  Standard output is the
# caller's.
fails() {
	local text=$1 got=0
	shift
	"$@" 2> words || got=$?
	cat words >&2
	[ "$got" -eq 74 ]
	[ "$(cat words)" = "$1: $text" ]
}

# --- standard output ---

@test "standard output that is full" {
	text='standard output: write: No space left on device'
	fails "$text" "${SIGN[@]}" corp.mobileconfig > /dev/full
	fails "$text" "${SIGN[@]}" --detach corp.mobileconfig > /dev/full
	fails "$text" "${ENCRYPT[@]}" corp.mobileconfig > /dev/full
	fails "$text" "${DECRYPT[@]}" sealed.mobileconfig > /dev/full
	fails "$text" "${DECRYPT[@]}" --all . > /dev/full
	fails "$text" "${VERIFY[@]}" signed.p7 > /dev/full
	for how in --extract --print --format=json --format=tap; do fails "$text" "${VERIFY[@]}" $how signed.p7 > /dev/full; done
}

@test "standard output that is closed" {
	text='standard output: write: Bad file descriptor'
	fails "$text" "${SIGN[@]}" corp.mobileconfig >&-
	fails "$text" "${SIGN[@]}" --detach corp.mobileconfig >&-
	fails "$text" "${ENCRYPT[@]}" corp.mobileconfig >&-
	fails "$text" "${DECRYPT[@]}" sealed.mobileconfig >&-
	fails "$text" "${DECRYPT[@]}" --all . >&-
	fails "$text" "${VERIFY[@]}" signed.p7 >&-
	for how in --extract --print --format=json --format=tap; do fails "$text" "${VERIFY[@]}" $how signed.p7 >&-; done
}

@test "a reader that went away" {
	mkfifo gone
	(trap '' PIPE; sleep 0.2; exec 9> gone; sleep 0.3; "${SIGN[@]}" corp.mobileconfig >&9 2> log) &
	: < gone
	code=0
	wait $! || code=$?
	[ "$code" -eq 74 ]
	[ "$(cat log)" = "mcprofile-sign: standard output: write: Broken pipe" ]
}

@test "with -o, standard output may be closed; what is said never gets into the file" {
	# LeakSanitizer: stdio's buffer of a stderr that cannot be written
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
	mkdir -p closed
	sign -o closed/a.p7 corp.mobileconfig >&-
	mcprofile-verify --ca root.pem --extract closed/a.p7 | cmp - corp.mobileconfig
	# there is a warning to tell, and nowhere to tell it
	mcprofile-sign --cert soon.pem --key ec.key --chain chain.pem --no-system-store -o closed/b.p7 corp.mobileconfig 2>&-
	mcprofile-verify --ca root.pem --extract closed/b.p7 2>&- | cmp - corp.mobileconfig
	mcprofile-sign --cert soon.pem --key ec.key --chain chain.pem --no-system-store -o closed/c.p7 < corp.mobileconfig >&- 2>&-
	mcprofile-verify --ca root.pem --extract closed/c.p7 | cmp - corp.mobileconfig
	"${ENCRYPT[@]}" -o closed/d.mobileconfig corp.mobileconfig >&- 2>&-
	"${DECRYPT[@]}" closed/d.mobileconfig > closed/e.mobileconfig
	"${VERIFY[@]}" --extract -o closed/f.mobileconfig signed.p7 >&- 2>&-
	cmp closed/f.mobileconfig corp.mobileconfig
	files closed 6
}

@test "a batch with everything closed: each file as it is with all open" {
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
	for i in 1 2 3 4; do profile com.acme.n$i > n$i.mobileconfig; done
	cp signed.p7 n5.mobileconfig
	warned=(mcprofile-sign --cert soon.pem --key ec.key --chain chain.pem --no-system-store -j 3)
	run -65 bash -c '"$@" <&- >&- 2>&-' - "${warned[@]}" -d shut n?.mobileconfig
	files shut 4
	for i in 1 2 3 4; do mcprofile-verify --ca root.pem --extract shut/n$i.mobileconfig 2>&- | cmp - n$i.mobileconfig; done
	run -65 bash -c '"$@" <&- >&- 2>&-' - "${ENCRYPT[@]}" -j 3 --out-dir shut2 n?.mobileconfig
	files shut2 4
	for i in 1 2 3 4; do "${DECRYPT[@]}" shut2/n$i.mobileconfig | grep -q com.acme.n$i; done
	run -74 bash -c '"$@" <&- >&- 2>&-' - "${VERIFY[@]}" -j 3 shut
}

@test "standard input that is closed, or a folder" {
	run -74 --separate-stderr bash -c '"$@" <&-' - "${SIGN[@]}"
	[ "$stderr" = "mcprofile-sign: standard input: read: Bad file descriptor" ]
	run -74 --separate-stderr bash -c '"$@" <&-' - "${ENCRYPT[@]}"
	[ -z "$output" ]
	run -74 --separate-stderr bash -c '"$@" <&-' - "${VERIFY[@]}"
	[ -z "$output" ]
	for command in "${SIGN[0]} ${SIGN[*]:1}" "${ENCRYPT[*]}" "${VERIFY[*]}"; do
		run -74 --separate-stderr bash -c "$command < ."
		[ -z "$output" ]
	done
}

# --- files ---

# No file may have more than so many blocks, as on a disk that is full.
little() {
	local blocks=$1
	shift
	(trap '' XFSZ && ulimit -f "$blocks" && "$@" 3>&-) 2>&1 > /dev/null | cat > said
	return "${PIPESTATUS[0]}"
}

@test "a disk that is full: no part of a file, and one that was there stays" {
	mkdir -p full
	for command in SIGN ENCRYPT DECRYPT VERIFY; do
		declare -n words=$command
		case $command in
		SIGN | ENCRYPT) input=corp.mobileconfig ;;
		DECRYPT) input=sealed.mobileconfig ;;
		VERIFY) input='--extract signed.p7' ;;
		esac
		# from the first byte, and in the midst of it
		for blocks in 0 3; do
			got=0
			little $blocks "${words[@]}" -o full/out $input || got=$?
			cat said
			[ "$got" -eq 74 ]
			[ "$(cat said)" = "${words[0]}: full/out: write: File too large" ]
			files full 0
			echo old > full/out
			got=0
			little $blocks "${words[@]}" -o full/out $input || got=$?
			[ "$got" -eq 74 ]
			[ "$(cat full/out)" = old ]
			files full 1
			rm full/out
		done
		little 100 "${words[@]}" -o full/out $input
		rm full/out
	done
}

@test "a disk that is full: batches, in a folder and in place" {
	for command in SIGN ENCRYPT; do
		declare -n words=$command
		got=0
		rm -rf full
		little 0 "${words[@]}" --out-dir full corp.mobileconfig other.mobileconfig || got=$?
		cat said
		[ "$got" -eq 74 ]
		[ "$(grep -c 'write: File too large' said)" -eq 2 ]
		files full 0
		cp corp.mobileconfig other.mobileconfig full
		got=0
		little 0 "${words[@]}" -i full || got=$?
		[ "$got" -eq 74 ]
		files full 2
		cmp full/corp.mobileconfig corp.mobileconfig
		cmp full/other.mobileconfig other.mobileconfig
	done
}

@test "-o /dev/full, -o in a folder that is not there, -o a folder" {
	for command in SIGN ENCRYPT; do
		declare -n words=$command
		fails '/dev/full: write: No space left on device' "${words[@]}" -o /dev/full corp.mobileconfig
		[ -c /dev/full ]
		run --separate-stderr "${words[@]}" -o absent/out corp.mobileconfig
		show
		[ "$status" -eq 66 ] || [ "$status" -eq 74 ]
		[ ! -e absent ]
		mkdir -p folder
		run --separate-stderr "${words[@]}" -o folder corp.mobileconfig
		[ "$status" -eq 74 ] || [ "$status" -eq 64 ]
		files folder 0
	done
	fails '/dev/full: write: No space left on device' "${VERIFY[@]}" -o /dev/full signed.p7
}

# as_other COMMAND...: by one who is not root, where the locked folder is.
as_other() {
	cd "$place" || return
	if [ "$(id -u)" -eq 0 ]; then
		PATH=$place/bin:$PATH setpriv --reuid=65534 --regid=65534 --clear-groups "$@" 3>&-
	else
		PATH=$place/bin:$PATH "$@" 3>&-
	fi
}

@test "a folder that is not ours to write in" {
	run as_other touch locked/x
	[ "$status" -ne 0 ]
	for command in SIGN ENCRYPT; do
		declare -n words=$command
		for where in '-o locked/out' '--out-dir locked' '--out-dir locked/new'; do
			run --separate-stderr as_other "${words[@]}" $where other.mobileconfig
			echo "$stderr"
			[ "$status" -eq 74 ]
			[[ "$stderr" == *locked*"Permission denied"* ]]
		done
		run --separate-stderr as_other "${words[@]}" -i locked
		echo "$stderr"
		[ "$status" -eq 74 ]
		[ "$(grep -c 'Permission denied' <<< "$stderr")" -eq 2 ]
		files "$place/locked" 2
		cmp "$place/locked/corp.mobileconfig" corp.mobileconfig
		cmp "$place/locked/other.mobileconfig" other.mobileconfig
	done
	for what in '--extract signed.p7' signed.p7 '--print signed.p7'; do
		run --separate-stderr as_other "${VERIFY[@]}" -o locked/out $what
		echo "$stderr"
		[ "$status" -eq 74 ]
	done
	run --separate-stderr as_other "${DECRYPT[@]}" -o locked/out sealed.mobileconfig
	[ "$status" -eq 74 ]
	files "$place/locked" 2
}

@test "one file of a batch that cannot be written does not stop the rest" {
	mkdir -p batch batch/corp.mobileconfig
	run --separate-stderr "${SIGN[@]}" -d batch corp.mobileconfig other.mobileconfig
	echo "$stderr"
	[ "$status" -eq 74 ]
	[[ "$stderr" == *"corp.mobileconfig: "* ]]
	[[ "$stderr" == *"1 signed, 1 failed"* ]]
	files batch 1
	mcprofile-verify --ca root.pem --extract batch/other.mobileconfig | cmp - other.mobileconfig
}

# --- the same twice ---

@test "RSA: the same profile, key and time are the same bytes, alone or in a batch" {
	export SOURCE_DATE_EPOCH
	SOURCE_DATE_EPOCH=$(date +%s)
	sign -o one.p7 corp.mobileconfig
	sign -o two.p7 corp.mobileconfig
	cmp one.p7 two.p7
	sign < corp.mobileconfig | cmp - one.p7
	for j in 1 2; do
		sign -j $j -d same$j corp.mobileconfig other.mobileconfig
		cmp same$j/corp.mobileconfig one.p7
	done
	TZ=Asia/Tokyo LC_ALL=C sign corp.mobileconfig | cmp - one.p7
	sign --time "@$SOURCE_DATE_EPOCH" corp.mobileconfig | cmp - one.p7
	env -u SOURCE_DATE_EPOCH "${SIGN[@]}" --time "$(date -ud "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" corp.mobileconfig | cmp - one.p7
	sign --detach -o one.sig corp.mobileconfig
	sign --detach corp.mobileconfig | cmp - one.sig
	mcprofile-sign --attach one.sig corp.mobileconfig | cmp - one.p7
	# and the order of --chain is not in it
	cat mid.pem root.pem > turned.pem
	mcprofile-sign --cert rsa.pem --key rsa.key --chain turned.pem --no-system-store corp.mobileconfig | cmp - one.p7
	SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 1)) sign -o later.p7 corp.mobileconfig
	not cmp -s later.p7 one.p7
}

@test "the signing time is SOURCE_DATE_EPOCH, and --time is stronger" {
	now=$(date +%s)
	said() { mcprofile-verify --ca root.pem --format json "$1" | jq -r .signed_at; }
	SOURCE_DATE_EPOCH=$((now + 3600)) sign -o a.p7 corp.mobileconfig
	[ "$(date -d "$(said a.p7)" +%s)" -eq $((now + 3600)) ]
	SOURCE_DATE_EPOCH=$((now + 3600)) sign --time "@$((now + 7200))" -o a.p7 corp.mobileconfig
	[ "$(date -d "$(said a.p7)" +%s)" -eq $((now + 7200)) ]
}

@test "SOURCE_DATE_EPOCH that is no time: refused, nothing is written" {
	for bad in x '' -1 1.5 0x10 ' 5' 99999999999999999999; do
		SOURCE_DATE_EPOCH=$bad run --separate-stderr -64 "${SIGN[@]}" -o bad.p7 corp.mobileconfig
		[ "$stderr" = "mcprofile-sign: SOURCE_DATE_EPOCH: want seconds since 1970, digits alone" ]
		[ ! -e bad.p7 ]
	done
}

@test "what is not to be the same twice: ECDSA's signature, and every envelope" {
	export SOURCE_DATE_EPOCH
	SOURCE_DATE_EPOCH=$(date +%s)
	for i in 1 2; do
		mcprofile-sign --cert ec.pem --key ec.key --chain chain.pem --no-system-store -o ec$i.p7 corp.mobileconfig
		"${ENCRYPT[@]}" -o sealed$i corp.mobileconfig
		"${DECRYPT[@]}" sealed$i > opened$i
		mcprofile-verify --ca root.pem --print ec$i.p7 > print$i
	done
	not cmp -s ec1.p7 ec2.p7
	not cmp -s sealed1 sealed2
	cmp opened1 opened2
	cmp print1 print2
}
