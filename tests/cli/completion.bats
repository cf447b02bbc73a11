load ../helper

# What bash offers: offers WORD... : the last word is the one being typed.
# Words are cut as readline cuts them, at "=" too.
offers() {
	bash --norc -c '
		source "$SRC/share/completions/mcprofile.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_mcprofile
		printf "%s\n" "${COMPREPLY[@]}"' offers "$@" 3>&- | sort | tr '\n' ' ' | sed 's/ $//'
}

@test "verbs are offered, before and after an option of every verb" {
	verbs=$(mcprofile-track --help=verbs | sort | tr '\n' ' ' | sed 's/ $//')
	[ "$(offers mcprofile-track '')" = "$verbs" ]
	[ "$(offers mcprofile-track st)" = "start stopped" ]
	[ "$(offers mcprofile-track --dir x st)" = "start stopped" ]
	[ "$(offers mcprofile-track --dir = x st)" = "start stopped" ]
	[ "$(offers mcprofile-track -o out st)" = "start stopped" ]
	# a value is not a verb, nor is anything after one
	[ "$(offers mcprofile-track --dir st)" = "" ]
	[ "$(offers mcprofile-track --dir = st)" = "" ]
	[ "$(offers mcprofile-track start st)" = "" ]
	[ "$(offers mcprofile-track --dir start sh)" = show ]
}

@test "options of the verb and of every verb are offered" {
	for verb in start identify deliver delivered stopped list show; do
		[ "$(offers mcprofile-track $verb --)" = "$(mcprofile-track $verb --help=words | sort | tr '\n' ' ' | sed 's/ $//')" ]
	done
	[ "$(offers mcprofile-track --dir x start --t)" = --ttl= ]
	[ "$(offers mcprofile-track list --t)" = "" ]
	[ "$(offers mcprofile-track --d)" = --dir= ]
}

@test "choices are offered, elsewhere files" {
	[ "$(offers mcprofile-track deliver --returning '')" = "deliver reenroll" ]
	[ "$(offers mcprofile-track deliver --returning = r)" = reenroll ]
	[ "$(offers mcprofile-track deliver --returning =)" = "deliver reenroll" ]
	[ "$(offers mcprofile-track identify --ca '')" = "" ]
	[ "$(offers mcprofile-track identify '')" = "" ]
	bash --norc -c 'source "$SRC/share/completions/mcprofile.bash"; complete -p mcprofile-track' | grep -q -- '-o default'
}

@test "verbs of two words come one after the other" {
	type -P scep-ca > /dev/null || skip "no scep-ca in this build"
	[[ " $(offers scep-ca '') " == *" challenge "* ]]
	[[ " $(offers scep-ca --dir ca challenge '') " == *" new "* ]]
	[[ " $(offers scep-ca --dir ca challenge new --s) " == " --subject= " ]]
}

@test "a verb that is the beginning of another; choices of this verb and no other" {
	type -P scep-ca > /dev/null || skip "no scep-ca in this build"
	[ "$(offers scep-ca ocsp r)" = renew ]
	[ "$(offers scep-ca ocsp renew --l)" = --lifetime= ]
	[ "$(offers scep-ca ocsp --l)" = "" ]
	[ "$(offers scep-ca rollover c)" = cancel ]
	[ "$(offers scep-ca rollover --a)" = --at= ]
	[ "$(offers scep-ca list --format '')" = "csv json table" ]
	[ "$(offers scep-ca export --format '')" = "csv json openssl-index" ]
	[ "$(offers scep-ca crl --format '')" = "der pem" ]
	[ "$(offers scep-ca --dir ca show --format '')" = "json pem text" ]
	[ "$(offers scep-ca revoke --reason k)" = keyCompromise ]
	[ "$(offers scep-ca init --key p)" = "p256 p384" ]
	[ "$(offers scep-ca list --key '')" = "" ]
}

@test "every command is completed" {
	for c in $(ls "$(dirname "$(type -P mcprofile-track)")"); do
		bash --norc -c 'source "$SRC/share/completions/mcprofile.bash"; complete -p "$1"' x "$c"
		[ "$(offers "$c" --vers)" = --version ]
	done
}
