/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

const struct mc_lint_code mc_codes_file[] = {
	{ 1001, MC_ERROR, "empty-file", "the file is empty",
	    "There is nothing in it that a device could install.",
	    "Look at what was to write it: a disk that was full, a pipe whose "
	    "first command failed." },
	{ 1002, MC_ERROR, "too-large", "the file is larger than 16 MiB",
	    "Nothing larger than 16 MiB is read here, and devices give up on "
	    "less.",
	    "Large things do not belong in a profile: serve fonts, packages "
	    "and pictures from a web server." },
	{ 1003, MC_ERROR, "not-well-formed", "not a well-formed property list",
	    "A device reads the whole file or nothing; what does not follow "
	    "the rules of XML, of property lists, or of binary property lists, "
	    "is refused as an invalid profile.",
	    "Go to the place that is told.  Often a tag is not closed, or an "
	    "& is not written as &amp;." },
	{ 1004, MC_ERROR, "foreign-file", "another kind of file",
	    "It is no property list, nor one with a signature around it, and "
	    "no device takes it for a profile.",
	    "Give the profile itself.  A certificate goes into a payload "
	    "(mcprofile-gen ca-certificate); a message that is encrypted as a "
	    "whole has to be opened first." },
	{ 1005, MC_ERROR, "bad-signature", "the signature does not hold",
	    "The content is not what was signed, or the signature cannot be "
	    "checked at all.  A device refuses such a profile as invalid.",
	    "Sign it again.  A profile must not be edited, or go through a "
	    "tool that changes its line ends, after it was signed." },
	{ 1006, MC_ERROR, "not-a-dict", "the top of the file is not a dict",
	    "A profile is a dict with the keys PayloadType, PayloadContent and "
	    "so on.  An array is what a profile's content is once it was "
	    "decrypted.",
	    "Put the content into a profile: mcprofile-gen configuration." },
	{ 1007, MC_ERROR, "not-a-profile",
	    "a property list, but no configuration profile",
	    "None of the keys that make a profile is there, so a device does "
	    "not take it for one.  An app's settings or a provisioning profile "
	    "look like this.",
	    "Settings of an app go into a payload of the app's domain: "
	    "mcprofile-gen configuration --payload DOMAIN." },
	{ 1010, MC_ERROR, "duplicate-key", "a key is there twice",
	    "Readers differ in which one of the two counts, so that one of the "
	    "two settings is not in force, and which one nobody can tell by "
	    "looking at it.",
	    "Remove one of them." },
	{ 1011, MC_WARNING, "foreign-doctype",
	    "the DOCTYPE is not that of Apple's property lists",
	    "Devices do not look at it; other tools may refuse the file, or "
	    "fetch something from the network.",
	    "Write <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
	    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">." },
	{ 1012, MC_NOTICE, "plist-version",
	    "the plist element does not say version=\"1.0\"",
	    "Devices do not ask for it; stricter readers do.",
	    "Write <plist version=\"1.0\">." },
	{ 1013, MC_WARNING, "blanks-in-value",
	    "blanks around a number or a date",
	    "Some readers skip them, others refuse the whole file.",
	    "Remove what stands between the tags besides the value." },
	{ 1014, MC_WARNING, "integer-form", "an integer is not decimal",
	    "Apple's reader takes 0x10 for sixteen; others take it for 0, or "
	    "refuse the file.",
	    "Write it in decimal digits." },
	{ 1015, MC_WARNING, "real-form", "a real is not a decimal number",
	    "Apple's reader takes inf, nan and .5; others do not, and no "
	    "setting makes sense of the first two.",
	    "Write it in decimal digits, beginning with one: 0.5." },
	{ 1016, MC_WARNING, "date-form", "a date that readers differ in",
	    "Apple's reader takes it; others refuse it, or the date is "
	    "further away than can be looked at here (1932 to 2069).",
	    "Write it in the form 2026-05-31T12:00:00Z, in UTC." },
	{ 1017, MC_WARNING, "base64-form", "data is not proper base64",
	    "Apple's reader skips what it does not know, so that the bytes may "
	    "be others than were meant; other readers refuse the file.",
	    "Encode the data again, with its padding (base64 FILE)." },
	{ 1018, MC_ERROR, "comment-in-value", "a comment within a value",
	    "Apple's reader refuses the file: between the tags of a string or "
	    "a number it wants text and nothing else.",
	    "Put the comment before the element." },
	{ 1019, MC_NOTICE, "processing-instruction", "a processing instruction",
	    "Devices skip it; stricter readers refuse it.", "Remove it." },
	{ 1020, MC_WARNING, "bad-suppression",
	    "a comment that is to suppress findings, and does not",
	    "It names no code that exists, so nothing is left out for it.",
	    "Write <!-- mcprofile-lint: ignore MC1234 --> with codes, or their "
	    "names, that mcprofile-lint --codes lists." },
	{ 1021, MC_NOTICE, "attribute", "an attribute of an element",
	    "Devices do not look at it; stricter readers refuse the file.",
	    "Remove it." },
	{ 1022, MC_WARNING, "trailing-data",
	    "something follows the end of the property list",
	    "Devices do not look at it; other readers refuse the file, and "
	    "often it is the end of a second profile that was meant to count.",
	    "Remove it, or make a file of its own of it." },
	{ 1023, MC_ERROR, "bad-value", "no number, date or data",
	    "The text between the tags is nothing that the element may hold, "
	    "and a device refuses the file as malformed.",
	    "Correct the value, or use the element for what it is." },
	{ 1024, MC_ERROR, "too-many-findings", "more findings than are told",
	    "Of each severity 2000 are told, and what is not told cannot be "
	    "looked at, or known to a baseline.",
	    "Mend what is told first: most of it has one cause." },
	{ 0 },
};
