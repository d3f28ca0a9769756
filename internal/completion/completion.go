// Package completion completes command lines in shells. The scripts ask the program itself,
// so that all shells offer the same, and what the program knows.
package completion

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/command"
)

var (
	//go:embed poollint.bash
	bash string
	//go:embed _poollint
	zsh string
	//go:embed poollint.fish
	fish string

	scripts = map[string]string{"bash": bash, "zsh": zsh, "fish": fish}
	shells  = slices.Sorted(maps.Keys(scripts))
)

// New returns "poollint completion" for a program.
func New(program func() command.Program) command.Command {
	return command.Command{
		Name:    "poollint completion",
		Args:    "bash | fish | zsh",
		Summary: "print a script that completes command lines",
		About: `  bash  source <(poollint completion bash)            in ~/.bashrc
  fish  poollint completion fish | source             in ~/.config/fish/config.fish
  zsh   source <(poollint completion zsh)             in ~/.zshrc, below compinit`,
		Words: func() []string { return shells },
		New: func(flags *flag.FlagSet) command.Run {
			words := flags.Bool("words", false, "") // of the scripts
			return func(_ context.Context, args []string, stdout, _ io.Writer) (status int, err error) {
				if *words {
					return command.Clean, write(stdout, Words(program(), args))
				}
				if len(args) != 1 || scripts[args[0]] == "" {
					return 0, fmt.Errorf("which shell? There are %s", strings.Join(shells, ", "))
				}
				_, err = io.WriteString(stdout, scripts[args[0]])
				return command.Clean, err
			}
		},
	}
}

// A Word may stand where the cursor is.
type Word struct{ Text, About string }

func write(w io.Writer, words []Word) error {
	for _, word := range words {
		if _, err := fmt.Fprintf(w, "%s\t%s\n", word.Text, word.About); err != nil {
			return err
		}
	}
	return nil
}

// Words returns the words that may stand in place of the last of a command line, which may
// be incomplete. The program's name is not among them. Where there are none, a package, a
// file or anything else may stand.
func Words(p command.Program, line []string) []Word {
	if len(line) == 0 {
		return nil
	}
	before, last := line[:len(line)-1], line[len(line)-1]
	if slices.Contains(before, "--") {
		return nil // another command's
	}
	c, _ := p.Find(before)
	subcommand := c != nil
	if !subcommand {
		c = &p.Command
	}
	flags := c.Flags()
	if len(before) > 0 {
		if f := named(flags, before[len(before)-1]); f != nil && f.TakesValue() {
			return values(f, "", last)
		}
	}
	if name, value, joined := strings.Cut(last, "="); joined && strings.HasPrefix(name, "-") {
		if f := named(flags, name); f != nil {
			return values(f, name+"=", value)
		}
		return nil
	}
	var all []Word
	switch {
	case strings.HasPrefix(last, "-"):
		for _, f := range flags {
			form, _, _ := strings.Cut(f.Form(), " ")
			all = append(all, Word{form, f.Usage})
		}
	case !subcommand:
		for _, c := range p.Commands {
			all = append(all, Word{c.Word(), c.Summary})
		}
	case c.Words != nil:
		for _, word := range c.Words() {
			all = append(all, Word{Text: word})
		}
	}
	return beginning(all, last)
}

func named(flags []command.Flag, word string) *command.Flag {
	if !strings.HasPrefix(word, "-") {
		return nil
	}
	i := slices.IndexFunc(flags, func(f command.Flag) bool { return f.Name == strings.TrimLeft(word, "-") })
	if i < 0 {
		return nil
	}
	return &flags[i]
}

// values returns the values of a flag, with what stands before them in the word.
func values(f *command.Flag, prefix, value string) []Word {
	typed := prefix + value
	if f.List {
		prefix += value[:strings.LastIndex(value, ",")+1]
		if rest := typed[len(prefix):]; strings.HasPrefix(rest, "-") {
			prefix += "-"
		}
	}
	var all []Word
	for _, value := range f.Values {
		all = append(all, Word{Text: prefix + value})
	}
	return beginning(all, typed)
}

func beginning(all []Word, prefix string) []Word {
	return slices.DeleteFunc(all, func(w Word) bool { return !strings.HasPrefix(w.Text, prefix) })
}
