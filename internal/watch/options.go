package watch

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/testdb"
	"github.com/poollint/poollint/internal/testtrace"
)

// options are the flags, and the command that follows them.
type options struct {
	dsn     string
	limits  thresholds
	every   time.Duration
	named   bool
	tool    bool
	outputs command.Outputs
	command []string
}

func (o *options) declare(flags *flag.FlagSet) {
	testdb.Flag(flags, &o.dsn)
	command.Int(flags, &o.limits.Limit, "limit", "`N` fail above that many connections at once", 10, 0)
	command.Int(flags, &o.limits.After, "after", "`N` fail above that many connections left after the run", 5, 0)
	flags.DurationVar(&o.every, "every", 10*time.Millisecond, "`TIME` between two samples while connections or tests come and go")
	flags.BoolVar(&o.named, "named", false, "count only connections of the command's own packages, on a server that others use too")
	command.Format(flags, &o.outputs, slices.Sorted(maps.Keys(writers))...)
	flags.BoolVar(&o.tool, strings.TrimPrefix(testtrace.Argument, "-"), false, "") // of the go command
}

// check takes the command and returns an error if the options ask for nothing.
func (o *options) check(args []string) error {
	o.command = args
	switch {
	case len(args) == 0:
		return errors.New("no command: poollint watch [flags] -- command")
	case o.every <= 0:
		return errors.New("-every must be above zero")
	}
	return nil
}

// finish writes the report and returns the exit status.
func (o options) finish(r *report, stdout, stderr io.Writer) (int, error) {
	outputs, to := o.outputs, stdout
	if len(outputs) == 0 {
		outputs, to = outputs.Or("text"), stderr
	}
	if err := outputs.Write(to, func(format string, to io.Writer) error { return writers[format](r, to) }); err != nil {
		return 0, err
	}
	findings := r.findings()
	for _, finding := range findings {
		fmt.Fprintln(stderr, "poollint watch:", finding)
	}
	switch {
	case r.Status != 0:
		return r.Status, nil
	case len(findings) > 0:
		return command.Found, nil
	case r.blind():
		return 0, errors.New("the server was out of sight at the end: what is left is not known")
	}
	return 0, nil
}
