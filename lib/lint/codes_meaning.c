/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

const struct mc_lint_code mc_codes_meaning[] = {
	{ 1200, MC_ERROR, "duplicate-uuid", "a PayloadUUID is there twice",
	    "Devices tell payloads apart by their UUIDs.  iOS refuses a "
	    "profile "
	    "in which two payloads have the same one; what a Mac does with the "
	    "second one depends on its version.",
	    "Give each payload, and the profile, a UUID of its own "
	    "(uuidgen)." },
	{ 1201, MC_ERROR, "duplicate-identifier",
	    "a PayloadIdentifier is there twice",
	    "Payloads of one profile need identifiers of their own: iOS "
	    "refuses "
	    "the profile, and on a Mac an update may take one payload for the "
	    "other.  That a payload has the identifier of the profile itself "
	    "is common and works, but helps nobody who reads it.",
	    "Append a word to the profile's identifier for each payload: "
	    "com.acme.office.wifi, com.acme.office.vpn." },
	{ 1202, MC_WARNING, "uuid-form", "a PayloadUUID is not a UUID",
	    "Devices compare it as text, so that it does work; but it is not "
	    "unique in the world, which it has to be, and stricter tools "
	    "refuse it.",
	    "Write one that uuidgen makes: 8-4-4-4-12 hexadecimal digits." },
	{ 1203, MC_WARNING, "placeholder-uuid",
	    "a PayloadUUID was typed, not made",
	    "Others type the same one.  Two profiles, or payloads, with one "
	    "UUID cannot be told apart on a device, and one may take the "
	    "other's place.",
	    "Replace it by one that uuidgen makes, also where other payloads "
	    "refer to it." },
	{ 1204, MC_WARNING, "identifier-form",
	    "a PayloadIdentifier is not reverse DNS",
	    "An identifier says whose a profile is, and stays the same for "
	    "ever: by it devices know an update from another profile.  A word "
	    "alone may be somebody else's as well; with blanks and letters "
	    "outside of ASCII some servers cannot name it when they are to "
	    "remove it.",
	    "Begin with a domain that is yours, from behind: com.acme.wifi." },
	{ 1205, MC_ERROR, "dangling-reference",
	    "a reference to a payload that is not there",
	    "A payload names another one by its PayloadUUID, and only among "
	    "those of the same profile.  Without it there is no certificate to "
	    "log in with or to trust, and the payload does not install, or "
	    "does not connect.",
	    "Add the payload that is meant to this profile, or write its "
	    "PayloadUUID.  mcprofile-gen links them by @uuid:TYPE." },
	{ 1206, MC_ERROR, "reference-kind",
	    "a reference to the wrong kind of payload",
	    "To log in, a device needs an identity: a certificate with its "
	    "private key.  To trust others it needs a certificate alone.  "
	    "Where "
	    "one stands for the other, it does not install, or nothing "
	    "connects.",
	    "Refer to a pkcs12, scep or acme payload where an identity is "
	    "wanted, to root, pkcs1 or pem where a certificate is." },
	{ 1207, MC_WARNING, "reference-case",
	    "a reference that differs in case",
	    "Devices compare these UUIDs as text: with other letters it may "
	    "not be found.",
	    "Write the UUID exactly as the payload has it." },
	{ 1208, MC_NOTICE, "vpn-elsewhere",
	    "a per-app VPN that is not in this profile",
	    "A VPNUUID may well mean a VPN of another profile on the device; "
	    "without that one the account or the app does not connect.",
	    "Make sure that the other profile is installed first, or put both "
	    "into one." },
	{ 1210, MC_WARNING, "two-removals",
	    "RemovalDate and DurationUntilRemoval together",
	    "Whichever comes first removes the profile, so that one of them "
	    "does nothing, which one depends on the day of installation.",
	    "Keep the one that is meant." },
	{ 1211, MC_ERROR, "removal-past", "RemovalDate is in the past",
	    "A device does not keep a profile whose time is over: it is not "
	    "installed, or removed at once.",
	    "Set a date that is to come, or leave RemovalDate out." },
	{ 1212, MC_WARNING, "expired", "PayloadExpirationDate is in the past",
	    "The profile is installed as one that has expired: iOS shows it "
	    "so, "
	    "and offers an update where it came over the air.",
	    "Set a date that is to come, or leave it out." },
	{ 1213, MC_WARNING, "odd-duration", "an odd DurationUntilRemoval",
	    "It is in seconds.  With less than a minute nobody will see the "
	    "profile, with nothing or less it is not installed at all; with "
	    "more than ten years it is as good as none.",
	    "Count in seconds: 86400 a day, 2592000 thirty days." },
	{ 1215, MC_WARNING, "passcode-missing",
	    "HasRemovalPasscode without a passcode",
	    "The key only tells of a passcode; the passcode itself is in a "
	    "payload com.apple.profileRemovalPassword, which is not there.  So "
	    "everybody can remove the profile.",
	    "Add that payload (mcprofile-gen removal-password), or leave the "
	    "key out." },
	{ 1216, MC_NOTICE, "passcode-unsaid",
	    "a removal passcode without HasRemovalPasscode",
	    "The passcode works; tools that look at the profile do not see "
	    "that it has one.",
	    "Set HasRemovalPasscode to true." },
	{ 1218, MC_WARNING, "removable-anyway",
	    "PayloadRemovalDisallowed does not hold",
	    "On iOS and tvOS it counts on supervised devices only; on others "
	    "people remove the profile all the same.  And a profile with a "
	    "RemovalDate or DurationUntilRemoval goes by itself.",
	    "Have the device supervised, or use a removal passcode on a Mac." },
	{ 1219, MC_WARNING, "wrong-device",
	    "a payload that the TargetDeviceType has not",
	    "TargetDeviceType says for which kind of device a profile is, and "
	    "that kind knows no such payload: it is passed over, or the "
	    "profile refused.",
	    "Take the payload out, or correct TargetDeviceType: 1 iPhone and "
	    "iPad, 2 Apple Watch, 3 HomePod, 4 Apple TV, 5 Mac, 6 Vision "
	    "Pro." },
	{ 1220, MC_WARNING, "wrong-target",
	    "TargetDeviceType is none of the targets",
	    "The profile is checked for an operating system that its "
	    "TargetDeviceType leaves out, so it will not be offered there.",
	    "Correct TargetDeviceType, or --target." },
	{ 1221, MC_WARNING, "consent-default", "ConsentText without default",
	    "A device shows the text of its own language and else the one at "
	    "\"default\".  Without that one, people with other languages agree "
	    "to nothing they could read.",
	    "Add the text for everybody else at \"default\"." },
	{ 1223, MC_WARNING, "consent-language",
	    "a key of ConsentText is no language",
	    "A device looks for its language, as in \"en\" or \"de-CH\", and "
	    "for \"default\".  Text at another key is never shown.",
	    "Write the code of the language." },
	{ 1228, MC_WARNING, "empty-profile", "a profile without payloads",
	    "It sets nothing.  iOS has an error of its own for an empty "
	    "profile; a Mac installs it.",
	    "Add a payload to PayloadContent." },
	{ 1229, MC_ERROR, "profile-type", "no such type of profile",
	    "Devices take \"Configuration\", and \"Profile Service\" at the "
	    "beginning of an enrolment, and refuse everything else.",
	    "Set the PayloadType of the top to Configuration.  What payloads "
	    "are of is said in each of them." },
	{ 1231, MC_ERROR, "nested-profile", "a profile within a profile",
	    "PayloadContent holds payloads.  No device looks into a profile "
	    "that lies in another one.",
	    "Put the payloads of both into one: mcprofile-gen merge." },
	{ 1232, MC_NOTICE, "no-name", "no PayloadDisplayName",
	    "People who are asked whether to install it, or look through the "
	    "settings, see the identifier in its place.",
	    "Add a name that tells what the profile does." },
	{ 1240, MC_WARNING, "unfilled-variable",
	    "a variable that some server must fill in",
	    "Management systems replace such words by what they know of the "
	    "device or the user.  Devices take them as they are: a network "
	    "would be called \"{{ssid}}\".  Once the profile is signed nobody "
	    "can fill them in any more without breaking the signature.",
	    "Sign it after they were filled in (mcprofile-gen template), or "
	    "let "
	    "the server that fills them in sign it.  Where it is ordinary "
	    "text: "
	    "<!-- mcprofile-lint: ignore MC1240 -->." },
	{ 1250, MC_NOTICE, "plaintext-secret", "a secret that all can read",
	    "A signature hides nothing: who gets the file, by mail, from a "
	    "web server, from version control or a backup, has the secret.  "
	    "Many profiles cannot do without one.",
	    "Encrypt the profile to the device (mcprofile-encrypt), let people "
	    "type the secret in, or use certificates instead of it.  Keep the "
	    "file where others cannot read it." },
	{ 1260, MC_ERROR, "wifi-no-name", "a Wi-Fi network without a name",
	    "A device looks for the name of a network (SSID_STR), or for what "
	    "a Passpoint network is known by (DomainName and others).  With "
	    "neither of them there is nothing to join.",
	    "Add SSID_STR, or DomainName for a Passpoint network." },
	{ 1261, MC_ERROR, "ssid-length", "an SSID of more than 32 bytes",
	    "IEEE 802.11 has 32 bytes for it, so that no network is called "
	    "so.  Letters outside of ASCII take two bytes or more each.",
	    "Write the name as the access point sends it." },
	{ 1262, MC_WARNING, "passphrase-length",
	    "a passphrase that WPA does not have",
	    "WPA and WPA2 take 8 to 63 characters, or the key itself in 64 "
	    "hexadecimal digits.  With another one no device gets in.",
	    "Write the passphrase that the access point has." },
	{ 1263, MC_WARNING, "eap-open", "802.1X on a network without any",
	    "With EncryptionType None a network is open, and a device joins "
	    "it without logging in.",
	    "Set EncryptionType to WPA2, WPA3 or Any, or leave "
	    "EAPClientConfiguration out." },
	{ 1264, MC_WARNING, "eap-no-identity", "EAP-TLS without an identity",
	    "EAP-TLS logs in with a certificate and its key.  Without "
	    "PayloadCertificateUUID people are asked to choose one of those "
	    "they have; where there is none, or nobody to be asked, the "
	    "device does not get in.",
	    "Add a pkcs12, scep or acme payload, and its PayloadUUID as "
	    "PayloadCertificateUUID, beside EAPClientConfiguration." },
	{ 1265, MC_ERROR, "vpn-settings",
	    "a VPN without the settings of its VPNType",
	    "The settings of each VPNType are in a dict of their own: IKEv2 "
	    "in IKEv2, IPSec in IPSec, VPN (that is, an app's) in VPN, L2TP in "
	    "PPP.  Those of another type are not looked at.",
	    "Rename the dict, or correct VPNType." },
	{ 1270, MC_ERROR, "cannot-allow", "what a profile cannot allow",
	    "Access to the camera, the microphone, the screen and the "
	    "keyboard can be denied by a profile; people allow it "
	    "themselves.  For the last two of them (ScreenCapture, "
	    "ListenEvent) a profile can let those do so who are no "
	    "administrators: AllowStandardUserToSetSystemService, which is "
	    "for nothing else.",
	    "Deny it, or leave the entry out; for ScreenCapture and "
	    "ListenEvent: AllowStandardUserToSetSystemService." },
	{ 1271, MC_WARNING, "one-verdict",
	    "not one of Allowed and Authorization",
	    "Each entry has either Authorization (since macOS 11) or Allowed.  "
	    "With none of them nothing is decided; Apple does not say "
	    "which one counts where both are there.",
	    "Keep Authorization, or Allowed for Macs before macOS 11." },
	{ 1272, MC_ERROR, "no-receiver", "AppleEvents to nobody",
	    "Who may send AppleEvents may do so to one receiver, which the "
	    "entry names by its identifier, the kind of it, and a code "
	    "requirement.",
	    "Add AEReceiverIdentifier, AEReceiverIdentifierType and "
	    "AEReceiverCodeRequirement." },
	{ 1273, MC_WARNING, "extension-type", "no type of system extension",
	    "Apple has DriverExtension, NetworkExtension and "
	    "EndpointSecurityExtension.  Any other word allows nothing.",
	    "Write one of these three." },
	{ 1280, MC_WARNING, "key-in-data", "a private key where none belongs",
	    "Who gets the file has the key, and can pretend to be whom it is "
	    "of.  No payload but that for PKCS #12 has a use for one.",
	    "Take it out; where it has been given away already, revoke its "
	    "certificate, and make another key." },
	{ 1281, MC_WARNING, "icon-form", "an icon that is no picture",
	    "A device that cannot show it shows a picture of the page, or "
	    "nothing.",
	    "Give it a PNG: Icon=@icon.png with mcprofile-gen." },
	{ 0 },
};
