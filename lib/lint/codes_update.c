/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

const struct mc_lint_code mc_codes_update[] = {
	{ 1600, MC_NOTICE, "update", "an update in place",
	    "The new profile has the identifier of the installed one, so it "
	    "takes its place as a whole.",
	    "Nothing is to be done." },
	{ 1601, MC_ERROR, "update-beside", "not an update of that profile",
	    "A device knows an update by the PayloadIdentifier of the top.  "
	    "With another one the new profile is installed beside the old one, "
	    "whose settings stay in force.",
	    "Keep the PayloadIdentifier, or remove the old profile as well." },
	{ 1602, MC_ERROR, "update-signer", "signed by somebody else",
	    "A signed profile is replaced only by one of the same signer, so "
	    "that nobody else can change it.  A server that manages the device "
	    "is trusted with it.",
	    "Sign with the same certificate; else have the old profile removed "
	    "first." },
	{ 1603, MC_ERROR, "update-unsigned", "no longer signed",
	    "A signed profile is not replaced by one without a signature, by "
	    "which anybody could change it.",
	    "Sign it with the certificate of the installed one "
	    "(mcprofile-sign)." },
	{ 1604, MC_NOTICE, "update-signed", "signed from now on",
	    "An unsigned profile may be followed by a signed one.  From then "
	    "on "
	    "the signer has to stay the same.",
	    "Nothing is to be done." },
	{ 1605, MC_ERROR, "update-scope", "another PayloadScope",
	    "A Mac keeps the profiles of the computer and of its users apart. "
	    "What is for the other is no update: it is refused, or both are "
	    "installed.",
	    "Keep PayloadScope (left out it is User), or remove the old "
	    "profile first." },
	{ 1606, MC_NOTICE, "update-passcode", "another removal passcode",
	    "Whoever is to remove the profile later needs the passcode of the "
	    "new one.",
	    "Tell those who have to know it." },
	{ 1610, MC_NOTICE, "payload-kept", "a payload as it was",
	    "Same PayloadUUID, same content: it stays in force.",
	    "Nothing is to be done." },
	{ 1611, MC_NOTICE, "payload-changed",
	    "a payload that changed under its UUID",
	    "The device takes the new content for the same payload, which "
	    "keeps accounts and identities.  Some settings are not looked at "
	    "again while the UUID is the same; that is inferred, not "
	    "documented.",
	    "Look at a device whether the change is in force.  A new "
	    "PayloadUUID forces it, at the price of an installation anew." },
	{ 1612, MC_NOTICE, "payload-reinstalled",
	    "a payload that is removed and installed again",
	    "With another PayloadUUID the old payload goes and the new one "
	    "comes: accounts, connections and identities begin anew.",
	    "Keep the PayloadUUID where only settings changed (mcprofile-gen "
	    "makes the same one from the same identifiers)." },
	{ 1613, MC_NOTICE, "payload-added", "a payload more",
	    "The new profile has a payload that the installed one has not.",
	    "Nothing is to be done." },
	{ 1614, MC_NOTICE, "payload-removed", "a payload less",
	    "What only the old profile has is removed from the device.",
	    "Nothing is to be done, if that is what is meant." },
	{ 1615, MC_NOTICE, "key-changed", "a key that changed",
	    "What the new profile says otherwise than the installed one.  "
	    "Values of secrets are not shown.",
	    "Nothing is to be done, if that is what is meant." },
	{ 1618, MC_NOTICE, "update-unseen", "encrypted content",
	    "Only the device can read it, so what becomes of the payloads "
	    "cannot be told.",
	    "Compare the profiles before they are encrypted." },
	{ 1619, MC_ERROR, "mdm-changed", "another MDM server",
	    "A device does not let an update change who manages it: it refuses "
	    "an MDM payload that does not match the installed one.",
	    "Enrol the device anew with the new server." },
	{ 1620, MC_ERROR, "update-unreadable", "a profile that is not readable",
	    "Without both profiles nothing can be compared, and no device "
	    "installs what cannot be read.",
	    "Lint that file by itself." },
	{ 0 },
};
