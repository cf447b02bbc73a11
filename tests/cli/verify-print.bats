# --print, --extract and --unverified: what comes out, when, and what git makes
# of it.
load ../helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for i in root stranger; do
		openssl ecparam -name prime256v1 -genkey -noout -out $i.key
		openssl req -x509 -key $i.key -subj "/CN=$i" -days 100 -out $i.pem
	done
	cat > old.py << 'END'
import plistlib, sys
ca = open("root.der", "rb").read()
def profile(ssid, order, extra={}):
    wifi = {"PayloadType": "com.apple.wifi.managed", "PayloadVersion": 1, "PayloadIdentifier": "com.acme.wifi", "PayloadUUID": "11111111-1111-4111-8111-111111111111",
            "SSID_STR": ssid, "AutoJoin": True, "Priority": 5, "Ratio": 2.0, "Empty": {}, "Blob": b"ABC"}
    root = {"PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadIdentifier": "com.acme.root", "PayloadUUID": "22222222-2222-4222-8222-222222222222",
            "PayloadContent": ca}
    top = {"PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.acme", "PayloadUUID": "33333333-3333-4333-8333-333333333333",
           "ConsentText": {"default": "one\ntwo \"quoted\"\n", "a key": "tab\tand \\ and \u200b"}, "PayloadContent": [wifi, root], **extra}
    if order:
        top = dict(reversed(list(top.items())))
        top["PayloadContent"] = [dict(reversed(list(p.items()))) for p in top["PayloadContent"]]
    return top
for name, args, fmt in (("old", ("ACME", False), plistlib.FMT_XML), ("same", ("ACME", True), plistlib.FMT_XML),
                        ("binary", ("ACME", False), plistlib.FMT_BINARY), ("new", ("ACME-2", True), plistlib.FMT_XML)):
    open(name + ".plist", "wb").write(plistlib.dumps(profile(*args), fmt=fmt, sort_keys=False))
END
	openssl x509 -in root.pem -outform DER -out root.der
	python3 old.py
	for i in old same binary new; do sign root $i.plist $i.mobileconfig; done
	sign stranger new.plist stranger.mobileconfig
	sed s/com.acme.wifi/com.evil.wifi/ new.mobileconfig > altered.mobileconfig
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	# git is to be asked about this repository alone
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_PAGER=cat
}

# sign WHO IN OUT
sign() {
	openssl cms -sign -binary -nodetach -signer "$1.pem" -inkey "$1.key" -in "$2" -outform DER -out "$3"
}

try() {
	status=0
	"$@" > out 2> words || status=$?
	output=$(cat out words)
	show
}

body() { sed '1,/^$/d'; }

@test "--print: a head that tells of the signature, then a key a line" {
	try mcprofile-verify --ca root.pem --print old.mobileconfig
	[ "$status" -eq 0 ]
	[ ! -s words ]
	[ "$(sed -n 1p out)" = "# signer:    /CN=root" ]
	[ "$(sed -n 2p out)" = "# sha256:    $(sha256sum < root.der | cut -d' ' -f1)" ]
	[[ $(sed -n 3p out) == "# signed at: 20"* ]]
	[ "$(sed -n 4,8p out)" = "$(printf '# %s\n' 'digest:    SHA256' 'algorithm: ECDSA' 'intact:    yes' 'trusted:   yes' 'in date:   yes')" ]
	diff <(body < out) - << END
PayloadType: "Configuration"
PayloadVersion: 1
PayloadIdentifier: "com.acme"
PayloadUUID: "33333333-3333-4333-8333-333333333333"
ConsentText:
  "a key": "tab\\tand \\\\ and \\xe2\\x80\\x8b"
  default: "one\\n"
    "two \\"quoted\\"\\n"
PayloadContent:
  - PayloadType: "com.apple.wifi.managed"
    PayloadVersion: 1
    PayloadIdentifier: "com.acme.wifi"
    PayloadUUID: "11111111-1111-4111-8111-111111111111"
    AutoJoin: true
    Blob: <QUJD>
    Empty: {}
    Priority: 5
    Ratio: 2.0
    SSID_STR: "ACME"
  - PayloadType: "com.apple.security.root"
    PayloadVersion: 1
    PayloadIdentifier: "com.acme.root"
    PayloadUUID: "22222222-2222-4222-8222-222222222222"
    PayloadContent: <$(stat -c %s root.der) bytes, sha256 $(sha256sum < root.der | cut -d' ' -f1)>
      certificate: /CN=root
      issuer: /CN=root
      serial: $(openssl x509 -in root.pem -noout -serial | cut -d= -f2)
      valid: $(date -ud "$(openssl x509 -in root.pem -noout -startdate | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ) to $(date -ud "$(openssl x509 -in root.pem -noout -enddate | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ)
END
}

@test "--print: the order of keys and the form of the file make no difference" {
	for i in old same binary; do
		mcprofile-verify --ca root.pem --print $i.mobileconfig | body > $i.txt
	done
	cmp old.txt same.txt
	cmp old.txt binary.txt
	mcprofile-verify --ca root.pem --print new.mobileconfig | body > new.txt
	[ "$(diff old.txt new.txt | grep -c '^[<>]')" -eq 2 ]
}

@test "--print: what is different reads differently" {
	# a string, a number, a real; a text and its escape; text in two lines and in one
	python3 - << 'END'
import plistlib
for i, value in enumerate(("5", 5, 5.0, True, "true", b"5", "a\\n", "a\n", "a\"\n\"b", "a\nb", {}, [], "{}", ["a", "b"], {"a": "b"}, [["a"], "b"], [["a", "b"]], [{}], [[]], [{"a": 1}, {"b": 1}], [{"a": 1, "b": 1}])):
    open(f"value{i}.plist", "wb").write(plistlib.dumps({"PayloadType": "Configuration", "K": value}))
END
	for i in $(seq 0 20); do
		mcprofile-verify --print value$i.plist | sha256sum
	done > sums
	[ "$(sort -u sums | wc -l)" -eq 21 ]
}

@test "--print: an unsigned profile is printed, and says so; a demand refuses it" {
	try mcprofile-verify --print old.plist
	[ "$status" -eq 0 ]
	[ ! -s words ]
	[ "$(sed -n 1p out)" = "# not signed: this is no CMS message" ]
	diff <(body < out) <(mcprofile-verify --ca root.pem --print old.mobileconfig | body)
	for demand in "--identifier com.acme" "--min-days 1" "--require-eku codeSigning"; do
		try mcprofile-verify --ca root.pem $demand --print old.plist
		[ "$status" -eq 10 ]
		[ ! -s out ]
	done
	try mcprofile-verify --device-ca "$SRC/share/device-ca" --print old.plist
	[ "$status" -eq 10 ]
	[ ! -s out ]
	try mcprofile-verify --extract old.plist
	[ "$status" -eq 10 ]
	[ ! -s out ]
}

@test "--print and --extract: not a byte of what is not good" {
	for how in --print --extract; do
		try mcprofile-verify --ca root.pem $how altered.mobileconfig
		[ "$status" -eq 11 ]
		[ ! -s out ]
		try mcprofile-verify --ca root.pem $how stranger.mobileconfig
		[ "$status" -eq 12 ]
		[ ! -s out ]
		try mcprofile-verify --ca root.pem --at 2100-01-01 $how new.mobileconfig
		[ "$status" -eq 13 ]
		[ ! -s out ]
		try mcprofile-verify --ca root.pem --identifier com.acme.x $how new.mobileconfig
		[ "$status" -eq 15 ]
		[ ! -s out ]
	done
}

@test "--unverified: what is in it all the same, with a loud line, and in the text" {
	for i in altered stranger; do
		try mcprofile-verify --ca root.pem --unverified --extract $i.mobileconfig
		[ "$status" -eq 0 ]
		[[ $(cat words) == "WARNING: this content is NOT VERIFIED: "* ]]
		[ "$(wc -l < words)" -eq 1 ]
		sed s/com.evil.wifi/com.acme.wifi/ out | cmp - new.plist
		try mcprofile-verify --ca root.pem --unverified --print $i.mobileconfig
		[ "$status" -eq 0 ]
		[[ $(cat words) == "WARNING: this content is NOT VERIFIED: "* ]]
		[ "$(sed -n 1p out)" = "# NOT VERIFIED" ]
		diff <(body < out | sed s/com.evil.wifi/com.acme.wifi/) <(mcprofile-verify --ca root.pem --print new.mobileconfig | body)
	done
	grep -qx "# intact:    yes" out
	grep -qx '# trusted:   no: "/CN=stranger": self-signed, and not one of the anchors' out
	mcprofile-verify --ca root.pem --unverified --print altered.mobileconfig > out 2> /dev/null
	grep -qx "# intact:    no: the signature does not match the content" out
	# BER in pieces, and a signer whose certificate is not there
	openssl cms -sign -binary -nodetach -stream -nocerts -signer root.pem -inkey root.key -in new.plist -outform DER -out bare.p7
	mcprofile-verify --unverified --extract bare.p7 2> /dev/null | cmp - new.plist
	openssl cms -sign -binary -nodetach -nocerts -signer root.pem -inkey root.key -in new.plist -outform PEM -out bare.pem
	mcprofile-verify --unverified --extract bare.pem 2> /dev/null | cmp - new.plist
	# no facts come of it
	facts mcprofile-verify --ca root.pem --unverified --extract altered.mobileconfig > seen 2> /dev/null
	[ ! -s seen ]
	# what is good is verified, whatever was allowed
	try mcprofile-verify --ca root.pem --unverified --print new.mobileconfig
	[ ! -s words ]
	not grep -q "NOT VERIFIED" out
}

@test "--unverified --print never fails for what a file holds" {
	printf '<?xml version="1.0"?>\n<plist version="1.0"><dict>\n\t<key>a</key>\n\033[31m' > broken
	head -c 300 new.mobileconfig > cut
	head -c 1000 /dev/urandom > random
	: > empty
	for i in broken cut random empty root.pem; do
		try mcprofile-verify --unverified --print $i
		[ "$status" -eq 0 ]
		[ -s out ]
		not grep -q $'\033' out
	done
	try mcprofile-verify --unverified --print broken
	grep -qx "# not signed: this is no CMS message" out
	grep -qx "<plist version=\"1.0\"><dict>" out
	# and without it, it does
	try mcprofile-verify --print broken
	[ "$status" -eq 65 ]
	[ ! -s out ]
	try mcprofile-verify --unverified --extract cut
	[ "$status" -eq 65 ]
	[ ! -s out ]
}

@test "--print: an envelope is told with its recipients" {
	try mcprofile-verify --print "$SRC/tests/corpus/encrypted.mobileconfig"
	[ "$status" -eq 0 ]
	grep -qx "  encrypted: AES-256-CBC, for 1 recipient" out
	grep -qx "    serial number 1004 of /CN=Nordlicht Issuing CA 3/O=Nordlicht Werke GmbH/C=DE" out
}

repository() {
	rm -rf repo && git init -q repo && cd repo
	git config user.email x@example.org && git config user.name x
}

@test "git: textconv, by the two lines of the manual" {
	repository
	# the lines as they stand there
	awk '/^echo .\*.mobileconfig/ { on = 1 } /^\.Ed/ { on = 0 } on' "$SRC/man/mcprofile-verify.1" | sed 's/\\e$/\\/' > lines
	[ "$(wc -l < lines)" -eq 3 ]
	. ./lines
	rm lines
	cp ../old.mobileconfig corp.mobileconfig
	cp ../old.plist plain.mobileconfig
	git add . && git commit -qm one
	# the same content, signed again, its keys in another order: only the head differs
	cp ../same.mobileconfig corp.mobileconfig
	cp ../same.plist plain.mobileconfig
	git diff 3>&- > ../out 2> ../words
	cat ../out ../words
	not grep -E '^[-+] *[A-Z"]' ../out
	# and a change is one line, in readable text; the signer is another one
	cp ../stranger.mobileconfig corp.mobileconfig
	cp ../new.plist plain.mobileconfig
	git diff 3>&- > ../out 2> ../words
	cat ../out ../words
	[ "$(grep -cx -- '-    SSID_STR: "ACME"' ../out)" -eq 2 ]
	[ "$(grep -cx -- '+    SSID_STR: "ACME-2"' ../out)" -eq 2 ]
	grep -qx -- '-# signer:    /CN=root' ../out
	grep -qx -- '+# signer:    /CN=stranger' ../out
	# neither a broken one nor an altered one stops it
	cp ../altered.mobileconfig corp.mobileconfig
	head -c 100 ../new.plist > plain.mobileconfig
	git diff 3>&- > ../out 2> ../words
	grep -qx -- '+# intact:    no: the signature does not match the content' ../out
	git -c color.ui=never log -p 3>&- | grep -q '^+# signer:    /CN=root'
}

@test "git: --extract < corp.mobileconfig | git diff --no-index old.plist -" {
	run bash -c "mcprofile-verify --ca root.pem --extract < old.mobileconfig 3>&- | git diff --no-index old.plist -"
	show
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run bash -c "mcprofile-verify --ca root.pem --extract < new.mobileconfig 3>&- | git diff --no-index old.plist -"
	[ "$status" -eq 1 ]
	[[ $output == *"+"*"<string>ACME-2</string>"* ]]
	# nothing comes of what is not good: all of the old one is gone, and nothing new there
	run bash -c "mcprofile-verify --ca root.pem --extract < altered.mobileconfig 3>&- 2> /dev/null | git diff --no-index old.plist -"
	[ "$status" -eq 1 ]
	[ "$(grep -c '^+[^+]' <<< "$output")" -eq 0 ]
}

@test "whoever names a signature or an anchor is given nothing that is unsigned" {
	profile=$(find . -name '*.plist' | head -n 1)
	[ -n "$profile" ]
	echo junk > junk.sig
	for demand in "--signature junk.sig" "--ca root.pem" "--system" "--at 2027-01-01"; do
		run --separate-stderr mcprofile-verify --print $demand "$profile"
		show
		[ "$status" -ne 0 ]
		[ -z "$output" ]
	done
	mcprofile-verify --print "$profile" | head -n 1 | grep -q "not signed"
}
