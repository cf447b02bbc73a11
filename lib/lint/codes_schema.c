/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

const struct mc_lint_code mc_codes_schema[] = {
	{ 1101, MC_NOTICE, "unknown-payload-type",
	    "a payload type that Apple does not describe",
	    "It may be the preference domain of an app, which macOS sets as "
	    "they are; iOS refuses or skips what it does not know.  A type "
	    "that is nearly one of Apple's is a warning: a slip of the pen "
	    "makes a payload that does nothing.",
	    "Correct the name, or describe the domain with --schema, so that "
	    "its keys can be checked." },
	{ 1102, MC_WARNING, "unknown-key",
	    "a key that its payload does not have",
	    "Devices skip keys they do not know, without a word: a setting "
	    "that is written wrong, or stands in the wrong dict, is not in "
	    "force.",
	    "Correct the name (mcprofile-gen describe TYPE lists them), or "
	    "move it to the dict that it belongs in." },
	{ 1103, MC_ERROR, "missing-key", "a required key is missing",
	    "A device refuses the payload, and with it the profile, or the "
	    "payload does nothing.",
	    "Add the key; mcprofile-gen describe TYPE KEY tells what it is." },
	{ 1104, MC_ERROR, "wrong-type", "a value of the wrong type",
	    "A device that expects another type refuses the profile, or takes "
	    "the key for absent.",
	    "Write the value with the element that is expected: <true/> and "
	    "not <string>true</string>." },
	{ 1105, MC_WARNING, "coerced-type",
	    "a value of another type, which macOS takes for the right one",
	    "Where 0 or 1 stands for a boolean, or text for a number, macOS "
	    "makes one of the other.  It is an error where another OS is a "
	    "target, which does not.  A whole number where a real is due is "
	    "the same to all of them, and not told.",
	    "Write the value with the element that is expected." },
	{ 1106, MC_ERROR, "value-not-allowed",
	    "a value that is none of those allowed",
	    "A device refuses the payload, or takes the default for it.  "
	    "Values are compared as they are: none is not None.",
	    "Choose one of the values that are listed." },
	{ 1107, MC_ERROR, "out-of-range", "a number out of its range",
	    "A device refuses the payload, or takes the default for it.",
	    "Choose a value within the range." },
	{ 1108, MC_WARNING, "bad-form", "a text that is not of the right form",
	    "A host name, a URL or a UUID is expected, and what is there is "
	    "none: what it is to reach or to name will not be found.",
	    "Correct the value." },
	{ 1109, MC_ERROR, "item-count", "an array with too many or few items",
	    "A device refuses the payload.",
	    "Look at how many items the key takes: mcprofile-gen describe TYPE "
	    "KEY." },
	{ 1110, MC_ERROR, "not-on-os", "not known on a target's OS",
	    "The OS skips the key, or refuses the payload.  Where it is there "
	    "for another target, it is told a step lower.",
	    "Make a profile for each OS, or remove what does nothing." },
	{ 1111, MC_ERROR, "needs-later-os",
	    "came with a later version than the target's",
	    "The target's version does not know it yet, and skips the key or "
	    "refuses the payload.",
	    "Raise the target's version, or do without." },
	{ 1112, MC_ERROR, "removed", "gone from the OS",
	    "It was removed and does nothing any more.  Without a target this "
	    "is told where it is gone from every OS: as a notice, and as a "
	    "warning once two major versions have come since.",
	    "Remove it, or use what took its place." },
	{ 1113, MC_WARNING, "deprecated", "deprecated on a target's OS",
	    "It works, and Apple has said that it will be removed.",
	    "Look for what takes its place." },
	{ 1120, MC_ERROR, "supervised-only", "for supervised devices only",
	    "Devices that are not supervised refuse the payload, or skip the "
	    "key.",
	    "Say --way supervised if the devices are, or remove it." },
	{ 1121, MC_ERROR, "mdm-only", "cannot be installed by hand",
	    "A device takes it from its MDM server only; a person who opens "
	    "the profile is told that it cannot be installed.",
	    "Deliver it by MDM, and say --way mdm here." },
	{ 1122, MC_ERROR, "automated-only",
	    "for devices of automated enrolment only",
	    "Devices that were not enrolled by Apple's device assignment "
	    "refuse it or skip the key.",
	    "Say --way supervised if the devices are, or remove it." },
	{ 1123, MC_ERROR, "approved-only",
	    "needs an MDM enrolment that the user approved",
	    "macOS refuses it from a person, and from an MDM server that its "
	    "user has not approved.",
	    "Deliver it by MDM, and say --way mdm here." },
	{ 1124, MC_ERROR, "personal-forbidden", "not allowed in user enrolment",
	    "In user enrolment a device belongs to its user; it refuses the "
	    "payload or skips the key.",
	    "Remove it from profiles for personal devices." },
	{ 1125, MC_WARNING, "personal-ignored", "ignored in user enrolment",
	    "In user enrolment it does nothing.",
	    "Remove it from profiles for personal devices." },
	{ 1130, MC_ERROR, "wrong-channel", "not for this MDM channel",
	    "macOS has a channel for the device and one for each user, and "
	    "refuses what comes by the wrong one.",
	    "Send it by the other channel." },
	{ 1131, MC_WARNING, "wrong-scope", "not for the profile's PayloadScope",
	    "A profile of scope System is installed for the device, one of "
	    "scope User for a user.  A payload that works for the other one "
	    "only is refused or does nothing.",
	    "Change PayloadScope, or move the payload to a profile of its "
	    "own." },
	{ 1140, MC_WARNING, "single-instance",
	    "two payloads of which a device takes one",
	    "Which of the two is in force is not defined, and MDM may refuse "
	    "the profile.",
	    "Put the settings into one payload." },
	{ 0 },
};
