# scep-ca: the CA itself, challenges, what waits, publishing, keeping: every verb's words and statuses.
load ../helper

setup_file() {
	export T=$BATS_FILE_TMPDIR
	warm
	cd "$T"
	scep-ca init --dir ca --subject "/O=ACME Inc./CN=ACME CA" --key p256 > init.txt
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout dev.key -subj /CN=dev -out dev.csr 2> /dev/null
	scep-ca --dir ca sign dev.csr -o dev.pem
	client key rsa.key
	client cert rsa.key /CN=waits rsa.pem
	client csr rsa.key /CN=waits rsa.csr
	cp -r ca pristine
}

setup() { cd "$T"; }

client() { py "$SRC/tests/cli/scep_client.py" "$@"; }
fresh() { rm -rf "$1" && cp -r pristine "$1"; }
serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
# sha N FILE: the first N digits of the hash of a challenge in a file
sha() { tr -d '\n' < "$2" | sha256sum | cut -c1-"$1"; }

# --- init, cacert, caps, check-config ---

@test "init: each kind of key, as openssl sees it; where everything is" {
	for kind in rsa:rsaEncryption p256:prime256v1 p384:secp384r1; do
		scep-ca init --dir "k-${kind%%:*}" --subject /CN=k --key "${kind%%:*}" $([ "${kind%%:*}" != rsa ] || echo --bits 2048) > /dev/null
		openssl x509 -in "k-${kind%%:*}/ca.pem" -noout -text | grep -q "${kind#*:}"
		openssl x509 -in "k-${kind%%:*}/ra.pem" -noout -text | grep -q 'rsaEncryption'
		openssl verify -CAfile "k-${kind%%:*}/ca.pem" "k-${kind%%:*}/ra.pem" "k-${kind%%:*}/ocsp.pem"
	done
	grep -qx 'OCSP certificate  ca/ocsp.pem' init.txt
	grep -qx 'OCSP key          ca/ocsp.key' init.txt
}

@test "init: options that do not go together" {
	run -64 scep-ca init --dir no
	[ "$output" = "scep-ca: --subject NAME is required, or --ca-cert FILE and --ca-key FILE of a CA that exists" ]
	run -64 scep-ca init --dir no --ca-key x
	[ "$output" = "scep-ca: --subject NAME is required, or --ca-cert FILE and --ca-key FILE of a CA that exists" ]
	for one in "--ca-cert x" "--subject /CN=x --ca-cert x"; do
		# shellcheck disable=SC2086
		run -64 scep-ca init --dir no $one
		[ "$output" = "scep-ca: --ca-cert and --ca-key come together: a CA that exists" ]
	done
	run -64 scep-ca init --dir no --subject /CN=x --ca-cert x --ca-key y
	[ "$output" = "scep-ca: --subject names a new CA; the one of --ca-cert has a name already" ]
	run -64 scep-ca init --dir no --ca-cert x --ca-key y --key p256
	[ "$output" = "scep-ca: --key and --bits are for a key that is made; the one of --ca-key is there already" ]
	run -64 scep-ca init --dir no --subject /CN=x --ca-key y --bits 2048
	[ "$output" = "scep-ca: --key and --bits are for a key that is made; the one of --ca-key is there already" ]
	run -64 scep-ca init --dir no --subject /CN=x --ca-chain z
	[ "$output" = "scep-ca: --ca-chain goes with --ca-cert" ]
	run -64 scep-ca init --dir no --subject /CN=x --ca-key y --ca-chain z
	[ "$output" = "scep-ca: --ca-chain goes with --ca-cert" ]
	run -64 scep-ca init --dir no --subject /CN=x --ca-passphrase file:z
	[ "$output" = "scep-ca: --ca-passphrase goes with --ca-key" ]
	run -64 scep-ca init --dir no --subject /CN=x --key p256 --bits 2048
	[ "$output" = "scep-ca: --bits is for RSA keys only" ]
	run -64 scep-ca init --dir no --subject /CN=x --key dsa
	[ "$output" = "scep-ca: --key: want one of rsa|p256|p384, not dsa" ]
	[ ! -e no ]
}

@test "init: a new CA for a key that is there" {
	openssl ecparam -name prime256v1 -genkey -noout -out own.key
	chmod 600 own.key
	scep-ca init --dir own --subject /CN=own --ca-key own.key > out
	grep -qx 'Subject           /CN=own' out
	[ "$(openssl x509 -in own/ca.pem -noout -pubkey)" = "$(openssl pkey -in own.key -pubout)" ]
	scep-ca --dir own sign dev.csr -o own.pem
	openssl verify -x509_strict -CAfile own/ca.pem own.pem
}

@test "init: a key that ca.conf names is not written over" {
	mkdir -m 700 clash
	openssl genrsa -out clash/ca.key 2048 2> /dev/null
	chmod 600 clash/ca.key
	cp clash/ca.key before
	for name in ca.key "$T/clash/ca.key" ../clash/ca.key; do
		echo "ra-key = $name" > clash/ca.conf
		run -64 scep-ca init --dir clash --subject /CN=x --key p256
		[ "$output" = "scep-ca: clash/ca.conf: ra-key: clash/ca.key is where the new ca key goes: give the file another name" ]
		cmp clash/ca.key before
		[ ! -e clash/ca.pem ]
	done
	# its own place is where it may be
	mv clash/ca.key clash/ra.key
	echo 'ra-key = ra.key' > clash/ca.conf
	scep-ca init --dir clash --subject /CN=x --key p256 > /dev/null
	cmp clash/ra.key before
	scep-ca --dir clash sign dev.csr -o /dev/null
}

@test "init: a CA that exists is taken over, below its root" {
	selfsigned root /CN=root
	openssl req -new -newkey rsa:2048 -nodes -keyout sub.key -subj /CN=sub 2> /dev/null |
	    openssl x509 -req -CA root.pem -CAkey root.key -days 20 -set_serial 7 -out sub.pem \
	        -extfile <(printf '%s\n' basicConstraints=critical,CA:true,pathlen:0 keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash) 2> /dev/null
	scep-ca init --dir taken --ca-cert sub.pem --ca-key sub.key --ca-chain root.pem > out
	grep -qx 'Subject           /CN=sub' out
	openssl req -in dev.csr -out /dev/null
	scep-ca --dir taken sign dev.csr -o under.pem
	openssl verify -CAfile root.pem -untrusted sub.pem under.pem
	not scep-ca init --dir wrong --ca-cert sub.pem --ca-key root.key > out 2> err
	[ ! -e wrong/ca.pem ]
}

@test "check-config: right, missing, wrong by file and line, and what is in effect" {
	fresh c
	run -0 scep-ca --dir c check-config
	[ "$output" = "c/ca.conf: is not there: all defaults; profiles: default" ]
	printf '%s\n' '# of ours' 'lifetime = 90d' '[profile wifi]' 'keys = ec' '[profile vpn]' > c/ca.conf
	run -0 scep-ca --dir c check-config
	[ "$output" = "c/ca.conf: nothing is wrong; profiles: default, wifi, vpn" ]
	scep-ca --dir c check-config --print > printed
	grep -qx '\[profile wifi\]' printed
	grep -q '^lifetime = 90d' printed
	# what it prints says the same
	fresh d && cp printed d/ca.conf
	scep-ca --dir d check-config --print | diff printed -
	printf '%s\n' 'lifetime = 90d' 'lifetyme = 3d' > c/ca.conf
	run scep-ca --dir c check-config
	[[ "$status" = 64 || "$status" = 65 ]]
	[[ "$output" == "scep-ca: "*"ca.conf:2: lifetyme: no such setting"* ]]
	# and no other verb starts with it
	run scep-ca --dir c caps
	[[ "$output" == "scep-ca: "*"ca.conf:2: lifetyme: no such setting"* ]]
	printf '%s\n' 'accept = hmac' 'hmac-secret = file:nowhere' > c/ca.conf
	run scep-ca --dir c check-config
	[ "$status" -ge 64 ]
	[[ "$output" == *nowhere* ]]
	run -66 scep-ca --dir nowhere check-config
	[ "$output" = "scep-ca: nowhere: No such file or directory" ]
}

@test "check-config: the keys of the CA that is there" {
	for key in ca ra ocsp; do
		fresh c
		echo "$key-key = nofile" > c/ca.conf
		run -66 scep-ca --dir c check-config
		[[ "$output" == "scep-ca: c/ca.conf: the CA does not start with it: "*"c/nofile: No such file or directory" ]]
		fresh c
		chmod 644 "c/$key.key"
		run -64 scep-ca --dir c check-config
		[[ "$output" == "scep-ca: c/ca.conf: the CA does not start with it: c/$key.key: others may read it or write to it: chmod 600 c/$key.key" ]]
		fresh c
		rm "c/$key.key"
		run scep-ca --dir c check-config
		[ "$status" -ne 0 ]
		# one whose passphrase only the server has
		fresh c
		echo "$key-passphrase = env:NOT_HERE" > c/ca.conf
		openssl pkcs8 -topk8 -in "c/$key.key" -passout pass:secret -out locked
		cp locked "c/$key.key"
		run -0 scep-ca --dir c check-config
		[[ "${lines[0]}" == "c/ca.conf: the ${key^^} key is not looked at: env:NOT_HERE is not here now" ]]
		[[ "${lines[1]}" == "c/ca.conf: nothing is wrong; "* ]]
		NOT_HERE=secret run -0 scep-ca --dir c check-config
		[ "$output" = "c/ca.conf: nothing is wrong; profiles: default" ]
		NOT_HERE=wrong run scep-ca --dir c check-config
		[ "$status" -ne 0 ]
	done
	# no CA there yet
	rm -rf c && mkdir c && echo 'ra-key = nofile' > c/ca.conf
	run -0 scep-ca --dir c check-config
}

@test "check-config: renewals that cannot be" {
	fresh c
	wrong() {
		printf '%s\n' "$1" > c/ca.conf
		run -64 scep-ca --dir c check-config
		[ "$output" = "scep-ca: c/ca.conf:$2" ] || { echo "$output" >&2 && return 1; }
	}
	wrong $'renew = no\nrevoke-replaced = yes' '2: revoke-replaced: no profile has a use for it: say renew = yes, or leave it out'
	wrong $'[profile x]\nrevoke-replaced = yes\nrenew = no' '2: revoke-replaced: no profile has a use for it: say renew = yes, or leave it out'
	wrong $'renew-window = 3d\nlifetime = 2d' '2: renew-window: is longer than lifetime: say 0 for any time'
	wrong $'renew-window = 30d\n[profile x]\nlifetime = 2d' '3: renew-window: is longer than lifetime: say 0 for any time'
	for good in $'renew-window = 2d\nlifetime = 2d' $'revoke-replaced = yes\n[profile x]\nrenew = no' $'renew = no\nlifetime = 2d\nrenew-window = 3d'; do
		printf '%s\n' "$good" > c/ca.conf
		run -0 scep-ca --dir c check-config
	done
}

@test "init: the passphrase of a CA's key that is taken over is the new keys', too" {
	(umask 077 && openssl genrsa -aes256 -passout pass:correct -out shut.key 2048 2> /dev/null && echo correct > pass && echo other > other)
	openssl req -x509 -key shut.key -passin pass:correct -subj /CN=shut -days 9 -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature -out shut.pem
	scep-ca init --dir shut --ca-cert shut.pem --ca-key shut.key --ca-passphrase file:pass > /dev/null
	for key in ca ra ocsp; do
		not openssl pkey -in "shut/$key.key" -passin pass:wrong -noout 2> /dev/null
		openssl pkey -in "shut/$key.key" -passin file:pass -noout
		grep -qxF "$key-passphrase = file:$T/pass" shut/ca.conf
	done
	scep-ca --dir shut check-config
	# another one for what is new
	scep-ca init --dir both --ca-cert shut.pem --ca-key shut.key --ca-passphrase file:pass --passphrase file:other > /dev/null
	openssl pkey -in both/ra.key -passin file:other -noout
	scep-ca --dir both check-config
}

@test "cacert, caps, fingerprint: by profile" {
	fresh c
	printf '%s\n' '[profile old]' 'renew = no' 'des3 = no' > c/ca.conf
	scep-ca --dir c cacert --format p7 --profile old | openssl pkcs7 -inform der -print_certs | grep -c '^subject' | grep -qx 2
	run -64 scep-ca --dir c cacert --format p7 --profile nosuch
	scep-ca --dir c caps | grep -qx Renewal
	scep-ca --dir c caps | grep -qx DES3
	not grep -qxE 'Renewal|DES3' <(scep-ca --dir c caps --profile old)
	run -64 scep-ca --dir c caps --profile nosuch
	[ "$output" = "scep-ca: --profile: ca.conf has no profile nosuch" ]
	[ "$(scep-ca --dir c fingerprint)" = "$(openssl x509 -in c/ca.pem -noout -fingerprint -sha256 | cut -d= -f2)" ]
}

# --- challenges ---

@test "challenge new: for whom, of what profile, how often; list in words and JSON" {
	fresh c
	printf '%s\n' '[profile wifi]' > c/ca.conf
	scep-ca --dir c challenge new --subject /CN=a --user alice --profile wifi --uses 3 --names dns:a.example.com --ttl 2h -o one
	scep-ca --dir c challenge new --any-subject --owner 7b5e --envelope -o two
	[ "$(stat -c %a one two | sort -u)" = 600 ]
	scep-ca --dir c challenge list > list
	sed -n 1p list | grep -qx 'SHA-256       STATUS  USED  EXPIRES               PROFILE  FOR    SUBJECT'
	grep -qE "^$(sha 12 one)  open    0/3   20[0-9T:-]{17}Z  wifi     alice  /CN=a\$" list
	grep -qE "^$(sha 12 two)  open    0/1   20[0-9T:-]{17}Z  default  7b5e   any subject\$" list
	scep-ca --dir c challenge list --format json > json
	[ "$(jq -r '.[] | select(.uses == 3) | .sha256, .uses, .used, .names, .envelope' json | tr '\n' ' ')" = "$(sha 64 one) 3 0 dns:a.example.com false " ]
	[ "$(jq -r '.[] | select(.owner == "7b5e") | .envelope' json)" = true ]
	[ "$(scep-ca --dir c challenge list --limit 1 | wc -l)" = 2 ]
	scep-ca --dir c challenge new --any-subject --any-profile --uses 5 > any
	scep-ca --dir c challenge list | grep -qE "^$(sha 12 any)  open    0/5   20[0-9T:-]{17}Z  [*]  "
	# not what they are
	not grep -aqf one list json c/store.db
	not grep -aqf two list json c/store.db
}

@test "challenge new: what is none" {
	fresh c
	printf '%s\n' 'accept = approval' > c/ca.conf
	run -64 scep-ca --dir c challenge new --subject /CN=x --profile nosuch
	[ "$output" = "scep-ca: --profile: ca.conf has no profile nosuch" ]
	run -64 scep-ca --dir c challenge new --subject /CN=x --profile default
	[ "$output" = 'scep-ca: --profile: default does not take such challenges: its "accept" says so' ]
	# without a profile it would be that one's
	run -64 scep-ca --dir c challenge new --subject /CN=x
	[ "$output" = 'scep-ca: --profile: default does not take such challenges: its "accept" says so' ]
	for verb in new "mint --secret file:ca/ca.pem"; do
		# shellcheck disable=SC2086
		run -64 scep-ca --dir ca challenge $verb --subject /CN=x --profile default --any-profile
		[ "$output" = "scep-ca: --profile and --any-profile: one or the other" ]
		# shellcheck disable=SC2086
		run -64 scep-ca --dir ca challenge $verb --subject /CN=x --profile '*'
		[ "$output" = "scep-ca: --profile: for every profile say --any-profile" ]
	done
	run -64 scep-ca --dir ca challenge new --subject /CN=x --names dns:-
	[[ "$output" == "scep-ca: --names: "* ]]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --uses many
	[ "$output" = "scep-ca: --uses: not a number: many" ]
	for verb in new "mint --secret file:ca/ca.pem"; do
		for uses in 0 00; do
			# shellcheck disable=SC2086
			run -64 scep-ca --dir ca challenge $verb --subject /CN=x --uses "$uses"
			[ "$output" = "scep-ca: --uses: want 1 or more: a challenge for no certificate is good for nothing" ]
		done
		# shellcheck disable=SC2086
		run -64 scep-ca --dir ca challenge $verb --subject /CN=x --any-subject
		[ "$output" = "scep-ca: --subject and --any-subject: give one" ]
		# shellcheck disable=SC2086
		run -64 scep-ca --dir ca challenge $verb
		[ "$output" = "scep-ca: one of --subject and --any-subject is required" ]
	done
	run -64 scep-ca --dir ca challenge new --subject /CN=x --uses 4294967296
	[ "$output" = "scep-ca: --uses: not a number: 4294967296" ]
	run -64 scep-ca --dir ca challenge new --subject /CN=x --user $'a\nb'
	[[ "$output" == "scep-ca: "*user* ]]
}

@test "challenge new and mint: names that the profile does not issue are refused" {
	fresh c
	echo 0123456789abcdef0123 > c/secret && chmod 600 c/secret
	printf '%s\n' 'accept = challenge hmac' 'hmac-secret = file:secret' '[profile wifi]' 'subject-match = /O=ACME/CN=*' 'names-match = dns:*.example.com' > c/ca.conf
	for verb in new mint; do
		run -64 scep-ca --dir c challenge "$verb" --profile wifi --subject /CN=x
		[[ "$output" == "scep-ca: "*"--subject: does not match subject-match = /O=ACME/CN=* of profile wifi" ]]
		run -64 scep-ca --dir c challenge "$verb" --profile wifi --subject /O=ACME/CN=x --names dns:example.org
		[[ "$output" == "scep-ca: "*"--names: do not match names-match = dns:*.example.com of profile wifi" ]]
		run -0 scep-ca --dir c challenge "$verb" --profile wifi --subject /O=ACME/CN=x --names dns:a.example.com
		run -0 scep-ca --dir c challenge "$verb" --any-profile --subject /CN=x
		run -0 scep-ca --dir c challenge "$verb" --subject /CN=x
	done
	[ "$(scep-ca --dir c challenge list --format json | jq length)" = 3 ]
	rm c/secret
	run -66 scep-ca --dir c challenge mint --profile wifi --any-subject
	[[ "$output" == "scep-ca: c/ca.conf: profile wifi: "*"secret: No such file or directory" ]]
}

@test "half a verb: what may follow it; a word that is none has no help" {
	for words in challenge "challenge frob"; do
		# shellcheck disable=SC2086
		run -64 scep-ca --dir ca $words
		[ "$output" = "scep-ca: challenge: say new, mint, list, revoke or purge" ]
	done
	run -64 scep-ca --dir ca ra
	[ "$output" = "scep-ca: ra: say renew or retire" ]
	run -64 scep-ca foo --help
	[ "$output" = "scep-ca: foo: no such verb; --help lists them" ]
	run -64 scep-ca challeng --help
	run -0 scep-ca challenge --help
	run -0 scep-ca --help
	run -0 scep-ca challenge new --help
	[[ "$output" == *--any-subject* ]]
}

@test "challenge mint: signed by the secret that is given, or by the profile's; it works once" {
	fresh c
	head -c 32 /dev/urandom | base64 > c/mac
	printf '%s\n' 'accept = hmac' 'hmac-secret = file:mac' > c/ca.conf
	scep-ca --dir c challenge mint --subject /CN=minted --secret file:c/mac -o minted
	[ "$(stat -c %a minted)" = 600 ]
	# by hand: HMAC-SHA-256 of the body
	python3 - <<- 'E'
		import base64, hashlib, hmac
		body, mac = open("minted").read().strip().split(".")
		secret = open("c/mac", "rb").read().rstrip(b"\n")
		assert hmac.new(secret, body.encode(), hashlib.sha256).hexdigest() == mac
		text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
		assert "subject=/CN=minted" in text.split("\n"), text
	E
	client csr rsa.key /CN=minted m.csr --challenge "$(cat minted)"
	client message m.msg --key rsa.key --cert rsa.pem --content m.csr --recipient c/ra.pem --transaction one
	scep-ca --dir c respond m.msg > r 2> err
	[ ! -s err ]
	scep-ca --dir c list | grep -q '/CN=minted$'
	client csr rsa.key /CN=minted m2.csr --challenge "$(cat minted)"
	client message m2.msg --key rsa.key --cert rsa.pem --content m2.csr --recipient c/ra.pem --transaction two
	scep-ca --dir c respond m2.msg > r 2> err
	grep -q '^scep-ca: badRequest: ' err
	[ "$(scep-ca --dir c list | grep -c '/CN=minted$')" = 1 ]
	# in capitals, or with one of them, it is none at all
	body=$(cut -d. -f1 minted) mac=$(cut -d. -f2 minted)
	for other in "${mac^^}" "$(sed 's/[a-f]/\U&/' <<< "$mac")"; do
		[ "$other" != "$mac" ]
		client csr rsa.key /CN=minted m3.csr --challenge "$body.$other"
		client message m3.msg --key rsa.key --cert rsa.pem --content m3.csr --recipient c/ra.pem --transaction "three$other"
		scep-ca --dir c respond m3.msg > r 2> err
		grep -q '^scep-ca: badRequest: ' err
	done
	[ "$(scep-ca --dir c list | grep -c '/CN=minted$')" = 1 ]
	# without --secret it is the profile's
	scep-ca --dir c challenge mint --any-subject > minted2
	grep -qE '^[A-Za-z0-9_-]+\.[0-9a-f]{64}$' minted2
	run -64 scep-ca --dir ca challenge mint --any-subject
	[ "$output" = "scep-ca: --secret is required: profile default of ca.conf has no hmac-secret" ]
	run -66 scep-ca --dir ca challenge mint --any-subject --secret file:nowhere
	[[ "$output" == "scep-ca: --secret: "*nowhere* ]]
	printf short > short
	run -64 scep-ca --dir ca challenge mint --any-subject --secret file:short
}

@test "challenge revoke and purge: how many, and what stays" {
	fresh c
	for user in alice alice bob; do scep-ca --dir c challenge new --subject /CN=x --user $user -o last; done
	run -0 scep-ca --dir c challenge revoke "$(sha 12 last)"
	[ "$output" = "1 challenge revoked" ]
	run -1 scep-ca --dir c challenge revoke "$(sha 64 last)"
	[ "$output" = "scep-ca: no open challenge is that one" ]
	run -0 scep-ca --dir c challenge revoke --user alice
	[ "$output" = "2 challenges revoked" ]
	run -1 scep-ca --dir c challenge revoke --owner nobody
	[ "$(scep-ca --dir c challenge list | grep -c ' revoked ')" = 3 ]
	for bad in "" "--user a --owner b" "0123456789ab --user a"; do
		# shellcheck disable=SC2086
		run -64 scep-ca --dir c challenge revoke $bad
		[ "$output" = "scep-ca: one of SHA-256, --user and --owner is required" ]
	done
	for bad in 0123456789a XYZ3456789ab; do
		run -64 scep-ca --dir c challenge revoke $bad
		[ "$output" = "scep-ca: want 12 hexadecimal digits or more, as challenge list shows them" ]
	done
	scep-ca --dir c challenge new --subject /CN=x --ttl 1s > /dev/null
	scep-ca --dir c challenge new --subject /CN=x > /dev/null
	sleep 3.1
	run -0 scep-ca --dir c challenge purge
	[ "$output" = $'0 challenges deleted\n0 requests deleted' ]
	run -0 scep-ca --dir c challenge purge --ended 1s
	[[ "$output" =~ ^[1-4]" challenge" ]]
	[ "$(scep-ca --dir c challenge list | grep -c ' open ')" = 1 ]
}

# --- what waits ---

@test "pending: an approver sees whose key it is; three of one wait; what is over is purged" {
	fresh w
	printf '%s\n' 'accept = approval' 'pending-lifetime = 1m' > w/ca.conf
	key=$(openssl pkey -in rsa.key -pubout -outform DER | sha256sum)
	for i in 1 2 3 4; do
		client message w$i.msg --key rsa.key --cert rsa.pem --content rsa.csr --recipient w/ra.pem --transaction waits$i
		scep-ca --dir w respond w$i.msg > r 2> err
	done
	grep -q '^scep-ca: badRequest: .*of this key wait already' err
	[ "$(scep-ca --dir w pending | grep -c "  ${key:0:12}  /CN=waits\$")" = 3 ]
	[ "$(scep-ca --dir w pending --format json | jq -r '.[0].key')" = "${key:0:64}" ]
	[ "$(scep-ca --dir w pending --format csv | sed -n 2p | grep -o "${key:0:64}" | head -n 1)" = "${key:0:64}" ]
	run -0 scep-ca --dir w challenge purge --ended 1s
	[ "$output" = $'0 challenges deleted\n0 requests deleted' ]
	sqlite3 w/store.db "UPDATE request SET expires = expires - 70 WHERE id < 3"
	run -0 scep-ca --dir w challenge purge --ended 1s
	[ "$output" = $'0 challenges deleted\n2 requests deleted' ]
	scep-ca --dir w respond w4.msg > r 2> err
	[ ! -s err ]
}

@test "pending: CSV has RFC 4180's line ends, and no formula of a requester's" {
	fresh sheet
	printf '%s\n' 'accept = approval' > sheet/ca.conf
	client message f.msg --key rsa.key --cert rsa.pem --content rsa.csr --recipient sheet/ra.pem --transaction "=1+cmd"
	facts scep-ca --dir sheet respond f.msg > facts.txt
	grep -qx 'WAITING=1' facts.txt
	scep-ca --dir sheet pending --format csv > csv
	[ "$(wc -l < csv)" = 2 ]
	[ "$(grep -c $'\r$' csv)" = 2 ]
	python3 -c 'import csv; r = list(csv.DictReader(open("csv", newline=""), strict=True)); assert r[0]["transaction"] == "\x27=1+cmd" and r[0]["number"] == "1" and r[0]["subject"] == "/CN=waits", r'
}

@test "pending: the names that are asked for are seen, whole where nobody cuts" {
	fresh w
	printf '%s\n' 'accept = approval' 'names = request' > w/ca.conf
	many=$(for i in $(seq 12); do printf 'dns:host%d.example.com,' $i; done)dns:www.bank.example
	client csr rsa.key /CN=waits many.csr --names "$many"
	client message w.msg --key rsa.key --cert rsa.pem --content many.csr --recipient w/ra.pem --transaction waits
	scep-ca --dir w respond w.msg > r 2> /dev/null
	[ "$(scep-ca --dir w pending | sed -n 2p | awk '{ print $NF }')" = "$many" ]
	scep-ca --dir w pending 1 | grep -qx "Names  *$many"
}

@test "pending, approve, reject: a request waits for a person; the poll gets it" {
	fresh w
	echo 'accept = approval' > w/ca.conf
	client message w.msg --key rsa.key --cert rsa.pem --content rsa.csr --recipient w/ra.pem --transaction waits
	MCPROFILE_REMOTE_ADDR=192.0.2.7 facts scep-ca --dir w respond w.msg > f
	grep -qx 'WAITING=1' f
	scep-ca --dir w pending > list
	sed -n 1p list | grep -qx 'NUMBER  STATUS   ASKED                 PROFILE  FOR  FROM  *KEY  *SUBJECT  *NAMES'
	grep -qE '^1  *pending  20[0-9T:-]{17}Z  default  -  *.*  /CN=waits$' list
	scep-ca --dir w list --status pending | diff list -
	# one in full, with everything that the approver compares
	key=$(openssl pkey -in rsa.key -pubout -outform DER | sha256sum | cut -c1-64)
	scep-ca --dir w pending 1 > one
	for want in 'Number +1' 'Status +pending' 'Subject +/CN=waits' 'Key +RSA, 2048 bits' "SHA-256 of key +$key" 'Profile +default' \
	    'Transaction +waits' 'Asked +20[0-9T:-]+Z' 'Waits until +20[0-9T:-]+Z'; do
		grep -qxE "$want" one
	done
	not grep -q '^Decided' one
	scep-ca --dir w pending 1 --format json | jq -e 'length == 1 and .[0].number == 1'
	run -66 scep-ca --dir w pending 2
	[ "$output" = "scep-ca: 2: no such request" ]
	run -64 scep-ca --dir w pending two
	[ "$(scep-ca --dir w pending --format json | jq -r '.[] | .number, .status, .subject, .transaction' | tr '\n' ' ')" = "1 pending /CN=waits waits " ]
	scep-ca --dir w pending --format csv > csv
	python3 -c 'import csv; r = list(csv.DictReader(open("csv", newline=""))); assert len(r) == 1 and r[0]["subject"] == "/CN=waits" and r[0]["status"] == "pending", r'
	[ "$(scep-ca --dir w pending --profile other | wc -l)" = 1 ]
	[ "$(scep-ca --dir w list --status pending WAIT | wc -l)" = 2 ]
	[ "$(scep-ca --dir w list --status pending nobody | wc -l)" = 1 ]
	scep-ca --dir w metrics | grep -qx 'scep_ca_requests_pending 1'
	run -66 scep-ca --dir w approve 2
	[ "$output" = "scep-ca: 2: no such request" ]
	run -64 scep-ca --dir w approve two
	[ "$output" = "scep-ca: two: want a number, as pending shows it" ]
	run -64 scep-ca --dir w approve
	[ "$output" = "scep-ca: NUMBER is required" ]
	run -0 env LOGNAME=carol SUDO_USER= scep-ca --dir w approve 1
	[ "$output" = "1 approved: its requester gets the certificate when it asks again" ]
	run -1 scep-ca --dir w reject 1
	[[ "$output" == "scep-ca: 1: "* ]]
	[ "$(scep-ca --dir w pending | wc -l)" = 1 ]
	[ "$(scep-ca --dir w pending --all --format json | jq -r '.[0].status, .[0].decided_by' | tr '\n' ' ')" = "approved carol " ]
	scep-ca --dir w respond w.msg > r 2> err
	[ ! -s err ]
	scep-ca --dir w list | grep -q '  valid .*  /CN=waits$'
	scep-ca --dir w show "$(scep-ca --dir w list -n 1 | sed -n 2p | cut -d' ' -f1)" | grep -qx '  By right of       approval'
	scep-ca --dir w pending --all | grep -q '^1  *issued '
	scep-ca --dir w pending 1 | grep -qx 'Decided by  *carol'
}

@test "reject: the requester is told no, and the record why" {
	fresh w
	echo 'accept = approval' > w/ca.conf
	client message w.msg --key rsa.key --cert rsa.pem --content rsa.csr --recipient w/ra.pem --transaction waits
	scep-ca --dir w respond w.msg > r 2> /dev/null
	run -0 env LOGNAME=carol SUDO_USER= scep-ca --dir w reject 1 --reason "who is this?"
	[ "$output" = "1 rejected" ]
	scep-ca --dir w respond w.msg > r 2> err
	grep -q '^scep-ca: badRequest: ' err
	[ "$(scep-ca --dir w pending --all --format json | jq -r '.[0].status, .[0].reason' | tr '\n' '|')" = "rejected|who is this?|" ]
	scep-ca --dir w pending --all | grep -qE '^1  +rejected .*  carol: who is this\?  [0-9a-f]{12}  /CN=waits$'
	scep-ca --dir w pending 1 | grep -qx 'Because  *who is this?'
	[ "$(scep-ca --dir w list | wc -l)" = 2 ]
}

# --- crl, ocsp ---

@test "crl: kept as long as it is good, new when something was revoked, larger each time" {
	fresh p
	number() { openssl crl -inform der -in "$1" -noout -crlnumber | sed 's/.*=\(0x\)*//'; }
	scep-ca --dir p crl -o a.crl
	openssl crl -inform der -in a.crl -CAfile p/ca.pem -noout 2>&1 | grep -qx 'verify OK'
	scep-ca --dir p crl | cmp - a.crl
	scep-ca --dir p crl --new > b.crl
	((16#$(number b.crl) > 16#$(number a.crl)))
	scep-ca --dir p revoke "$(serial dev.pem)"
	scep-ca --dir p crl -o c.crl
	((16#$(number c.crl) > 16#$(number b.crl)))
	openssl crl -inform der -in c.crl -noout -text | grep -q "Serial Number: $(serial dev.pem)"
	scep-ca --dir p crl --format pem | openssl crl -outform der | cmp - c.crl
	# an old copy of the CA: larger than what is published all the same
	fresh old && scep-ca --dir old crl --published c.crl > d.crl
	((16#$(number d.crl) > 16#$(number c.crl)))
	scep-ca --dir old crl --published not-there-yet > /dev/null
	echo junk > junk
	not scep-ca --dir old crl --published junk > out 2> err
	grep -q '^scep-ca: the CRL that is published: ' err
	[ ! -s out ]
	run scep-ca --dir p crl --previous
	[ "$status" -ne 0 ]
	[[ "$output" == "scep-ca: "* ]]
	run -74 sh -c 'scep-ca --dir p crl > /dev/full 3>&-'
	[ "$output" = "scep-ca: standard output: write: No space left on device" ]
}

@test "ocsp: good, revoked, unknown, by openssl; by path; what is none is answered" {
	fresh p
	openssl ocsp -issuer p/ca.pem -cert dev.pem -no_nonce -reqout q.der 2> /dev/null
	ask() { scep-ca --dir p ocsp q.der > a.der && openssl ocsp -respin a.der -no_nonce -issuer p/ca.pem -CAfile p/ca.pem -cert dev.pem 2>&1; }
	ask > good
	grep -qx 'Response verify OK' good
	grep -qx 'dev.pem: good' good
	scep-ca --dir p revoke "$(serial dev.pem)" --reason superseded
	ask > revoked
	grep -qx 'dev.pem: revoked' revoked
	grep -q 'Reason: superseded' revoked
	openssl ocsp -issuer p/ca.pem -serial 0x1234 -no_nonce -reqout u.der 2> /dev/null
	scep-ca --dir p ocsp < u.der > a.der
	openssl ocsp -respin a.der -issuer p/ca.pem -CAfile p/ca.pem -serial 0x1234 -no_nonce 2>&1 | grep -q '0x1234: unknown'
	# the responder is delegated: not the CA's own certificate
	openssl ocsp -respin a.der -noverify -resp_text 2> /dev/null | grep -q 'OCSP Signing'
	# GET, with slashes in the base64
	export MCPROFILE_METHOD=GET
	MCPROFILE_PATH="/some/where/$(base64 -w0 u.der)" scep-ca --dir p ocsp < /dev/null > g.der
	openssl ocsp -respin g.der -issuer p/ca.pem -CAfile p/ca.pem -serial 0x1234 -no_nonce 2>&1 | grep -q '0x1234: unknown'
	for path in '' / /ocsp/ /ocsp/MAA /ocsp/M /M/M/M "/ocsp/$(base64 -w0 u.der | head -c 20)" "/ocsp/$(base64 -w0 u.der)AAAA"; do
		MCPROFILE_PATH=$path scep-ca --dir p ocsp < /dev/null > g.der
		openssl ocsp -respin g.der -resp_text 2>&1 | grep -q malformedrequest
	done
	unset MCPROFILE_METHOD
	for bytes in '' '\x30' '\x30\x80' hello '\x00\x00'; do
		printf "$bytes" | facts scep-ca --dir p ocsp > f 2> err
		grep -q '^REFUSED=' f
		grep -q '^scep-ca: malformedRequest: ' err
		printf "$bytes" | scep-ca --dir p ocsp > g.der 2> err
		[ "$(wc -l < err)" = 1 ]
		openssl ocsp -respin g.der -resp_text 2>&1 | grep -q malformedrequest
	done
}

@test "ocsp: as a route, a failure of our own is an answer; at a terminal it is an error" {
	fresh p
	openssl ocsp -issuer p/ca.pem -cert dev.pem -no_nonce -reqout q.der 2> /dev/null
	echo junk > p/ocsp.key
	run --separate-stderr -65 scep-ca --dir p ocsp q.der
	[ -z "$output" ]
	[[ "$stderr" == "scep-ca: "*ocsp.key* ]]
	MCPROFILE_METHOD=POST scep-ca --dir p ocsp < q.der > a.der 2> err
	openssl ocsp -respin a.der -resp_text 2>&1 | grep -q 'internalerror (2)'
	grep -q ocsp.key err
	not grep -q -a ocsp.key a.der
	MCPROFILE_METHOD=GET MCPROFILE_PATH="/ocsp/$(base64 -w0 q.der)" scep-ca --dir nowhere ocsp < /dev/null > a.der 2> err
	openssl ocsp -respin a.der -resp_text 2>&1 | grep -q 'internalerror (2)'
	# what is malformed is the client's, whatever else there is
	fresh p
	echo hello | MCPROFILE_METHOD=POST scep-ca --dir p ocsp > a.der
	openssl ocsp -respin a.der -resp_text 2>&1 | grep -q 'malformedrequest (1)'
}

# --- keys that come and go ---

@test "ra renew and retire; ocsp renew" {
	fresh k
	run -0 scep-ca --dir k ra renew
	[[ "$output" =~ ^"a new RA, valid until "20[0-9T:-]+"Z; 1 older one to answer by, until \"ra retire\""$ ]]
	scep-ca --dir k cacert --format p7 | openssl pkcs7 -inform der -print_certs | openssl x509 -noout -serial > new
	not grep -qx "serial=$(serial pristine/ra.pem)" new
	# what was encrypted to the old one is read
	client message k.msg --key rsa.key --cert rsa.pem --content rsa.csr --recipient pristine/ra.pem
	scep-ca --dir k respond k.msg > r 2> err
	grep -q '^scep-ca: badRequest: .*challenge' err
	run -0 scep-ca --dir k ra retire
	[ "$output" = "1 older RA retired" ]
	scep-ca --dir k respond k.msg > r 2> err
	grep -q '^scep-ca: badMessageCheck: ' err
	run -0 scep-ca --dir k ra retire
	[ "$output" = "0 older RAs retired" ]
	run -64 scep-ca --dir k ra renew --bits 1024
	run -0 scep-ca --dir k ocsp renew --lifetime 30d
	[[ "$output" =~ ^"a new OCSP responder, valid until "20[0-9T:-]+Z$ ]]
	openssl x509 -in k/ocsp.pem -noout -checkend $((29 * 86400))
	not openssl x509 -in k/ocsp.pem -noout -checkend $((31 * 86400))
}

@test "rollover: announced, told, taken back" {
	fresh k
	run -0 scep-ca --dir k rollover --at 10d --key p384
	grep -qx 'Next CA    k/next/ca.pem' <<< "$output"
	grep -qx "SHA-256    $(openssl x509 -in k/next/ca.pem -noout -fingerprint -sha256 | cut -d= -f2)" <<< "$output"
	from=$(sed -n 's/^From  *//p' <<< "$output")
	[ "$(date -d "$(openssl x509 -in k/next/ca.pem -noout -startdate | cut -d= -f2)" +%s)" = "$(date -d "$from" +%s)" ]
	scep-ca --dir k caps | grep -qx GetNextCACert
	scep-ca --dir k metrics | grep -q '{role="next"}'
	run -1 scep-ca --dir k rollover
	[[ "$output" == "scep-ca: k: "* || "$output" == "scep-ca: "* ]]
	run -0 scep-ca --dir k rollover cancel
	[ -z "$output" ]
	not grep -qx GetNextCACert <(scep-ca --dir k caps)
	run -64 scep-ca --dir k rollover --at soon
	[[ "$output" == "scep-ca: --at: want a day like "* ]]
}

# --- keeping ---

@test "backup and restore: the same CA elsewhere; numbers grow on; nothing is lost" {
	fresh b
	scep-ca --dir b rollover --at 10d > /dev/null
	echo 'lifetime = 30d' > b/ca.conf
	run -0 scep-ca --dir b backup copy
	[ "$output" = "copy: the store and $(ls b/*.pem b/*.key b/ca.conf b/next/*.pem b/next/*.key | wc -l) files, with the keys: keep it as you keep them" ]
	[ "$(stat -c %a copy)" = 600 ]
	run -1 scep-ca --dir b backup copy
	[[ "$output" == "scep-ca: copy: "* ]]
	scep-ca --dir b crl > before.crl
	rm -rf elsewhere
	scep-ca --dir elsewhere restore copy > out
	scep-ca --dir elsewhere check
	(cd b && find . -name '*.pem' -o -name '*.key' -o -name ca.conf) | while read -r f; do
		cmp "b/$f" "elsewhere/$f"
		[ "$(stat -c %a "b/$f")" = "$(stat -c %a "elsewhere/$f")" ]
	done
	[ "$(stat -c %a elsewhere elsewhere/next | sort -u)" = 700 ]
	scep-ca --dir elsewhere list | diff - <(scep-ca --dir b list)
	scep-ca --dir elsewhere crl > after.crl
	number() { openssl crl -inform der -in "$1" -noout -crlnumber | sed 's/.*=\(0x\)*//'; }
	((16#$(number after.crl) >= 16#$(number before.crl)))
	# in its own folder: what is newer stays
	scep-ca --dir b revoke "$(serial dev.pem)"
	scep-ca --dir b ra renew > /dev/null
	cp b/ra.pem newer.pem
	scep-ca --dir b restore copy > out
	sed -n 1p out | grep -qE '^b: the store and [0-9]+ files of copy$'
	grep -qE '^the store that was here is now b/store\.db\.' out
	grep -q '^these differ from the copy.s and stay as they are: .*ra.pem' out
	cmp b/ra.pem newer.pem
	scep-ca --dir b list | grep -q "^$(serial dev.pem)  valid"
}

@test "backup --without-keys; restore of what is no copy, or another CA's" {
	fresh b
	rm -f nokeys
	run -0 scep-ca --dir b backup --without-keys nokeys
	[[ "$output" == "nokeys: the store and "*" files, without keys" ]]
	not grep -aq 'PRIVATE KEY' nokeys
	scep-ca init --dir another --subject /CN=another --key p256 > /dev/null
	sum=$(sha256sum another/store.db)
	run -1 scep-ca --dir another restore nokeys
	[ "$output" = "scep-ca: another/ca.pem: another CA than the copy's; restore into a new folder" ]
	[ "$(sha256sum another/store.db)" = "$sum" ]
	for bytes in '' junk 'SQLite format 3\x00'; do
		printf "$bytes" > bad
		not scep-ca --dir new restore bad > out 2> err
		grep -q '^scep-ca: bad: ' err
		[ ! -e new/ca.pem ]
		[ ! -e new/store.db ]
	done
	head -c 9000 nokeys > cut
	not scep-ca --dir new restore cut > out 2> err
	[ ! -e new/store.db ]
	run -66 scep-ca --dir new restore nowhere
	[[ "$output" == "scep-ca: nowhere: No such file or directory" ]]
	run -64 scep-ca --dir b backup
	[ "$output" = "scep-ca: FILE is required" ]
	run -64 scep-ca --dir b restore
	[ "$output" = "scep-ca: FILE is required" ]
	run -74 scep-ca --dir b backup no/such/place
	[ ! -e no ]
}

@test "check: nothing wrong; a row that was changed; a certificate that was" {
	fresh c
	run -0 scep-ca --dir c check
	[ "$output" = "1 certificate, 0 intents, no fault" ]
	sqlite3 c/store.db "UPDATE certificate SET subject = '/CN=mallory'"
	run -1 scep-ca --dir c check
	[[ "${lines[0]}" == "$(serial dev.pem): "*mallory* ]]
	[ "${lines[1]}" = "scep-ca: 1 fault in the record" ]
	fresh c
	python3 - <<- 'E'
		import sqlite3
		db = sqlite3.connect("c/store.db")
		der = bytearray(db.execute("SELECT der FROM certificate").fetchone()[0])
		der[-1] ^= 1
		db.execute("UPDATE certificate SET der = ?", (bytes(der),))
		db.commit()
	E
	run -1 scep-ca --dir c check
	[[ "$output" == *"in the record" ]]
}

@test "long work tells a terminal how far it is, and a pipe nothing" {
	fresh l
	python3 - <<- 'E'
		import sqlite3
		db = sqlite3.connect("l/store.db")
		names = [r[1] for r in db.execute("PRAGMA table_info(certificate)") if r[1] != "id"]
		row = dict(zip(names, db.execute("SELECT %s FROM certificate LIMIT 1" % ",".join(names)).fetchone()))
		for i in range(6000):
		    new = dict(row, serial="%032X" % (0x40 << 120 | i), request="%064x" % i)
		    db.execute("INSERT INTO certificate (%s) VALUES (%s)" % (",".join(names), ",".join("?" * len(names))), [new[n] for n in names])
		db.commit()
	E
	not scep-ca --dir l check > out 2> err
	not grep -q $'\r' err
	script -qec "scep-ca --dir l check 3>&-" /dev/null < /dev/null > shown 2>&1 || true
	grep -qE $'\rcheck: [0-9]+ of 600[0-9]+ \([0-9]+%\)|\r\e\[Kcheck: [0-9]+ of 600[0-9]+ \([0-9]+%\)' shown
	scep-ca --dir l export --format json > all.json 2> err
	[ ! -s err ]
}
