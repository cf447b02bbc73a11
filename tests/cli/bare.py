#!/usr/bin/env python3
"""Talk to mcprofile-cgi as a client of a bare connection does.

bare.py split SITE < REQUEST      cut REQUEST in two at every byte: the answers
                                  must be those of the whole (dates apart)
bare.py slow SITE SECONDS         one byte a second: the status, and when
bare.py half SITE < REQUEST       send it, end our side, print the answer
bare.py refused SITE < REQUEST    send 4 MiB after it, and yet read the answer
bare.py expect SITE < REQUEST     wait for 100 Continue before the body
"""
import re
import socket
import subprocess
import sys
import time


def start(site):
    ours, theirs = socket.socketpair()
    p = subprocess.Popen(["mcprofile-cgi", "--site", site], stdin=theirs, stdout=theirs,
                         stderr=subprocess.DEVNULL)
    theirs.close()
    ours.settimeout(60)
    return p, ours


def read_all(s):
    data = b""
    while True:
        chunk = s.recv(65536)
        if not chunk:
            return data
        data += chunk


def plain(answer):
    """An answer without what differs each time."""
    answer = re.sub(rb"Date: [^\r]*", b"Date:", answer)
    return re.sub(rb"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", b"id", answer)


def exchange(site, pieces):
    p, s = start(site)
    for i, piece in enumerate(pieces):
        if i:
            time.sleep(0.002)
        s.sendall(piece)
    answer = read_all(s)
    p.wait()
    return plain(answer)


def split(site):
    request = sys.stdin.buffer.read()
    whole = exchange(site, [request])
    for i in range(1, len(request)):
        if exchange(site, [request[:i], request[i:]]) != whole:
            sys.exit(f"another answer when cut at {i}")
    sys.stdout.buffer.write(whole)


def slow(site, seconds):
    p, s = start(site)
    began = time.time()
    s.setblocking(False)
    answer = b""
    while time.time() - began < float(seconds) and not answer:
        try:
            s.send(b"G")
        except OSError:
            pass
        time.sleep(1)
        try:
            answer = s.recv(65536)
        except BlockingIOError:
            pass
    took = time.time() - began
    p.kill()
    print(answer.split(b"\r\n")[0].decode(), int(took))


def half(site):
    p, s = start(site)
    s.sendall(sys.stdin.buffer.read())
    s.shutdown(socket.SHUT_WR)
    sys.stdout.buffer.write(read_all(s))
    p.wait()


def refused(site):
    p, s = start(site)
    s.sendall(sys.stdin.buffer.read())
    sent = 0
    try:
        while sent < 4 << 20:
            sent += s.send(b"x" * 65536)
    except OSError:
        pass
    sys.stdout.buffer.write(read_all(s))
    p.wait()


def expect(site):
    head, body = sys.stdin.buffer.read().split(b"\r\n\r\n", 1)
    p, s = start(site)
    s.sendall(head + b"\r\n\r\n")
    first = s.recv(65536)
    s.sendall(body)
    sys.stdout.buffer.write(first + read_all(s))
    p.wait()


{"split": split, "slow": slow, "half": half, "refused": refused, "expect": expect}[sys.argv[1]](*sys.argv[2:])
