# Completion of poollint in fish. In ~/.config/fish/config.fish: poollint completion fish | source
function __poollint_words
	set -l words (commandline -opc) (commandline -ct)
	set -l found (command poollint completion -words -- $words[2..-1] 2>/dev/null)
	if test (count $found) -gt 0
		printf '%s\n' $found
	else
		__fish_complete_path (commandline -ct)
	end
end
complete -c poollint -f -a '(__poollint_words)'
