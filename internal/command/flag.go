package command

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/wholefile"
)

// A Flag is one of a command's, as its help tells it. Its usage, as package flag has it,
// begins with the argument in back quotes: "`LIST` build tags". A flag without usage is
// told to nobody.
type Flag struct {
	Name, Arg, Usage string
	Values           []string // what the argument may be; nil: anything
	List             bool     // the argument is a list of them, with commas
}

// Flags returns the flags of the command by name.
func (c Command) Flags() []Flag {
	flags, _ := c.declare()
	return listed(flags)
}

func listed(flags *flag.FlagSet) []Flag {
	var all []Flag
	flags.VisitAll(func(f *flag.Flag) {
		if f.Usage == "" {
			return
		}
		arg, usage := flag.UnquoteUsage(f)
		described := Flag{Name: f.Name, Arg: strings.ToUpper(arg), Usage: usage}
		if quoted, text, ok := strings.Cut(f.Usage, "` "); ok {
			described.Arg, described.Usage = strings.TrimPrefix(quoted, "`"), text
		}
		if v, ok := f.Value.(interface {
			values() (all []string, list bool)
		}); ok {
			described.Values, described.List = v.values()
		}
		if !slices.Contains([]string{"", "0", "false", "true"}, f.DefValue) {
			described.Usage += " (default " + f.DefValue + ")"
		}
		all = append(all, described)
	})
	return all
}

// TakesValue reports whether the next argument may be the flag's value. A boolean that is
// true unless it is given has "=false" as its argument.
func (f Flag) TakesValue() bool { return f.Arg != "" && f.Arg[0] != '=' }

// Form returns the flag as it is written: "-tags LIST".
func (f Flag) Form() string {
	if f.TakesValue() {
		return "-" + f.Name + " " + f.Arg
	}
	return "-" + f.Name + f.Arg
}

// Choice declares a flag whose value is one of some words, by default the first.
func Choice(flags *flag.FlagSet, to *string, name, usage string, allowed ...string) {
	*to = allowed[0]
	OneOf(flags, to, name, usage, allowed...)
}

// OneOf declares a flag whose value is one of some words, if it is given.
func OneOf(flags *flag.FlagSet, to *string, name, usage string, allowed ...string) {
	flags.Var(choice{to, allowed}, name, usage)
}

type choice struct {
	to      *string
	allowed []string
}

func (c choice) values() ([]string, bool) { return c.allowed, false }

func (c choice) String() string {
	if c.to == nil {
		return "" // package flag asks a zero value
	}
	return *c.to
}

func (c choice) Set(text string) error {
	if !slices.Contains(c.allowed, text) {
		return fmt.Errorf("must be one of %s", strings.Join(c.allowed, ", "))
	}
	*c.to = text
	return nil
}

// Some declares a flag whose value is a list of some words, with commas. What else may be
// in it is for the command to check.
func Some(flags *flag.FlagSet, to *string, name, usage string, words []string) {
	flags.Var(some{to, words}, name, usage)
}

type some struct {
	to    *string
	words []string
}

func (s some) values() ([]string, bool)  { return s.words, true }
func (s some) String() string            { return "" }
func (s some) Set(text string) (_ error) { *s.to = text; return nil }

// Int declares a flag whose value is a number of at least min.
func Int(flags *flag.FlagSet, to *int, name, usage string, otherwise, min int) {
	*to = otherwise
	flags.Var(bounded{to, min}, name, usage)
}

type bounded struct {
	to  *int
	min int
}

func (b bounded) String() string {
	if b.to == nil {
		return ""
	}
	return strconv.Itoa(*b.to)
}

func (b bounded) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < b.min {
		return fmt.Errorf("must be a number of at least %d", b.min)
	}
	*b.to = n
	return nil
}

// Tags declares -tags.
func Tags(flags *flag.FlagSet, to *string) {
	flags.StringVar(to, "tags", "", "`LIST` build tags, as for go build")
}

// Outputs are the values of -format: in which formats a report is written, and where to.
type Outputs []Output

// An Output is the value of one -format.
type Output struct {
	Format string
	File   string // standard output if empty
}

// Format declares -format. Without that flag, there are no outputs.
func Format(flags *flag.FlagSet, to *Outputs, formats ...string) {
	flags.Var(format{to, formats}, "format", "`FORMAT[=FILE]` "+strings.Join(formats, ", ")+"; repeatable")
}

type format struct {
	to      *Outputs
	formats []string
}

func (f format) values() ([]string, bool) { return f.formats, false }
func (f format) String() string           { return "" }

func (f format) Set(text string) error {
	name, file, toFile := strings.Cut(text, "=")
	switch {
	case !slices.Contains(f.formats, name):
		return fmt.Errorf("the formats are %s", strings.Join(f.formats, ", "))
	case toFile && file == "":
		return errors.New("a file name must follow the =")
	case toFile && slices.ContainsFunc(*f.to, func(o Output) bool { return o.File == file }):
		return errors.New("another -format writes to that file")
	}
	*f.to = append(*f.to, Output{name, file})
	return nil
}

// Or returns the outputs, or if there are none the format on standard output.
func (o Outputs) Or(format string) Outputs {
	if len(o) == 0 {
		return Outputs{{Format: format}}
	}
	return o
}

// ForPrograms reports whether a program is to read standard output: nothing else may stand
// there.
func (o Outputs) ForPrograms() bool {
	return slices.ContainsFunc(o, func(o Output) bool { return o.File == "" && o.Format != "text" })
}

// Write writes the report in each of the formats, of which write writes one.
func (o Outputs) Write(stdout io.Writer, write func(format string, to io.Writer) error) error {
	for _, output := range o {
		if err := output.Write(stdout, func(to io.Writer) error { return write(output.Format, to) }); err != nil {
			return err
		}
	}
	return nil
}

// Write writes what write makes, whole or not at all.
func (o Output) Write(stdout io.Writer, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return fmt.Errorf("-format %s: %w", o.Format, err)
	}
	if o.File != "" {
		return wholefile.Write(o.File, text.Bytes())
	}
	_, err := stdout.Write(text.Bytes())
	return err
}
