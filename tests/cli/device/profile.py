#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The profiles of a server that is not ours: plistlib and openssl.

profile.py enroll URL CHALLENGE; profile.py scep URL CHALLENGE FINGERPRINT-HEX; profile.py final CERT. On standard output, unsigned.
"""
import plistlib, subprocess, sys

def profile(kind, **more):
    return dict(PayloadType=kind, PayloadVersion=1, PayloadIdentifier="com.example.test", PayloadDisplayName="Test",
                PayloadUUID="11111111-2222-4333-8444-555555555555", **more)

what, *args = sys.argv[1:]
if what == "enroll":
    out = profile("Profile Service", PayloadContent=dict(URL=args[0], Challenge=args[1],
                  DeviceAttributes=["UDID", "SERIAL", "IMEI", "UserLongName", "SHOE_SIZE"]))
elif what == "scep":
    out = profile("Configuration", PayloadContent=[profile("com.apple.security.scep", PayloadContent={
        "URL": args[0], "Name": "the CA", "Challenge": args[1], "Keysize": 2048, "Key Type": "RSA", "Key Usage": 5,
        "CAFingerprint": bytes.fromhex(args[2]), "Subject": [[["O", "Example"]], [["CN", "phone"]]]})])
else:
    inner = plistlib.dumps([profile("com.apple.webClip.managed", URL="https://example.com/")])
    box = subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "-aes256", args[0]], input=inner,
                         stdout=subprocess.PIPE, check=True).stdout
    out = profile("Configuration", EncryptedPayloadContent=box, PayloadOrganization="after")
sys.stdout.buffer.write(plistlib.dumps(out, sort_keys=False))
