"""The certificates of tests/cli/sign.table: for each key NAME.key that is
named, NAME-good.pem, NAME-old.pem, NAME-future.pem and NAME-soon.pem, by
mid.pem; and mid.pem's doubles oldmid.pem and forged.pem."""
import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.datetime.utcnow().replace(microsecond=0)
DAY = datetime.timedelta(days=1)
DATES = {
    "good": (NOW - DAY, NOW + 100 * DAY),
    "old": (datetime.datetime(2020, 1, 1), datetime.datetime(2021, 1, 1)),
    "future": (NOW + 10 * DAY, NOW + 100 * DAY),
    "soon": (NOW - DAY, NOW + 10 * DAY),
}
# an issuer's certificate is older than what it issued
ISSUER = (datetime.datetime(2019, 1, 1), NOW + 3000 * DAY)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def load(path):
    with open(path, "rb") as file:
        return serialization.load_pem_private_key(file.read(), None)


def usage(**given):
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{u: given.get(u, False) for u in every})


def issue(path, subject, public, issuer, key, dates, ca):
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(public)
               .serial_number(x509.random_serial_number()).not_valid_before(dates[0]).not_valid_after(dates[1])
               .add_extension(usage(key_cert_sign=ca, digital_signature=not ca), True))
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(True, None), True)
    else:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    with open(path, "wb") as file:
        file.write(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def main():
    root, mid, forger = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    issue("root.pem", "Root", root.public_key(), "Root", root, ISSUER, True)
    issue("mid.pem", "Intermediate", mid.public_key(), "Root", root, ISSUER, True)
    issue("oldmid.pem", "Intermediate", mid.public_key(), "Root", root, DATES["old"], True)
    issue("forged.pem", "Intermediate", forger.public_key(), "Root", forger, ISSUER, True)
    for which in sys.argv[1:]:
        public = load(which + ".key").public_key()
        for when, dates in DATES.items():
            issue(f"{which}-{when}.pem", which, public, "Intermediate", mid, dates, False)
    own = load("p256.key")
    issue("self.pem", "Self", own.public_key(), "Self", own, DATES["good"], False)


main()
