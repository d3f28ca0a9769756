package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/nearest"
)

// A Program is a command with subcommands.
type Program struct {
	Command
	Commands []Command // in the order of the help
}

// Main runs the subcommand that the arguments name, or the program without one. Flags may
// stand before or behind the subcommand's name.
func (p Program) Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if c, its := p.Find(args); c != nil {
		return c.Main(ctx, its, stdout, stderr)
	}
	if len(args) > 0 && !isPackage(args[0]) {
		if guess := p.meant(args[0]); guess != "" {
			return Fail(stderr, p.Name, fmt.Errorf("unknown command %s; did you mean %s? (a package is written ./%s)", args[0], guess, args[0]))
		}
		if len(args) > 1 && strings.HasPrefix(args[1], "-") { // nobody writes packages before flags
			return Fail(stderr, p.Name, fmt.Errorf("unknown command %s; the commands are %s", args[0], strings.Join(p.Names(), ", ")))
		}
	}
	return p.Command.main(ctx, args, stdout, stderr, p.WriteHelp)
}

// minGuess is how long a word must be to be taken for a misspelt flag: packages have short names.
const minGuess = 5

// meant returns the command or the flag that a word may mean; "" if there is none.
func (p Program) meant(word string) string {
	var flags []string
	for _, f := range p.Flags() {
		if !strings.Contains(f.Name, ".") {
			flags = append(flags, f.Name)
		}
	}
	if slices.Contains(flags, word) {
		return "-" + word
	}
	if guess := nearest.Of(word, p.Names()); guess != "" {
		return guess
	}
	if guess := nearest.Of(word, flags); guess != "" && len(word) >= minGuess {
		return "-" + guess
	}
	return ""
}

// Find returns the subcommand that the arguments name, and its arguments; nil if they name
// none.
func (p Program) Find(args []string) (*Command, []string) {
	leading := p.leadingFlags(args)
	if leading == len(args) {
		return nil, nil
	}
	c := p.Named(args[leading])
	if c == nil {
		return nil, nil
	}
	return c, slices.Concat(args[:leading], args[leading+1:])
}

// Named returns the subcommand of that name; nil if there is none.
func (p Program) Named(word string) *Command {
	for _, c := range p.Commands {
		if c.Word() == word {
			return &c
		}
	}
	return nil
}

// Names returns the words that call the subcommands.
func (p Program) Names() []string {
	var names []string
	for _, c := range p.Commands {
		names = append(names, c.Word())
	}
	return names
}

// leadingFlags returns the number of arguments that are flags, of whatever command, or
// their values. An unknown flag ends them.
func (p Program) leadingFlags(args []string) int {
	takesValue := map[string]bool{"h": false, "help": false}
	for _, c := range append(p.Commands, p.Command) {
		flags, _ := c.declare()
		flags.VisitAll(func(f *flag.Flag) {
			boolean, ok := f.Value.(interface{ IsBoolFlag() bool })
			takesValue[f.Name] = !ok || !boolean.IsBoolFlag()
		})
	}
	n := 0
	for n < len(args) && strings.HasPrefix(args[n], "-") && args[n] != "--" {
		name, _, joined := strings.Cut(strings.TrimLeft(args[n], "-"), "=")
		value, known := takesValue[name]
		if !known {
			break
		}
		n++
		if value && !joined {
			n++
		}
	}
	return min(n, len(args))
}

// isPackage reports whether a word that is no command is likely to be a package, or is a
// flag.
func isPackage(word string) bool {
	_, err := os.Stat(word)
	return err == nil || strings.HasPrefix(word, "-") || strings.ContainsAny(word, "./\\=")
}
