package watch

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// options are the flags, and the command that follows them.
type options struct {
	dsn     string
	limits  thresholds
	every   time.Duration
	named   bool
	reports []output
	html    string
	command []string
}

// output is one -format flag. Without a file it is for standard output.
type output struct{ format, file string }

// parseOptions reads the command line. If it returns flag.ErrHelp, it has printed the help.
func parseOptions(args []string, stdout io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("poollint watch", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are reported by the caller
	flags.StringVar(&o.dsn, "dsn", "", "the `database` to watch; default DATABASE_URL_TEST, TEST_DATABASE_URL or DATABASE_URL, from the environment or .env.test")
	flags.IntVar(&o.limits.Max, "max", 10, "fail above this `number` of connections at once")
	flags.IntVar(&o.limits.After, "after", 5, "fail above this `number` of connections left after the run")
	flags.DurationVar(&o.every, "every", 10*time.Millisecond, "`time` between two samples")
	flags.BoolVar(&o.named, "named", false, "count only connections of the command's own packages, on a server that others use too")
	flags.Func("format", "`FORMAT[=FILE]` of the report, text, json or csv; repeatable; default text on standard error", o.addFormat)
	flags.StringVar(&o.html, "html", "", "`file` for a page with the connections plotted over time")
	flags.Usage = func() {
		flags.SetOutput(stdout)
		fmt.Fprintln(stdout, "usage: poollint watch [flags] -- go test ./...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.command = flags.Args()
	switch {
	case len(o.command) == 0:
		return o, errors.New("no command: poollint watch [flags] -- command")
	case o.every <= 0 || o.limits.Max < 0 || o.limits.After < 0:
		return o, errors.New("-every must be above zero, -max and -after may not be negative")
	}
	return o, nil
}

func (o *options) addFormat(text string) error {
	format, file, toFile := strings.Cut(text, "=")
	switch {
	case writers[format] == nil:
		return fmt.Errorf("the formats are %s", strings.Join(slices.Sorted(maps.Keys(writers)), ", "))
	case toFile && file == "":
		return errors.New("a file name must follow the =")
	}
	o.reports = append(o.reports, output{format, file})
	return nil
}

// forPrograms reports whether standard output gets a report for a program.
func (o *options) forPrograms() bool {
	return slices.ContainsFunc(o.reports, func(r output) bool { return r.file == "" && r.format != "text" })
}

// finish writes the report and returns the exit status.
func (o options) finish(r *report, stdout, stderr io.Writer) (int, error) {
	if o.html != "" {
		if err := r.writePage(o.html); err != nil {
			return 0, err
		}
	}
	if len(o.reports) == 0 {
		if err := r.writeTable(stderr); err != nil {
			return 0, err
		}
	}
	for _, output := range o.reports {
		if err := output.write(r, stdout); err != nil {
			return 0, err
		}
	}
	findings := r.findings()
	for _, finding := range findings {
		fmt.Fprintln(stderr, "poollint watch:", finding)
	}
	switch {
	case r.Status != 0:
		return r.Status, nil
	case len(findings) > 0:
		return statusFound, nil
	case r.blind():
		return 0, errors.New("the server was out of sight at the end: what is left is not known")
	}
	return 0, nil
}

func (o output) write(r *report, stdout io.Writer) error {
	if o.file == "" {
		return writers[o.format](r, stdout)
	}
	file, err := os.Create(o.file)
	if err != nil {
		return err
	}
	return cmp.Or(writers[o.format](r, file), file.Close())
}
