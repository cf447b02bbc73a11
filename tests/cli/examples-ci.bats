# examples/ci: what its workflow, its pipeline and its Makefile do, run as a
# shell script would be (ci_steps.py).
load ../helper
load pki

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	pki
	ec_key ec
	issue signer ec.key mid "$SIGNER"
	issue soon ec.key mid "$SIGNER" -days 10
	for name in signer soon; do
		openssl pkcs12 -export -inkey ec.key -in $name.pem -iter 1 -nomaciter -passout pass:sesame -out $name.p12
	done
}

# A repository, as somebody would begin it.
setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir repository
	cd repository
	cp -r "$SRC"/examples/ci/. .
	mkdir -p certs
	cp "$BATS_FILE_TMPDIR/chain.pem" "$BATS_FILE_TMPDIR/root.pem" certs
	export P12_PASSPHRASE
}

# The environment of a service has no P12_PASSPHRASE but by its settings.
ci() {
	local service=$1 event=$2 branch=$3 signer=${4-signer} passphrase=${5-sesame}
	python3 "$SRC/tests/cli/ci_steps.py" "$service" "$SRC/examples/ci/$service.yml" "$event" "$branch" "$(jq -n \
		--arg p12 "$(base64 -w 0 "$BATS_FILE_TMPDIR/$signer.p12")" --arg pass "$passphrase" \
		'{secrets: {SIGNER_P12: $p12, P12_PASSPHRASE: $pass}, vars: {MCPROFILE_URL: "", MCPROFILE_REF: ""}}')"
}

# A folder has these three, by OpenSSL's word, and nothing else.
signed() {
	local name
	[ "$(cd "$1" && echo *)" = "dns.mobileconfig intranet.mobileconfig passcode.mobileconfig" ]
	for name in dns intranet passcode; do
		openssl cms -verify -binary -inform DER -in "$1/$name.mobileconfig" -CAfile "$BATS_FILE_TMPDIR/root.pem" -out "$name.out" 2> log
		grep -q "com.example.$name" "$name.out"
	done
	cmp dns.out profiles/dns.mobileconfig
}

# The key, its passphrase and the like are nowhere in what is left or told.
no_secret() {
	not grep -rqF sesame . "$@"
	[ -z "$(find . -name '*.p12')" ]
}

broken() { sed 's/"minLength": 8/"minLength": "8"/' -i profiles/passcode.json; }
refused() { sed 's/>HTTPS</>SMTP</' -i profiles/dns.mobileconfig; }

@test "GitHub: a push to main is made, linted, signed, verified and published" {
	run -0 ci github push main
	show
	signed artifact
	no_secret <(echo "$output")
}

@test "GitHub: a pull request, another branch: made and linted, and no more" {
	for on in "pull_request main" "push topic"; do
		rm -rf build
		run -0 ci github $on
		[ "$(ls build)" = "$(printf '%s\n' dns intranet passcode | sed 's/$/.mobileconfig/')" ]
		[ ! -e signed ] && [ ! -e artifact ]
		[[ "$output" != *"== Sign"* ]]
	done
}

@test "GitHub: what cannot be made, or fails the lint, does not get to the key" {
	refused
	run ci github push main
	show
	[ "$status" -eq 1 ]
	[[ "$output" == *"::error file=build/dns.mobileconfig"* ]]
	[[ "$output" != *"== Sign"* ]]
	rm -rf build
	cp "$SRC/examples/ci/profiles/dns.mobileconfig" profiles
	broken
	run ci github push main
	[ "$status" -ne 0 ]
	[[ "$output" != *"== Lint"* ]]
	[ ! -e signed ]
}

@test "GitHub: a wrong passphrase, a chain with a hole, a root that is another" {
	run -1 ci github push main signer wrong
	[[ "$output" == *"wrong passphrase"* ]]
	[ ! -e artifact ]
	rm -rf build signed
	cp certs/root.pem certs/chain.pem
	run -12 ci github push main
	[[ "$output" == *"== Sign: 12"* ]]
	[ ! -e artifact ]
	rm -rf build signed
	cp "$BATS_FILE_TMPDIR/chain.pem" certs
	selfsigned other "/CN=Other" && mv other.pem certs/root.pem
	run -12 ci github push main
	[[ "$output" == *"== Verify: 12"* ]]
	[ ! -e artifact ]
}

@test "GitHub: on schedule it tells the days, and fails where they are few" {
	run -0 ci github schedule main
	show
	[ "$(sed 's/8[0-9] days/DAYS/' summary.md)" = "$(printf -- '- signed/%s.mobileconfig: DAYS\n' dns intranet passcode)" ]
	rm -rf build signed summary.md
	run -15 ci github schedule main soon
	show
	[[ "$output" == *"== How long does it hold?: 15"* ]]
	[ "$(sed 's/: [0-9]* days/: DAYS/' summary.md)" = "$(printf -- '- signed/%s.mobileconfig: DAYS\n' dns intranet passcode)" ]
	# a push with the same signer is good
	rm -rf build signed summary.md
	run -0 ci github push main soon
	signed artifact
}

@test "GitLab: the default branch is made, linted, signed and verified" {
	run -0 ci gitlab push main
	show
	signed artifact/signed
	[[ "$output" == *"== check"*"== sign"*"== verify"* ]]
	[[ "$output" != *"== expiry"* ]]
	no_secret <(echo "$output")
}

@test "GitLab: a merge request, another branch: made and linted, and no more" {
	for on in "merge_request_event main" "push topic"; do
		rm -rf artifact
		run -0 ci gitlab $on
		show
		[ "$(ls artifact)" = build ]
		[[ "$output" != *"== sign"* ]]
	done
}

@test "GitLab: what fails the lint does not get to the key, and is told" {
	refused
	run -1 ci gitlab push main
	show
	[[ "$output" == *"build/dns.mobileconfig"*"DNSProtocol"* ]]
	[[ "$output" != *"== sign"* ]]
}

@test "GitLab: a wrong passphrase; on schedule it fails where the days are few" {
	run -1 ci gitlab push main signer wrong
	[[ "$output" == *"wrong passphrase"* ]]
	run -0 ci gitlab schedule main
	[[ "$output" == *"== expiry"* ]]
	run -15 ci gitlab schedule main soon
	[[ "$output" == *"== expiry: 15"* ]]
}

@test "the Makefile: all of it, and only what is new" {
	P12_PASSPHRASE=sesame
	cp "$BATS_FILE_TMPDIR/signer.p12" .
	make
	signed signed
	no_change() { find signed -name '*.mobileconfig' -newer stamp | grep -q . && return 1 || return 0; }
	touch stamp
	run -0 make
	[[ "$output" != *mcprofile-sign* ]]
	no_change
	make expiry
	# another profile is signed, one that is gone is not there any more
	sleep 0.01
	rm profiles/intranet.json
	sed -i 's/Encrypted DNS/DNS/' profiles/dns.mobileconfig
	make
	[ "$(cd signed && echo *)" = "dns.mobileconfig passcode.mobileconfig" ]
	mcprofile-verify --ca certs/root.pem --extract signed/dns.mobileconfig | cmp - profiles/dns.mobileconfig
	make clean
	[ ! -e build ] && [ ! -e signed ]
}

@test "the Makefile: what fails stays failed" {
	P12_PASSPHRASE=wrong
	cp "$BATS_FILE_TMPDIR/signer.p12" .
	run -2 make
	[[ "$output" == *"wrong passphrase"* ]]
	run -2 make
	P12_PASSPHRASE=sesame
	make > /dev/null
	refused
	for i in 1 2; do
		run -2 make
		[[ "$output" == *DNSProtocol* ]]
		[[ "$output" != *mcprofile-sign* ]]
	done
	cp "$SRC/examples/ci/profiles/dns.mobileconfig" profiles
	make > /dev/null
	run -2 make expiry MIN_DAYS=300
	[[ "$output" == *"Error 15"* ]]
	# the system's store does not know our root
	SSL_CERT_FILE=/dev/null run -2 make TRUST=
	[[ "$output" == *"Error 12"* ]]
	SSL_CERT_FILE=certs/root.pem make TRUST=
}

@test "the Makefile, with a key in a token" {
	export SOFTHSM2_CONF=$PWD/softhsm.conf TOKEN_PIN=4711
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
	printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" > softhsm.conf
	mkdir tokens
	softhsm2-util --init-token --free --label ci --pin 4711 --so-pin 98765432
	softhsm2-util --import "$BATS_FILE_TMPDIR/ec.key" --token ci --label signer --id a1 --pin 4711
	cp "$BATS_FILE_TMPDIR/signer.pem" certs
	# the very words of the Makefile's comment
	identity=$(sed -n 's/^#   make IDENTITY="\(.*\)"$/\1/p' Makefile)
	[ -n "$identity" ]
	make IDENTITY="$identity"
	signed signed
}

@test "README: its commands are options that there are" {
	for command in sign verify gen lint encrypt; do
		mcprofile-$command --help > help 2>&1
		[ $command != gen ] || mcprofile-gen configuration --help >> help 2>&1
		for option in $(grep -oE "mcprofile-$command[^\`|;]*" README.md github.yml gitlab.yml Makefile -h | grep -oE '(^| )--[a-z0-9-]+' | sort -u); do
			grep -q -e "$option" help || { echo "$command $option"; return 1; }
		done
	done
}
