#!/usr/bin/env python3
"""paths.py DIR: messages whose signers have paths of all kinds (RFC 5280).

Writes DIR/NAME.p7 for each case, its anchors and statements of revocation, and
DIR/cases: a line a case, "NAME STATUS WORDS|OPTIONS", where STATUS is what
mcprofile-verify has to exit with, and WORDS (with _ for blanks; - for none)
what its report has to say.  Names of certificates are theirs in the cases.
"""
import datetime as dt
import ipaddress
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

OUT = sys.argv[1]
DAY = dt.timedelta(days=1)
NOW = dt.datetime.utcnow().replace(microsecond=0)
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM
CONTENT = b"""<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadIdentifier</key>
<string>com.acme.p</string><key>PayloadContent</key><array/></dict></plist>
"""
serial = [1000]


def key():
    return ec.generate_private_key(ec.SECP256R1())


def name(cn):
    if cn is None:
        return x509.Name([])
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)])


def usage(*bits):
    every = ("digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
             "crl_sign encipher_only decipher_only").split()
    return x509.KeyUsage(**{b: b in bits for b in every})


SIGN_CA = usage("key_cert_sign", "crl_sign")


class Cert:
    """A certificate and its key; by: who issues it, or itself."""

    def __init__(self, cn, by=None, *, k=None, ca=None, plen=None, ku=None, eku=None, nc=None, san=None, since=-10,
                 till=10, more=(), md=hashes.SHA256(), aki=True, number=None):
        self.k = k or key()
        self.name = name(cn)
        self.by = by or self
        serial[0] += 1
        b = (x509.CertificateBuilder().subject_name(self.name).issuer_name(self.by.name)
             .public_key(self.k.public_key()).serial_number(number or serial[0])
             .not_valid_before(NOW + since * DAY).not_valid_after(NOW + till * DAY))
        if ca is not None:
            b = b.add_extension(x509.BasicConstraints(ca, plen), True)
        if ku:
            b = b.add_extension(ku, True)
        if eku:
            b = b.add_extension(x509.ExtendedKeyUsage(eku), False)
        if nc:
            b = b.add_extension(x509.NameConstraints(*nc), True)
        if san:
            b = b.add_extension(x509.SubjectAlternativeName(san), False)
        b = b.add_extension(x509.SubjectKeyIdentifier.from_public_key(self.k.public_key()), False)
        if aki:
            b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.by.k.public_key()), False)
        for value, critical in more:
            b = b.add_extension(value, critical)
        self.x = b.sign(self.by.k, md)

    def broken(self):
        """The same, but its signature is of something else."""
        der = bytearray(self.x.public_bytes(DER))
        der[der.index(b"\x55\x1d\x0e") + 12] ^= 1
        self.x = x509.load_der_x509_certificate(bytes(der))
        return self


cases = open(os.path.join(OUT, "cases"), "w")


def save(file, data):
    with open(os.path.join(OUT, file), "wb") as f:
        f.write(data)


def case(title, status, leaf, bag=(), ca=(), opts="", says="-"):
    b = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT).add_signer(leaf.x, leaf.k, hashes.SHA256())
    for c in bag:
        b = b.add_certificate(c.x)
    save(title + ".p7", b.sign(DER, [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]))
    save(title + ".pem", b"".join(c.x.public_bytes(PEM) for c in ca))
    cases.write(f"{title} {status} {says.replace(' ', '_')}|--ca {title}.pem {opts}\n")


root = Cert("root", ca=True)
mid = Cert("mid", root, ca=True, ku=SIGN_CA)
leaf = Cert("leaf", mid)
OK, UNTRUSTED, LATE, REVOKED = 0, 12, 13, 14


def through(title, status, says="-", leaf_has=None, opts="", **has):
    """root -> an intermediate that has this -> a leaf."""
    m = Cert("mid", root, **{"ca": True, **has})
    case(title, status, Cert("leaf", m, **(leaf_has or {})), [m], [root], opts, says)


# The chain itself.
case("good", OK, leaf, [mid], [root])
case("no-intermediate", UNTRUSTED, leaf, [], [root], says="--chain FILE may complete it")
case("anchor-is-intermediate", OK, leaf, [], [mid])
case("anchor-is-leaf", OK, leaf, [], [leaf])
case("self-signed-stranger", UNTRUSTED, Cert("me"), [], [root], says="self-signed, and not one of the anchors")
case("root-in-bag-only", UNTRUSTED, leaf, [mid, root], [Cert("elsewhere", ca=True)])
case("duplicates", OK, leaf, [mid, mid, root, mid], [root, root])
case("wrong-signature-leaf", UNTRUSTED, Cert("leaf", mid).broken(), [mid], [root], says="was not signed by the issuer")
case("wrong-signature-mid", UNTRUSTED, leaf, [Cert("mid", root, k=mid.k, ca=True).broken()], [root])

# Dates.
through("mid-expired", LATE, "expired at", since=-20, till=-1)
through("mid-not-yet", LATE, "not valid before", since=2, till=9)
through("leaf-expired", LATE, "expired at", {"since": -20, "till": -1})
through("leaf-not-yet", LATE, "not valid before", {"since": 2, "till": 9})
through("leaf-expired-at-its-time", OK, "-", {"since": -20, "till": -1},
        opts="--at " + (NOW - 5 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ"))
old = Cert("old", ca=True, since=-20, till=-1)
case("root-expired", LATE, Cert("leaf", old), [], [old])
renewed = Cert("mid", root, k=mid.k, ca=True, since=-9, till=-1)
case("renewed-late-first", OK, leaf, [renewed, mid], [root])
case("renewed-late-last", OK, leaf, [mid, renewed], [root])
stranger = Cert("mid", Cert("nobody"), k=mid.k, ca=True)
case("late-and-untrusted", UNTRUSTED, Cert("leaf", mid, till=-1), [stranger], [root])

# Basic constraints and key usage.
through("no-constraints", UNTRUSTED, ca=None)
through("no-constraints-but-usage", UNTRUSTED, "invalid CA", ca=None, ku=SIGN_CA)
through("constraints-false", UNTRUSTED, ca=False)
through("constraints-false-but-usage", UNTRUSTED, ca=False, ku=SIGN_CA)
through("no-cert-sign", UNTRUSTED, ku=usage("digital_signature", "crl_sign"))
through("no-usage", OK)
through("leaf-signs", OK, "-", {"ku": usage("digital_signature")})
through("leaf-non-repudiation", OK, "-", {"ku": usage("content_commitment")})
through("leaf-encipherment-only", UNTRUSTED, "its key usage does not allow signatures",
        {"ku": usage("key_agreement")})
through("leaf-is-ca", OK, "-", {"ca": True})
through("leaf-tls", OK, "-", {"eku": [ExtendedKeyUsageOID.SERVER_AUTH]})
through("eku-demanded", OK, "-", {"eku": [ExtendedKeyUsageOID.CODE_SIGNING]}, opts="--require-eku codeSigning")
through("eku-by-oid", OK, "-", {"eku": [ObjectIdentifier("1.2.3.4")]}, opts="--require-eku 1.2.3.4")
through("eku-other", UNTRUSTED, "does not name", {"eku": [ExtendedKeyUsageOID.SERVER_AUTH]},
        opts="--require-eku codeSigning")
through("eku-none", UNTRUSTED, "does not name", opts="--require-eku codeSigning")
through("eku-any", UNTRUSTED, "does not name", {"eku": [ObjectIdentifier("2.5.29.37.0")]},
        opts="--require-eku codeSigning")

# Path length; self-issued certificates do not count.
zero = Cert("zero", root, ca=True, plen=0)
case("length-0", OK, Cert("leaf", zero), [zero], [root])
sub = Cert("sub", zero, ca=True)
case("length-0-exceeded", UNTRUSTED, Cert("leaf", sub), [sub, zero], [root], says="path length")
selfissued = Cert("zero", zero, ca=True)
case("length-0-self-issued", OK, Cert("leaf", selfissued), [selfissued, zero], [root])
one = Cert("one", root, ca=True, plen=1)
two = Cert("two", one, ca=True, plen=5)
three = Cert("three", two, ca=True)
case("length-1", OK, Cert("leaf", two), [two, one], [root])
case("length-1-exceeded", UNTRUSTED, Cert("leaf", three), [three, two, one], [root], says="path length")


def long(n):
    chain = [root]
    for i in range(n):
        chain.append(Cert(f"ca {i}", chain[-1], ca=True))
    return Cert("leaf", chain[-1]), chain[:0:-1]


case("long-8", OK, *long(8), [root])
case("long-9", UNTRUSTED, *long(9), [root])

# Cross-signing, names, keys, loops.
other = Cert("other", ca=True)
cross = Cert("mid", other, k=mid.k, ca=True)
for title, bag in (("cross-a", [mid, cross]), ("cross-b", [cross, mid])):
    case(title + "-root", OK, leaf, bag, [root])
    case(title + "-other", OK, leaf, bag, [other])
    case(title + "-neither", UNTRUSTED, leaf, bag, [Cert("third", ca=True)])
root_by_other = Cert("root", other, k=root.k, ca=True)
other_by_root = Cert("other", root, k=other.k, ca=True)
case("cross-both-ways", OK, leaf, [root_by_other, other_by_root, mid], [other])
case("cross-both-ways-neither", UNTRUSTED, leaf, [root_by_other, other_by_root, mid], [Cert("third", ca=True)])
fake = Cert("mid", Cert("root", ca=True), ca=True, aki=False)
bare = Cert("leaf", mid, aki=False)
case("same-name-other-key-first", OK, bare, [fake, mid], [root])
case("same-name-other-key-last", OK, bare, [mid, fake], [root])
case("same-name-other-key-only", UNTRUSTED, bare, [fake], [root])
case("same-root-name-other-key", UNTRUSTED, leaf, [mid], [Cert("root", ca=True)])
case("same-root-name-both", OK, Cert("leaf", Cert("root", k=root.k, ca=True), aki=False), [],
     [Cert("root", ca=True), root])
case("same-key-other-name", UNTRUSTED, leaf, [Cert("dim", root, k=mid.k, ca=True)], [root])
a = Cert("a", ca=True)
b = Cert("b", a, ca=True)
case("loop", UNTRUSTED, Cert("leaf", b), [b, Cert("a", b, k=a.k, ca=True)], [root])

# Extensions that are not known.
odd = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
through("unknown-critical-mid", UNTRUSTED, "critical extension", more=[(odd, True)])
through("unknown-critical-leaf", UNTRUSTED, "critical extension", {"more": [(odd, True)]})
through("unknown-not-critical", OK, "-", {"more": [(odd, False)]}, more=[(odd, False)])

# Name constraints.
DNS, MAIL, URI = x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier


def net(text):
    return x509.IPAddress(ipaddress.ip_network(text))


def ip(text):
    return x509.IPAddress(ipaddress.ip_address(text))


def directory(*cns):
    return x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, c) for c in cns]))


for kind, tree, inside, outside in (
        ("dns", DNS("acme.com"), DNS("a.acme.com"), DNS("acme.org")),
        ("dns-suffix", DNS("acme.com"), DNS("acme.com"), DNS("notacme.com")),
        ("mail-host", MAIL("acme.com"), MAIL("a@acme.com"), MAIL("a@b.acme.com")),
        ("mail-domain", MAIL(".acme.com"), MAIL("a@b.acme.com"), MAIL("a@acme.com")),
        ("mail-box", MAIL("a@acme.com"), MAIL("a@acme.com"), MAIL("b@acme.com")),
        ("uri", URI("acme.com"), URI("https://acme.com/x"), URI("https://acme.org/x")),
        ("ip", net("10.0.0.0/8"), ip("10.1.2.3"), ip("11.1.2.3")),
        ("ip6", net("2001:db8::/32"), ip("2001:db8::1"), ip("2001:db9::1")),
        ("directory", directory("ACME"), directory("ACME", "x"), directory("Other"))):
    # a subject counts as a directory name: it is left empty there
    bare_name = {"cn": None} if kind == "directory" else {}
    for title, nc, good, bad in (("permitted", ([tree], None), inside, outside),
                                 ("excluded", (None, [tree]), outside, inside)):
        m = Cert("mid", root, ca=True, nc=nc)
        cn = None if bare_name else "A leaf"
        case(f"{kind}-{title}-good", OK, Cert(cn, m, san=[good]), [m], [root])
        case(f"{kind}-{title}-bad", UNTRUSTED, Cert(cn, m, san=[bad]), [m], [root], says="subtree violation")
        case(f"{kind}-{title}-one-bad", UNTRUSTED, Cert(cn, m, san=[good, bad]), [m], [root])
m = Cert("mid", root, ca=True, nc=([DNS("acme.com")], None))
case("constraint-of-another-type", OK, Cert("A leaf", m, san=[MAIL("a@other.org")]), [m], [root])
deep = Cert("deep", m, ca=True, nc=([DNS("other.org")], None))
case("constraints-meet", UNTRUSTED, Cert("A leaf", deep, san=[DNS("a.other.org")]), [deep, m], [root])
case("constraints-meet-not", UNTRUSTED, Cert("A leaf", deep, san=[DNS("a.acme.com")]), [deep, m], [root])
m = Cert("mid", root, ca=True, nc=([directory("ACME")], None))
case("constraint-on-subject", UNTRUSTED, Cert("leaf", m), [m], [root], says="subtree violation")
own = Cert("mid", m, ca=True)
case("constraint-self-issued-passes", OK, Cert(None, own, san=[directory("ACME")]), [own, m], [root])

# Policies: none is demanded, unless the path itself does.
P1, P2 = (x509.PolicyInformation(ObjectIdentifier(f"1.2.3.{i}"), None) for i in (1, 2))


def policies(*which):
    return x509.CertificatePolicies(which), True


explicit = x509.PolicyConstraints(0, None), True
through("policy-any-mismatch", OK, "-", {"more": [policies(P2)]}, more=[policies(P1)])
through("policy-explicit", OK, "-", {"more": [policies(P1)]}, more=[policies(P1), explicit])
through("policy-explicit-mismatch", UNTRUSTED, "policy", {"more": [policies(P2)]}, more=[policies(P1), explicit])
through("policy-explicit-none", UNTRUSTED, "policy", {}, more=[policies(P1), explicit])

# Signatures and keys that prove nothing.
weak = Cert("weak", root, k=rsa.generate_private_key(65537, 1024), ca=True)
case("weak-key-mid", UNTRUSTED, Cert("leaf", weak), [weak], [root], says="key too weak")
p521 = Cert("p521", root, k=ec.generate_private_key(ec.SECP521R1()), ca=True)
case("key-on-another-curve", UNTRUSTED, Cert("leaf", p521), [p521], [root])


# Revocation.
def crl(title, by, revoked=(), since=-1, till=5, more=(), entry=(), k=None, md=hashes.SHA256(), reason=None):
    b = x509.CertificateRevocationListBuilder().issuer_name(by.name).last_update(NOW + since * DAY)
    b = b.next_update(NOW + till * DAY).add_extension(x509.CRLNumber(7), False)
    for value, critical in more:
        b = b.add_extension(value, critical)
    for c in revoked:
        r = x509.RevokedCertificateBuilder().serial_number(c.x.serial_number).revocation_date(NOW - DAY)
        if reason:
            r = r.add_extension(x509.CRLReason(reason), False)
        for value, critical in entry:
            r = r.add_extension(value, critical)
        b = b.add_revoked_certificate(r.build())
    save(title + ".crl", b.sign(k or by.k, md).public_bytes(DER))
    return f"--crl {title}.crl "


def revocation(title, status, opts, says="-", who=leaf, bag=(mid,)):
    case(title, status, who, bag, [root], opts, says)


clean = crl("clean", mid)
revocation("crl-clean", OK, clean)
revocation("crl-revoked", REVOKED, crl("revoked", mid, [leaf], reason=x509.ReasonFlags.key_compromise), "key compromise")
revocation("crl-revoked-stale", REVOKED, crl("revoked-stale", mid, [leaf], since=-9, till=-2), "revoked at")
revocation("crl-stale", LATE, crl("stale", mid, since=-9, till=-2), "not known whether it is revoked")
revocation("crl-not-yet", LATE, crl("not-yet", mid, since=2, till=5))
revocation("crl-older-and-newer", OK, crl("stale2", mid, since=-9, till=-2) + clean)
revocation("crl-none", UNTRUSTED, crl("of-root", root), "not known whether it is revoked")
revocation("crl-mid-revoked", REVOKED, clean + crl("mid-revoked", root, [mid]))
revocation("crl-all", OK, clean + crl("root-clean", root) + "--crl-check-all")
revocation("crl-all-unknown", UNTRUSTED, clean + "--crl-check-all")
revocation("crl-all-stale", LATE, clean + crl("root-stale", root, since=-9, till=-2) + "--crl-check-all")
impostor = Cert("mid", root, ca=True)
revocation("crl-same-name-other-key", UNTRUSTED, crl("impostor", impostor, [leaf]))
revocation("crl-forged", UNTRUSTED, crl("forged", mid, k=key()))
shy = Cert("shy", root, ca=True, ku=usage("key_cert_sign"))
revocation("crl-no-crl-sign", UNTRUSTED, crl("shy", shy, []), who=Cert("leaf", shy), bag=[shy])
hold = crl("hold", mid, [leaf], since=-3, reason=x509.ReasonFlags.certificate_hold)
revocation("crl-hold", REVOKED, hold)
revocation("crl-hold-lifted", OK, hold + clean)
revocation("crl-hold-after", REVOKED, crl("before", mid, since=-4) + hold)
revocation("crl-delta", 65, crl("delta", mid, more=[(x509.DeltaCRLIndicator(6), True)]), "delta CRL")


def point(**has):
    base = dict(full_name=None, relative_name=None, only_contains_user_certs=False, only_contains_ca_certs=False,
                only_some_reasons=None, indirect_crl=False, only_contains_attribute_certs=False)
    return [(x509.IssuingDistributionPoint(**{**base, **has}), True)]


revocation("crl-indirect", 65, crl("indirect", mid, more=point(indirect_crl=True)), "indirect CRL")
revocation("crl-some-reasons", 65, crl("reasons", mid, more=point(
    only_some_reasons=frozenset([x509.ReasonFlags.key_compromise]))))
revocation("crl-users-only", OK, crl("users", mid, more=point(only_contains_user_certs=True)))
revocation("crl-cas-only", UNTRUSTED, crl("cas", mid, more=point(only_contains_ca_certs=True)))
revocation("crl-other-point", UNTRUSTED, crl("point", mid, more=point(full_name=[URI("http://x/1.crl")])))
pointed = Cert("leaf", mid, more=[(x509.CRLDistributionPoints(
    [x509.DistributionPoint([URI("http://x/1.crl")], None, None, None)]), False)])
revocation("crl-own-point", OK, "--crl point.crl", who=pointed)
revocation("crl-unknown-critical", 65, crl("critical", mid, more=[(odd, True)]), "critical extension")
revocation("crl-entry-critical", 65, crl("entry", mid, [leaf], entry=[(odd, True)]), "critical extension")


def response(title, by, status=ocsp.OCSPCertStatus.GOOD, who=leaf, issuer=mid, since=-1, till=5, certs=(),
             byname=True):
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    b = ocsp.OCSPResponseBuilder().add_response(
        cert=who.x, issuer=issuer.x, algorithm=hashes.SHA1(), cert_status=status, this_update=NOW + since * DAY,
        next_update=till and NOW + till * DAY, revocation_time=NOW - DAY if revoked else None,
        revocation_reason=x509.ReasonFlags.superseded if revoked else None)
    b = b.responder_id(ocsp.OCSPResponderEncoding.NAME if byname else ocsp.OCSPResponderEncoding.HASH, by.x)
    if certs:
        b = b.certificates([c.x for c in certs])
    save(title + ".ocsp", b.sign(by.k, hashes.SHA256()).public_bytes(DER))
    return f"--ocsp {title}.ocsp "


BAD = ocsp.OCSPCertStatus.REVOKED
OCSP = {"eku": [ExtendedKeyUsageOID.OCSP_SIGNING]}
responder = Cert("responder", mid, **OCSP)
revocation("ocsp-good", OK, response("good", mid))
revocation("ocsp-by-hash", OK, response("hash", mid, byname=False))
revocation("ocsp-revoked", REVOKED, response("bad", mid, BAD), "superseded")
revocation("ocsp-unknown", UNTRUSTED, response("unknown", mid, ocsp.OCSPCertStatus.UNKNOWN))
revocation("ocsp-stale", LATE, response("stale", mid, since=-9, till=-2))
revocation("ocsp-no-next-update", OK, response("open", mid, since=-0.5, till=None))
revocation("ocsp-no-next-update-old", LATE, response("open-old", mid, since=-3, till=None))
revocation("ocsp-revoked-stale", REVOKED, response("bad-stale", mid, BAD, since=-9, till=-2))
revocation("ocsp-another", UNTRUSTED, response("another", mid, who=mid, issuer=root))
revocation("ocsp-forged", UNTRUSTED, response("forged", impostor))
revocation("ocsp-delegated", OK, response("delegated", responder, certs=[responder]))
revocation("ocsp-delegated-revoked", REVOKED, response("delegated-bad", responder, BAD, certs=[responder]))
plain = Cert("responder", mid)
revocation("ocsp-delegated-no-eku", UNTRUSTED, response("no-eku", plain, certs=[plain]))
anyuse = Cert("responder", mid, eku=[ObjectIdentifier("2.5.29.37.0")])
revocation("ocsp-delegated-any-eku", UNTRUSTED, response("any-eku", anyuse, certs=[anyuse]))
late = Cert("responder", mid, till=-1, **OCSP)
revocation("ocsp-delegated-expired", UNTRUSTED, response("late", late, certs=[late]))
deaf = Cert("responder", mid, ku=usage("key_agreement"), **OCSP)
revocation("ocsp-delegated-no-signature", UNTRUSTED, response("deaf", deaf, certs=[deaf]))
nephew = Cert("responder", root, **OCSP)
revocation("ocsp-delegated-by-another", UNTRUSTED, response("nephew", nephew, certs=[nephew]))
broken = Cert("responder", mid, **OCSP).broken()
revocation("ocsp-delegated-wrong-signature", UNTRUSTED, response("broken", broken, certs=[broken]))
revocation("ocsp-delegated-absent", UNTRUSTED, response("absent", responder))
revocation("ocsp-and-crl", REVOKED, "--ocsp good.ocsp --crl revoked.crl")
save("refused.ocsp", ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(DER))
revocation("ocsp-refusal", 65, "--ocsp refused.ocsp", "refusal")
cases.close()
