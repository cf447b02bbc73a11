#!/usr/bin/env python3
"""What somebody sends who wants to know what is in an envelope that he cannot open.

scep_oracle.py contents RA DIR SUBJECT CHALLENGE   DIR/NAME.m: messages that differ in what their envelopes hold
scep_oracle.py guesses RA DIR SUBJECT CHALLENGE    DIR/guess-X.m for 16 guesses of a digit of the challenge in a captured
                                                   envelope, DIR/guess-X.env, and DIR/digit: the one that is right
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "flow"))
from pkcsreq import children, envelope, header, message, oid, openssl, request, self_signed, tlv  # noqa: E402


def save(path, data):
    with open(path, "wb") as f:
        f.write(data)


def encrypted(enveloped):
    """version, recipientInfos, content type, algorithm, IV and ciphertext of openssl's EnvelopedData."""
    data = list(children(list(children(enveloped))[1]))[0]
    version, recipients, info = children(data)
    kind, algorithm, content = children(info)
    name, iv = children(algorithm)
    return version, recipients, kind, name, iv[header(iv):], content[header(content):]


def again(parts, iv, ciphertext):
    """The same encrypted key, with another IV and ciphertext."""
    version, recipients, kind, name, _, _ = parts
    info = tlv(0x30, kind, tlv(0x30, name, tlv(4, iv)), tlv(0x80, ciphertext))
    return tlv(0x30, oid("1.2.840.113549.1.7.3"), tlv(0xA0, tlv(0x30, version, recipients, info)))


def xor(a, b):
    return bytes(i ^ j for i, j in zip(a, b))


def contents(ra, where, subject, challenge):
    key = os.path.join(where, "requester.key")
    csr = request(key, subject, challenge)
    cert = self_signed(key)
    broken = csr[:-1] + bytes([csr[-1] ^ 1])
    odd = {
        "octets": b"hello",
        "sequence": tlv(0x30, tlv(2, b"\x01")),
        "sequence-of-octets": tlv(0x30, tlv(4, b"A" * 43)),
        "random": os.urandom(len(csr)),
        "broken-pop": broken,
        "trailing": csr + b"\0",
        "cut": csr[:-1],
        "rsa-512": request(os.path.join(where, "small.key"), subject, challenge, 512),
        "others": request(os.path.join(where, "other.key"), subject, challenge),
        "no-subject": openssl("req", "-new", "-key", key, "-subj", "/", "-outform", "DER"),
        "certificate": cert,
    }
    for name, content in odd.items():
        save(os.path.join(where, name + ".m"), message(key, cert, envelope(ra, content)))
    good = envelope(ra, csr)
    save(os.path.join(where, "good.m"), message(key, cert, good))
    # the last byte of the padding gets 0x80
    parts = encrypted(good)
    ciphertext = bytearray(parts[5])
    ciphertext[-17] ^= 0x80
    save(os.path.join(where, "padding.m"), message(key, cert, again(parts, parts[4], bytes(ciphertext))))


def guesses(ra, where, subject, challenge):
    csr = request(os.path.join(where, "victim.key"), subject, challenge)
    parts = encrypted(envelope(ra, csr))
    iv, ciphertext = parts[4:]
    key = os.path.join(where, "attacker.key")
    # his own request has the same shape: it begins alike and has the challenge at the same place
    shape = request(key, subject, "x" * 32)
    cert = self_signed(key)
    first = xor(shape[:16], iv)
    at = shape.index(b"x" * 32)
    block = (at + 15) // 16
    digit = block * 16 + 15
    prev, this = ciphertext[block * 16 - 16:block * 16], ciphertext[block * 16:block * 16 + 16]
    assert at <= digit < at + 32 and csr[digit:digit + 1] == challenge[digit - at].encode()
    # a SEQUENCE of one OCTET STRING of 43 bytes, if one byte of padding is good
    wanted = xor(first, b"\x30\x2d\x04\x2b" + b"A" * 12)
    for guess in "0123456789abcdef":
        between = os.urandom(15) + bytes([ord(guess) ^ prev[15] ^ 1])
        env = again(parts, wanted, ciphertext[:16] + between + this)
        save(os.path.join(where, "guess-%s.env" % guess), env)
        save(os.path.join(where, "guess-%s.m" % guess), message(key, cert, env))
    save(os.path.join(where, "digit"), csr[digit:digit + 1] + b"\n")


def main():
    what, *words = sys.argv[1:]
    {"contents": contents, "guesses": guesses}[what](*words)


if __name__ == "__main__":
    main()
