load ../helper
# A request at the end of a pipe sets variables of the test.
shopt -s lastpipe

# The driver under a real web server, plain HTTP on the loopback: what lighttpd
# makes of a request, and what FastCGI and CGI make of that.

setup_file() {
	export PATH=$PATH:/usr/sbin no_proxy=127.0.0.1
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat > site.conf <<-END
		url = https://mdm.example.com
		organization = ACME
		routes = routes
		htdocs = $SRC/share/htdocs
	END
	cat > routes <<-'END'
		/          GET,HEAD  anyone  text/html; charset=utf-8  page welcome
		/echo      POST      anyone  text/plain                cat
		/env       GET       anyone  text/plain                env
		/pid       GET       anyone  text/plain                sh -c "echo $PPID"
		/slow      GET       anyone  text/plain                sh -c "echo > began; sleep 2; echo done"
		/below/*   GET       anyone  text/plain                ./path
		/enroll    GET       user    text/plain                cat
	END
	printf '#!/bin/sh\necho "$MCPROFILE_PATH $MCPROFILE_QUERY"\n' > path
	chmod +x path
}

teardown() { [ -z "${server-}" ] || { kill "$server" 2> /dev/null; wait "$server" 2> /dev/null; } || true; }

# serve fcgi|cgi
serve() {
	port=$(free_port)
	url=http://127.0.0.1:$port
	printf '#!/bin/sh\nexport PATH=%q MCPROFILE_SITE=%q ASAN_OPTIONS=%q\nexec mcprofile-cgi 2>> %q\n' \
	    "$PATH" "$PWD/site.conf" "${ASAN_OPTIONS-}" "$PWD/log" > driver
	chmod +x driver
	cat > lighttpd.conf <<-END
		server.modules = ( "mod_fastcgi", "mod_cgi", "mod_alias" )
		server.document-root = "$PWD"
		server.bind = "127.0.0.1"
		server.port = $port
		server.errorlog = "$PWD/server.log"
		server.upload-dirs = ( "$PWD" )
	END
	if [ "$1" = fcgi ]; then
		echo "fastcgi.server = ( \"/\" => (( \"bin-path\" => \"$PWD/driver\", \"socket\" => \"$PWD/s\"," \
		    '"check-local" => "disable", "fix-root-scriptname" => "enable", "max-procs" => 1 )) )' >> lighttpd.conf
	else
		printf 'alias.url = ( "" => "%s" )\ncgi.assign = ( "driver" => "" )\n' "$PWD/driver" >> lighttpd.conf
	fi
	lighttpd -D -f lighttpd.conf > out 2>&1 3>&- &
	server=$!
	for _ in $(seq 100); do
		curl -s -o /dev/null "$url/" && return 0
		sleep 0.1
	done
	cat out server.log
	return 1
}

# get CURL-ARG... : $http, $body
get() {
	http=$(curl -s -o body -D head -w '%{http_code}' --max-time 30 "$@")
	body=$(tr -d "\0" < body)
}

both_kinds() {
	get "$url/"
	[ "$http" = 200 ]
	grep -qi '^content-security-policy: default-src' head
	get --data-binary hello "$url/echo"
	[ "$http $body" = "200 hello" ]
	head -c 1048576 /dev/zero > max
	get --data-binary @max "$url/echo"
	[ "$http" = 200 ]
	cmp max body
	head -c 1048577 /dev/zero > over
	get --data-binary @over "$url/echo"
	[ "$http" = 413 ]
	get -H 'Transfer-Encoding: chunked' --data-binary hello "$url/echo"
	[ "$http $body" = "200 hello" ] # lighttpd has made one body of it
	get --path-as-is "$url/below/a%20b%41/x?q=%26"
	[ "$http $body" = "200 /below/a bA/x q=%26" ]
	get -H 'LD_PRELOAD: /evil.so' -H 'Proxy: evil' "$url/env?--key=x"
	[ "$http" = 200 ]
	[ "$(grep -c evil body)" -eq 0 ]
	grep -q '^MCPROFILE_REMOTE_ADDR=127.0.0.1$' body
	get "$url/?--site+/etc/passwd"
	[ "$http" = 200 ]
	get "$url/nope"
	[ "$http" = 404 ]
	get "$url/echo"
	[ "$http" = 405 ]
	grep -qi '^allow: POST' head
	get -u alice:pw "$url/enroll"
	[ "$http" = 403 ]
	[ "$(grep -ci www-authenticate head)" -eq 0 ]
	get -I "$url/"
	[ "$http" = 200 ]
	jq -e . log > /dev/null
}

@test "FastCGI under lighttpd" {
	serve fcgi
	both_kinds
	# all that was one process
	get "$url/pid"
	local pid=$body
	get "$url/pid"
	[ "$body" = "$pid" ]
}

@test "CGI under lighttpd" {
	serve cgi
	both_kinds
}

@test "FastCGI: SIGTERM lets the request in hand finish" {
	serve fcgi
	get "$url/pid"
	local driver=$body
	curl -s -o slow -w '%{http_code}' "$url/slow" > status &
	local client=$!
	for _ in $(seq 50); do
		[ -e began ] && break
		sleep 0.1
	done
	kill -TERM "$driver"
	wait "$client"
	[ "$(cat status) $(cat slow)" = "200 done" ]
	for _ in $(seq 50); do
		kill -0 "$driver" 2> /dev/null || break
		sleep 0.1
	done
	if kill -0 "$driver" 2> /dev/null; then false; fi
}

@test "FastCGI: an idle driver ends at once" {
	serve fcgi
	get "$url/pid"
	kill -TERM "$body"
	for _ in $(seq 20); do
		kill -0 "$body" 2> /dev/null || break
		sleep 0.1
	done
	if kill -0 "$body" 2> /dev/null; then false; fi
}
