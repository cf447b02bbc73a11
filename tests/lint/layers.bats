# Who may see whom.  The left side is a layer, the right side all it includes.
load ../helper
setup() { cd "$SRC"; }

layers='
base:
plist: base
http: base
stage: base
crypto: base
store: base
schema: plist base
profile: schema plist crypto base
lint: profile schema plist crypto base
scep: crypto base
ca: crypto store base
track: crypto store base
device: scep crypto plist base
'

# Project headers that the files of a layer include, one "file header" a line.
includes() { grep -Ho '^#include "[a-z0-9_]*/' "$@" | sed 's/:#include "/ /; s,/$,,'; }

@test "includes point downwards only" {
	bad=
	while IFS=: read -r layer allowed; do
		[ -n "$layer" ] || continue
		while read -r file seen; do
			case " $layer $allowed " in
			*" $seen "*) ;;
			*) bad="$bad$file sees $seen"$'\n' ;;
			esac
		done < <(includes lib/"$layer"/*.[ch])
	done <<< "$layers"
	printf '%s' "$bad"
	[ -z "$bad" ]
}

@test "every folder of lib is a layer that this test knows" {
	for d in lib/*/; do
		grep -q "^$(basename "$d"):" <<< "$layers"
	done
}

@test "no layer of lib sees a command" {
	! grep -n '^#include "\(stages\|site\)' lib/*/*.[ch]
}

# only WHERE HEADER...: these system headers are included in those files only.
only() {
	local where=$1 h
	shift
	for h in "$@"; do
		if grep -rln "^#include <$h" lib cmd tests/unit tests/fuzz | grep -v "^$where"; then
			return 1
		fi
	done
}

@test "each library is seen in one place only" {
	# engines are seen by the one file that falls back on them
	only 'lib/crypto/\(ossl\.h\|engine\.c\)$' openssl/
	only lib/plist/ plist/ expat
	only lib/store/ sqlite3
	only lib/base/uuid.c uuid/
	only lib/device/fetch.c curl/
	only lib/http/ fcgi fastcgi
}

@test "the tests of layers can fail" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p lib/base
	echo '#include "crypto/ossl.h"' > lib/base/x.c
	[ "$(includes lib/base/x.c)" = "lib/base/x.c crypto" ]
}
