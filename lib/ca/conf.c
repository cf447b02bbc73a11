/* SPDX-License-Identifier: ISC */
#include "ca/conf.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/text.h"
#include "ca/conf_table.h"
#include "crypto/ossl.h"

#define HEAD 0 /* rows of lines, in the order of the sets */
#define SECTION 1

/* A file on its way to be a configuration. */
struct reading {
	const char *name;
	struct mc_ca_head head;
	struct mc_ca_head misplaced; /* what of it a profile's section says */
	struct mc_ca_section section;
	unsigned lines[2][MC_OPT_CONF_MAX]; /* of the section at hand */
	/* for each profile the line where it says that itself */
	unsigned line[MC_CA_PROFILES][MC_OPT_CONF_MAX];
};

typedef struct reading reading;
CLEANUP(reading, free);

static const struct mc_ca_profile default_profile = {
	.name = MC_CA_PROFILE_DEFAULT,
	.accept = MC_ACCEPT_CHALLENGE,
	.subject = MC_SUBJECT_CHALLENGE,
	.names = MC_FROM_CHALLENGE,
	.keys = MC_KEYS_ANY,
	.rsa_min = 2048,
	.rsa_max = 4096,
	.lifetime = MC_DAY * 365,
	.backdate = MC_HOUR,
	.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
	.eku = { { "clientAuth" } },
	.renew = true,
	.renew_max = 3,
	.renew_same_key = true,
	.reply = MC_REPLY_LEAF,
	.order = MC_ORDER_RA,
	.sha1 = true,
	.des3 = true,
	.short_nonces = true,
};

static const struct mc_ca_conf default_conf = {
	.crl_lifetime = MC_DAY * 7,
	.ocsp_lifetime = MC_HOUR,
	.pending_lifetime = MC_DAY * 30,
	.pending_limit = 20,
	.budget = { .failures = 20, .window = MC_MINUTE * 10 },
	.challenge_failures = 10,
	.program_seconds = 30,
};

void
mc_ca_conf_free(struct mc_ca_conf *c)
{
	if (!c)
		return;
	mc_buf_clear(&c->text);
	mc_buf_clear(&c->paths);
	free(c);
}

/* Everything that comes later may take it for text without surprises. */
static bool
text_check(const struct mc_buf *text, const char *name, struct mc_err *e)
{
	const char *p = mc_buf_str(text);
	const char *end = p + text->len;
	const char *why;
	unsigned line = 1;
	size_t n;

	for (; p < end; p += n + 1) {
		n = strcspn(p, "\t\r\n");
		if (!mc_text_check(p, n, &why))
			return mc_fail(
			    e, MC_USAGE, "%s:%u: %s", name, line, why);
		if (p + n < end && p[n] == '\0')
			return mc_fail(
			    e, MC_USAGE, "%s:%u: holds a NUL", name, line);
		if (p[n] == '\r' && p[n + 1] != '\n')
			return mc_fail(e, MC_USAGE,
			    "%s:%u: holds a control character", name, line);
		line += p[n] == '\n';
	}
	return true;
}

static const struct mc_ca_value *
value_find(const struct mc_ca_value *values, size_t said)
{
	for (; values->said; values++)
		if (values->said == said)
			return values;
	return NULL;
}

/* What was only noted becomes its field.  base is a head or a section. */
static bool
convert(struct reading *r, const struct mc_opt *opts,
    const struct mc_ca_value *values, void *base, const unsigned *line,
    struct mc_err *e)
{
	char *text = (char *)r->head.c.text.data;
	const struct mc_ca_value *v;
	const char *said;

	for (const struct mc_opt *o = opts; o->kind; o++) {
		v = value_find(values, o->off);
		if (!v)
			continue;
		memcpy(&said, (char *)base + v->said, sizeof(said));
		if (!said || /* the text is ours to edit */
		    v->parse(v, text + (said - (const char *)text),
			(char *)base + v->field, e))
			continue;
		if (e->code != MC_RETRY)
			e->code = MC_USAGE;
		return mc_note(
		    e, "%s:%u: %s", r->name, line[o - opts], o->name);
	}
	return true;
}

/* The next line at or after from that begins a section, or the end. */
static char *
section_find(char *from, unsigned *line)
{
	for (; *from; ++*line) {
		if (from[strspn(from, " \t")] == '[')
			break;
		from += strcspn(from, "\n");
		if (!*from)
			break;
		from++;
	}
	return from;
}

/* "[profile NAME]" with blanks where they do no harm; NULL if it is not. */
static char *
section_name(char *text)
{
	static const char word[] = "profile";
	char *end;

	text += strspn(text, " \t") + 1;
	text += strspn(text, " \t");
	if (strncmp(text, word, strlen(word)) != 0)
		return NULL;
	text += strlen(word);
	if (!strchr(" \t", *text) || !*text)
		return NULL;
	text += strspn(text, " \t");
	end = text + strcspn(text, " \t]");
	if (end == text || end[strspn(end, " \t")] != ']' ||
	    strchr(end, ']')[1 + strspn(strchr(end, ']') + 1, " \t\r")])
		return NULL;
	*end = '\0';
	return text;
}

static bool
name_check(const struct mc_ca_conf *c, const char *name, struct mc_err *e)
{
	size_t n = strlen(name);

	if (n >= MC_CA_PROFILE_NAME)
		return mc_fail(e, MC_USAGE,
		    "profile %.40s...: a name has %d characters at most", name,
		    MC_CA_PROFILE_NAME - 1);
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '-')
			return mc_fail(e, MC_USAGE,
			    "profile %s: a name is letters, digits and dashes",
			    name);
	if (strcmp(name, MC_CA_PROFILE_DEFAULT) == 0)
		return mc_fail(e, MC_USAGE,
		    "profile %s: is what stands before the first [profile]: "
		    "write it there",
		    name);
	if (mc_ca_conf_profile_find(c, name))
		return mc_fail(e, MC_USAGE, "profile %s: is there twice", name);
	if (c->n == MC_CA_PROFILES)
		return mc_fail(
		    e, MC_USAGE, "more than %d profiles", MC_CA_PROFILES - 1);
	return true;
}

/* The header at text; *rest is the line after it. */
static bool
begin_section(
    struct reading *r, char *text, unsigned line, char **rest, struct mc_err *e)
{
	struct mc_ca_conf *c = &r->head.c;
	char *name;

	*rest = text + strcspn(text, "\n");
	if (**rest)
		*(*rest)++ = '\0';
	name = section_name(text);
	if (!name)
		return mc_fail(
		    e, MC_USAGE, "%s:%u: want [profile NAME]", r->name, line);
	if (!name_check(c, name, e))
		return mc_note(e, "%s:%u", r->name, line);
	r->section = (struct mc_ca_section){ .p = c->profile[0] };
	memcpy(r->section.p.name, name, strlen(name) + 1);
	return true;
}

/* The settings of one section: of the CA too, before the first profile. */
static bool
read_section(struct reading *r, char *text, unsigned line, struct mc_err *e)
{
	struct mc_ca_conf *c = &r->head.c;
	bool first = c->n == 0;
	const struct mc_opt_set sets[] = {
		{ mc_ca_head_opts, first ? &r->head : &r->misplaced },
		{ mc_ca_section_opts, &r->section },
		{ NULL, NULL },
	};

	memset(r->lines, 0, sizeof(r->lines));
	if (!mc_opt_stretch_parse(sets,
		&(struct mc_opt_stretch){ r->name, text, line }, r->lines, e)) {
		e->code = MC_USAGE;
		return false;
	}
	for (size_t i = 0; !first && mc_ca_head_opts[i].kind; i++)
		if (r->lines[HEAD][i])
			return mc_fail(e, MC_USAGE,
			    "%s:%u: %s: is the whole CA's: write it before "
			    "the first [profile]",
			    r->name, r->lines[HEAD][i],
			    mc_ca_head_opts[i].name);
	for (size_t i = 0; i < MC_OPT_CONF_MAX; i++)
		if (r->lines[SECTION][i])
			r->line[c->n][i] = r->lines[SECTION][i];
	if ((first &&
		!convert(r, mc_ca_head_opts, mc_ca_head_values, &r->head,
		    r->lines[HEAD], e)) ||
	    !convert(r, mc_ca_section_opts, mc_ca_section_values, &r->section,
		r->lines[SECTION], e) ||
	    !mc_ca_section_check(&r->section, r->name, r->line[c->n], e))
		return false;
	c->profile[c->n++] = r->section.p;
	return true;
}

static bool
read_all(struct reading *r, struct mc_err *e)
{
	char nothing[1] = "";
	char *p = r->head.c.text.len ? (char *)r->head.c.text.data : nothing;
	unsigned line = 1;
	unsigned at;
	char *next;

	for (bool first = true; first || *p; first = false) {
		if (!first && !begin_section(r, p, line++, &p, e))
			return false;
		at = line;
		next = section_find(p, &line);
		if (next > p && *next)
			next[-1] = '\0';
		if (!read_section(r, next > p ? p : nothing, at, e))
			return false;
		p = next;
	}
	return mc_ca_conf_use_check(&r->head.c, r->name,
	    (const unsigned(*)[MC_OPT_CONF_MAX])r->line, e);
}

bool
mc_ca_conf_parse(struct mc_buf *text, const char *name, struct mc_ca_conf **out,
    struct mc_err *e)
{
	AUTO(mc_ca_conf) *c = calloc(1, sizeof(*c));
	AUTO(reading) *r = calloc(1, sizeof(*r));

	if (!c || !r)
		return mc_fail_memory(e);
	mc_buf_swap(&c->text, text);
	if (!text_check(&c->text, name, e))
		return false;
	r->name = name;
	r->head.c = default_conf;
	r->head.c.text = c->text; /* lent: c owns it */
	r->section.p = default_profile;
	if (!read_all(r, e))
		return false;
	*c = r->head.c;
	*out = take(&c);
	return true;
}

/* Append DIR/FILE for a "file:FILE" that is relative; *at is where. */
static bool
path_add(const char *dir, const char *spec, struct mc_buf *to, size_t *at,
    struct mc_err *e)
{
	*at = to->len;
	return mc_buf_printf(to, e, "file:%s/%s", dir, spec + 5) &&
	    mc_buf_add(to, "", 1, e);
}

/* The process may run anywhere; the file names are the folder's. */
static bool
paths_resolve(struct mc_ca_conf *c, const char *dir, struct mc_err *e)
{
	const char **slot[3 + MC_CA_PROFILES] = { &c->ca_passphrase,
		&c->ra_passphrase, &c->ocsp_passphrase };
	size_t at[3 + MC_CA_PROFILES];
	size_t n = 3;

	if (!mc_buf_add(&c->paths, dir, strlen(dir) + 1, e))
		return false;
	for (size_t i = 0; i < c->n; i++)
		slot[n++] = &c->profile[i].hmac_secret;
	for (size_t i = 0; i < n; i++) {
		at[i] = SIZE_MAX;
		if (*slot[i] && strncmp(*slot[i], "file:", 5) == 0 &&
		    (*slot[i])[5] != '/' &&
		    !path_add(dir, *slot[i], &c->paths, &at[i], e))
			return false;
	}
	c->dir = (const char *)c->paths.data; /* now that it grows no more */
	for (size_t i = 0; i < n; i++)
		if (at[i] != SIZE_MAX)
			*slot[i] = (const char *)c->paths.data + at[i];
	return true;
}

bool
mc_ca_conf_load(const char *dir, struct mc_ca_conf **out, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF text = { .limit = MC_CONF_LIMIT };
	AUTO(mc_ca_conf) *c = NULL;

	if (!mc_path_join(dir, "ca.conf", &path, e))
		return false;
	if (!mc_file_load(mc_buf_str(&path), &text, e)) {
		if (e->code != MC_NOINPUT)
			return false;
		*e = (struct mc_err)MC_ERR_INIT;
	}
	if (!mc_ca_conf_parse(&text, mc_buf_str(&path), &c, e) ||
	    !paths_resolve(c, dir, e))
		return false;
	*out = take(&c);
	return true;
}

const struct mc_ca_profile *
mc_ca_conf_profile_find(const struct mc_ca_conf *c, const char *name)
{
	if (!name)
		name = MC_CA_PROFILE_DEFAULT;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->profile[i].name, name) == 0)
			return &c->profile[i];
	return NULL;
}
