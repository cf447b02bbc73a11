#!/usr/bin/python3
"""pkcsreq.py RA KEY SUBJECT CHALLENGE: a SCEP PKCSReq on standard output, made by the openssl command and DER by hand.

KEY is made.  Nothing here is mcprofile's: it is what a client written by others sends.
"""
import hashlib, os, subprocess, sys, tempfile


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else (lambda r: bytes([0x80 | len(r)]) + r)(n.to_bytes((n.bit_length() + 7) // 8, "big"))
    return bytes([tag]) + size + body


def oid(text):
    a = [int(x) for x in text.split(".")]
    out = bytearray([a[0] * 40 + a[1]])
    for n in a[2:]:
        chunk = [n & 127]
        while n := n >> 7:
            chunk.append(0x80 | (n & 127))
        out += bytes(reversed(chunk))
    return tlv(6, bytes(out))


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def attribute(name, value):
    return tlv(0x30, oid(name), tlv(0x31, value))


def header(der):
    """The length of the header of the element at der[0]."""
    return 2 if der[1] < 128 else 2 + (der[1] & 127)


def children(der):
    p = header(der)
    while p < len(der):
        h = header(der[p:])
        n = der[p + 1] if der[p + 1] < 128 else int.from_bytes(der[p + 2:p + h], "big")
        yield der[p:p + h + n]
        p += h + n


def request(key, subject, challenge, bits=2048):
    """A certification request for a new key, which is written to the file KEY."""
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:%d" % bits, "-out", key)
    # with -subj openssl leaves the attributes out, so the name goes into the file
    names = "".join("%d.%s\n" % (i, part.replace("=", " = ", 1)) for i, part in enumerate(subject.strip("/").split("/")))
    with tempfile.NamedTemporaryFile("w", suffix=".cnf") as f:
        f.write("[req]\ndistinguished_name = dn\nattributes = a\nprompt = no\n[dn]\n%s[a]\nchallengePassword = %s\n" % (names, challenge))
        f.flush()
        return openssl("req", "-new", "-utf8", "-config", f.name, "-key", key, "-outform", "DER")


def envelope(ra, content):
    return openssl("cms", "-encrypt", "-binary", "-outform", "DER", "-aes-128-cbc", ra, data=content)


def self_signed(key):
    return openssl("req", "-x509", "-key", key, "-subj", "/CN=requester", "-set_serial", "1", "-days", "1", "-outform", "DER")


def message(key, der, enveloped):
    """The pkiMessage around an envelope, signed by the file KEY, whose certificate is der."""
    tbs = next(children(der))
    parts = list(children(tbs))
    serial, issuer = (parts[1], parts[3]) if parts[0][0] == 0xA0 else (parts[0], parts[2])
    spki = openssl("rsa", "-in", key, "-RSAPublicKey_out", "-outform", "DER")
    attrs = [
        attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", tlv(4, hashlib.sha256(enveloped).digest())),
        attribute("2.16.840.1.113733.1.9.2", tlv(0x13, b"19")),
        attribute("2.16.840.1.113733.1.9.5", tlv(4, os.urandom(16))),
        attribute("2.16.840.1.113733.1.9.7", tlv(0x13, hashlib.sha1(spki).hexdigest().upper().encode())),
    ]
    signed = tlv(0x31, *sorted(attrs))
    signature = openssl("dgst", "-sha256", "-sign", key, data=signed)
    sha256 = tlv(0x30, oid("2.16.840.1.101.3.4.2.1"), b"\x05\x00")
    info = tlv(0x30, tlv(2, b"\x01"), tlv(0x30, issuer, serial), sha256, b"\xa0" + signed[1:],
               tlv(0x30, oid("1.2.840.113549.1.1.1"), b"\x05\x00"), tlv(4, signature))
    body = tlv(0x30, tlv(2, b"\x01"), tlv(0x31, sha256), tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, enveloped))),
               tlv(0xA0, der), tlv(0x31, info))
    return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, body))


def main():
    ra, key, subject, challenge = sys.argv[1:]
    csr = request(key, subject, challenge)
    sys.stdout.buffer.write(message(key, self_signed(key), envelope(ra, csr)))


if __name__ == "__main__":
    main()
