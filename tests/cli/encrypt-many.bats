# SPDX-License-Identifier: ISC
# Many profiles at once, folders of recipients, and the search for a device's.
load ../helper

# A configuration profile: profile IDENTIFIER SECRET
profile() {
	cat <<- END
	<plist version="1.0"><dict>
	<key>PayloadType</key><string>Configuration</string>
	<key>PayloadVersion</key><integer>1</integer>
	<key>PayloadIdentifier</key><string>$1</string>
	<key>PayloadUUID</key><string>5D4A3B2C-9E8F-4A7B-8C6D-1E2F3A4B5C6D</string>
	<key>PayloadDisplayName</key><string>Wi-Fi</string>
	<key>PayloadContent</key><array><dict>
	<key>PayloadType</key><string>com.apple.wifi.managed</string>
	<key>PayloadVersion</key><integer>1</integer>
	<key>PayloadIdentifier</key><string>$1.one</string>
	<key>PayloadUUID</key><string>8C1F8A0E-6D3B-4B1C-9C60-0C6B8E0D7B02</string>
	<key>SSID_STR</key><string>acme</string>
	<key>EncryptionType</key><string>WPA2</string>
	<key>Password</key><string>$2</string>
	</dict></array>
	</dict></plist>
	END
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	selfsigned device /CN=Device
	selfsigned other /CN=Other
	mkdir in
	for i in 1 2 3 4 5 6 7 8 9; do
		profile com.acme.p$i secret-$i > in/p$i.mobileconfig
	done
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	KEY="--cert device.pem --key device.key"
	rm -rf out back here
}

# What of a profile is not in its envelope, and what is.
same() { python3 -c 'import plistlib, sys; load = lambda f: plistlib.load(open(f, "rb")); assert load(sys.argv[1]) == load(sys.argv[2])' "$1" "$2"; }

@test "a folder of profiles, there and back, whatever the number of workers" {
	for j in 1 2 5; do
		rm -rf out back
		run mcprofile-encrypt --to device.pem --out-dir out -j $j in
		show
		[ "$status" -eq 0 ]
		[ "$output" = "9 encrypted" ]
		[ "$(grep -l EncryptedPayloadContent out/*.mobileconfig | wc -l)" -eq 9 ]
		run mcprofile-encrypt -d $KEY --out-dir back -j $j out
		[ "$status" -eq 0 ]
		[ "$output" = "9 decrypted" ]
		for i in 1 5 9; do
			same in/p$i.mobileconfig back/p$i.mobileconfig
		done
	done
	# decrypted: for the owner's eyes alone
	[ "$(stat -c %a back/p1.mobileconfig)" = 600 ]
	[ "$(ls -A out back | grep -vcE '^(p[1-9].mobileconfig|out:|back:|)$')" -eq 0 ]
}

@test "-i: each over itself, its mode and a link kept" {
	cp -r in here
	chmod 640 here/p1.mobileconfig
	ln -s p2.mobileconfig here/link.mobileconfig
	rm here/p[4-9]*
	run mcprofile-encrypt --to device.pem -i here/p1.mobileconfig here/link.mobileconfig here/p3.mobileconfig
	[ "$status" -eq 0 ]
	[ "$output" = "3 encrypted" ]
	[ "$(stat -c %a here/p1.mobileconfig)" = 640 ]
	[ -L here/link.mobileconfig ]
	[ "$(grep -l EncryptedPayloadContent here/* | wc -l)" -eq 4 ]
	not grep -q secret here/*
	# again: each is refused, and stays as it is
	cksum here/* > before
	run mcprofile-encrypt --to device.pem -i here/p1.mobileconfig here/p3.mobileconfig
	[ "$status" -eq 65 ]
	[ "$output" = "here/p1.mobileconfig: already encrypted
here/p3.mobileconfig: already encrypted
mcprofile-encrypt: 0 encrypted, 2 failed" ]
	cksum here/* | cmp - before
}

@test "one bad file does not stop the rest, and the exit status tells" {
	mkdir here
	cp in/p1.mobileconfig in/p3.mobileconfig here
	echo hello > here/p2.mobileconfig
	: > here/p4.mobileconfig
	for j in 1 3; do
		rm -rf out
		run mcprofile-encrypt --to device.pem --out-dir out -j $j here here/nope.mobileconfig
		show
		[ "$status" -eq 65 ]
		[ "${lines[0]}" = "here/p2.mobileconfig: 1:1: syntax error" ]
		[ "${lines[1]}" = "here/p4.mobileconfig: 1:1: is empty" ]
		[ "${lines[2]}" = "here/nope.mobileconfig: No such file or directory" ]
		[ "${lines[3]}" = "mcprofile-encrypt: 2 encrypted, 3 failed" ]
		[ "$(ls out)" = "p1.mobileconfig
p3.mobileconfig" ]
	done
}

@test "one file with a folder: no summary, its own error" {
	run mcprofile-encrypt --to device.pem --out-dir out in/p1.mobileconfig
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run mcprofile-encrypt --to device.pem --out-dir out out/p1.mobileconfig
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-encrypt: out/p1.mobileconfig: would be written over itself; --in-place says that it may" ]
	run mcprofile-encrypt --to device.pem --out-dir back out/p1.mobileconfig
	[ "$status" -eq 65 ]
	[ "$output" = "mcprofile-encrypt: out/p1.mobileconfig: already encrypted" ]
}

@test "where many go must be said, and be possible" {
	run mcprofile-encrypt --to device.pem in
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-encrypt: 9 files: --out-dir DIR or --in-place says where they go" ]
	run mcprofile-encrypt -d $KEY in/p1.mobileconfig in/p2.mobileconfig
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-encrypt: 2 files: --out-dir DIR says where they go" ]
	mkdir -p here/a here/b
	cp in/p1.mobileconfig here/a
	cp in/p1.mobileconfig here/b
	run mcprofile-encrypt --to device.pem --out-dir out here
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-encrypt: here/a/p1.mobileconfig and here/b/p1.mobileconfig would be one file, out/p1.mobileconfig" ]
	[ ! -e out ]
	run mcprofile-encrypt --to device.pem --out-dir out < in/p1.mobileconfig
	[ "$status" -eq 64 ]
	[ "$output" = "mcprofile-encrypt: standard input has no name to be kept" ]
	run mcprofile-encrypt --to device.pem --out-dir device.pem in
	[ "$status" -eq 74 ]
	run mcprofile-encrypt --to device.pem --out-dir /proc/nope in
	[ "$status" -eq 74 ]
}

@test "a signal: workers end, and nothing is left half made" {
	mkdir here
	for i in $(seq 400); do
		cp in/p1.mobileconfig here/$i.mobileconfig
	done
	mcprofile-encrypt --to device.pem --out-dir out -j 2 here 2> words 3>&- &
	pid=$!
	for i in $(seq 500); do
		[ "$(ls out 2> /dev/null | wc -l)" -lt 3 ] || break
		sleep 0.01
	done
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 143 ]
	n=$(ls out | wc -l)
	[ "$n" -ge 3 ]
	[ "$n" -lt 400 ]
	[ "$(ls -A out | grep -vc '^[0-9]*\.mobileconfig$')" -eq 0 ]
	for f in out/*; do
		tail -n 1 "$f" | grep -qx '</plist>'
	done
}

@test "recipients in a folder: certificates in it and below, each once" {
	mkdir -p people/more
	cp device.pem people/
	cp device.pem people/again.crt
	openssl x509 -in other.pem -outform DER -out people/more/other.cer
	echo "not a certificate" > people/README
	mcprofile-encrypt --to people --to device.pem in/p1.mobileconfig > both
	python3 -c 'import plistlib, sys; sys.stdout.buffer.write(plistlib.load(open("both", "rb"))["EncryptedPayloadContent"])' > both.der
	[ "$(openssl cms -cmsout -print -inform DER -in both.der | grep -c 'd.ktri:')" -eq 2 ]
	for k in device other; do
		mcprofile-encrypt -d --cert $k.pem --key $k.key both | grep -q secret-1
	done
	run mcprofile-encrypt --to in in/p1.mobileconfig
	[ "$status" -eq 66 ]
	[ "$output" = "mcprofile-encrypt: --to: in: holds no certificate (*.pem, *.cer, *.crt, *.der)" ]
	cp people/README people/x.pem
	run mcprofile-encrypt --to people in/p1.mobileconfig
	[ "$status" -eq 65 ]
	[ "$output" = "mcprofile-encrypt: --to: people/x.pem: holds no certificate" ]
}

@test "--all: which files of a folder this key opens" {
	mkdir -p here/sub
	mcprofile-encrypt --to device.pem in/p1.mobileconfig > here/a.mobileconfig
	mcprofile-encrypt --to other.pem in/p2.mobileconfig > here/b.mobileconfig
	mcprofile-encrypt --to other.pem --to device.pem in/p3.mobileconfig > both.plist
	openssl cms -sign -binary -nodetach -in both.plist -signer other.pem -inkey other.key -outform DER -out here/sub/c
	cp in/p4.mobileconfig here/d.mobileconfig
	: > here/e
	run mcprofile-encrypt -d $KEY --all here
	show
	[ "$status" -eq 0 ]
	[ "$output" = "FILE                 OPENS  CONTENT
here/a.mobileconfig  yes    com.acme.p1, 1 payload
here/b.mobileconfig  no     EncryptedPayloadContent: EnvelopedData: it is not addressed to this certificate
here/d.mobileconfig  -      not encrypted: no EncryptedPayloadContent
here/e               -      1:1: is empty
here/sub/c           yes    com.acme.p3, 1 payload" ]
	# ... and what they hold
	mcprofile-encrypt -d $KEY --all here --out-dir out > table
	[ "$(ls out)" = "a.mobileconfig
c" ]
	same out/c in/p3.mobileconfig
	[ "$(stat -c %a out/c)" = 600 ]
	rm here/a.mobileconfig here/sub/c
	run mcprofile-encrypt -d $KEY --all here
	[ "$status" -eq 1 ]
	[ "${lines[1]}" = "here/b.mobileconfig  no     EncryptedPayloadContent: EnvelopedData: it is not addressed to this certificate" ]
	[ "${lines[4]}" = "mcprofile-encrypt: here: none of 3 files is for this key" ]
	run mcprofile-encrypt -d $KEY --all nope
	[ "$status" -eq 66 ]
	[ "$output" = "mcprofile-encrypt: --all: nope: No such file or directory" ]
}

@test "--all: what is for the same name and number, but another key" {
	# as a re-issued certificate has it, or a forged one
	openssl req -x509 -new -key other.key -subj /CN=Device -days 3 -set_serial 0x$(openssl x509 -in device.pem -noout -serial | cut -d= -f2) -out twin.pem 2> /dev/null
	mkdir here
	mcprofile-encrypt --to twin.pem in/p1.mobileconfig > here/a.mobileconfig
	run mcprofile-encrypt -d $KEY --all here
	show
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "FILE                 OPENS  CONTENT" ]
	[ "$(grep -c secret <<< "$output")" -eq 0 ]
}

@test "what a device would refuse is not written, but by --no-lint" {
	sed '/PayloadUUID.*5D4A/d' in/p1.mobileconfig > bad
	run mcprofile-encrypt --to device.pem -o out bad
	[ "$status" -eq 1 ]
	[ "$output" = "mcprofile-encrypt: bad: a device would refuse it: PayloadUUID: PayloadUUID is missing, and required [MC1103] (--no-lint writes it all the same)" ]
	[ ! -e out ]
	mcprofile-encrypt --to device.pem --no-lint bad | grep -q EncryptedPayloadContent
}

@test "--allow-expired" {
	openssl req -new -key device.key -subj /CN=old -out old.csr
	openssl x509 -req -in old.csr -signkey device.key -days -1 -out old.pem 2> /dev/null
	run mcprofile-encrypt --to old.pem in/p1.mobileconfig
	[ "$status" -eq 13 ]
	[[ $output == "mcprofile-encrypt: --to: old.pem: expired at 2"*"Z (--allow-expired encrypts to it all the same)" ]]
	mcprofile-encrypt --to old.pem --allow-expired in/p1.mobileconfig | mcprofile-encrypt -d --cert old.pem --key device.key | grep -q secret-1
}

@test "a binary profile is one too" {
	python3 -c 'import plistlib; plistlib.dump(plistlib.load(open("in/p1.mobileconfig", "rb")), open("binary", "wb"), fmt=plistlib.FMT_BINARY)'
	mcprofile-encrypt --to device.pem binary | mcprofile-encrypt -d $KEY > xml
	same xml in/p1.mobileconfig
}
