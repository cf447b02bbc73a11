# share/schema/import: Apple's YAML into a file of mcprofile-schema(5).
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	# the first Python that has PyYAML: Debian's may not be the first one
	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import yaml' 2> /dev/null; then break; fi
	done
}

import() { "$python" "$SRC/share/schema/import" "$@"; }

# Every field that is a fact, aliases, and structures in themselves, in both of their forms.
every() {
	mkdir -p checkout/mdm/profiles
	cat > 'checkout/mdm/profiles/com.acme.all(One).yaml' <<- 'E'
		title: All
		description: prose
		payload:
		  payloadtype: com.acme.all
		  supportedOS:
		    iOS: {introduced: '9', multiple: true, supervised: true, allowmanualinstall: false,
		      sharedipad: {mode: forbidden, devicechannel: true, userchannel: true}, userenrollment: {mode: forbidden}}
		    macOS: {introduced: 10.10, deprecated: '11.0', removed: '12.3.1', multiple: false, devicechannel: true, userchannel: true,
		      supervised: false, requiresdep: true, userapprovedmdm: true, userenrollment: {mode: required}}
		    tvOS: {introduced: n/a}
		    visionOS: {introduced: '1.0', sharedipad: {mode: ignored}, userenrollment: {mode: ignored}}
		  content: prose
		payloadkeys:
		- key: Text
		  title: prose
		  type: <string>
		  subtype: <hostname>
		  presence: required
		  rangelist: [On, 'Off', "two words", 'a,b', '"q"\', '', 10.10]
		  default: Off
		  content: prose
		- key: Number
		  supportedOS:
		    iOS: {introduced: n/a}
		    macOS: {deprecated: '10.15', supervised: false}
		    visionOS: {introduced: '2.0', sharedipad: {mode: required}}
		  type: <integer>
		  presence: optional
		  rangelist: [0]
		  range: {min: -1, max: 180}
		- key: Half
		  type: <real>
		  range: {min: 0.5}
		  default: 1.0
		- key: Pattern
		  type: <string>
		  format: ^[a-z]{1,3} "#$
		  default: ''
		- key: Flag
		  supportedOS:
		    iOS: {supervised: true}
		  type: <boolean>
		  default: True
		- key: List
		  type: <array>
		  repetition: {min: 1, max: 4}
		  combinetype: set-union
		  subkeytype: Each
		  subkeys: &each
		  - key: Each
		    type: <dictionary>
		    presence: required
		    subkeys: &inner
		    - key: Self
		      type: <array>
		      subkeytype: Each
		      subkeys: *each
		    - key: When
		      type: <date>
		- key: Twice
		  type: <dictionary>
		  subkeys: *inner
		- key: Open
		  type: <dictionary>
		  subkeys:
		  - key: ANY
		    type: <any>
		- key: item
		  type: <data>
		- key: Two words
		  type: <boolean>
		notes:
		- title: prose
	E
	cat > checkout/mdm/profiles/com.acme.all.yaml <<- 'E'
		payload:
		  payloadtype: com.acme.all
		  supportedOS:
		    macOS: {introduced: '14.0'}
		payloadkeys:
		- key: ANY
		  type: <any>
	E
	cat > checkout/mdm/profiles/com.acme.command.yaml <<- 'E'
		payload:
		  requesttype: ACMECommand
	E
	: > checkout/mdm/profiles/empty.yaml
	echo text > checkout/mdm/profiles/README.md
}

@test "every field, aliases and structures in themselves" {
	every
	import --release 'ACME 1, and 2' checkout > out.schema 2> err
	sed 's/^|//' <<- 'E' | diff -u - out.schema
		|release "ACME 1, and 2"
		|
		|payload com.acme.all on ios 9.0 multiple mdm-only supervised personal-forbidden shared-forbidden, macos 10.10 deprecated 11.0 removed 12.3.1 device user automated approved personal-required, visionos 1.0 personal-ignored shared-ignored
		|	Text string required values On, Off, "two words", "a,b", "\"q\"\\", "", 10.10 default Off form hostname
		|	Number integer values 0 from -1 to 180 on not ios, macos deprecated 10.15, visionos 2.0 shared-required
		|	Half real from 0.5 default 1.0
		|	Pattern string default "" pattern "^[a-z]{1,3} \"#$"
		|	Flag boolean default true on ios supervised
		|	List array items 1 to 4
		|		item Each dict required
		|			Self array
		|				item Each again
		|			When date
		|	Twice dict
		|		Self array
		|			item Each dict required
		|				Self again
		|				When date
		|		When date
		|	Open dict
		|		* any
		|	"item" data
		|	"Two words" boolean
		|
		|payload com.acme.all on macos 14.0
		|	* any
	E
	[ ! -s err ]
}

@test "the tools read what it writes, and say the same" {
	every
	import --release 'ACME 1, and 2' checkout > out.schema
	mcprofile-gen describe --json --schema out.schema com.acme.all > out.json
	jq -e '(.parts | length) == 2 and .parts[0].release == "ACME 1, and 2" and
		.parts[0].os.ios.flags == ["multiple", "mdm-only", "supervised", "personal-forbidden", "shared-forbidden"] and
		.parts[0].os.macos.removed == "12.3.1" and (.parts[0].os | has("tvos") | not)' out.json
	jq -e '.parts[0].keys | map({(.name): .}) | add |
		.Text.allowed == ["On", "Off", "two words", "a,b", "\"q\"\\", "", "10.10"] and .Text.default == "Off" and .Text.form == "hostname" and
		.Number.allowed == [0] and .Number.min == -1 and .Number.max == 180 and (.Number.os | keys) == ["macos", "visionos"] and
		.Half.default == 1.0 and .Pattern.pattern == "^[a-z]{1,3} \"#$" and .Pattern.default == "" and .Flag.default == true and
		.List.count == {"min": 1, "max": 4} and .List.items[0].keys[0].items[0].children_of == "List[0]" and
		.Open.keys[0].name == null and .item.type == "data" and .["Two words"].type == "boolean"' out.json
	# the same bytes each time, and whatever the order of the folder
	import --release 'ACME 1, and 2' checkout | cmp - out.schema
	import --release 'ACME 1, and 2' checkout/mdm/profiles | cmp - out.schema
}

@test "what has no place in our form is told" {
	cat > odd.yaml <<- 'E'
		payload:
		  payloadtype: com.acme.odd
		  supportedOS:
		    iOS: {introduced: '9.0', colour: red}
		    carOS: {introduced: '1.0'}
		payloadkeys:
		- key: A
		  type: <string>
		  flavour: sweet
	E
	import odd.yaml > out 2> err
	diff -u - err <<- 'E'
		odd.yaml: payload: carOS is unknown, and left out
		odd.yaml: payload, iOS: colour is unknown, and left out
		odd.yaml: A: flavour is unknown, and left out
	E
	grep -qx 'payload com.acme.odd on ios 9.0' out
}

# wrong TEXT: what standard input has is refused with it, and nothing is written.
wrong() {
	cat > wrong.yaml
	run -65 --separate-stderr import wrong.yaml
	[ -z "$output" ] && [[ $stderr == "import: $1"* ]] || { show; echo "$stderr"; return 1; }
}

@test "what is wrong is refused, with its file" {
	head='payload: {payloadtype: a.b}'
	printf '%s\n' "$head" 'payloadkeys: [{key: A, type: <text>}]' | wrong "wrong.yaml: A: the type '<text>' is unknown"
	printf '%s\n' "$head" 'payloadkeys: [{type: <string>}]' | wrong 'wrong.yaml: a key without a name'
	printf '%s\n' "$head" 'payloadkeys: [{key: A, type: <string>, supportedOS: {iOS: {introduced: soon}}}]' | wrong "wrong.yaml: A: 'soon' is no version"
	printf '%s\n' "$head" 'payloadkeys: [{key: A, type: <string>, supportedOS: {iOS: {supervised: maybe}}}]' | wrong "wrong.yaml: A: supervised: 'maybe'"
	printf '%s\n' "$head" 'payloadkeys: [{key: A, type: <string>, rangelist: [[1]]}]' | wrong 'wrong.yaml: A: a value that is a list'
	printf 'payload: [' | wrong 'wrong.yaml: '
	printf '\xff' | wrong ''
	run -65 import nowhere.yaml
	mkdir none
	run -65 import none
	[ "$output" = 'import: none: no YAML files' ]
	run -2 import
}

# Our own schema as YAML, by way of describe --json, and back again.  What the
# JSON says of a structure in itself becomes an alias.
@test "the schema that ships, written as YAML and imported, is the same to the last key" {
	mcprofile-gen types --json > types.json
	"$python" - <<- 'E'
		import json, subprocess, yaml

		OS = {'ios': 'iOS', 'macos': 'macOS', 'tvos': 'tvOS', 'visionos': 'visionOS', 'watchos': 'watchOS'}
		TYPE = {'dict': 'dictionary'}
		FLAG = {'multiple': ('multiple', True), 'device': ('devicechannel', True), 'user': ('userchannel', True),
		        'mdm-only': ('allowmanualinstall', False), 'supervised': ('supervised', True),
		        'automated': ('requiresdep', True), 'approved': ('userapprovedmdm', True)}

		def support(about, above):
		    out = {}
		    for name, title in OS.items():
		        if name not in about:
		            if above is None or name in above:
		                out[title] = {'introduced': 'n/a'}
		            continue
		        here = about[name]
		        base = (above or {}).get(name, {'flags': []})
		        if above is not None and here == base:
		            continue
		        clause = {k: here[k] for k in ('introduced', 'deprecated', 'removed') if k in here and here.get(k) != base.get(k)}
		        for flag in here['flags']:
		            if flag in base['flags']:
		                continue
		            if flag in FLAG:
		                clause[FLAG[flag][0]] = FLAG[flag][1]
		            else:
		                who, mode = flag.split('-')
		                clause[{'personal': 'userenrollment', 'shared': 'sharedipad'}[who]] = {'mode': mode}
		        out[title] = clause
		    return out

		def keys(found, above, path, made, array):
		    out = []
		    for k in found:
		        key = {'key': 'ANY' if k['name'] is None else k['name'], 'type': '<%s>' % TYPE.get(k['type'], k['type'])}
		        on = support(k['os'], above)
		        if on:
		            key['supportedOS'] = on
		        if k['required']:
		            key['presence'] = 'required'
		        for ours, theirs in (('allowed', 'rangelist'), ('default', 'default'), ('pattern', 'format')):
		            if ours in k:
		                key[theirs] = k[ours]
		        # what a key may be besides, Apple does not say, and an override will again
		        if 'types' in k and 'allowed' in k:
		            key['rangelist'] = [v for v in k['allowed'] if type(v) is {'integer': int, 'string': str}[k['type']]]
		        if 'min' in k or 'max' in k:
		            key['range'] = {b: k[b] for b in ('min', 'max') if b in k}
		        if 'form' in k:
		            key['subtype'] = '<%s>' % k['form']
		        if 'count' in k:
		            key['repetition'] = k['count']
		        name = k['name'] or '*'
		        if any(c in name for c in '.[]"\\') or not name:
		            name = '"%s"' % name
		        here = path + '[0]' if array else (path + '.' if path else '') + name
		        if 'children_of' in k:
		            key = made[k['children_of']]
		            assert key['key'] == k['name'], k
		        made[here] = key
		        if 'items' in k or 'keys' in k:
		            key['subkeys'] = keys(k.get('items') or k['keys'], k['os'], here, made, 'items' in k)
		        out.append(key)
		    return out

		plain = []
		for n, t in enumerate(json.load(open('types.json'))):
		    d = json.loads(subprocess.run(['mcprofile-gen', 'describe', '--json', t['type']], stdout=subprocess.PIPE, check=True).stdout)
		    plain.append(d)
		    for i, part in enumerate(d['parts']):
		        y = {'payload': {'payloadtype': d['type'], 'supportedOS': support(part['os'], None)},
		             'payloadkeys': keys(part['keys'], part['os'], '', {}, False)}
		        with open('%03d-%d.yaml' % (n, i), 'w') as f:
		            yaml.safe_dump(y, f, sort_keys=False)
		json.dump(plain, open('before.json', 'w'), indent=1)
	E
	[ "$(grep -l '\*id' ./*.yaml | wc -l)" -ge 2 ]
	import --release "$(jq -r '.[0].parts[0].release' types.json)" . > all.schema
	python3 - <<- 'E'
		import json, subprocess

		def same(a, b, path):
		    if isinstance(a, dict):
		        assert a.keys() == b.keys(), (path, a.keys() ^ b.keys())
		        for k in a:
		            same(a[k], b[k], path + [a.get('name') or k])
		    elif isinstance(a, list):
		        assert len(a) == len(b), path
		        for x, y in zip(a, b):
		            same(x, y, path)
		    else:
		        assert a == b and type(a) is type(b), (path, a, b)

		n = 0
		for before in json.load(open('before.json')):
		    out = subprocess.run(['mcprofile-gen', 'describe', '--json', '--schema', 'all.schema', before['type']],
		                         stdout=subprocess.PIPE, check=True).stdout
		    same(before, json.loads(out), [before['type']])
		    n += 1
		assert n >= 114, n
	E
}
