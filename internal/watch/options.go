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

// options are the flags, and the command behind them.
type options struct {
	dsn     string
	limits  thresholds
	every   time.Duration
	named   bool
	format  string
	output  string
	html    string
	command []string
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("poollint watch", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.dsn, "dsn", "", "the `database` to watch; default DATABASE_URL_TEST, TEST_DATABASE_URL or DATABASE_URL, from the environment or .env.test")
	flags.IntVar(&o.limits.Max, "max", 10, "fail above this `number` of connections at once")
	flags.IntVar(&o.limits.After, "after", 5, "fail above this `number` of connections left after the run")
	flags.DurationVar(&o.every, "every", 10*time.Millisecond, "`time` between two samples")
	flags.BoolVar(&o.named, "named", false, "count only connections of the command's own packages, on a server that others use too")
	flags.StringVar(&o.format, "format", "text", "`format` of the report: text, json, csv")
	flags.StringVar(&o.output, "o", "", "`file` for the report in its format; standard output has the table then")
	flags.StringVar(&o.html, "html", "", "`file` for a page with the connections plotted over time")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: poollint watch [flags] -- go test ./...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.command = flags.Args()
	switch {
	case len(o.command) == 0:
		return o, errors.New("no command: poollint watch [flags] -- command")
	case writers[o.format] == nil:
		return o, fmt.Errorf("-format %s: not one of %s", o.format, strings.Join(slices.Sorted(maps.Keys(writers)), ", "))
	case o.every <= 0 || o.limits.Max < 0 || o.limits.After < 0:
		return o, errors.New("-every must be above zero, -max and -after may not be negative")
	}
	return o, nil
}

// finish writes the report and judges it.
func (o options) finish(r *report, stdout, stderr io.Writer) (int, error) {
	if o.html != "" {
		if err := r.writePage(o.html); err != nil {
			return 0, err
		}
	}
	if err := o.write(r, stdout); err != nil {
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
		return statusFound, nil
	case r.blind():
		return 0, errors.New("the server was out of sight at the end: what is left is not known")
	}
	return 0, nil
}

// write writes the report to the file of -o, in its format, and the table to standard
// output; without a file the report in its format.
func (o options) write(r *report, stdout io.Writer) error {
	if o.output == "" {
		return writers[o.format](r, stdout)
	}
	file, err := os.Create(o.output)
	if err != nil {
		return err
	}
	return cmp.Or(writers[o.format](r, file), file.Close(), r.writeTable(stdout))
}
