# The reports of mcprofile-lint, read by tools that are not ours.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat > good.mobileconfig <<-'EOF'
	<?xml version="1.0" encoding="UTF-8"?>
	<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
	<plist version="1.0">
	<dict>
		<key>PayloadContent</key>
		<array>
			<dict>
				<key>PayloadType</key><string>com.apple.webClip.managed</string>
				<key>PayloadVersion</key><integer>1</integer>
				<key>PayloadIdentifier</key><string>com.acme.clip.intranet</string>
				<key>PayloadUUID</key><string>6F9619FF-8B86-5011-B42D-00CF4FC964FF</string>
				<key>PayloadDisplayName</key><string>Intranet</string>
				<key>Label</key><string>Intranet</string>
				<key>URL</key><string>https://intranet.acme.com</string>
				<key>IsRemovable</key><false/>
			</dict>
		</array>
		<key>PayloadDisplayName</key><string>ACME Intranet</string>
		<key>PayloadIdentifier</key><string>com.acme.clip</string>
		<key>PayloadType</key><string>Configuration</string>
		<key>PayloadUUID</key><string>0D1A2B3C-8B86-5011-B42D-00CF4FC96400</string>
		<key>PayloadVersion</key><integer>1</integer>
	</dict>
	</plist>
	EOF
	# a name that every form has to escape, with a byte that is no UTF-8
	odd=$'a <&>"#%:,\xff.mobileconfig'
	sed -e 's/<key>Label</<key>Labl</' -e "s/<key>URL</<key>U\\&amp;RL \"'\\&#9;\\&lt;x]]\\&gt;</" \
	    -e 's/<false\/>/<string>no<\/string>/' good.mobileconfig > "$odd"
	printf '<plist version="1.0">\n<dict>\n  <broken>\n' > broken.mobileconfig
}

# lint FORMAT: all three files; findings are there, so that it is 1.
lint() {
	run -1 --separate-stderr mcprofile-lint --format "$1" good.mobileconfig "$odd" broken.mobileconfig
	printf '%s\n' "$output" > "$1"
}

# How many findings there are, from JSON.
findings() {
	mcprofile-lint --format json good.mobileconfig "$odd" broken.mobileconfig | jq '.findings | length'
}

@test "the profile that is good has no findings" {
	run -0 --separate-stderr mcprofile-lint good.mobileconfig
	[ "$output" = "nothing found in 1 file" ]
}

@test "text has each finding's line, and the counts" {
	lint text
	[ "$(grep -c '\[MC[0-9]*\]$' text)" -eq "$(findings)" ]
	grep -q '^broken\.mobileconfig:3:3: error: ' text
	tail -n 1 text | grep -Eq '^[0-9]+ errors?(, [0-9]+ warnings?)?(, [0-9]+ notices?)? in 2 of 3 files$'
	not grep -q "$(printf '\033')" text
}

@test "gcc is one line a finding, as compilers have it" {
	lint gcc
	[ "$(wc -l < gcc)" -eq "$(findings)" ]
	python3 - <<-'EOF'
	import re
	for line in open('gcc', encoding='utf-8'):
	    assert re.fullmatch(r'[^\n]+?(:\d+(:\d+)?)?: (error|warning|notice): [^\n]+ \[MC\d{4}\]\n', line), line
	EOF
	grep -Eq '^broken\.mobileconfig:3:3: error: [^	]* \[MC[0-9]{4}\]$' gcc
}

@test "json is one document with every key, and a summary that counts" {
	lint json
	jq -e '.tool == "mcprofile-lint" and (.version | test("^[0-9.]+$"))' json
	jq -e 'all(.findings[]; (keys | sort) == ["code", "column", "expected", "file", "line", "message", "name",
	    "path", "severity", "suggestion"])' json
	jq -e 'all(.findings[]; (.code | test("^MC[0-9]{4}$")) and (.message | length > 0) and
	    (.severity | IN("error", "warning", "notice")))' json
	jq -e '.summary.files == 3 and .summary.files_with_findings == 2 and
	    .summary.errors == ([.findings[] | select(.severity == "error")] | length) and
	    .summary.warnings == ([.findings[] | select(.severity == "warning")] | length) and
	    .summary.errors + .summary.warnings + .summary.notices == (.findings | length)' json
	jq -e '.findings[] | select(.file == "broken.mobileconfig") | .line == 3 and .column == 3' json
	# a tab is no part of one line
	jq -e 'any(.findings[]; .message | contains("U&RL \"'\''"))' json
	mcprofile-lint --format json good.mobileconfig | jq -e '.findings == [] and .summary.files == 1'
}

@test "sarif has what version 2.1.0 requires" {
	lint sarif
	findings > n
	python3 - <<-'EOF'
	import json, re, urllib.parse
	log = json.load(open('sarif', encoding='utf-8'))
	assert log['version'] == '2.1.0' and log['$schema'].startswith('https://') and len(log['runs']) == 1
	assert set(log) == {'version', '$schema', 'runs'}
	run = log['runs'][0]
	assert set(run) == {'tool', 'results', 'columnKind', 'invocations'} and run['columnKind'] in ('unicodeCodePoints', 'utf16CodeUnits')
	driver = run['tool']['driver']
	assert driver['name'] == 'mcprofile-lint' and re.fullmatch(r'[0-9.]+', driver['version'])
	rules = driver['rules']
	assert len(set(r['id'] for r in rules)) == len(rules) > 20
	for r in rules:
	    assert set(r) == {'id', 'name', 'shortDescription', 'fullDescription', 'help', 'defaultConfiguration'}, r
	    assert re.fullmatch(r'MC\d{4}', r['id']) and r['name']
	    for text in 'shortDescription', 'fullDescription', 'help':
	        assert list(r[text]) == ['text'] and r[text]['text']
	    assert r['defaultConfiguration']['level'] in ('none', 'note', 'warning', 'error')
	assert len(run['results']) == int(open('n').read()) > 3
	for r in run['results']:
	    assert rules[r['ruleIndex']]['id'] == r['ruleId']
	    assert r['level'] in ('note', 'warning', 'error') and r['message']['text']
	    (where,) = r['locations']
	    physical = where['physicalLocation']
	    uri = physical['artifactLocation']['uri']
	    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), uri
	    assert urllib.parse.unquote_to_bytes(uri) in (b'a <&>"#%:,\xff.mobileconfig', b'broken.mobileconfig')
	    if 'region' in physical:
	        assert physical['region']['startLine'] > 0 and physical['region'].get('startColumn', 1) > 0
	    for l in where.get('logicalLocations', []):
	        assert l['fullyQualifiedName'] and l['kind'] == 'member'
	    assert all(isinstance(v, str) and len(v) == 64 for v in r['partialFingerprints'].values())
	assert any('region' in r['locations'][0]['physicalLocation'] for r in run['results'])
	assert any('logicalLocations' in r['locations'][0] for r in run['results'])
	EOF
	# nothing found is a run without results, and a full path is a URI
	mcprofile-lint --format sarif good.mobileconfig | jq -e '.runs[0].results == []'
	mcprofile-lint --format sarif "$PWD/broken.mobileconfig" > full || [ $? -eq 1 ]
	jq -e --arg want "file://$PWD/broken.mobileconfig" \
	    '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri == $want' full
}

@test "a fingerprint stays when lines are added above" {
	mcprofile-lint --format sarif "$odd" > before || [ $? -eq 1 ]
	sed -i 's/^<dict>$/\n\n<!-- more -->\n<dict>/' "$odd"
	mcprofile-lint --format sarif "$odd" > after || [ $? -eq 1 ]
	[ "$(jq '[.runs[0].results[].partialFingerprints]' before)" = "$(jq '[.runs[0].results[].partialFingerprints]' after)" ]
	not cmp -s before after
}

@test "junit is XML whose counts are right" {
	lint junit
	findings > n
	python3 - <<-'EOF'
	import xml.etree.ElementTree as ET
	root = ET.parse('junit').getroot()
	assert root.tag == 'testsuites' and len(root) == 3
	total = 0
	for suite in root:
	    cases = suite.findall('testcase')
	    assert suite.tag == 'testsuite' and int(suite.get('tests')) == len(cases) > 0
	    assert int(suite.get('failures')) == len(suite.findall('testcase/failure'))
	    assert suite.get('errors') == suite.get('skipped') == '0'
	    for case in cases:
	        assert case.get('classname') == suite.get('name') and case.get('name')
	        assert len(case) <= 1
	        total += len(case)
	        for failure in case.findall('failure'):
	            assert failure.get('message') and failure.get('type') == 'error' and failure.text
	assert total == int(open('n').read())
	good, odd, broken = root
	assert good.get('name') == 'good.mobileconfig' and good.get('failures') == '0'
	assert odd.get('name') == 'a <&>"#%:,?.mobileconfig'
	assert broken.get('failures') == '1'
	EOF
	# what counts as a failure follows --fail-on
	mcprofile-lint --format junit --fail-on notice "$odd" > strict || [ $? -eq 1 ]
	not grep -q system-out strict
	mcprofile-lint --format junit --fail-on never "$odd" > lax
	not grep -q '<failure' lax
}

@test "github is commands that its runner can take apart" {
	lint github
	findings > n
	python3 - <<-'EOF'
	import re
	lines = open('github', encoding='utf-8').read().split('\n')
	assert lines.pop() == '' and len(lines) == int(open('n').read())
	def undo(s):
	    for a, b in ('%0D', '\r'), ('%0A', '\n'), ('%3A', ':'), ('%2C', ','), ('%25', '%'):
	        s = s.replace(a, b)
	    return s
	for line in lines:
	    m = re.fullmatch(r'::(error|warning|notice) ((?:[a-z]+=[^,:]*)(?:,[a-z]+=[^,:]*)*)::(.+)', line)
	    assert m, line
	    properties = dict(p.split('=', 1) for p in m.group(2).split(','))
	    assert set(properties) <= {'file', 'line', 'col', 'title'} and 'title' in properties
	    assert undo(properties['file']) in ('a <&>"#%:,?.mobileconfig', 'broken.mobileconfig')
	    assert re.match(r'MC\d{4} [a-z0-9-]+$', properties['title'])
	EOF
}

@test "tap is what prove reads, and its findings are YAML" {
	lint tap
	printf '#!/bin/sh\ncat tap\n' > cat.t
	run prove -v -e sh cat.t
	[ "$status" -eq 1 ]
	grep -q 'Failed 2/3 subtests' <<< "$output"
	not grep -qi 'parse error' <<< "$output"
	mcprofile-lint --format tap good.mobileconfig > tap
	run -0 prove -e sh cat.t
	python3 -c 'import yaml' || skip "python3 has no yaml"
	lint tap
	findings > n
	python3 - <<-'EOF'
	import re, textwrap, yaml
	text = open('tap', encoding='utf-8').read()
	assert text.startswith('TAP version 13\n') and text.endswith('1..3\n')
	total = 0
	for block in re.findall(r'(?ms)^  ---\n(.*?)^  \.\.\.$', text):
	    for f in yaml.safe_load(textwrap.dedent(block))['findings']:
	        assert re.fullmatch(r'MC\d{4}', f['code']) and f['message']
	        assert f['severity'] in ('error', 'warning', 'notice')
	        total += 1
	assert total == int(open('n').read())
	EOF
}

@test "what cannot be read is in every report for machines, alone too" {
	for f in tap junit json sarif github; do
		run -66 --separate-stderr mcprofile-lint --format $f nope good.mobileconfig
		echo "$output" > $f
		run -66 --separate-stderr mcprofile-lint --format $f nope
		echo "$output" > alone.$f
		[ "$stderr" = "mcprofile-lint: nope: No such file or directory" ]
	done
	for f in "" alone.; do
		grep -q '^not ok .* - nope$' ${f}tap
		grep -q '<error message="No such file or directory"/>' ${f}junit
		xmllint --noout ${f}junit || [ $? -eq 127 ]
		[ "$(jq -c '[.unread[0].file, .unread[0].message, .summary.unread]' ${f}json)" = '["nope","No such file or directory",1]' ]
		jq -e '.runs[0].invocations[0] | .executionSuccessful == false and .toolExecutionNotifications[0].locations[0].physicalLocation.artifactLocation.uri == "nope"' ${f}sarif
		grep -q '^::error file=nope,title=cannot be read::No such file or directory$' ${f}github
	done
	grep -q '^1\.\.2$' tap
}

@test "a report of standard input calls it -" {
	run -1 --separate-stderr mcprofile-lint --format gcc < broken.mobileconfig
	[[ "$output" == "-:3:3: error: "* ]]
}

@test "a column is a character, in each form and for a file that ends early" {
	sed 's|<key>Label</key><string>Intranet</string>|<key>Label</key><string>Íntranét €🐐</string><key>Labl</key><true/>|' good.mobileconfig > utf8.mobileconfig
	want=$(python3 -c 'print(next(l.index("<key>Labl") for l in open("utf8.mobileconfig", encoding="utf-8") if "<key>Labl" in l) + 1)')
	[ "$(mcprofile-lint --format sarif utf8.mobileconfig | jq ".runs[0].columnKind, .runs[0].results[0].locations[0].physicalLocation.region.startColumn" | tr -d '\n')" = "\"unicodeCodePoints\"$want" ]
	mcprofile-lint --format gcc utf8.mobileconfig | grep -q "^utf8.mobileconfig:[0-9]*:$want: .*\[MC1102\]"
	printf '<plist version="1.0">\n<dict><!-- é€🐐 --><broken>' > early.mobileconfig
	run -1 --separate-stderr mcprofile-lint --format gcc early.mobileconfig
	[[ $output = "early.mobileconfig:2:19: error: <broken>: not an element of a plist [MC1003]" ]] || { show; false; }
}
