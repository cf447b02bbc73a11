/* SPDX-License-Identifier: ISC */
#include "crypto/pem.h"

#include "base/fd.h"
#include "crypto/ber.h"
#include "crypto/pbe.h"
#include "crypto/pkcs12.h"
#include "crypto/pkcs8.h"

/* What a passphrase was asked for, and what is known of it. */
struct asked {
	const struct mc_buf *passphrase;
	bool asked;
};

/*
 * Without a callback OpenSSL asks for a passphrase on /dev/tty and, where
 * there is none, reads it from standard input: that is, from the request body.
 */
static int
give_passphrase(char *buf, int size, int writing, void *arg)
{
	struct asked *a = arg;

	(void)writing;
	a->asked = true;
	if (!a->passphrase || size < 0 || a->passphrase->len > (size_t)size)
		return -1;
	if (a->passphrase->len)
		memcpy(buf, a->passphrase->data, a->passphrase->len);
	return (int)a->passphrase->len;
}

/* RFC 1421's encryption, of a key that was written by an OpenSSL of old. */
static bool
block_decrypt(
    struct mc_pem_block *b, const struct mc_buf *passphrase, struct mc_err *e)
{
	struct asked a = { passphrase, false };
	EVP_CIPHER_INFO how;

	if (PEM_get_EVP_CIPHER_INFO(b->header, &how) != 1) {
		ERR_clear_error();
		return mc_fail(e, MC_MALFORMED,
		    "encrypted in a way that is not known here");
	}
	if (PEM_do_header(&how, b->data, &b->len, give_passphrase, &a) == 1)
		return true;
	if (a.asked && passphrase)
		return mc_pbe_fail(e);
	ERR_clear_error();
	return mc_fail(
	    e, MC_MALFORMED, "is encrypted, and no passphrase was given");
}

static bool
der_parse(const struct mc_pem_block *b, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	const struct mc_buf der = { .data = b->data, .len = (size_t)b->len };
	unsigned rounds = MC_PBE_ROUNDS;

	return mc_pkcs8_parse(&der, passphrase, &rounds, out, e);
}

static bool
block_parse(struct mc_pem_block *b, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	if (strcmp(b->label, "OPENSSH PRIVATE KEY") == 0)
		return mc_fail(e, MC_MALFORMED,
		    "is OpenSSH's form of a key; \"ssh-keygen -p -m PKCS8\" "
		    "makes a copy of it readable");
	if (!b->header[0])
		return der_parse(b, passphrase, out, e);
	if (!block_decrypt(b, passphrase, e))
		return false;
	/* with a wrong one, one time in 256, the padding is right */
	return der_parse(b, passphrase, out, e) ||
	    (e->code == MC_MALFORMED &&
		mc_fail(e, MC_DENIED, "wrong passphrase"));
}

static bool
is_key(const struct mc_pem_block *b)
{
	static const char end[] = "PRIVATE KEY";
	size_t n = strlen(b->label);

	return n >= strlen(end) && strcmp(b->label + n - strlen(end), end) == 0;
}

static bool
pem_parse(const struct mc_buf *text, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO(BIO) *in = mc_bio_view(text);
	AUTO_PEM_BLOCK b = { 0 };
	bool more = true;

	if (!in)
		return mc_fail_memory(e);
	while (more) {
		if (!mc_pem_block_next(in, &b, &more, e))
			return false;
		if (more && is_key(&b))
			return block_parse(&b, passphrase, out, e);
	}
	return mc_fail(e, MC_MALFORMED, "holds no private key");
}

bool
mc_pem_key_parse(const struct mc_buf *file, const char *name,
    const struct mc_buf *passphrase, EVP_PKEY **out, struct mc_err *e)
{
	struct mc_err none = MC_ERR_INIT;
	unsigned rounds = MC_PBE_ROUNDS;
	bool done;

	if (mc_pkcs12_check(file, &none))
		return mc_fail(e, MC_MALFORMED,
		    "%s: is PKCS #12; want PEM: openssl pkcs12 -in %s -nocerts "
		    "-out KEY.pem",
		    name, name);
	/* no PEM begins with the tag of a SEQUENCE, "0" */
	done = file->len > 0 && file->data[0] == MC_BER_SEQUENCE
	    ? mc_pkcs8_parse(file, passphrase, &rounds, out, e)
	    : pem_parse(file, passphrase, out, e);
	return done || mc_note(e, "%s", name);
}

bool
mc_pem_key_load(const char *path, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_SECRET_LIMIT };

	return mc_file_load(path, &file, e) &&
	    mc_pem_key_parse(&file, path, passphrase, out, e);
}
