/* SPDX-License-Identifier: ISC */
/* 64 processes at once: no challenge is used too often, no request twice. */
#include <sys/wait.h>

#include "issue_help.h"

#define CROWD 64

static struct peer alice;

/* What a child tells by its exit status. */
enum { GRANTED, REFUSED, FAILED };

/* The certificate of a request, in a child; its DER's hash goes to fd. */
static int
child(const char *transaction, const struct mc_buf *der, int start, int fd)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca *own = NULL;
	struct mc_issue_request r = {
		.transaction = transaction, .signer = alice.cert, .csr = der
	};
	struct mc_issued got;
	char hash[MC_SHA256_HEX], c;

	if (!mc_ca_load(dir, MC_CA_ALL, &own, &e) || read(start, &c, 1) != 0)
		return FAILED;
	if (!mc_issue(own, mc_ca_conf_profile_find(own->conf, NULL), &r, NULL,
		&got, &e))
		return got.verdict.code == MC_BAD_CHALLENGE ? REFUSED : FAILED;
	if (!mc_cert_sha256(got.cert, hash, &e) ||
	    write(fd, hash, sizeof(hash)) != (ssize_t)sizeof(hash))
		return FAILED;
	return GRANTED;
}

/*
 * All at once, each with a transaction of its own or all with the same one;
 * n[] counts what came of it, kinds how many different certificates.
 */
static void
crowd(bool same_request, const struct mc_buf *der, int n[3], int *kinds)
{
	static char seen[CROWD][MC_SHA256_HEX];
	int start[2], out[2], status;
	int made = 0;

	n[GRANTED] = n[REFUSED] = n[FAILED] = *kinds = 0;
	ok(pipe(start) == 0 && pipe(out) == 0);
	for (int i = 0; i < CROWD; i++) {
		char name[16];
		pid_t pid;

		snprintf(name, sizeof(name), "C%d", same_request ? 0 : i);
		pid = fork();
		if (pid == 0) {
			close(start[1]);
			_exit(child(name, der, start[0], out[1]));
		}
		made += pid > 0;
	}
	close(start[1]); /* they all read its end */
	close(start[0]);
	close(out[1]);
	ok(made == CROWD);
	while (wait(&status) > 0)
		n[WIFEXITED(status) && WEXITSTATUS(status) < 3
			? WEXITSTATUS(status)
			: FAILED]++;
	for (int i = 0; i < n[GRANTED]; i++) {
		int k = 0;

		ok(read(out[0], seen[*kinds], MC_SHA256_HEX) == MC_SHA256_HEX);
		while (strcmp(seen[k], seen[*kinds]) != 0)
			k++;
		*kinds += k == *kinds;
	}
	close(out[0]);
	printf("# granted %d, refused %d, failed %d, %d kinds\n", n[GRANTED],
	    n[REFUSED], n[FAILED], *kinds);
}

static void
uses(unsigned most, bool same_request)
{
	struct mc_challenge_spec spec = { .uses = most };
	AUTO_BUF secret = MC_BUF_INIT, der = MC_BUF_INIT;
	int n[3], kinds, before = count();
	int want = same_request ? CROWD : (int)most;

	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Crowd", mc_buf_str(&secret), NULL, &der));
	crowd(same_request, &der, n, &kinds);
	ok(n[FAILED] == 0);
	ok(n[GRANTED] == want && n[REFUSED] == CROWD - want);
	ok(kinds == (same_request ? 1 : (int)most));
	ok(count() == before + (same_request ? 1 : (int)most));
}

int
main(void)
{
	ok(ca_make());
	ok(peer_new(MC_KEY_RSA, &alice));
	if (ca && alice.cert) {
		uses(1, false);
		uses(10, false);
		uses(1, true);
		uses(10, true);
	}
	peer_free(&alice);
	ca_unmake();
	return done();
}
