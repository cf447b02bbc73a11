#!/usr/bin/env python3
"""warm.py DIR: a Python that has its modules loaded already, for tests that run
many small programs: each request is answered by a process forked from here.
tests/helper.bash has the other end (warm, py).

A request is a line on DIR/in, the asking shell's process id N: it runs DIR/N.args
(its working directory, then the words that python3 would have, each ended by a
NUL) with the shell's descriptors 60 to 62 as 0 to 2; the exit status is written
to the FIFO DIR/N.  Ends when the process that started it does.
"""
import argparse, base64, datetime, gc, hashlib, hmac, json, os, plistlib, re, select, signal, struct, subprocess, sys, types, warnings  # noqa: F401

from cryptography import x509  # noqa: F401
from cryptography.hazmat.primitives import hashes, serialization  # noqa: F401
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: F401
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: F401
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12  # noqa: F401

programs = {}


def request(folder, shell):
    with open(os.path.join(folder, shell + ".args"), "rb") as f:
        return [os.fsdecode(word) for word in f.read().split(b"\0")[:-1]]


def program(cwd, path):
    """The code of a script, compiled once as long as the file stays the same."""
    path = os.path.join(cwd, path)
    seen = os.stat(path)
    key = (path, seen.st_mtime_ns, seen.st_size)
    if key not in programs:
        with open(path, "rb") as f:
            programs[key] = compile(f.read(), path, "exec")
    return programs[key]


def become(shell, cwd, words, code):
    """In the child: what python3 WORDS would do; never returns."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 70
    try:
        for fd, flags in (0, os.O_RDONLY), (1, os.O_WRONLY | os.O_APPEND), (2, os.O_WRONLY | os.O_APPEND):
            theirs = os.open("/proc/%s/fd/%d" % (shell, 60 + fd), flags)
            os.dup2(theirs, fd)
            os.close(theirs)
        os.chdir(cwd)
        if words[0] == "-c":
            sys.path.insert(0, "")
            code = compile(words[1], "<string>", "exec")
            sys.argv = ["-c"] + words[2:]
        elif words[0] == "-":
            sys.path.insert(0, "")
            code = compile(sys.stdin.read(), "<stdin>", "exec")
            sys.argv = words
        else:
            sys.path.insert(0, os.path.dirname(os.path.join(cwd, words[0])))
            sys.argv = words
        main = types.ModuleType("__main__")
        main.__file__ = words[0]
        sys.modules["__main__"] = main
        exec(code, main.__dict__)
        status = 0
    except SystemExit as e:
        status = e.code if isinstance(e.code, int) else 0 if e.code is None else 1
        if status == 1 and e.code != 1:
            print(e.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            status = status or 120
        os._exit(status & 255)


def start(folder, shell, running):
    cwd, *words = request(folder, shell)
    try:
        code = program(cwd, words[0]) if words[0] not in ("-", "-c") else None
    except (OSError, SyntaxError) as e:
        print(e, file=sys.stderr)
        return tell(folder, shell, 2)
    pid = os.fork()
    if pid == 0:
        become(shell, cwd, words, code)
    running[pid] = shell


def tell(folder, shell, status):
    """The shell has its FIFO open: this neither waits nor is lost."""
    try:
        fd = os.open(os.path.join(folder, shell), os.O_WRONLY | os.O_NONBLOCK)
        os.write(fd, b"%d\n" % status)
        os.close(fd)
    except OSError:
        pass  # it has gone


def reap(folder, running):
    while running:
        pid, how = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        status = os.waitstatus_to_exitcode(how)
        tell(folder, running.pop(pid), status if status >= 0 else 128 - status)


def main():
    folder, parent = sys.argv[1], os.getppid()
    requests = os.open(os.path.join(folder, "in"), os.O_RDWR)
    sys.argv = [""]
    del sys.path[0]
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    gc.freeze()
    running, rest = {}, b""
    while os.getppid() == parent:
        ready, _, _ = select.select([requests, woken], [], [], 0.5)
        if woken in ready:
            os.read(woken, 4096)
        if requests in ready:
            *lines, rest = (rest + os.read(requests, 4096)).split(b"\n")
            for line in lines:
                start(folder, line.decode(), running)
        reap(folder, running)


if __name__ == "__main__":
    main()
