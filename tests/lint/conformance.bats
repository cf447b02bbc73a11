# The table of rules in scep-ca(8) and the tests that show them are the same list.
load ../helper

@test "each rule in scep-ca(8) has its test, and each test its row" {
	diff <("$SRC/tests/lint/conformance") <(sed -n '/^\.Sh CONFORMANCE/,$ { /^\.It [0-9]/p }' "$SRC/man/scep-ca.8")
	[ "$("$SRC/tests/lint/conformance" | wc -l)" -gt 60 ]
}
