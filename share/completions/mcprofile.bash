# SPDX-License-Identifier: ISC
# Bash completion for every command of mcprofile.  It knows nothing itself:
# the commands tell their verbs and options (--help=verbs, --help=words), and
# the choices an option has (--help=mdoc).  Elsewhere there are files.

_mcprofile_ask() { "${COMP_WORDS[0]}" "$@" < /dev/null 2> /dev/null 3>&-; }

# Does this word take the next one?  Long options with a value and no "=";
# short ones, but for -h and -V, take one unless they are flags.
_mcprofile_takes() {
	local word=$1 options=$2
	case $word in
	--*) [[ $'\n'$options$'\n' == *$'\n'"$word="$'\n'* ]] ;;
	-[!hV-]) [[ $(_mcprofile_ask --help=mdoc) == *".It Fl ${word#-} , Fl "+([!$'\n'])" Ar "* ]] ;;
	*) false ;;
	esac
}

# The words after the command that are no options and no values of any, up to
# the cursor: in the array plain.
_mcprofile_plain() {
	local i word options
	options=$(_mcprofile_ask --help=words)
	plain=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ ${COMP_WORDS[i + 1]} == "=" ]]; then
			((i += 2))
		elif _mcprofile_takes "$word" "$options"; then
			((i++))
		elif [[ $word != -* ]]; then
			plain+=("$word")
		fi
	done
}

# The verb that the plain words begin with, in the array verb; what could be
# its next word, in the array next.
_mcprofile_verb() {
	local line n
	verb=() next=()
	while read -r -a line; do
		n=${#line[@]}
		if ((n <= ${#plain[@]})); then
			# "ocsp renew" is more than "ocsp"
			[[ ${plain[*]:0:n} == "${line[*]}" ]] && ((n > ${#verb[@]})) && verb=("${line[@]}")
		elif [[ ${line[*]:0:${#plain[@]}} == "${plain[*]}" ]]; then
			next+=("${line[${#plain[@]}]}")
		fi
	done < <(_mcprofile_ask --help=verbs)
}

_mcprofile() {
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	local plain verb next choices
	local IFS=$' \t\n'
	COMPREPLY=()

	# "--option=" comes as three words
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $option == "=" ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	_mcprofile_plain
	_mcprofile_verb

	# another verb's option of that name may have others
	choices=$(_mcprofile_ask "${verb[@]}" --help=mdoc | awk -v verb="${verb[*]}" '/^\.Ss /{ on = $0 == ".Ss " verb || $0 == ".Ss Every verb"; next } verb == "" || on' |
		sed -n "s/^\.It \(F[l] . , \)*Fl -${option#--} Ar \([a-z][A-Za-z0-9|-]*|[A-Za-z0-9|-]*\)\$/\2/p" | head -n 1)
	if [[ $option == --* && -n $choices ]]; then
		COMPREPLY=($(compgen -W "${choices//|/ }" -- "$cur"))
	elif [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_mcprofile_ask "${verb[@]}" --help=words)" -- "$cur"))
		[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2> /dev/null
	elif ((${#next[@]})) && ! _mcprofile_takes "$option" "$(_mcprofile_ask --help=words)"; then
		COMPREPLY=($(compgen -W "${next[*]}" -- "$cur"))
	fi
}

complete -o default -F _mcprofile mcprofile-cgi mcprofile-device mcprofile-encrypt mcprofile-gen mcprofile-lint mcprofile-sign mcprofile-track mcprofile-verify scep-ca
