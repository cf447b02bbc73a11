# Recipes as verbs of mcprofile-gen: each that is shipped, with the least and
# with all it takes, read back by Python's plistlib; a site's own; refusals.
load ../helper

# The files that recipes take, made once.
setup_file() {
	cd "$BATS_FILE_TMPDIR"
	selfsigned root "/O=ACME Inc./CN=ACME Root"
	openssl req -newkey rsa:2048 -nodes -keyout mid.key -out mid.csr -subj "/CN=ACME Issuing" 2> /dev/null
	openssl x509 -req -in mid.csr -CA root.pem -CAkey root.key -out mid.pem -days 20 2> /dev/null
	# as servers have them: the root is there twice
	cat mid.pem root.pem root.pem > chain.pem
	openssl x509 -in root.pem -outform DER -out root.der
	openssl pkcs12 -export -inkey mid.key -in mid.pem -passout pass:x -out id.p12
	printf 'hunter2\n' > pw
	printf '\211PNG\r\n\032\n' > icon.png
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# make RECIPE WORD...: the profile in $BATS_TEST_TMPDIR/p, twice the same.
make_() {
	mcprofile-gen "$1" --identifier com.acme.x "${@:2}" > "$BATS_TEST_TMPDIR/p"
	mcprofile-gen "$1" --identifier com.acme.x "${@:2}" | cmp - "$BATS_TEST_TMPDIR/p"
}

# has EXPRESSION...: each is true of p, the profile; of() finds its payloads;
# uuid() is the UUID of the only one of a type.
has() {
	python3 - "$BATS_TEST_TMPDIR/p" "$@" <<-'PY'
		import plistlib, sys, re
		p = plistlib.load(open(sys.argv[1], 'rb'))
		content = p['PayloadContent']
		def of(t): return [c for c in content if c['PayloadType'] == 'com.apple.' + t]
		def only(t): (c,) = of(t); return c
		def uuid(t): return only(t)['PayloadUUID']
		uuids = [c['PayloadUUID'] for c in content] + [p['PayloadUUID']]
		assert len(set(uuids)) == len(uuids)
		ids = [c['PayloadIdentifier'] for c in content]
		assert len(set(ids)) == len(ids) and all(i.startswith('com.acme.x.') for i in ids)
		def walk(v, key=''):
		    # whatever is called a UUID is one of a payload that is there
		    if isinstance(v, dict):
		        for k, w in v.items(): walk(w, k)
		    elif isinstance(v, list):
		        for w in v: walk(w, key)
		    elif key.endswith('UUID'):
		        assert v in uuids, (key, v)
		    if isinstance(v, str):
		        assert '${' not in v and '@uuid' not in v, v
		walk(p)
		assert p['PayloadType'] == 'Configuration' and all(c['PayloadVersion'] == 1 for c in content)
		for e in sys.argv[2:]:
		    assert eval(e), (e, p)
	PY
}

scep=(--identity scep --scep-url https://ca.acme.com/scep --subject "/O=ACME Inc./CN=%SerialNumber%")

@test "the recipes are verbs, and listed" {
	verbs=$(mcprofile-gen --help=verbs)
	for r in acme ca-certificate mail mdm passcode-policy removal-password vpn-ikev2 webclip wifi wifi-eap-tls; do
		grep -qx "$r" <<< "$verbs"
		mcprofile-gen recipes | grep -q "^$r  *mcprofile-gen  *[a-z]"
		mcprofile-gen --help | grep -q "^  $r  "
		mcprofile-gen "$r" --help | grep -q "^usage: mcprofile-gen $r \[OPTION...\]"
		mcprofile-gen "$r" --help=words | grep -qx -- --identifier=
		mcprofile-gen recipe "$r" | cmp - "$SRC/share/templates/$r.recipe"
	done
	[ "$(mcprofile-gen recipes | wc -l)" -eq "$(ls "$SRC"/share/templates/*.recipe | wc -l)" ]
	not grep -q identity <<< "$verbs"
	mcprofile-gen mdm --help | grep -q '^      --scep-url=URL  *of the SCEP server, without a query (required with --identity scep)$'
	mcprofile-gen mdm --help | grep -q '^      --identity=scep|acme|p12 .* (required)$'
	mcprofile-gen mdm --help | grep -A1 -x '      --acme-client-identifier=TEXT' | grep -q '^  *what the ACME server knows this device by'
}

@test "mdm" {
	make_ mdm --url https://mdm.acme.com/mdm --topic com.apple.mgmt.External.x "${scep[@]}"
	has 'len(content) == 2' 'p["PayloadScope"] == "System"' 'p["PayloadDisplayName"] == "Device Management"' \
	    'only("mdm")["IdentityCertificateUUID"] == uuid("security.scep")' \
	    'only("mdm")["ServerURL"] == "https://mdm.acme.com/mdm" and only("mdm")["Topic"] == "com.apple.mgmt.External.x"' \
	    'only("mdm")["AccessRights"] == 8191 and only("mdm")["CheckOutWhenRemoved"] is True' \
	    'not {"SignMessage", "CheckInURL", "ServerCapabilities", "EnrollmentMode"} & set(only("mdm"))' \
	    'only("security.scep")["PayloadContent"]["Subject"] == [[["O", "ACME Inc."]], [["CN", "%SerialNumber%"]]]' \
	    'only("security.scep")["PayloadContent"]["Keysize"] == 2048 and only("security.scep")["PayloadContent"]["Key Usage"] == 5' \
	    '"Challenge" not in only("security.scep")["PayloadContent"]'
	make_ mdm --url https://mdm.acme.com/mdm --topic com.apple.mgmt.External.x --identity acme \
	    --acme-directory-url https://acme.acme.com/dir --acme-client-identifier C02 --subject /CN=x --alt-dns a.acme.com \
	    --check-in-url https://mdm.acme.com/in --access-rights 3 --sign-message --no-check-out --development \
	    --capability com.apple.mdm.bootstraptoken --capability com.apple.mdm.per-user-connections \
	    --enrollment-mode ADDE --managed-account a@acme.com --trust chain.pem \
	    --name MDM --organization ACME --description d --scope User --removal-disallowed --consent en=yes --expiration-date 2030-01-01
	has 'p["PayloadScope"] == "User" and p["PayloadDisplayName"] == "MDM" and p["PayloadRemovalDisallowed"] is True' \
	    'p["ConsentText"] == {"en": "yes"} and p["PayloadOrganization"] == "ACME"' \
	    'len(of("security.root")) == 1 and len(of("security.pkcs1")) == 1' \
	    'only("mdm")["IdentityCertificateUUID"] == uuid("security.acme")' \
	    'only("mdm")["ServerCapabilities"] == ["com.apple.mdm.bootstraptoken", "com.apple.mdm.per-user-connections"]' \
	    'only("mdm")["AccessRights"] == 3 and only("mdm")["SignMessage"] is True and only("mdm")["CheckOutWhenRemoved"] is False' \
	    'only("mdm")["UseDevelopmentAPNS"] is True and only("mdm")["EnrollmentMode"] == "ADDE"' \
	    'only("mdm")["AssignedManagedAppleID"] == "a@acme.com" and only("mdm")["CheckInURL"] == "https://mdm.acme.com/in"' \
	    'only("security.acme")["KeySize"] == 384 and only("security.acme")["HardwareBound"] is True and only("security.acme")["Attest"] is True' \
	    'only("security.acme")["SubjectAltName"] == {"dNSName": "a.acme.com"}'
}

@test "acme" {
	make_ acme --directory-url https://acme.acme.com/dir --client-identifier C02 --subject /CN=x
	has 'len(content) == 1' 'only("security.acme")["KeyType"] == "ECSECPrimeRandom" and only("security.acme")["KeySize"] == 384' \
	    'only("security.acme")["HardwareBound"] is True and only("security.acme")["Attest"] is True' \
	    '"SubjectAltName" not in only("security.acme") and only("security.acme")["Subject"] == [[["CN", "x"]]]'
	make_ acme --directory-url https://acme.acme.com/dir --client-identifier C02 --subject /CN=x --key rsa4096 \
	    --alt-email a@b.c --alt-upn u --alt-dns d --usage 5 --extended-usage 1.3.6.1.5.5.7.3.2
	has 'only("security.acme")["KeyType"] == "RSA" and only("security.acme")["KeySize"] == 4096' \
	    'only("security.acme")["HardwareBound"] is False and only("security.acme")["Attest"] is False' \
	    'only("security.acme")["UsageFlags"] == 5 and only("security.acme")["ExtendedKeyUsage"] == ["1.3.6.1.5.5.7.3.2"]' \
	    'len(only("security.acme")["SubjectAltName"]) == 3'
	make_ acme --directory-url https://acme.acme.com/dir --client-identifier C02 --subject /CN=x --key p256 --no-attestation
	has 'only("security.acme")["KeySize"] == 256 and only("security.acme")["HardwareBound"] is True and only("security.acme")["Attest"] is False'
}

@test "wifi-eap-tls" {
	make_ wifi-eap-tls --ssid ACME "${scep[@]}"
	has 'only("wifi.managed")["PayloadCertificateUUID"] == uuid("security.scep")' \
	    'only("wifi.managed")["EAPClientConfiguration"] == {"AcceptEAPTypes": [13], "TLSMinimumVersion": "1.2"}' \
	    'only("wifi.managed")["EncryptionType"] == "WPA2" and only("wifi.managed")["AutoJoin"] is True' \
	    'p["PayloadDisplayName"] == "Wi-Fi ACME" and len(content) == 2'
}

@test "wifi-eap-tls: anchors, each once, and a text that looks like more is text" {
	make_ wifi-eap-tls --ssid '@ACME' --security WPA3 --hidden --no-auto-join --server-name '*.acme.com' --server-name r.acme.com \
	    --trust chain.pem --trust root.der --min-tls 1.3 --user u --outer-identity anonymous --mode System --identity p12 --p12 id.p12 --p12-password file:pw
	has 'only("wifi.managed")["SSID_STR"] == "@ACME" and only("wifi.managed")["SetupModes"] == ["System"]' \
	    'only("wifi.managed")["PayloadCertificateUUID"] == uuid("security.pkcs12")' \
	    'only("wifi.managed")["EAPClientConfiguration"]["PayloadCertificateAnchorUUID"] == [uuid("security.pkcs1"), uuid("security.root")]' \
	    'only("wifi.managed")["EAPClientConfiguration"]["TLSTrustedServerNames"] == ["*.acme.com", "r.acme.com"]' \
	    'only("wifi.managed")["EAPClientConfiguration"]["TLSMaximumVersion"] == "1.3"' \
	    'only("wifi.managed")["HIDDEN_NETWORK"] is True and only("wifi.managed")["AutoJoin"] is False' \
	    'only("security.pkcs12")["PayloadContent"] == open("id.p12", "rb").read() and only("security.pkcs12")["Password"] == "hunter2"'
}

@test "vpn-ikev2" {
	make_ vpn-ikev2 --server vpn.acme.com --local-id a@acme.com "${scep[@]}"
	has 'only("vpn.managed")["VPNType"] == "IKEv2" and only("vpn.managed")["UserDefinedName"] == "vpn.acme.com"' \
	    'only("vpn.managed")["IKEv2"]["PayloadCertificateUUID"] == uuid("security.scep")' \
	    'only("vpn.managed")["IKEv2"]["AuthenticationMethod"] == "Certificate" and only("vpn.managed")["IKEv2"]["LocalIdentifier"] == "a@acme.com"' \
	    'only("vpn.managed")["IKEv2"]["RemoteIdentifier"] == only("vpn.managed")["IKEv2"]["RemoteAddress"] == "vpn.acme.com"' \
	    'only("vpn.managed")["IKEv2"]["IKESecurityAssociationParameters"] == {"EncryptionAlgorithm": "AES-256-GCM", "IntegrityAlgorithm": "SHA2-384", "DiffieHellmanGroup": 20}' \
	    'only("vpn.managed")["IKEv2"]["ChildSecurityAssociationParameters"] == only("vpn.managed")["IKEv2"]["IKESecurityAssociationParameters"]' \
	    'only("vpn.managed")["IKEv2"]["EnablePFS"] == 1 and "CertificateType" not in only("vpn.managed")["IKEv2"] and "DNS" not in only("vpn.managed")'
	make_ vpn-ikev2 --server vpn.acme.com --local-id a@acme.com "${scep[@]}" --scep-challenge file:pw --scep-name CA --scep-key-size 4096 \
	    --remote-id r.acme.com --vpn-name VPN --server-ca-name "ACME Root" --certificate-type RSA-PSS --server-name r.acme.com --trust root.pem \
	    --encryption AES-256 --integrity SHA2-256 --dh-group 14 --no-pfs --check-revocation --on-demand --all-networks --mtu 1300 --dns 10.0.0.1 --dns-domain acme.com
	has 'only("vpn.managed")["IKEv2"]["RemoteIdentifier"] == "r.acme.com" and only("vpn.managed")["UserDefinedName"] == "VPN"' \
	    'only("vpn.managed")["IKEv2"]["ServerCertificateIssuerCommonName"] == "ACME Root" and only("vpn.managed")["IKEv2"]["CertificateType"] == "RSA-PSS"' \
	    'only("vpn.managed")["IKEv2"]["OnDemandRules"] == [{"Action": "Connect"}] and only("vpn.managed")["IKEv2"]["OnDemandEnabled"] == 1' \
	    'only("vpn.managed")["IKEv2"]["EnablePFS"] == 0 and only("vpn.managed")["IKEv2"]["MTU"] == 1300 and only("vpn.managed")["IKEv2"]["IncludeAllNetworks"] == 1' \
	    'only("vpn.managed")["DNS"] == {"DNSProtocol": "Cleartext", "ServerAddresses": ["10.0.0.1"], "SupplementalMatchDomains": ["acme.com"]}' \
	    'only("security.scep")["PayloadContent"]["Challenge"] == "hunter2" and only("security.scep")["PayloadContent"]["Keysize"] == 4096' \
	    'len(of("security.root")) == 1'
	# a type of certificate means nothing to a device without the CA's name
	run -64 mcprofile-gen vpn-ikev2 --identifier com.acme.x --server v --local-id a "${scep[@]}" --certificate-type RSA
	[ "$output" = "mcprofile-gen: --certificate-type RSA|RSA-PSS|ECDSA256|ECDSA384|ECDSA521 is only with --server-ca-name" ]
}

@test "mail" {
	make_ mail --address a@acme.com --incoming-server imap.acme.com --outgoing-server smtp.acme.com
	has 'len(content) == 1 and only("mail.managed")["EmailAccountType"] == "EmailTypeIMAP"' \
	    'only("mail.managed")["IncomingMailServerPortNumber"] == 993 and only("mail.managed")["OutgoingMailServerPortNumber"] == 587' \
	    'only("mail.managed")["IncomingMailServerUseSSL"] is True and only("mail.managed")["OutgoingMailServerUseSSL"] is True' \
	    'only("mail.managed")["IncomingMailServerUsername"] == only("mail.managed")["OutgoingMailServerUsername"] == "a@acme.com"' \
	    'only("mail.managed")["OutgoingPasswordSameAsIncomingPassword"] is True' \
	    'not {"IncomingPassword", "OutgoingPassword", "SMIMESigningEnabled"} & set(only("mail.managed"))'
	mcprofile-gen mail --identifier com.acme.x --address a@acme.com --full-name "A. Cme" --account-name Work --type pop --incoming-server pop.acme.com --incoming-port 1995 \
	    --incoming-user in --incoming-password file:pw --path-prefix x --outgoing-server smtp.acme.com --outgoing-port 465 --outgoing-user out \
	    --outgoing-password fd:4 --prevent-move --prevent-app-sheet "${scep[@]}" --alt-email a@acme.com 4< pw > "$BATS_TEST_TMPDIR/p"
	has 'only("mail.managed")["EmailAccountType"] == "EmailTypePOP" and only("mail.managed")["IncomingMailServerPortNumber"] == 1995' \
	    'only("mail.managed")["IncomingMailServerUsername"] == "in" and only("mail.managed")["OutgoingMailServerUsername"] == "out"' \
	    'only("mail.managed")["IncomingPassword"] == "hunter2" and only("mail.managed")["OutgoingPassword"] == "hunter2"' \
	    'only("mail.managed")["OutgoingPasswordSameAsIncomingPassword"] is False and only("mail.managed")["PreventMove"] is True' \
	    'only("mail.managed")["SMIMESigningCertificateUUID"] == only("mail.managed")["SMIMEEncryptionCertificateUUID"] == uuid("security.scep")' \
	    'only("security.scep")["PayloadContent"]["SubjectAltName"] == {"rfc822Name": "a@acme.com"}'
	make_ mail --address a@acme.com --incoming-server i --outgoing-server o --outgoing-authentication none
	has 'only("mail.managed")["OutgoingMailServerAuthentication"] == "EmailAuthNone"' \
	    'not {"OutgoingMailServerUsername", "OutgoingPasswordSameAsIncomingPassword"} & set(only("mail.managed"))'
}

@test "ca-certificate: PEM and DER, one payload for each certificate" {
	make_ ca-certificate root.der
	has 'only("security.root")["PayloadContent"] == open("root.der", "rb").read() and only("security.root")["PayloadDisplayName"] == "ACME Root"'
	keep=$(python3 -c 'import plistlib,sys; print(plistlib.load(open(sys.argv[1],"rb"))["PayloadContent"][0]["PayloadUUID"])' "$BATS_TEST_TMPDIR/p")
	make_ ca-certificate chain.pem root.der
	has 'len(content) == 2 and only("security.pkcs1")["PayloadDisplayName"] == "ACME Issuing"' \
	    "uuid('security.root') == '$keep'"
	run -64 mcprofile-gen ca-certificate --identifier com.acme.x
	[ "$output" = "mcprofile-gen: FILE is required" ]
	run -65 mcprofile-gen ca-certificate --identifier com.acme.x pw
	[ "$output" = "mcprofile-gen: pw: holds no certificate" ]
	run -66 mcprofile-gen ca-certificate --identifier com.acme.x nope
	[ "$output" = "mcprofile-gen: nope: No such file or directory" ]
}

@test "webclip" {
	make_ webclip --label Intranet --url https://intranet.acme.com
	has 'only("webClip.managed")["URL"] == "https://intranet.acme.com" and only("webClip.managed")["IsRemovable"] is True' \
	    '"Icon" not in only("webClip.managed") and p["PayloadDisplayName"] == "Intranet"'
	make_ webclip --label Intranet --url https://intranet.acme.com --icon icon.png --not-removable --full-screen --precomposed --app com.acme.app --ignore-manifest-scope
	has 'only("webClip.managed")["Icon"] == b"\x89PNG\r\n\x1a\n" and only("webClip.managed")["IsRemovable"] is False' \
	    'all(only("webClip.managed")[k] is True for k in ("FullScreen", "Precomposed", "IgnoreManifestScope"))'
	run -64 mcprofile-gen webclip --identifier com.acme.x --label Intranet --url https://i --ignore-manifest-scope
	[ "$output" = "mcprofile-gen: --ignore-manifest-scope is only with --full-screen" ]
}

@test "removal-password and passcode-policy" {
	make_ removal-password --password file:pw
	has 'p["HasRemovalPasscode"] is True and only("profileRemovalPassword")["RemovalPassword"] == "hunter2"'
	make_ passcode-policy
	has 'only("mobiledevice.passwordpolicy")["forcePIN"] is True and len(only("mobiledevice.passwordpolicy")) == 6'
	make_ passcode-policy --min-length 8 --min-complex 1 --alphanumeric --no-simple --max-age 90 --history 5 --max-failed 10 --max-inactivity 5 --max-grace 1 --change-at-login
	has 'len(only("mobiledevice.passwordpolicy")) == 16 and only("mobiledevice.passwordpolicy")["allowSimple"] is False' \
	    'only("mobiledevice.passwordpolicy")["minLength"] == 8 and only("mobiledevice.passwordpolicy")["pinHistory"] == 5'
	run -64 mcprofile-gen passcode-policy --identifier com.acme.x --min-length 17
	[ "$output" = "mcprofile-gen: --min-length: com.apple.mobiledevice.passwordpolicy: minLength=17: want 0 to 16" ]
}

@test "wifi" {
	make_ wifi --ssid ACME --password file:pw
	has 'only("wifi.managed")["Password"] == "hunter2" and only("wifi.managed")["EncryptionType"] == "WPA2"'
	make_ wifi --ssid ACME --security WPA3 --hidden --no-auto-join
	has '"Password" not in only("wifi.managed") and only("wifi.managed")["HIDDEN_NETWORK"] is True'
}

@test "UUIDs stay over an update, and are new where that is wanted" {
	make_ wifi --ssid ACME
	cp "$BATS_TEST_TMPDIR/p" "$BATS_TEST_TMPDIR/old"
	make_ wifi --ssid OTHER --hidden
	diff <(grep -A1 UUID "$BATS_TEST_TMPDIR/old") <(grep -A1 UUID "$BATS_TEST_TMPDIR/p")
	not diff -q <(grep -A1 UUID "$BATS_TEST_TMPDIR/old") <(mcprofile-gen wifi --identifier com.acme.x --ssid OTHER --uuid random | grep -A1 UUID)
}

@test "a secret is in no message, and not in argv; what holds it is its owner's" {
	run -64 mcprofile-gen wifi --identifier com.acme.x --ssid ACME --password hunter2
	[ "$output" = "mcprofile-gen: --password: want file:PATH, fd:N or env:NAME, not the secret itself" ]
	printf 'hunter2\001\n' > "$BATS_TEST_TMPDIR/bad"
	run -64 mcprofile-gen wifi --identifier com.acme.x --ssid ACME --password "file:$BATS_TEST_TMPDIR/bad"
	[ "$output" = "mcprofile-gen: --password: what it names is no value for Password" ]
	umask 022
	mcprofile-gen wifi --identifier com.acme.x --ssid ACME --password file:pw -o "$BATS_TEST_TMPDIR/secret"
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/secret")" = 600 ]
	mcprofile-gen wifi --identifier com.acme.x --ssid ACME -o "$BATS_TEST_TMPDIR/open"
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/open")" = 644 ]
	mcprofile-gen wifi-eap-tls --identifier com.acme.x --ssid ACME --identity p12 --p12 id.p12 -o "$BATS_TEST_TMPDIR/key"
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/key")" = 600 ]
}

@test "options that are missing, or make no sense together" {
	mdm=(mcprofile-gen mdm --identifier com.acme.x --url https://m --topic t)
	run -64 "${mdm[@]}"
	[ "$output" = "mcprofile-gen: --identity scep|acme|p12 is required" ]
	run -64 "${mdm[@]}" --identity scp
	[ "$output" = "mcprofile-gen: --identity: want one of scep|acme|p12, not scp" ]
	run -64 "${mdm[@]}" --identity scep
	[ "$output" = "mcprofile-gen: --scep-url URL is required with --identity scep" ]
	run -64 "${mdm[@]}" "${scep[@]}" --p12 id.p12
	[ "$output" = "mcprofile-gen: --p12 FILE is only with --identity p12" ]
	run -64 "${mdm[@]}" "${scep[@]}" --url http://m
	[ "$output" = "mcprofile-gen: --url: com.apple.mdm: ServerURL=http://m: want text like /^https://.*\$/" ]
	run -64 mcprofile-gen mdm --url https://m --topic t "${scep[@]}"
	[ "$output" = "mcprofile-gen: --identifier NAME is required" ]
	run -64 "${mdm[@]}" more
	[ "$output" = "mcprofile-gen: more: one word too many" ]
	run -64 mcprofile-gen mdmm
	[ "$output" = "mcprofile-gen: mdmm: no such verb; did you mean mdm?" ]
	run -66 mcprofile-gen recipe wfi
	[ "$output" = "mcprofile-gen: wfi: no such recipe; did you mean wifi?" ]
	run -66 mcprofile-gen recipe zzzzz
	[ "$output" = "mcprofile-gen: zzzzz: no such recipe; mcprofile-gen recipes lists them" ]
}

@test "a site's own recipe: by its path, and by --templates before and after" {
	d="$BATS_TEST_TMPDIR/site"
	mkdir "$d"
	mcprofile-gen recipe wifi | sed 's/^summary.*/summary the Wi-Fi of ACME/; s/WPA2$/WPA3/' > "$d/wifi.recipe"
	mcprofile-gen recipe wifi-eap-tls > "$d/campus.recipe"
	printf 'summary guests\npayload com.acme.guests\n\tHours:=integer:5\n\t"a.b".c:=real:1.5\n' > "$d/guest.recipe"
	echo x > "$d/UPPER.recipe"
	make_ "$d/wifi.recipe" --ssid ACME
	has 'only("wifi.managed")["EncryptionType"] == "WPA3"'
	mcprofile-gen --templates "$d" wifi --identifier com.acme.x --ssid ACME | cmp - "$BATS_TEST_TMPDIR/p"
	mcprofile-gen wifi --templates="$d" --templates / --identifier com.acme.x --ssid ACME | cmp - "$BATS_TEST_TMPDIR/p"
	# a value that looks like the option is none
	mcprofile-gen wifi --identifier com.acme.x --ssid --templates="$d" | grep -q ">--templates=$d<"
	mcprofile-gen wifi --identifier com.acme.x --ssid --templates="$d" | grep -q '>WPA2<'
	run -64 mcprofile-gen wifi --identifier com.acme.x --ssid ACME --templates="$d"
	[ "$output" = "mcprofile-gen: --templates: want it right behind the recipe's name" ]
	mcprofile-gen wifi --identifier com.acme.x --ssid ACME | not cmp -s - "$BATS_TEST_TMPDIR/p"
	# the parts of the tools are there for it
	(cd "$d" && mcprofile-gen ./campus.recipe --identifier com.acme.x --ssid ACME "${scep[@]}") | grep -q com.apple.security.scep
	mcprofile-gen recipes --templates "$d" | grep -q "^wifi  *$d  *the Wi-Fi of ACME$"
	mcprofile-gen recipes --templates "$d" | grep -q "^mdm  *mcprofile-gen "
	mcprofile-gen recipes --templates "$d" | not grep -q UPPER
	mcprofile-gen recipe wifi --templates "$d" | cmp - "$d/wifi.recipe"
	mcprofile-gen --templates "$d" --help | grep -q "^  campus  "
	# and its own come first
	printf 'option identity text X\n\tx\npayload com.apple.mail.managed as identity\n\tEmailAddress=${identity}\n' > "$d/identity.part"
	mcprofile-gen "$d/campus.recipe" --help | grep -q '^      --identity=X'
	mcprofile-gen --templates "$d" mdm --help | grep -q '^      --identity=X'
	run -64 mcprofile-gen --templates "$d" recipes
	[ "$output" = "mcprofile-gen: --templates: only a RECIPE has it in front" ]
	run -66 mcprofile-gen recipes --templates "$d/none"
	[ "$output" = "mcprofile-gen: --templates: $d/none: No such file or directory" ]
	run -66 mcprofile-gen "$d/none.recipe"
	[ "$output" = "mcprofile-gen: $d/none.recipe: No such file or directory" ]
}

@test "a value that does not fit is the fault of the option with the secret in it" {
	d="$BATS_TEST_TMPDIR"
	printf 'summary s\noption s secret SECRET\n\ts\noption n text TEXT\n\tn\npayload com.apple.wifi.managed\n\tSSID_STR=x\n\tProxyServerPort=${s}${n}\n' > "$d/r.recipe"
	printf 'abc\n' > "$d/s"
	run -64 mcprofile-gen "$d/r.recipe" --identifier com.acme.x --s "file:$d/s" --n 1
	[ "$output" = "mcprofile-gen: --s: what it names is no value for ProxyServerPort" ]
}

@test "a recipe that is none: the place and the reason" {
	d="$BATS_TEST_TMPDIR"
	printf 'summary s\noption a text A\n\th\npayload com.apple.wifi.managed\n\tSSID=${a}\n' > "$d/r.recipe"
	run -64 mcprofile-gen "$d/r.recipe" --identifier com.acme.x --a b
	[ "$output" = "mcprofile-gen: --a: com.apple.wifi.managed: SSID: no such key; did you mean HESSID?" ] ||
	    [[ "$output" == "mcprofile-gen: --a: com.apple.wifi.managed: SSID: no such key"* ]]
	printf 'summary s\npayload com.apple.wifi.managed\n\tSSID_STR=@/etc/passwd\n' > "$d/r.recipe"
	run -65 mcprofile-gen "$d/r.recipe" --identifier com.acme.x
	[ "$output" = "mcprofile-gen: $d/r.recipe:3:11: a recipe names no files and secrets: want an option, or @@ for a plain @" ]
	: > "$d/r.recipe"
	run -65 mcprofile-gen "$d/r.recipe" --help
	[ "$output" = "mcprofile-gen: $d/r.recipe: no recipe: has no summary" ]
	head -c 300000 /dev/zero > "$d/r.recipe"
	run -65 mcprofile-gen "$d/r.recipe"
	[ "$output" = "mcprofile-gen: $d/r.recipe: more than 262144 bytes" ]
	head -c 1000 /dev/urandom > "$d/r.recipe"
	run -65 mcprofile-gen "$d/r.recipe"
	[[ "$output" == "mcprofile-gen: $d/r.recipe: holds a NUL" || "$output" == "mcprofile-gen: $d/r.recipe:"* ]]
	head -c 20000000 /dev/zero > "$d/r.recipe"
	run -65 mcprofile-gen "$d/r.recipe"
	[[ "$output" == "mcprofile-gen: $d/r.recipe: "* ]]
}

@test "each recipe's profile is one that mcprofile-lint has no error in" {
	type -P mcprofile-lint > /dev/null || skip "no mcprofile-lint in this build"
	mcprofile-gen mdm --identifier com.acme.x --url https://mdm.acme.com/mdm --topic com.apple.mgmt.External.x "${scep[@]}" | mcprofile-lint
	mcprofile-gen wifi-eap-tls --identifier com.acme.x --ssid ACME --server-name r.acme.com --trust chain.pem "${scep[@]}" | mcprofile-lint
	mcprofile-gen vpn-ikev2 --identifier com.acme.x --server vpn.acme.com --local-id a@acme.com "${scep[@]}" --dns 10.0.0.1 | mcprofile-lint
	mcprofile-gen mail --identifier com.acme.x --address a@acme.com --incoming-server i.acme.com --outgoing-server o.acme.com | mcprofile-lint
	mcprofile-gen acme --identifier com.acme.x --directory-url https://acme.acme.com/dir --client-identifier C02 --subject /CN=x | mcprofile-lint
	mcprofile-gen webclip --identifier com.acme.x --label Intranet --url https://intranet.acme.com | mcprofile-lint
	mcprofile-gen passcode-policy --identifier com.acme.x --min-length 8 | mcprofile-lint
	mcprofile-gen wifi --identifier com.acme.x --ssid ACME --password file:pw | mcprofile-lint
}

# The options that the manual has for a recipe, or for the part.
manual() { awk -v want=".Ss $1" '/^\.S[hs] /{ on = $0 == want } on && /^\.It /' "$SRC/man/mcprofile-recipe.5"; }

@test "the manual has every recipe, its options, and no other" {
	n=0
	manual identity > "$BATS_TEST_TMPDIR/part"
	[ "$(grep -c '^.*option ' "$SRC/share/templates/identity.part")" -eq "$(wc -l < "$BATS_TEST_TMPDIR/part")" ]
	for f in "$SRC"/share/templates/*.recipe; do
		r=$(basename "$f" .recipe)
		# up to the options that all have
		mcprofile-gen "$r" --help=mdoc | awk '/^\.It Fl -identifier /{ exit } /^\.It /' > "$BATS_TEST_TMPDIR/own"
		[ -s "$BATS_TEST_TMPDIR/own" ]
		if grep -q '^include identity' "$f"; then
			diff <(tail -n "$(wc -l < "$BATS_TEST_TMPDIR/part")" "$BATS_TEST_TMPDIR/own") "$BATS_TEST_TMPDIR/part"
			grep -vxF -f "$BATS_TEST_TMPDIR/part" "$BATS_TEST_TMPDIR/own" > "$BATS_TEST_TMPDIR/rest"
			mv "$BATS_TEST_TMPDIR/rest" "$BATS_TEST_TMPDIR/own"
		fi
		diff "$BATS_TEST_TMPDIR/own" <(manual "$r") || { echo "$r"; false; }
		n=$((n + 1))
	done
	[ "$n" -ge 10 ]
	[ "$(sed '1,/^\.Sh RECIPES/d; /^\.Sh /,$d' "$SRC/man/mcprofile-recipe.5" | grep -c '^\.Ss ')" -eq $((n + 1)) ]
}

@test "recipes are completed: verbs, options and choices" {
	offers() {
		bash --norc -c '
			source "$SRC/share/completions/mcprofile.bash"
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_mcprofile
			printf "%s\n" "${COMPREPLY[@]}"' offers "$@" 3>&- | sort | tr '\n' ' ' | sed 's/ $//'
	}
	[ "$(offers mcprofile-gen wifi-)" = wifi-eap-tls ]
	[ "$(offers mcprofile-gen mdm --acme-n)" = --acme-no-attestation ]
	[ "$(offers mcprofile-gen mdm --identity '')" = "acme p12 scep" ]
	[ "$(offers mcprofile-gen mail --type '')" = "imap pop" ]
}

@test "the manual's own recipe works" {
	sed -n '/^summary /,/^\.Ed/{ /^\.Ed/q; p; }' "$SRC/man/mcprofile-recipe.5" > "$BATS_TEST_TMPDIR/guests.recipe"
	make_ "$BATS_TEST_TMPDIR/guests.recipe" --password file:pw
	has 'len(content) == 1 and p["DurationUntilRemoval"] == 86400 and only("wifi.managed")["SSID_STR"] == "ACME-Guests"'
	make_ "$BATS_TEST_TMPDIR/guests.recipe" --password file:pw --portal https://www.acme.com
	has 'only("webClip.managed")["URL"] == "https://www.acme.com"'
}
