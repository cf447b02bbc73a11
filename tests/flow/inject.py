#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""inject.py CA MESSAGE DIR error|kill [STRIDE]: one issuance that fails at each of its system calls in turn.

CA is a CA's folder as it was before MESSAGE, a PKCSReq that it grants.  For every system call that "scep-ca respond" makes
(every STRIDE-th), in a copy of CA under DIR: the call fails or kills the process; then the same message is sent again, in
peace.  Whatever came of the first attempt:

- it answered with a certificate, or not at all; and then it said that it failed (no verdict);
- the second attempt is answered with a certificate, the same one if the first attempt gave one;
- there is one certificate on record and no more, and the record passes "scep-ca check".

Prints a line for each violation and a summary; exit status 1 where there is one.
"""
import collections, json, os, re, shutil, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?([a-z0-9_]+)\(")
# What no error can be returned from, and what belongs to the start of any process.
SPARED = {"execve", "exit_group", "exit", "rt_sigreturn", "brk", "arch_prctl", "set_tid_address", "rseq", "prlimit64", "munmap"}
# A sanitizer makes calls for itself, and ends a process that it cannot watch: not a fault of ours.
SANITIZERS = re.compile(rb"CHECK failed: \w*sanitizer|failed to allocate|out of memory|LeakSanitizer has encountered")
# glibc ends a process whose futex fails.
NEVER_FAIL = {"futex"}
if "asan" in os.environ.get("O", ""):
    NEVER_FAIL.add("mmap")  # the sanitizer may wait for ever then
ERRORS = {"openat": "EIO", "write": "ENOSPC", "pwrite64": "ENOSPC", "ftruncate": "ENOSPC", "fallocate": "ENOSPC", "mmap": "ENOMEM"}


# A leak check cannot be made of a process that strace traces.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")


def respond(ca, message, prefix=()):
    with open(message, "rb") as f:
        return subprocess.run([*prefix, "scep-ca", "--dir", ca, "respond"], stdin=f, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=ENVIRONMENT, timeout=60)


def certificate(reply):
    """The pkiStatus of a CertRep is the PrintableString after its OID."""
    mark = bytes.fromhex("060a6086480186f845010903")
    at = reply.find(mark)
    return at >= 0 and reply[at + len(mark) + 4:at + len(mark) + 5] == b"0"


def issued(ca):
    """Serial numbers of what is on record."""
    run = subprocess.run(["scep-ca", "--dir", ca, "list", "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if run.returncode != 0:
        return [run.stdout.decode().strip()]
    return [row["serial"] for row in json.loads(run.stdout)]


def calls(ca, message, where):
    """How often each system call is made."""
    copy = os.path.join(where, "count")
    shutil.copytree(ca, copy)
    trace = os.path.join(where, "trace")
    run = respond(copy, message, ["strace", "-f", "-o", trace])
    if run.returncode != 0 or not certificate(run.stdout):
        sys.exit("inject.py: the message is not granted in peace: %s" % run.stderr.decode())
    count = collections.Counter()
    started = False
    with open(trace) as f:
        for line in f:
            call = CALL.match(line)
            # the dynamic linker is not ours to test: from the first look at the CA on
            started = started or (copy in line and "execve(" not in line)
            if call:
                count[call[1]] += 1
                if not started:
                    SKIP[call[1]] += 1
    shutil.rmtree(copy)
    return [(c, n) for c in sorted(count) if c not in SPARED for n in range(SKIP[c] + 1, count[c] + 1)]


SKIP = collections.Counter()


def attempt(ca, message, where, call, n, how):
    copy = os.path.join(where, "%s-%d" % (call, n))
    shutil.copytree(ca, copy)
    what = "signal=KILL" if how == "kill" else "error=" + ERRORS.get(call, "EIO")
    try:
        first = respond(copy, message, ["strace", "-f", "-o", "/dev/null", "-e", "inject=%s:%s:when=%d" % (call, what, n)])
    except subprocess.TimeoutExpired:
        # strace has been killed; what it traced has not
        subprocess.run(["pkill", "-KILL", "-f", "scep-ca --dir %s respond" % copy])
        return ["%s %d %s: does not end" % (how, n, call)]
    faults = []
    gave = certificate(first.stdout)
    if first.returncode == 0 and not gave:
        faults.append("a verdict: %s" % first.stderr.decode().strip())
    if how == "error" and first.returncode not in (0, 66, 70, 74, 75, 65, 64) and not SANITIZERS.search(first.stderr):
        faults.append("exit status %d: %s" % (first.returncode, first.stderr.decode().strip()))
    # what comes after the answer was written is of no interest to who has it
    if first.returncode != 0 and first.stdout and not gave:
        faults.append("half an answer")
    before = issued(copy)
    second = respond(copy, message)
    if second.returncode != 0 or not certificate(second.stdout):
        faults.append("the retry: status %d: %s" % (second.returncode, second.stderr.decode().strip()))
    after = issued(copy)
    if len(after) != 1 or before not in ([], after):
        faults.append("on record: %s, then %s" % (before, after))
    if gave and not before:
        faults.append("answered, and not on record")
    audit = subprocess.run(["scep-ca", "--dir", copy, "check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if audit.returncode != 0:
        faults.append("check: %s" % audit.stdout.decode().strip())
    shutil.rmtree(copy)
    return ["%s %d %s: %s" % (how, n, call, f) for f in faults]


def main():
    ca, message, where, how = sys.argv[1:5]
    stride = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    os.makedirs(where, exist_ok=True)
    plan = [c for c in calls(ca, message, where) if how == "kill" or c[0] not in NEVER_FAIL][::stride]
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda p: attempt(ca, message, where, *p, how), plan)
        faults = [f for r in results for f in r]
    for f in faults:
        print(f)
    print("%d system calls, %d violations" % (len(plan), len(faults)))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
