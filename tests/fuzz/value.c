/* SPDX-License-Identifier: ISC */
/*
 * Words and JSON: what can be made a profile can be finished, written, and
 * read back as it is, and finishing it once more changes nothing.  The input
 * is JSON where it begins with "{", else a payload's type and its words, a
 * line each.  No file is read and no descriptor: "@" is taken out.
 */
#include "help.h"
#include "profile/configuration.h"

/*
 * "Password=hunter2...": the value is in no message, unless the payload's type,
 * which messages name, says it too.
 */
static bool
keeps_quiet(const char *type, const char *word, const char *text)
{
	return strncmp(word, "Password=hunter2", 16) != 0 ||
	    strstr(type, "hunter2") || !strstr(text, "hunter2");
}

static void
tell(const char *line)
{
	must(*line && !strchr(line, '\n'));
}

/* It is what it was after another round through text. */
static void
check(const mc_plist *profile)
{
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO(mc_plist) *again = NULL;
	struct mc_err e = MC_ERR_INIT;

	must(mc_plist_encode(profile, &once, &e));
	if (!mc_plist_parse(&once, MC_PLIST_DEPTH_FILE, &again, &e)) {
		/* deeper than files are, or larger: mcprofile-gen says so */
		must(strstr(e.text, "deep") || strstr(e.text, "than"));
		return;
	}
	must(mc_configuration_finish(&again, MC_UUID_NAMED, &e));
	must(mc_plist_encode(again, &twice, &e));
	must(mc_buf_is(&twice, mc_buf_str(&once)));
}

static void
finish(mc_plist **profile)
{
	struct mc_err e = MC_ERR_INIT;

	if (mc_configuration_finish(profile, MC_UUID_NAMED, &e))
		check(*profile);
	else
		must(e.code == MC_USAGE);
}

static bool
of_words(const struct mc_value_rules *rules, char *text, mc_plist *profile)
{
	mc_plist *content = mc_plist_get(profile, "PayloadContent");
	AUTO(mc_plist) *payload = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;
	char *type = strsep(&text, "\n");
	char *word;

	if (!mc_plist_text_check(type) || !*type)
		return false;
	must(mc_plist_set(payload, "PayloadType", mc_plist_new_str(type)));
	while ((word = strsep(&text, "\n")) != NULL) {
		e = (struct mc_err)MC_ERR_INIT;
		if (!mc_value_assign(rules, type, payload, word, &e))
			must(e.code != MC_OK && e.code != MC_INTERNAL &&
			    keeps_quiet(type, word, e.text));
	}
	if (!mc_value_payload_check(rules, type, payload, &e))
		must(!rules->force && e.code == MC_USAGE);
	return mc_plist_append(content, take(&payload));
}

static void
run(struct mc_buf *in, bool force)
{
	struct mc_value_rules rules = {
		.schema = mc_schema_builtin(), .force = force, .say = tell
	};
	AUTO(mc_plist) *profile = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;
	bool made;

	must(mc_plist_set(profile, "PayloadContent", mc_plist_new_array()));
	if (in->len && in->data[0] == '{') {
		made = mc_configuration_parse(&rules, in, profile, &e);
		must(made || e.code == MC_MALFORMED);
	} else {
		made = of_words(&rules, (char *)in->data, profile);
	}
	if (made && !mc_plist_get(profile, "PayloadIdentifier"))
		must(mc_plist_set(
		    profile, "PayloadIdentifier", mc_plist_new_str("a.b")));
	if (made)
		finish(&profile);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_err e = MC_ERR_INIT;

	for (int force = 0; force < 2; force++) {
		AUTO_BUF in = MC_BUF_INIT;

		must(mc_buf_add(&in, data, size, &e) &&
		    mc_buf_puts(&in, "", &e));
		/* JSON's {"@file": ...} and {"@secret": ...}, and words' @FILE
		 */
		for (size_t i = 0; i < in.len; i++)
			if (in.data[i] == '@' &&
			    strncmp((char *)in.data + i, "@uuid", 5) != 0 &&
			    strncmp((char *)in.data + i, "@base64", 7) != 0 &&
			    strncmp((char *)in.data + i, "@date", 5) != 0)
				in.data[i] = 'a';
		if (in.data)
			run(&in, force);
	}
	return 0;
}
