# Completion of poollint in bash. In ~/.bashrc: source <(poollint completion bash)
_poollint() {
	local i last word words=()
	for ((i = 1; i <= COMP_CWORD; i++)); do # bash has cut words at =
		last=$((${#words[@]} - 1))
		if ((last >= 0)) && [[ ${COMP_WORDS[i]} == = || ${COMP_WORDS[i - 1]} == = ]]; then
			words[last]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	last=${words[${#words[@]} - 1]}
	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		[[ $last == *=* ]] && word=${word#*=}
		COMPREPLY+=("$word")
	done < <(command poollint completion -words -- "${words[@]}" 2>/dev/null)
}
complete -o default -F _poollint poollint
