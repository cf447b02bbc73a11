/* SPDX-License-Identifier: ISC */
/*
 * compile RELEASE OVERRIDES: print the C table of a release's schema, as
 * lib/schema/table.h has it.  Runs where the programs are built.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "schema/parse.h"
#include "schema/table.h"

/*
 * A string of one C literal a line; ISO C wants no literal longer than 4095
 * bytes, which no compiler minds.
 */
static void
print_text(const char *name, const char *s, size_t n, char end)
{
	printf("%s[] =\n    \"", name);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == end)
			printf("\\%c\"\n    \"", end ? 'n' : '0');
		else if (s[i] == '"' || s[i] == '\\' || s[i] == '?')
			printf("\\%c", s[i]);
		else if (s[i] < ' ' || s[i] > '~')
			printf("\\%03o", (unsigned)(unsigned char)s[i]);
		else
			putchar(s[i]);
	}
	puts("\";\n");
}

static void
print_words(const char *name, const uint32_t *v, uint32_t n)
{
	printf("static const uint32_t %s[] = {\n", name);
	for (uint32_t i = 0; i < n; i++)
		printf("\t%u,\n", (unsigned)v[i]);
	puts("\t0,\n};\n");
}

static void
print_nodes(const struct mc_schema *s)
{
	const struct mc_schema_node *k;

	puts("static const struct mc_schema_node nodes[] = {");
	for (k = s->nodes; k < s->nodes + s->nodes_n; k++) {
		printf("\t{ %.17g, %.17g, %u, %u, %u, %u, ", k->min, k->max,
		    k->name, k->fallback, k->pattern, k->form);
		printf("%u, %u, %uU, %uU, ", k->values, k->values_n,
		    k->count_min, k->count_max);
		printf("%u, %u, %u, %u, %u, %u },\n", k->support, k->first,
		    k->n, k->types, k->type, k->flags);
	}
	puts("};\n");
}

static void
print_support(const struct mc_schema *s)
{
	const struct mc_support *v;

	puts("static const struct mc_support support[][MC_OS_COUNT] = {");
	for (uint32_t i = 0; i < s->support_n; i++) {
		puts("\t{");
		for (v = s->support[i]; v < s->support[i] + MC_OS_COUNT; v++)
			printf("\t\t{ %d, %u, %u, %u, %u },\n", v->there,
			    v->introduced, v->deprecated, v->removed, v->flags);
		puts("\t},");
	}
	puts("};\n");
}

static void
print_parts(const struct mc_schema *s)
{
	const struct mc_schema_part *p;

	puts("static const struct mc_schema_part parts[] = {");
	for (p = s->parts; p < s->parts + s->parts_n; p++)
		printf("\t{ %u, %u, %u, %u, %u },\n", p->type, p->release,
		    p->support, p->first, p->n);
	puts("};\n");
}

static void
print_schema(const struct mc_schema *s)
{
	printf("const struct mc_schema mc_schema_compiled = {\n"
	       "\ttext, parts, nodes, order, values, support,\n"
	       "\t%u, %u, %u, %u, %u,\n};\n",
	    s->text_n, s->parts_n, s->nodes_n, s->values_n, s->support_n);
}

static bool
print_all(const struct mc_buf *release, const struct mc_buf *overrides,
    const struct mc_draft *d, struct mc_err *e)
{
	struct mc_schema *s;

	if (!mc_draft_build(d, &s, e))
		return false;
	puts("/* SPDX-License-Identifier: ISC */\n"
	     "/* Made by share/schema/compile.c: do not edit. */\n"
	     "#include \"schema/table.h\"\n\n"
	     "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n");
	print_text("static const char text", s->text, s->text_n, '\0');
	print_parts(s);
	print_nodes(s);
	print_words("order", s->order, s->nodes_n);
	print_words("values", s->values, s->values_n);
	print_support(s);
	print_schema(s);
	putchar('\n');
	print_text("const char mc_schema_release_text", mc_buf_str(release),
	    release->len, '\n');
	print_text("const char mc_schema_overrides_text", mc_buf_str(overrides),
	    overrides->len, '\n');
	mc_schema_free(s);
	if (fflush(stdout) == EOF || ferror(stdout))
		return mc_fail_errno(e, MC_IO, "write");
	return true;
}

/* The last step of a path: how the build reaches a file is not in the table. */
static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool
compile(const char *release, const char *overrides, struct mc_err *e)
{
	AUTO_BUF release_text = { .limit = MC_SCHEMA_LIMIT };
	AUTO_BUF overrides_text = { .limit = MC_SCHEMA_LIMIT };
	AUTO_DRAFT d = MC_DRAFT_INIT;

	return mc_file_load(release, &release_text, e) &&
	    mc_file_load(overrides, &overrides_text, e) &&
	    mc_schema_parse(&release_text, base_name(release), 0,
		MC_PARSE_PAYLOADS, &d, e) &&
	    mc_schema_parse(&overrides_text, base_name(overrides), 0,
		MC_PARSE_PAYLOADS, &d, e) &&
	    mc_schema_parse(&overrides_text, base_name(overrides), 0,
		MC_PARSE_CHANGES, &d, e) &&
	    print_all(&release_text, &overrides_text, &d, e);
}

int
main(int argc, char **argv)
{
	struct mc_err e = MC_ERR_INIT;

	if (argc != 3) {
		fprintf(stderr, "usage: compile RELEASE OVERRIDES\n");
		return mc_exit_status(MC_USAGE);
	}
	if (compile(argv[1], argv[2], &e))
		return 0;
	fprintf(stderr, "%s\n", e.text);
	return mc_exit_status(e.code);
}
