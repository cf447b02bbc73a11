# --schema with ProfileManifests: a manifest, a folder of them as that project has it.
load ../helper

setup() { cd "$BATS_TEST_TMPDIR"; }

# manifest FILE DOMAIN PYTHON: a manifest whose pfm_subkeys are the list that PYTHON is; more keys of its top in the dict "top".
manifest() {
	mkdir -p "$(dirname "$1")"
	python3 - "$@" <<- 'E'
		import plistlib, sys
		top = {}
		def key(name, type, **more):
		    return {**({'pfm_name': name} if name else {}), 'pfm_type': type, 'pfm_title': 'prose',
		            **{'pfm_' + k: v for k, v in more.items()}}
		subkeys = eval(sys.argv[3])
		with open(sys.argv[1], 'wb') as f:
		    plistlib.dump({'pfm_domain': sys.argv[2], 'pfm_title': 'prose', 'pfm_version': 3, 'pfm_subkeys': subkeys,
		                   **(eval(sys.argv[4]) if len(sys.argv) > 4 else {})}, f)
	E
}

# The project's layout: manifests in folders, an index, icons, tables.
project() {
	manifest p/Manifests/ManagedPreferencesApplications/com.acme.app.plist com.acme.app "[
		key('PayloadDisplayName', 'string', require='always'),
		key('PFC_SegmentedControl_0', 'string', require='always'),
		key('Server', 'string', require='always', format=r'^https://[\\w\\.]+$'),
		key('Port', 'integer', range_min=1, range_max=65535, default=443),
		key('Mode', 'string', range_list=['fast', 'slow'], macos_min='12.0'),
		key('Rules', 'array', subkeys=[key(None, 'dictionary', subkeys=[key('Path', 'string', require='always')])]),
		key('Names', 'dictionary', subkeys=[key('{{key}}', 'string'), key('{{value}}', 'integer')])]" \
		"{'pfm_platforms': ['macOS'], 'pfm_macos_min': '10.15', 'pfm_unique': True, 'pfm_targets': ['system']}"
	manifest p/Manifests/ManifestsApple/com.acme.two-iOS.plist com.acme.two "[key('A', 'string'), key('OnPhones', 'boolean')]" "{'pfm_platforms': ['iOS']}"
	manifest p/Manifests/ManifestsApple/com.acme.two-macOS.plist com.acme.two "[key('A', 'string'), key('OnMacs', 'boolean')]" "{'pfm_platforms': ['macOS']}"
	manifest p/Manifests/ManifestsApple/Configuration.plist Configuration "[key('PayloadScope', 'string')]"
	mkdir -p p/Icons/a p/.git
	python3 -c 'import plistlib; plistlib.dump({"com.acme.app": {"hash": "x"}}, open("p/Manifests/index.plist", "wb"))'
	cp p/Manifests/index.plist p/Icons/index
	printf '\211PNG' > p/Icons/a/x.png
	printf 'domain,path\ncom.acme.app,x\n' > p/table.csv
	echo 'no plist' > p/.git/config.plist
	echo '# text' > p/README.md
}

@test "a folder as the project has it: what is a manifest is a type, what is none is passed over" {
	project
	[ "$(mcprofile-gen types --json --schema p com.acme | jq -c 'map([.type, (.parts | length)])')" = '[["com.acme.app",1],["com.acme.two",2]]' ]
	# what Apple has is there as before
	[ "$(mcprofile-gen types --schema p | wc -l)" -eq $(($(mcprofile-gen types | wc -l) + 2)) ]
	mcprofile-gen describe --schema p com.acme.app | sed 's/(.*)/(FILE)/; s/ *$//' > out
	diff -u - out <<- 'E'
		com.acme.app  (FILE)
		  macOS 10.15, device channel
		  not on iOS, tvOS, visionOS, watchOS

		  Server       string   required; matches ^https://[[:alnum:]_.]+$
		  Port         integer  1 to 65535; default 443
		  Mode         string   one of fast, slow; macOS 12.0
		  Rules        array
		    [item]     dict
		      Path     string   required
		  Names        dict
		    (FILE)  integer
	E
}

@test "profiles of such a type: values are typed, what is wrong is told" {
	project
	mcprofile-gen configuration --schema p --identifier com.acme.x --payload com.acme.app Server=https://a.example Port=8443 'Rules[0].Path=/x' Names.any=5 > made
	python3 - <<- 'E'
		import plistlib
		p, = plistlib.load(open('made', 'rb'))['PayloadContent']
		assert (p['Server'], p['Port'], p['Rules'], p['Names']) == ('https://a.example', 8443, [{'Path': '/x'}], {'any': 5}), p
	E
	mcprofile-lint --schema p --strict made
	run -64 mcprofile-gen configuration --schema p --identifier com.acme.x --payload com.acme.app Server=https://a.example Prot=8443
	[[ $output == *Port* ]]
	run -64 mcprofile-gen configuration --schema p --identifier com.acme.x --payload com.acme.app Port=1
	[[ $output == *Server* ]]
	# a key of either part
	mcprofile-gen configuration --schema p --identifier com.acme.x --payload com.acme.two OnPhones=true > two
	mcprofile-lint --schema p two
}

@test "binary manifests, and one named by itself" {
	project
	python3 -c 'import plistlib; plistlib.dump(plistlib.load(open("p/Manifests/ManifestsApple/com.acme.two-iOS.plist", "rb")), open("two", "wb"), fmt=plistlib.FMT_BINARY)'
	[ "$(mcprofile-gen describe --schema two com.acme.two --json | jq -c '[.parts[0].keys[].name]')" = '["A","OnPhones"]' ]
	# a second --schema replaces what the first one had
	[ "$(mcprofile-gen types --schema p --schema two --json com.acme.two | jq '.[0].parts | length')" = 1 ]
}

@test "a manifest that is wrong is refused, with file, line and key path" {
	manifest bad/x.plist com.acme.app "[key('A', 'string'), key('B', 'dictionary', subkeys=[key('C', 'text')])]"
	line=$(grep -n '<string>text</string>' bad/x.plist | cut -d: -f1)
	run -65 mcprofile-gen types --schema bad
	[ "$output" = "mcprofile-gen: --schema: bad/x.plist:$line: pfm_subkeys[1].pfm_subkeys[0].pfm_type: must be array, boolean, data, date, dictionary, integer, real or string" ]
	run -65 mcprofile-lint --schema bad bad/x.plist
	head -c 400 bad/x.plist > bad/cut.plist
	run -65 mcprofile-gen types --schema bad/cut.plist
	[[ $output == 'mcprofile-gen: --schema: bad/cut.plist:'* ]]
	printf '<plist version="1.0"><dict/></plist>' > none.plist
	run -65 mcprofile-gen types --schema none.plist
	[ "$output" = 'mcprofile-gen: --schema: none.plist:1: is neither a schema file nor a ProfileManifests plist' ]
	# nested deeper than any plist may be
	python3 -c 'print("<plist version=\"1.0\"><dict><key>pfm_domain</key><string>a.b</string><key>pfm_subkeys</key>" + "<array>" * 70 + "</array>" * 70 + "</dict></plist>")' > deep.plist
	run -65 mcprofile-gen types --schema deep.plist
	[[ $output == 'mcprofile-gen: --schema: deep.plist:1:'* ]]
}
