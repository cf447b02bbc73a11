#!/usr/bin/env python3
"""Every payload of the schema, with its required keys and with all that it
describes: as JSON and as words it is the same profile, byte for byte, and a
reader that is not ours finds the values in it that were given."""
import base64, datetime, json, plistlib, re, subprocess, sys

COMMON = {'PayloadType', 'PayloadVersion', 'PayloadIdentifier', 'PayloadUUID'}
TEXTS = ['é & <x> "y" @z', 'https://x.example/', '00:11:22:aa:BB:cc', '01234567-89AB-cdef-0123-456789ABCDEF', '012345']
DATE = '2030-12-31T23:59:59Z'


def run(*args, data=None):
    p = subprocess.run(args, input=data, capture_output=True)
    if p.returncode or p.stderr:
        sys.exit('%r: %d %s' % (args, p.returncode, p.stderr.decode()))
    return p.stdout


def text(key):
    if 'allowed' in key:
        return key['allowed'][0]
    if 'form' in key:
        return {'hostname': 'x.example', 'url': 'https://x.example/'}[key['form']]
    return next(t for t in TEXTS if re.search(key.get('pattern', ''), t))


class Value:
    """One value: j as JSON, p as Python's plistlib has it, w as words."""

    def __init__(self, j, p, words):
        self.j, self.p, self.w = j, p, words

    @classmethod
    def scalar(cls, key):
        t = key['type']
        if t == 'boolean':
            v = key.get('allowed', [True])[0]
            return cls(v, v, [('', '=true' if v else '=false')])
        if t == 'integer':
            v = key['allowed'][0] if 'allowed' in key else int(key.get('min', key.get('max', 7)))
            return cls(v, v, [('', '=%d' % v)])
        if t == 'real':
            v = float(key['allowed'][0] if 'allowed' in key else key.get('min', 0.1))
            return cls(v, v, [('', '=%r' % v)])
        if t == 'string':
            v = text(key)
            return cls(v, v, [('', '=' + v)])
        if t == 'date':
            return cls(DATE, datetime.datetime(2030, 12, 31, 23, 59, 59), [('', '=' + DATE)])
        b = base64.b64encode(b'\0data').decode()
        return cls({'@base64': b}, b'\0data', [('', ':=data:' + b)])


def below(path, words):
    return [(path + p, v) for p, v in words]


def array(key, every):
    items = [i for i in key.get('items', []) if i['type'] != 'any' and 'children_of' not in i]  # which holds itself
    if not items:
        return Value([], [], [('', ':=json:[]')])
    v = make(items[0], every)
    n = max(key.get('count', {}).get('min', 1), 1)
    words = [x for i in range(n) for x in below('[%d]' % i, v.w)]
    return Value([v.j] * n, [v.p] * n, words)


def members(keys, every):
    for k in keys:
        name = k['name'] or 'any "name".x'
        if name in COMMON or k['type'] == 'any' or not (k['required'] or every):
            continue
        yield name, make(k, every)


def dictionary(keys, every):
    j, p, words = {}, {}, []
    for name, v in members(keys, every):
        j[name], p[name] = v.j, v.p
        words += below('."%s"' % name.replace('"', '\\"'), v.w)
    return Value(j, p, words or [('', ':=json:{}')])


def make(key, every):
    if key['type'] == 'array':
        return array(key, every)
    if key['type'] == 'dict':
        return dictionary(key.get('keys', []), every)
    return Value.scalar(key)


def check(parts, every):
    """All payloads in one profile."""
    made = [(t, dictionary(part['keys'], every)) for t, part in parts]
    doc = {'identifier': 'a.b', 'payloads': [dict(v.j, type=t) for t, v in made]}
    words = [(t, [p[1:] + x for p, x in v.w] if v.j else []) for t, v in made]
    a = run('mcprofile-gen', 'configuration', '--from', '-', data=json.dumps(doc).encode())
    b = run('mcprofile-gen', 'configuration', '--identifier', 'a.b', *[x for t, w in words for x in ['--payload', t] + w])
    if a != b:
        sys.exit('JSON and words differ')
    for (t, v), have in zip(made, plistlib.loads(a)['PayloadContent'], strict=True):
        want = dict(v.p, PayloadType=t)
        for k in COMMON - {'PayloadType'}:
            del have[k]
        if have != want or [type(x) for x in have.values()] != [type(want[k]) for k in have]:
            sys.exit('%s: want %r\nhave %r' % (t, want, have))
    return sum(len(w) for t, w in words)


def main():
    types = [t['type'] for t in json.loads(run('mcprofile-gen', 'types', '--json'))]
    parts = [(t, part) for t in types if t not in ('TopLevel', 'CommonPayloadKeys')
             for part in json.loads(run('mcprofile-gen', 'describe', t, '--json'))['parts']]
    print(len(types), check(parts, False) + check(parts, True))


main()
