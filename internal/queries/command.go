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
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/goenv"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// recordEnv names the directory of a record to testpool.
const recordEnv = "POOLLINT_RECORD"

type options struct {
	dir, tags string
	outputs   command.Outputs
	verbose   bool
	command   []string
}

// Command is "poollint queries".
var Command = command.Command{
	Name:    "poollint queries",
	Args:    "-- go test …",
	Summary: "run tests and judge the statements that they run",
	About: `It runs the command with ` + recordEnv + ` set, so that testpool records the statements of
its tests, and judges each as the rule tenantfilter does.`,
	Status: "that of the command if it fails, else 1 where a statement crosses\ntenants, else 0; 2 something could not be analysed.",
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		flags.StringVar(&o.dir, "dir", "", "`DIR` judge what an earlier run with "+recordEnv+"=DIR has recorded; there is no command then")
		command.Format(flags, &o.outputs, "text", "json")
		command.Tags(flags, &o.tags)
		flags.BoolVar(&o.verbose, "v", false, "list findings of severity info, and those that are silenced, too")
		return func(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
			o.command, o.outputs = args, o.outputs.Or("text")
			switch {
			case o.dir == "" && len(args) == 0:
				return 0, errors.New("no command: poollint queries [flags] -- command")
			case o.dir != "" && len(args) > 0:
				return 0, errors.New("-dir judges an earlier record and takes no command")
			}
			return o.run(ctx, stdout, stderr)
		}
	},
	Forwards: true,
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
		if o.outputs.ForPrograms() {
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
	formats := map[string]func(io.Writer, bool) error{"text": report.writeText, "json": report.writeJSON}
	if err := o.outputs.Write(stdout, func(format string, to io.Writer) error { return formats[format](to, o.verbose) }); err != nil {
		return 0, err
	}
	for _, f := range failures {
		fmt.Fprintln(stderr, "poollint queries:", printable.Line(redact.Text(f.Error())))
	}
	switch {
	case status != 0:
		return status, nil
	case len(failures) > 0:
		return command.Failed, nil
	case slices.ContainsFunc(report.Findings, result.fails):
		return command.Found, nil
	}
	return command.Clean, nil
}

// execute runs the command. A cached result of a test runs no statement.
func (o options) execute(ctx context.Context, dir string, stdout, stderr io.Writer) (status int, stopped bool, err error) {
	environ := os.Environ()
	flags := goenv.Setting("GOFLAGS", environ, goenv.Files(".")...)
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
