#!/usr/bin/env python3
"""scep_client.py: a SCEP client by hand, with every knob that RFC 8894 has and some that it has not.

Nothing here is mcprofile's: DER is written byte by byte, and the arithmetic is the python3-cryptography package's.

  key      OUT [KIND]                     a new key: rsa2048 (default), rsa1024, p256, p384, ...
  cert     KEY SUBJECT OUT [OPTION...]    a certificate, self-signed unless --issuer-cert and --issuer-key
  csr      KEY SUBJECT OUT [OPTION...]    a certification request
  message  OUT [OPTION...]                a pkiMessage around --content
  id       CERT OUT                       IssuerAndSerialNumber of a certificate (GetCert, GetCRL)
  poll     ISSUER-CERT CERT OUT           IssuerAndSubject (CertPoll)
  types    DIR [OPTION of message...]     DIR/N.m for each messageType from 0 to 255, around one envelope
  statuses RA FILE...                     "FILE pkiStatus failInfo text", a line a CertRep without content, its signature checked
  read     REPLY OUT [OPTION...]          a CertRep: checked, opened; OUT.pem, OUT.crl, and name=value lines on fd 1
"""
import argparse, datetime, hashlib, hmac, os, sys, warnings

warnings.simplefilter("ignore")  # older algorithms are the point

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "flow"))
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: E402
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: E402
from cryptography.x509.oid import NameOID  # noqa: E402
from pkcsreq import children, header, oid, tlv  # noqa: E402

NULL = b"\x05\x00"
SCEP = "2.16.840.1.113733.1.9."
MD = {"md5": "1.2.840.113549.2.5", "sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1",
      "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
HASH = {"md5": hashes.MD5, "sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
ECDSA = {"sha1": "1.2.840.10045.4.1", "sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
CIPHER = {"aes128": ("2.16.840.1.101.3.4.1.2", 16, 16), "aes192": ("2.16.840.1.101.3.4.1.22", 24, 16),
          "aes256": ("2.16.840.1.101.3.4.1.42", 32, 16), "des3": ("1.2.840.113549.3.7", 24, 8), "des": ("1.3.14.3.2.7", 8, 8),
          "rc2": ("1.2.840.113549.3.2", 16, 8)}
NAMES = {"CN": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "C": NameOID.COUNTRY_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME}


def save(path, data):
    with open(path, "wb") as f:
        f.write(data)


def load(path):
    with open(path, "rb") as f:
        return f.read()


def load_key(path):
    return serialization.load_pem_private_key(load(path), None)


def load_cert(path):
    data = load(path)
    return x509.load_pem_x509_certificate(data) if data.startswith(b"-----") else x509.load_der_x509_certificate(data)


def der(cert):
    return cert.public_bytes(serialization.Encoding.DER)


def body(element):
    return element[header(element):]


def number(element):
    return int.from_bytes(body(element), "big", signed=True)


def dotted(element):
    out, n = [], 0
    for b in body(element):
        n = n << 7 | b & 127
        if not b & 128:
            out.append(n)
            n = 0
    return ".".join(map(str, [min(out[0] // 40, 2), out[0] - 40 * min(out[0] // 40, 2)] + out[1:]))


def name_of(text):
    return x509.Name([x509.RelativeDistinguishedName([x509.NameAttribute(NAMES[t], v)])
                      for t, v in (part.split("=", 1) for part in text.strip("/").split("/"))])


def general_names(text):
    kinds = {"dns": x509.DNSName, "email": x509.RFC822Name, "uri": x509.UniformResourceIdentifier}
    return [kinds[k](v) for k, v in (part.split(":", 1) for part in text.split(","))]


# --- keys, certificates, requests ---

def new_key(kind):
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key({"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}[kind]())


def make_key(a):
    save(a.out, new_key(a.kind).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def make_cert(a):
    key = load_key(a.key)
    issuer_key = load_key(a.issuer_key) if a.issuer_key else key
    now = datetime.datetime.utcnow() + datetime.timedelta(days=a.begins)
    b = (x509.CertificateBuilder().subject_name(name_of(a.subject))
         .issuer_name(load_cert(a.issuer_cert).subject if a.issuer_cert else name_of(a.subject))
         .public_key(key.public_key()).serial_number(int(a.serial, 16) if a.serial else x509.random_serial_number())
         .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=a.days)))
    save(a.out, b.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def make_csr(a):
    key = load_key(a.key)
    b = x509.CertificateSigningRequestBuilder().subject_name(name_of(a.subject))
    if a.challenge:
        b = b.add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, a.challenge.encode())
    if a.names:
        b = b.add_extension(x509.SubjectAlternativeName(general_names(a.names)), False)
    if a.ca:
        b = b.add_extension(x509.BasicConstraints(True, None), True)
        b = b.add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), True)
    data = b.sign(key, HASH[a.md]()).public_bytes(serialization.Encoding.DER)
    if a.pop == "broken":
        data = data[:-1] + bytes([data[-1] ^ 1])
    if a.pop == "trailing":
        data += b"\0"
    if a.pop == "cut":
        data = data[:-1]
    save(a.out, data)


# --- envelopes ---

def block_cipher(name, key):
    return algorithms.AES(key) if name.startswith("aes") else algorithms.TripleDES(key)


def encrypt(name, key, iv, data):
    c = Cipher(block_cipher(name, key), modes.CBC(iv)).encryptor()
    return c.update(data) + c.finalize()


def decrypt(name, key, iv, data):
    c = Cipher(block_cipher(name, key), modes.CBC(iv)).decryptor()
    return c.update(data) + c.finalize()


def issuer_and_serial(cert):
    tbs = next(children(der(cert)))
    parts = list(children(tbs))
    serial, issuer = (parts[1], parts[3]) if parts[0][0] == 0xA0 else (parts[0], parts[2])
    return tlv(0x30, issuer, serial)


def oaep_algorithm(md):
    hash_id = tlv(0x30, oid(MD[md]), NULL)
    mgf = tlv(0x30, oid("1.2.840.113549.1.1.8"), hash_id)
    return tlv(0x30, oid("1.2.840.113549.1.1.7"), tlv(0x30, tlv(0xA0, hash_id), tlv(0xA1, mgf)))


def recipient(cert, key, oaep):
    if oaep:
        pad = padding.OAEP(padding.MGF1(HASH[oaep]()), HASH[oaep](), None)
        algorithm = oaep_algorithm(oaep)
    else:
        pad, algorithm = padding.PKCS1v15(), tlv(0x30, oid("1.2.840.113549.1.1.1"), NULL)
    return tlv(0x30, tlv(2, b"\0"), issuer_and_serial(cert), algorithm, tlv(4, cert.public_key().encrypt(key, pad)))


def password_recipient(password, key, cipher, rounds):
    """RFC 3211: the content key, counted, checked and padded, encrypted twice."""
    name, size, block = CIPHER[cipher]
    salt, iv = os.urandom(16), os.urandom(block)
    kek = hashlib.pbkdf2_hmac("sha256", password, salt, rounds, size)
    plain = bytes([len(key)]) + bytes(b ^ 255 for b in key[:3]) + key
    plain += os.urandom(max(2 * block - len(plain), -len(plain) % block))
    once = encrypt(cipher, kek, iv, plain)
    wrapped = encrypt(cipher, kek, once[-block:], once)
    prf = tlv(0x30, oid("1.2.840.113549.2.9"), NULL)
    count = tlv(2, rounds.to_bytes(rounds.bit_length() // 8 + 1, "big"))
    derivation = tlv(0xA0, oid("1.2.840.113549.1.5.12"), tlv(0x30, tlv(4, salt), count, prf))
    wrapping = tlv(0x30, oid("1.2.840.113549.1.9.16.3.9"), tlv(0x30, oid(name), tlv(4, iv)))
    return tlv(0xA3, tlv(2, b"\0"), derivation, wrapping, tlv(4, wrapped))


def envelope(content, a):
    name, size, block = CIPHER[a.cipher]
    key, iv = os.urandom(size), os.urandom(block)
    pad = block - len(content) % block
    data = encrypt(a.cipher, key * (3 if a.cipher == "des" else 1), iv, content + bytes([pad]) * pad)
    if a.password:
        to = [password_recipient(a.password.encode(), key, a.cipher, a.rounds)]
    else:
        to = [recipient(load_cert(c), key, a.oaep) for c in a.recipient]
    info = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0x30, oid(name), tlv(4, iv)), tlv(0x80, data))
    inner = tlv(0x30, tlv(2, b"\3" if a.password else b"\0"), tlv(0x31, *sorted(to)), info)
    return tlv(0x30, oid("1.2.840.113549.1.7.3"), tlv(0xA0, inner))


# --- messages ---

def attribute(name, *values):
    return tlv(0x30, oid(name), tlv(0x31, *values))


STRINGS = {"printable": 0x13, "utf8": 0x0C, "ia5": 0x16, "octets": 0x04, "integer": 0x02, "bmp": 0x1E}


def attributes(a, enveloped):
    kind = tlv(STRINGS[a.type_tag], bytes([int(a.type)]) if a.type_tag == "integer" else a.type.encode())
    out = [attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1")),
           attribute("1.2.840.113549.1.9.4", tlv(4, hashlib.new(a.md, enveloped).digest()))]
    if a.odd != "type-absent":
        out.append(attribute(SCEP + "2", kind))
    if a.odd == "type-twice":
        out.append(attribute(SCEP + "2", tlv(0x13, b"22")))
    if a.odd == "type-values":
        out[-1] = attribute(SCEP + "2", kind, tlv(0x13, b"22"))
    if a.odd != "transaction-absent":
        out.append(attribute(SCEP + "7", tlv(STRINGS[a.transaction_tag], a.transaction.encode())))
    if a.odd == "transaction-twice":
        out.append(attribute(SCEP + "7", tlv(0x13, b"another")))
    if a.nonce != "none":
        out.append(attribute(SCEP + "5", tlv(4, bytes.fromhex(a.nonce))))
    if a.time is not None:
        when = datetime.datetime.utcnow() + datetime.timedelta(seconds=a.time)
        out.append(attribute("1.2.840.113549.1.9.5", tlv(0x17, when.strftime("%y%m%d%H%M%SZ").encode())))
    if a.odd == "extra":
        out.append(attribute("1.2.3.4.5", tlv(0x13, b"of the client's own")))
    return out


def sign(key, data, md, pss):
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(HASH[md]())), tlv(0x30, oid(ECDSA[md]))
    if pss:
        size = HASH[md]().digest_size
        hash_id = tlv(0x30, oid(MD[md]), NULL)
        mgf = tlv(0x30, oid("1.2.840.113549.1.1.8"), hash_id)
        params = tlv(0x30, tlv(0xA0, hash_id), tlv(0xA1, mgf), tlv(0xA2, tlv(2, bytes([size]))))
        return (key.sign(data, padding.PSS(padding.MGF1(HASH[md]()), size), HASH[md]()),
                tlv(0x30, oid("1.2.840.113549.1.1.10"), params))
    return key.sign(data, padding.PKCS1v15(), HASH[md]()), tlv(0x30, oid("1.2.840.113549.1.1.1"), NULL)


def signer_info(key, cert, a, enveloped):
    signed = tlv(0x31, *sorted(attributes(a, enveloped)))
    if a.odd == "no-attributes":
        signature, algorithm = sign(key, enveloped, a.md, a.pss)
        signed = b""
    else:
        signature, algorithm = sign(key, signed, a.md, a.pss)
        signed = b"\xa0" + signed[1:]
    if a.odd == "signature":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    digest = tlv(0x30, oid(MD[a.md]), NULL)
    return tlv(0x30, tlv(2, b"\1"), issuer_and_serial(cert), digest, signed, algorithm, tlv(4, signature))


def make_message(a):
    key, cert = load_key(a.key), load_cert(a.cert)
    content = load(a.content) if a.content else b""
    enveloped = load(a.envelope) if a.envelope else envelope(content, a)
    infos = [signer_info(key, cert, a, enveloped)]
    certs = [der(cert)]
    if a.odd == "two-signers":
        infos.append(signer_info(load_key(a.second_key), load_cert(a.second_cert), a, enveloped))
        certs.append(der(load_cert(a.second_cert)))
    if a.odd == "no-certificate":
        certs = []
    inside = b"" if a.odd == "content-absent" else tlv(0xA0, tlv(4, enveloped))
    data = tlv(0x30, tlv(2, b"\1"), tlv(0x31, tlv(0x30, oid(MD[a.md]), NULL)),
               tlv(0x30, oid("1.2.840.113549.1.7.1"), inside), tlv(0xA0, *certs), tlv(0x31, *sorted(infos)))
    msg = tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, data))
    save(a.out, msg + b"\0" if a.odd == "trailing" else msg[:-1] if a.odd == "cut" else msg)


def make_types(a):
    save(os.path.join(a.dir, "envelope"), envelope(load(a.content), a))
    a.envelope = os.path.join(a.dir, "envelope")
    for n in range(256):
        a.type, a.out = str(n), os.path.join(a.dir, "%d.m" % n)
        make_message(a)


def make_id(a):
    save(a.out, issuer_and_serial(load_cert(a.of)))


def make_poll(a):
    save(a.out, tlv(0x30, load_cert(a.issuer).subject.public_bytes(), load_cert(a.of).subject.public_bytes()))


# --- replies ---

def signed_parts(msg):
    """The one SignerInfo's fields, the content or None, and what is in the bag."""
    kind, wrapped = children(msg)
    assert dotted(kind) == "1.2.840.113549.1.7.2"
    parts = list(children(next(children(wrapped))))
    encap = list(children(parts[2]))
    content = body(next(children(encap[1]))) if len(encap) > 1 else None
    bag = [p for p in parts[3:-1] if p[0] == 0xA0]
    crls = [p for p in parts[3:-1] if p[0] == 0xA1]
    infos = list(children(parts[-1]))
    return infos, content, list(children(bag[0])) if bag else [], list(children(crls[0])) if crls else []


def check_signature(info, content, ra):
    parts = list(children(info))
    md = next(n for n, o in MD.items() if o == dotted(next(children(parts[2]))))
    attrs = {dotted(next(children(x))): list(children(list(children(x))[1])) for x in children(parts[3])}
    assert len(attrs) == len(list(children(parts[3]))) and all(len(v) == 1 for v in attrs.values())
    assert parts[1] == issuer_and_serial(ra), "not signed by that RA"
    assert dotted(next(children(parts[4]))) == "1.2.840.113549.1.1.1" and list(children(parts[4]))[1] == NULL, "rsaEncryption"
    ra.public_key().verify(body(parts[5]), b"\x31" + parts[3][1:], padding.PKCS1v15(), HASH[md]())
    assert body(attrs["1.2.840.113549.1.9.4"][0]) == hashlib.new(md, content or b"").digest(), "messageDigest"
    return md, attrs


def content_key(to, a, size):
    if to[0] == 0xA3:
        _, derivation, wrapping, wrapped = children(to)
        salt, rounds = list(children(list(children(derivation))[1]))[:2]
        prf = list(children(list(children(derivation))[1]))[-1]
        md = {"1.2.840.113549.2.9": "sha256", "1.2.840.113549.2.7": "sha1"}[dotted(next(children(prf)))] if prf[0] == 0x30 else "sha1"
        name, iv = children(list(children(wrapping))[1])
        cipher = next(n for n, c in CIPHER.items() if c[0] == dotted(name))
        block = CIPHER[cipher][2]
        kek = hashlib.pbkdf2_hmac(md, a.password.encode(), body(salt), number(rounds), CIPHER[cipher][1])
        data = body(wrapped)
        last = decrypt(cipher, kek, data[-2 * block:-block], data[-block:])
        once = decrypt(cipher, kek, last, data[:-block]) + last
        plain = decrypt(cipher, kek, body(iv), once)
        assert hmac.compare_digest(bytes(b ^ 255 for b in plain[1:4]), plain[4:7]), "the password"
        return plain[4:4 + plain[0]], "password"
    _, rid, algorithm, encrypted = children(to)
    assert rid == issuer_and_serial(load_cert(a.cert)), "not encrypted to this certificate"
    if dotted(next(children(algorithm))) == "1.2.840.113549.1.1.7":
        params = list(children(list(children(algorithm))[1]))
        md = next(n for n, o in MD.items() if o == dotted(next(children(next(children(params[0]))))))
        return load_key(a.key).decrypt(body(encrypted), padding.OAEP(padding.MGF1(HASH[md]()), HASH[md](), None)), "oaep-" + md
    return load_key(a.key).decrypt(body(encrypted), padding.PKCS1v15()), "pkcs1"


def open_envelope(data, a):
    kind, wrapped = children(data)
    assert dotted(kind) == "1.2.840.113549.1.7.3"
    _, recipients, info = children(next(children(wrapped)))
    to = list(children(recipients))
    assert len(to) == 1
    _, algorithm, encrypted = children(info)
    assert encrypted[0] == 0x80, "encryptedContent is primitive"
    name, iv = children(algorithm)
    cipher = next(n for n, c in CIPHER.items() if c[0] == dotted(name))
    key, transport = content_key(to[0], a, CIPHER[cipher][1])
    plain = decrypt(cipher, key * (3 if cipher == "des" else 1), body(iv), body(encrypted))
    return plain[:-plain[-1]], cipher, transport


def certrep(path, ra):
    """What its signer says, and the content or None."""
    infos, content, _, _ = signed_parts(load(path))
    assert len(infos) == 1
    md, attrs = check_signature(infos[0], content, load_cert(ra))
    # pkiStatus, messageType, failInfo and transactionID are PrintableStrings, the nonces OCTET STRINGs
    tags = {"2": 0x13, "3": 0x13, "4": 0x13, "5": 4, "6": 4, "7": 0x13}
    value = {n: attrs[SCEP + n][0] for n in tags if SCEP + n in attrs}
    assert all(v[0] == tags[n] for n, v in value.items())
    told = attrs.get("1.3.6.1.5.5.7.24.1")
    assert not told or told[0][0] == 0x0C
    out = {"md": md, "type": body(value["2"]).decode(), "status": body(value["3"]).decode(), "transaction": body(value["7"]).decode(),
           "fail": body(value["4"]).decode() if "4" in value else "", "text": body(told[0]).decode() if told else "",
           "sender": body(value["5"]).hex(), "recipient": body(value["6"]).hex() if "6" in value else "",
           "content": "absent" if content is None else "there"}
    return out, content


def statuses(a):
    for path in a.replies:
        out, content = certrep(path, a.ra)
        assert content is None
        print(os.path.basename(path), out["status"], out["fail"], out["text"])


def read(a):
    out, content = certrep(a.reply, a.ra)
    if content is not None:
        plain, out["cipher"], out["transport"] = open_envelope(content, a)
        infos, inner, bag, crls = signed_parts(plain)
        assert not infos and inner is None, "degenerate"
        certs = [x509.load_der_x509_certificate(c) for c in bag]
        if a.key:
            mine = load_key(a.leaf_key or a.key).public_key().public_numbers()
            certs.sort(key=lambda c: c.public_key().public_numbers() != mine)
        out["certificates"], out["crls"] = str(len(certs)), str(len(crls))
        save(a.out + ".pem", b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certs))
        if crls:
            save(a.out + ".crl", crls[0])
    sys.stdout.write("".join("%s=%s\n" % x for x in out.items()))


def message_words(v):
    for name in ("key", "cert", "content", "envelope", "odd", "oaep", "password", "second-key", "second-cert"):
        v.add_argument("--" + name)
    v.add_argument("--recipient", action="append")
    v.add_argument("--rounds", type=int, default=10000)
    v.add_argument("--type", default="19")
    v.add_argument("--type-tag", default="printable")
    v.add_argument("--transaction", default=None)
    v.add_argument("--transaction-tag", default="printable")
    v.add_argument("--nonce", default="00112233445566778899aabbccddeeff")
    v.add_argument("--time", type=float)
    v.add_argument("--md", default="sha256")
    v.add_argument("--pss", action="store_true")
    v.add_argument("--cipher", default="aes128")


def words():
    p = argparse.ArgumentParser()
    s = p.add_subparsers(required=True)

    def verb(name, run, *positional):
        v = s.add_parser(name)
        v.set_defaults(run=run)
        for word in positional:
            v.add_argument(word)
        return v

    v = verb("key", make_key, "out")
    v.add_argument("kind", nargs="?", default="rsa2048")
    v = verb("cert", make_cert, "key", "subject", "out")
    v.add_argument("--issuer-cert")
    v.add_argument("--issuer-key")
    v.add_argument("--serial")
    v.add_argument("--days", type=int, default=365)
    v.add_argument("--begins", type=int, default=-1)
    v = verb("csr", make_csr, "key", "subject", "out")
    v.add_argument("--challenge")
    v.add_argument("--names")
    v.add_argument("--ca", action="store_true")
    v.add_argument("--md", default="sha256")
    v.add_argument("--pop", default="good")
    for v in verb("message", make_message, "out"), verb("types", make_types, "dir"):
        message_words(v)
    v = verb("statuses", statuses, "ra")
    v.add_argument("replies", nargs="+")
    verb("id", make_id, "of", "out")
    verb("poll", make_poll, "issuer", "of", "out")
    v = verb("read", read, "reply", "out")
    for name in ("ra", "key", "cert", "password", "leaf-key"):
        v.add_argument("--" + name)
    a = p.parse_args()
    if getattr(a, "transaction", "") is None:
        a.transaction = hashlib.sha1(load(a.key)).hexdigest().upper()
    return a


def main():
    a = words()
    a.run(a)


if __name__ == "__main__":
    main()
