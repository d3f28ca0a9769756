package queries

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/child"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// The exit statuses, beside those of the command.
const (
	statusClean  = 0
	statusFound  = 1
	statusFailed = 2
)

// recordEnv names the directory of a record to testpool.
const recordEnv = "POOLLINT_RECORD"

const usage = `usage: poollint queries [flags] -- go test ./...
       poollint queries [flags] -dir DIR

Runs the command with ` + recordEnv + ` set, so that testpool records the statements of
its tests, and judges each as the rule tenantfilter does.

  -dir DIR        judge what an earlier run with ` + recordEnv + `=DIR has recorded
  -format FORMAT  text or json
  -tags LIST      build tags, as for go build
  -v              list findings of severity info, and those that are silenced, too

Exit status: that of the command if it fails, else 1 where a statement crosses
tenants, else 0; 2 something could not be analysed.
`

type options struct {
	dir, format, tags string
	verbose           bool
	command           []string
}

func parseOptions(args []string) (options, error) {
	var o options
	set := flag.NewFlagSet("poollint queries", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&o.dir, "dir", "", "")
	set.StringVar(&o.format, "format", "text", "")
	set.StringVar(&o.tags, "tags", "", "")
	set.BoolVar(&o.verbose, "v", false, "")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	o.command = set.Args()
	switch {
	case o.format != "text" && o.format != "json":
		return o, errors.New("the formats are text and json")
	case o.dir == "" && len(o.command) == 0:
		return o, errors.New("no command: poollint queries [flags] -- command")
	case o.dir != "" && len(o.command) > 0:
		return o, errors.New("-dir judges an earlier record and takes no command")
	}
	return o, nil
}

// Main runs "poollint queries" with the arguments behind that word and returns the exit status.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return statusClean
	}
	if err == nil {
		var status int
		if status, err = o.run(ctx, stdout, stderr); err == nil {
			return status
		}
	}
	fmt.Fprintln(stderr, "poollint queries:", printable.Line(redact.Text(err.Error())))
	return statusFailed
}

func (o options) run(ctx context.Context, stdout, stderr io.Writer) (int, error) {
	dir, status := o.dir, 0
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "poollint-queries-"); err != nil {
			return 0, err
		}
		defer os.RemoveAll(dir)
		out := stdout
		if o.format == "json" {
			out = stderr
		}
		var stopped bool
		if status, stopped, err = o.execute(ctx, dir, out, stderr); err != nil || stopped {
			return status, err
		}
	}
	record, err := read(dir)
	if err != nil {
		return 0, err
	}
	if len(record.statements) == 0 {
		if status != 0 {
			return status, nil
		}
		return 0, errors.New("no statement was recorded: the tests have to use testpool, or testpool.Tracer or testpool.Record with pools of their own")
	}
	report, failures, err := judge(ctx, record, o.tags)
	if err != nil {
		return 0, err
	}
	write := report.writeText
	if o.format == "json" {
		write = report.writeJSON
	}
	if err := write(stdout, o.verbose); err != nil {
		return 0, err
	}
	for _, f := range failures {
		fmt.Fprintln(stderr, "poollint queries:", printable.Line(redact.Text(f.Error())))
	}
	switch {
	case status != 0:
		return status, nil
	case len(failures) > 0:
		return statusFailed, nil
	case slices.ContainsFunc(report.Findings, result.fails):
		return statusFound, nil
	}
	return statusClean, nil
}

// execute runs the command. A cached result of a test runs no statement.
func (o options) execute(ctx context.Context, dir string, stdout, stderr io.Writer) (status int, stopped bool, err error) {
	environ := os.Environ()
	flags := child.GoFlags(ctx, environ)
	if !strings.Contains(flags, "-count") {
		flags = strings.TrimSpace(flags + " -count=1")
	}
	cmd := exec.Command(o.command[0], o.command[1:]...)
	cmd.Env = append(environ, "GOFLAGS="+flags, recordEnv+"="+dir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	return child.Run(ctx, cmd)
}

// judge judges what was recorded by the code of the module in the working directory.
func judge(ctx context.Context, r *record, tags string) (*report, []driver.Failure, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, nil, err
	}
	settings, err := config.Load(dir, false)
	if err != nil {
		return nil, nil, err
	}
	ran := make([]tenantfilter.Ran, len(r.statements))
	for i, s := range r.statements {
		ran[i] = s.Ran
	}
	var seen []tenantfilter.Seen
	rule := tenantfilter.Recorded(ran, func(all []tenantfilter.Seen) { seen = all })
	result, err := driver.Run(ctx, driver.Options{
		Dir: dir, Patterns: []string{"./..."}, Tests: true, Tags: tags, Load: driver.LoadAuto,
		Libraries: dbapi.Libraries(slices.Concat(settings.API.Openers, settings.API.Queries)...), Rules: []finding.Rule{rule},
	})
	if err != nil {
		return nil, nil, err
	}
	return newReport(r, places(seen, len(ran)), func(file string) string { return printable.Path(dir, file) }), result.Failures, nil
}

// places returns the call of each statement at which it is judged, nil where none is in
// the module: the innermost that reading the code knows as a query, else the innermost.
func places(seen []tenantfilter.Seen, statements int) []*tenantfilter.Seen {
	all := make([]*tenantfilter.Seen, statements)
	for _, s := range seen {
		if old := all[s.Ran]; old == nil || nearer(&s, old) {
			all[s.Ran] = &s
		}
	}
	return all
}

func nearer(a, b *tenantfilter.Seen) bool {
	if known := a.Reading != tenantfilter.NoQuery; known != (b.Reading != tenantfilter.NoQuery) {
		return known
	}
	return cmp.Or(cmp.Compare(a.Call, b.Call), cmp.Compare(b.Reading, a.Reading)) < 0
}
