/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

const struct mc_lint_code mc_codes_enrolment[] = {
	{ 1400, MC_ERROR, "service-content",
	    "the content of a Profile Service is no dict",
	    "In a Profile Service PayloadContent is a dict with URL and "
	    "DeviceAttributes; devices refuse an array there.",
	    "Write it as a dict: mcprofile-gen profile-service does." },
	{ 1401, MC_ERROR, "service-url",
	    "a Profile Service without an https URL",
	    "The device posts what it is to that URL, and does so over https "
	    "only.",
	    "Give the https URL of the server, whose certificate the device "
	    "trusts by then." },
	{ 1402, MC_WARNING, "service-attributes",
	    "a Profile Service that asks for nothing",
	    "The device tells of itself what DeviceAttributes names, and "
	    "nothing else, so that the server cannot tell which device it is.",
	    "Ask for UDID, VERSION, PRODUCT and SERIAL." },
	{ 1403, MC_WARNING, "service-attribute", "no such device attribute",
	    "Devices leave out what they do not know, without a word.",
	    "Those that are known: UDID, VERSION, PRODUCT, SERIAL, IMEI, MEID, "
	    "ICCID, MAC_ADDRESS_EN0, DEVICE_NAME, COMPROMISED, LANGUAGE, "
	    "OS_VERSION; of a Mac NotOnConsole, UserID, UserLongName, "
	    "UserShortName." },
	{ 1404, MC_WARNING, "service-no-udid",
	    "a Profile Service that does not ask for UDID",
	    "The UDID is what one device is told from another by; most servers "
	    "refuse an answer without it.",
	    "Add UDID to DeviceAttributes." },
	{ 1405, MC_ERROR, "service-challenge",
	    "the Challenge is neither string nor data",
	    "The device sends it back as it is, and knows no other types.",
	    "Write it as a string." },
	{ 1406, MC_ERROR, "phase-identity",
	    "more or fewer than one identity in phase 2's answer",
	    "The device installs it to sign its next message with that "
	    "identity.  With more in it, or without one, that message never "
	    "comes.",
	    "Answer with one payload: scep, acme or pkcs12.  All else belongs "
	    "into the final profile." },
	{ 1408, MC_ERROR, "phase-type",
	    "another type of profile than the phase has",
	    "An enrolment over the air begins with a Profile Service, and each "
	    "answer after it is a Configuration profile.  Devices stop at "
	    "anything else.",
	    "Correct PayloadType, or --phase." },
	{ 1410, MC_WARNING, "scep-keysize", "a SCEP key of 1024 bits",
	    "RSA of 1024 bits can be broken, and many CAs and servers refuse "
	    "it.  Without Keysize older devices make such a key.",
	    "Set Keysize to 2048." },
	{ 1411, MC_WARNING, "scep-usage", "no such Key Usage",
	    "It is a sum of bits: 1 to sign, 4 to encrypt.  Devices ask for "
	    "what they understand of another value, and the CA may refuse it.",
	    "Set 5 for both; Microsoft's server issues 1 or 4 only." },
	{ 1412, MC_WARNING, "scep-query", "a query in the SCEP URL",
	    "iOS drops it, so that the server sees another URL than was meant; "
	    "the rest of the query is that of SCEP itself.",
	    "Put what must come back into the path." },
	{ 1413, MC_ERROR, "scep-url", "a SCEP URL that is no URL",
	    "The device has nowhere to ask for the certificate.",
	    "Write a whole http or https URL; SCEP encrypts by itself." },
	{ 1414, MC_ERROR, "subject-shape", "a Subject of another shape",
	    "It is an array of parts, each an array of pairs, each an array of "
	    "a type and a value: [[[O, ACME]], [[CN, Alice]]].  With one level "
	    "too few devices ask for an empty or wrong name, or refuse the "
	    "profile.",
	    "Write three levels of arrays; mcprofile-gen does so from "
	    "/O=ACME/CN=Alice." },
	{ 1415, MC_WARNING, "scep-key-type", "a SCEP key that is not RSA",
	    "Devices make RSA keys for SCEP and no others.",
	    "Set \"Key Type\" to RSA, or use ACME for elliptic curves." },
	{ 1416, MC_ERROR, "scep-fingerprint",
	    "a CAFingerprint that no CA can have",
	    "The device compares it with the digest of the CA's certificate, "
	    "and stops where they differ.",
	    "openssl x509 -in CA.pem -outform DER | openssl sha1 -binary | "
	    "base64 makes the data." },
	{ 1417, MC_WARNING, "scep-name", "Microsoft's SCEP server without Name",
	    "That server wants to be told which CA is meant, and answers an "
	    "empty name with an error.",
	    "Give the CA's name, as it calls itself, as Name." },
	{ 1418, MC_NOTICE, "scep-challenge", "SCEP without a Challenge",
	    "The user is asked for one when the profile is installed, and "
	    "where a server installs it nobody is.",
	    "Give a Challenge that holds once (mcprofile-gen scep), if the CA "
	    "wants one." },
	{ 1419, MC_WARNING, "subject-type", "an unknown part of a Subject",
	    "Devices know some words, C, L, ST, O, OU, CN, and OIDs; of "
	    "anything else the name they ask for is wrong.",
	    "Write the OID in its place." },
	{ 1420, MC_ERROR, "two-contents",
	    "PayloadContent and EncryptedPayloadContent",
	    "A profile has one or the other.  Devices refuse both at once, and "
	    "what was to be secret may be in the readable one.",
	    "Take PayloadContent out (mcprofile-encrypt does)." },
	{ 1421, MC_ERROR, "no-content", "a profile without any content",
	    "There is neither PayloadContent nor EncryptedPayloadContent: "
	    "devices refuse it as incomplete.",
	    "Add PayloadContent, an array of payloads." },
	{ 1422, MC_ERROR, "not-enveloped",
	    "encrypted content that is no EnvelopedData",
	    "EncryptedPayloadContent is <data> with a CMS EnvelopedData.  "
	    "Devices can open nothing else.",
	    "Encrypt it with mcprofile-encrypt, or openssl cms -encrypt "
	    "-outform DER." },
	{ 1423, MC_WARNING, "odd-envelope",
	    "encryption that devices are not known to read",
	    "Devices read RSA key transport, PKCS #1 version 1.5, with 3DES, "
	    "AES-128 or AES-256 in CBC mode.",
	    "mcprofile-encrypt makes AES-256." },
	{ 1424, MC_WARNING, "alternative-name",
	    "a SubjectAltName that is none of its kind",
	    "The CA refuses it, or issues a certificate that no server "
	    "accepts.",
	    "rfc822Name and ntPrincipalName are user@host, dNSName is one "
	    "host, uniformResourceIdentifier a whole URI." },
	{ 1431, MC_WARNING, "mdm-topic", "a Topic that is none of MDM",
	    "The server can wake the device by pushes for its certificate's "
	    "topic only, which begins with com.apple.mgmt.",
	    "Take it from the push certificate: openssl x509 -noout -subject, "
	    "the UID." },
	{ 1432, MC_WARNING, "mdm-rights", "odd AccessRights",
	    "It is a sum of bits up to 8191.  Devices refuse 0, bits that "
	    "there are not, 2 without 1, and 128 without 64.",
	    "8191 asks for all." },
	{ 1433, MC_ERROR, "mdm-several", "several MDM payloads",
	    "A device has one server that manages it, and refuses a profile "
	    "with two.",
	    "Take one out." },
	{ 1434, MC_ERROR, "mdm-url", "MDM without https",
	    "Devices speak to their server over https only, and refuse the "
	    "payload.",
	    "Write an https URL." },
	{ 1435, MC_NOTICE, "mdm-push", "pushes from the development service",
	    "UseDevelopmentAPNS is for Apple's own tests: pushes that are sent "
	    "the usual way do not arrive.",
	    "Leave the key out." },
	{ 1440, MC_ERROR, "acme-url", "an ACME server without https",
	    "ACME is spoken over https only (RFC 8555).",
	    "Write the https URL of the server's directory." },
	{ 1441, MC_ERROR, "acme-rsa", "RSA in the hardware",
	    "The Secure Enclave holds elliptic curve keys only, so that the "
	    "device cannot make the key, and the profile fails.",
	    "Set KeyType to ECSECPrimeRandom, KeySize to 384; or HardwareBound "
	    "to false." },
	{ 1442, MC_ERROR, "acme-keysize", "a key size that there is not",
	    "The device cannot make such a key, and the profile fails.",
	    "ECSECPrimeRandom: 256, 384, in software also 192 and 521.  RSA: "
	    "1024 to 4096 in steps of 8." },
	{ 1443, MC_ERROR, "acme-attest",
	    "attestation of a key that is not bound",
	    "Only for a key in its hardware can a device prove where it is: "
	    "with Attest, HardwareBound has to be true.",
	    "Set HardwareBound to true, or Attest to false." },
	{ 0 },
};
