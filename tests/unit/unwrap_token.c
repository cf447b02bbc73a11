/* SPDX-License-Identifier: ISC */
/*
 * Opening with a key that is in a token (SoftHSM2) and does not come out: the
 * same envelopes, by the same key in a file.
 */
#include "crypto/cms.h"
#include "crypto/keyref.h"
#include "crypto/unwrap.h"

#include "envelope_help.h"

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define URI "pkcs11:token=mc;object=ra"

/* A token "mc" in the folder, with key.pem in it as "ra". */
static bool
token_new(void)
{
	char conf[256];
	char cmd[512];
	int n = snprintf(conf, sizeof(conf),
	    "directories.tokendir = %s/tokens\nlog.level = ERROR\n", help_dir);

	if (!file_put("softhsm2.conf", conf, (size_t)n))
		return false;
	snprintf(conf, sizeof(conf), "%s/softhsm2.conf", help_dir);
	setenv("SOFTHSM2_CONF", conf, 1);
	setenv("PKCS11_MODULE_PATH", MODULE, 1);
	snprintf(cmd, sizeof(cmd),
	    "cd '%s' && mkdir tokens && "
	    "softhsm2-util --init-token --free --label mc --so-pin 12345678 "
	    "--pin 1234 >log 2>&1 && "
	    "softhsm2-util --import key.pem --token mc --label ra --id 01 "
	    "--pin 1234 >>log 2>&1",
	    help_dir);
	return system(cmd) == 0;
}

/* Another's envelopes under our name: refused, or the same garbage. */
static void
rejects(const struct party *token, const struct party *stranger)
{
	AUTO_BUF text = MC_BUF_INIT;

	fill(&text, 100);
	for (int i = 0; i < 20; i++) {
		AUTO_BUF der = MC_BUF_INIT;
		AUTO_BUF a = MC_BUF_INIT;
		AUTO_BUF b = MC_BUF_INIT;
		bool first;

		ok(mc_envelope_seal(
		    &text, stranger->certs, MC_AES128_CBC, &der, &e));
		first = mc_envelope_open(
		    &der, token->cert, token->key, 0, &a, &e);
		ok(first ? !same(&a, &text)
			 : e.code == MC_DENIED && a.len == 0 &&
			    strcmp(e.text,
				"EnvelopedData: it cannot be decrypted") == 0);
		ok(mc_envelope_open(&der, token->cert, token->key, 0, &b, &e) ==
			first &&
		    same(&a, &b));
	}
}

/* What is rejected is a secret: not the one that no secret makes. */
static void
rejection_keys(EVP_PKEY *token, EVP_PKEY *file, X509 *cert)
{
	AUTO_BUF bad = MC_BUF_INIT;
	uint8_t by_token[MC_UNWRAP_KEY];
	uint8_t again[MC_UNWRAP_KEY];
	uint8_t by_file[MC_UNWRAP_KEY];
	uint8_t other[MC_UNWRAP_KEY];

	fill(&bad, 256);
	bad.data[0] = 1;
	ok(mc_unwrap_key(token, NULL, &bad, 32, by_token, &e));
	ok(mc_unwrap_key(token, NULL, &bad, 32, again, &e));
	ok(memcmp(by_token, again, 32) == 0);
	/* by the file it is made of the exponent, which the token keeps */
	ok(mc_unwrap_key(file, NULL, &bad, 32, by_file, &e));
	ok(memcmp(by_token, by_file, 32) != 0);
	bad.data[255] ^= 1;
	ok(mc_unwrap_key(token, NULL, &bad, 32, other, &e));
	ok(memcmp(by_token, other, 32) != 0);
	/* with no more than the public key there is no such secret */
	e = (struct mc_err)MC_ERR_INIT;
	ok(!mc_unwrap_key(X509_get0_pubkey(cert), NULL, &bad, 32, other, &e));
	ok(e.code == MC_INTERNAL && ERR_peek_error() == 0);
}

static void
both_open(const struct party *token, const struct party *file)
{
	static const char *const oaep[] = { NULL, "SHA1", "SHA256", "SHA512" };
	AUTO_BUF text = MC_BUF_INIT;

	fill(&text, 100);
	for (size_t i = 0; i < sizeof(oaep) / sizeof(*oaep); i++)
		for (unsigned c = 0; c <= MC_DES_CBC; c++) {
			const struct mc_seal_spec spec = {
				.cipher = (enum mc_cipher)c,
				.certs = file->certs,
				.oaep = oaep[i]
			};
			AUTO_BUF der = MC_BUF_INIT;

			ok(mc_envelope_seal_spec(&text, &spec, &der, &e));
			ok(opens(&der, file, MC_OPEN_WEAK, &text));
			ok(opens(&der, token, MC_OPEN_WEAK, &text));
		}
}

static void
signs(const struct party *token, const char *md)
{
	const struct mc_cms_sign_spec spec = {
		.cert = token->cert, .key = token->key, .md = md
	};
	AUTO(mc_signed) *s = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	fill(&text, 100);
	ok(mc_cms_sign(&spec, &text, &der, &e));
	ok(mc_signed_parse(&der, MC_GATE_WEAK, NULL, &s, &e) &&
	    mc_signed_content(s, &got, &e) && same(&got, &text));
}

int
main(void)
{
	struct party file = { 0 };
	struct party stranger = { 0 };
	struct party token = { 0 };
	AUTO_BUF pin = MC_BUF_INIT;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(BIGNUM) *d = NULL;

	if (access(MODULE, R_OK) != 0) {
		printf("ok 1 # skip SoftHSM2 is not installed\n1..1\n");
		return 0;
	}
	ok(folder_new());
	ok(party_new(&file, "/O=ACME/CN=RA", rsa(2048), 0));
	ok(party_new(&stranger, "/O=ACME/CN=RA", rsa(2048), 0));
	ok(party_put(&file) && token_new());
	ok(mc_buf_puts(&pin, "1234", &e));
	ok(mc_keyref_load(URI, &pin, &key, &e));
	if (key) {
		ok(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &d) != 1);
		ERR_clear_error();
		token = (struct party){ key, file.cert, file.certs };
		both_open(&token, &file);
		rejects(&token, &stranger);
		rejection_keys(key, file.key, file.cert);
		signs(&token, NULL);
		signs(&token, "SHA512");
		signs(&token, "MD5");
	}
	party_clear(&file);
	party_clear(&stranger);
	folder_remove();
	return done();
}
