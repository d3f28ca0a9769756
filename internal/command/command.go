// Package command is what a command line consists of: commands, their flags, and one way
// to parse them, to fail and to help. The help, completion in shells and the manual page
// are made of the same values.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// The exit statuses. A run that a signal ends has 128 plus its number.
const (
	Clean  = 0
	Found  = 1
	Failed = 2
)

// A Command is a program or one of its subcommands.
type Command struct {
	Name    string // as it is called: "poollint budget"
	Args    string // what follows the flags: "[packages]"
	Summary string // what it does, in less than a line
	About   string // what else its help says; may be empty
	Status  string // what its exit statuses mean; may be empty

	// New declares the flags, and returns what runs once they are parsed.
	New func(flags *flag.FlagSet) Run

	// Words returns what an argument may be. Without it an argument is a package or a file.
	Words func() []string

	// Forwards says that it hands signals on to a command that it runs, and ends after that.
	Forwards bool
}

// Run runs a command with the arguments that follow the flags. An error is told, and makes
// the exit status Failed.
type Run func(ctx context.Context, args []string, stdout, stderr io.Writer) (status int, err error)

// Main runs the command and returns its exit status.
func (c Command) Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return c.main(ctx, args, stdout, stderr, c.WriteHelp)
}

func (c Command) main(ctx context.Context, args []string, stdout, stderr io.Writer, help func(io.Writer)) int {
	flags, run := c.declare()
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help(stdout)
		return Clean
	}
	if err != nil {
		return Fail(stderr, c.Name, misspelt(flags, err))
	}
	status, err := run(ctx, flags.Args(), stdout, stderr)
	if err != nil {
		return Fail(stderr, c.Name, err)
	}
	return status
}

// Several is an error that is told on a line for each of its parts.
type Several []string

func (s Several) Error() string { return strings.Join(s, "; ") }

// Lines returns the parts.
func (s Several) Lines() []string { return s }

// Fail tells an error of the command of that name, on one line or on each of its Lines, without
// passwords, and returns the exit status.
func Fail(stderr io.Writer, name string, err error) int {
	lines := []string{err.Error()}
	var several interface{ Lines() []string }
	if errors.As(err, &several) {
		lines = several.Lines()
	}
	for _, line := range lines {
		fmt.Fprintf(stderr, "%s: %s\n", name, printable.Line(redact.Text(strings.TrimSpace(line))))
	}
	return Failed
}

func (c Command) declare() (*flag.FlagSet, Run) {
	flags := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // Main tells errors
	return flags, c.New(flags)
}

// Word returns what calls a subcommand.
func (c Command) Word() string {
	_, word, _ := strings.Cut(c.Name, " ")
	return word
}

// misspelt names the flag that was meant by one that does not exist.
func misspelt(flags *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var names []string
	for _, f := range listed(flags) {
		names = append(names, f.Name)
	}
	if guess := nearest.Of(name, names); guess != "" {
		return fmt.Errorf("unknown flag -%s; did you mean -%s?", name, guess)
	}
	return fmt.Errorf("unknown flag -%s; %s -h lists the flags", name, flags.Name())
}

// Packages returns the package patterns that arguments are, ./... if there are none.
func Packages(args []string) ([]string, error) {
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") {
			return nil, fmt.Errorf("flag %s stands after a package; flags come first", arg)
		}
	}
	if len(args) == 0 {
		return []string{"./..."}, nil
	}
	return args, nil
}

// None returns an error if there are arguments.
func None(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s: no arguments are taken", args[0])
	}
	return nil
}
