/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

const struct mc_lint_code mc_codes_certificate[] = {
	{ 1300, MC_ERROR, "not-a-certificate",
	    "a certificate payload without a certificate",
	    "PayloadContent of com.apple.security.root, pkcs1 and pem is one "
	    "X.509 certificate.  With anything else the payload, and with it "
	    "the whole profile, is refused.",
	    "Put the certificate in: its file as it is, DER or PEM "
	    "(mcprofile-gen ca-certificate FILE)." },
	{ 1301, MC_NOTICE, "certificate-packing",
	    "another packing than the payload is for",
	    "Devices take PEM, text, within <data> as well as DER; other tools "
	    "that read profiles may not.",
	    "openssl x509 -in FILE -outform DER makes DER of it, and the "
	    "payload com.apple.security.pem is for PEM." },
	{ 1302, MC_ERROR, "certificate-expired", "a certificate has expired",
	    "Nothing that chains to it is trusted any more: Wi-Fi, VPN and "
	    "servers that depend on it do not connect.",
	    "Put in the one that followed it.  If it has to stay beside the "
	    "new one: <!-- mcprofile-lint: ignore MC1302 -->." },
	{ 1303, MC_WARNING, "certificate-early",
	    "a certificate is not valid yet",
	    "Until that day nothing that chains to it is trusted.",
	    "Wait with the profile, or look whether the CA's clock, or this "
	    "one, is wrong." },
	{ 1304, MC_WARNING, "certificate-expires",
	    "a certificate expires within 30 days",
	    "From then on nothing that chains to it is trusted, and the device "
	    "may no longer reach the server that has the new one.",
	    "Install the new one beside it now." },
	{ 1305, MC_WARNING, "weak-key", "a key that is too short",
	    "Apple's systems do not trust servers with RSA keys under 2048 "
	    "bits; under 1024 bits they take no certificate at all.",
	    "Have a certificate with RSA of 2048 bits or more, or with an "
	    "elliptic curve." },
	{ 1306, MC_WARNING, "weak-signature",
	    "a certificate that is signed with SHA-1 or MD5",
	    "Since iOS 13 and macOS 10.15 no TLS server is trusted with such a "
	    "certificate in its chain, other than the root itself.",
	    "Have it issued again with SHA-256." },
	{ 1307, MC_WARNING, "not-a-ca", "no CA in a payload for roots",
	    "com.apple.security.root makes a device trust what is issued by "
	    "the certificate, which this one cannot issue.  One server's "
	    "self-signed certificate is trusted for that server.",
	    "Put the CA's certificate in.  A certificate that is only to be "
	    "there, and not trusted as a root, goes into "
	    "com.apple.security.pkcs1." },
	{ 1308, MC_ERROR, "private-key",
	    "a private key where a certificate belongs",
	    "Everybody who gets the profile has the key, and can pass for its "
	    "owner.  The device makes no use of it.",
	    "Take it out, and have the certificate revoked if anybody has got "
	    "the file." },
	{ 1309, MC_WARNING, "several-certificates",
	    "several certificates in one payload",
	    "A payload is for one.  The others are passed over, so that a "
	    "chain stays incomplete.",
	    "Make a payload of each (mcprofile-gen ca-certificate takes them "
	    "apart)." },
	{ 1320, MC_ERROR, "not-pkcs12", "not PKCS #12",
	    "The payload com.apple.security.pkcs12 holds an identity, a "
	    "certificate with its private key, in PKCS #12.  Anything else is "
	    "refused.",
	    "openssl pkcs12 -export -in CERT.pem -inkey KEY.pem -out FILE "
	    "makes it." },
	{ 1321, MC_NOTICE, "pkcs12-asks", "PKCS #12 without its password",
	    "The user is asked for it when the profile is installed.  Where a "
	    "server installs it there is nobody to ask, and it fails.",
	    "That is safer than to send the password along.  For installation "
	    "by a server add Password and encrypt the profile, or use SCEP or "
	    "ACME." },
	{ 1322, MC_ERROR, "pkcs12-password",
	    "the password does not open the PKCS #12",
	    "The device cannot open it either, and refuses the profile or "
	    "asks the user.",
	    "Correct Password; look for blanks and line ends around it." },
	{ 1323, MC_WARNING, "pkcs12-in-clear",
	    "a private key that all can read",
	    "The file and its password travel together: whoever gets the "
	    "profile, from mail, a web server or a backup, has the identity.",
	    "Encrypt the profile to its device (mcprofile-encrypt), leave the "
	    "password out, or let the device make its own key: SCEP, ACME." },
	{ 0 },
};
