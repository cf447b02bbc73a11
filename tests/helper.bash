bats_require_minimum_version 1.5.0

# Sourced by every .bats file.  SRC is the source tree; PATH begins with the
# commands under test.
#
: "${SRC:?the source tree; tests/run sets it}" "${O:?the build; tests/run sets it}"

# not COMMAND...: it must fail.  (A plain "!" cannot fail a test, but on the
# last line of one.)
not() { if "$@"; then return 1; fi; }

# bats keeps its own output on fd 3, which is where a stage would put its
# facts: the commands that have facts are run with fd 3 closed, unless a test
# opens it itself.
mcprofile-verify() { command mcprofile-verify "$@" 3>&-; }
mcprofile-track() { command mcprofile-track "$@" 3>&-; }
scep-ca() { command scep-ca "$@" 3>&-; }

# Facts of one command, on standard output: facts COMMAND ARG... < in
facts() { command "$@" 3>&1 > /dev/null; }

# A certificate and key for tests: selfsigned NAME SUBJECT [OPENSSL-REQ-OPTION...]
selfsigned() {
	local name=$1 subject=$2
	shift 2
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.pem" -subj "$subject" -days 30 "$@" 2> /dev/null
}

# A port on loopback that nobody listens on.
free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# warm: for a setup_file whose tests run many small Python programs by py, each
# of which would take longer to start than to run: one Python stands ready, with
# its modules loaded, as long as the file's tests run (tests/warm.py).
warm() {
	export WARM=$BATS_FILE_TMPDIR/warm
	mkdir "$WARM"
	mkfifo "$WARM/in"
	python3 "$SRC/tests/warm.py" "$WARM" < /dev/null > "$WARM/log" 2>&1 3>&- &
	export WARM_PID=$!
}

# py WORD...: as python3 WORD..., in the environment that warm had; a script, -c or -.
py() {
	if [ -z "${WARM-}" ]; then
		python3 "$@"
		return
	fi
	local reply status=70 fifo=$WARM/$BASHPID
	[ -p "$fifo" ] || mkfifo "$fifo"
	exec {reply}<> "$fifo"
	printf '%s\0' "$PWD" "$@" > "$fifo.args"
	if kill -0 "$WARM_PID"; then
		echo "$BASHPID" > "$WARM/in"
		read -r -t 120 -u "$reply" status || cat "$WARM/log" >&2
	fi
	exec {reply}>&-
	return "$status"
} 60<&0 61>&1 62>&2

# What is wrong when a test fails.
show() {
	printf '%s\n' "status: ${status-}" "output: ${output-}"
}
