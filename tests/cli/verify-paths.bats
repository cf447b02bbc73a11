load ../helper

# The cases, and what each has to come to, are in paths.py: verdicts as in RFC
# 5280 section 6, and 6960 section 3.2.
setup_file() {
	mkdir "$BATS_FILE_TMPDIR/p"
	python3 -W ignore "$SRC/tests/cli/paths.py" "$BATS_FILE_TMPDIR/p"
}

setup() {
	cd "$BATS_FILE_TMPDIR/p"
}

# Every case whose name has this pattern; at least that many.
judged() {
	local pattern=$1 least=$2 n=0 wrong=0 head options name want says got
	while IFS='|' read -r head options; do
		read -r name want says <<< "$head"
		[[ $name =~ $pattern ]] || continue
		n=$((n + 1)) got=0
		# shellcheck disable=SC2086 # options are words
		mcprofile-verify $options "$name.p7" > out 2> err || got=$?
		if [ "$got" != "$want" ] || { [ "$says" != - ] && ! cat out err | grep -qF -- "${says//_/ }"; }; then
			echo "$name: $got, and not $want ($says): $options"
			cat out err
			wrong=$((wrong + 1))
		fi
	done < cases
	echo "$n cases, $wrong wrong"
	[ "$wrong" = 0 ] && [ "$n" -ge "$least" ]
}

NC='^(dns|mail|uri|ip|directory|constraint(s-meet|-on|-of|-self))'

@test "paths: name constraints, permitted and excluded" {
	judged "$NC" 58
}

@test "paths: revocation lists" {
	judged '^crl-' 24
}

@test "paths: OCSP responses, and who may sign them" {
	judged '^ocsp-' 21
}

@test "paths: chains, dates, constraints, usages, lengths, cross-signing, extensions, policies, keys" {
	sed -i -E "/$NC|^crl-|^ocsp-/d" cases
	judged . 60
}

# paths.py cannot sign over SHA-1: python3-cryptography no longer does.
@test "paths: a signer whose certificate is signed over SHA-1" {
	openssl ecparam -genkey -name prime256v1 -noout -out old.key
	openssl req -x509 -key old.key -subj /CN=old -days 3 -addext keyUsage=keyCertSign,cRLSign -out old.pem 2> /dev/null
	for md in sha256 sha1; do
		openssl req -new -key old.key -subj /CN=signer -out old.csr
		openssl x509 -req -in old.csr -CA old.pem -CAkey old.key -set_serial 2 -days 2 "-$md" -out "$md.pem" 2> /dev/null
		echo x | openssl cms -sign -binary -nodetach -signer "$md.pem" -inkey old.key -outform DER -out "$md.p7"
	done
	mcprofile-verify --ca old.pem sha256.p7
	run -12 mcprofile-verify --ca old.pem sha1.p7
	[[ $output == *"too weak"* ]]
}
