package budget

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// The exit statuses.
const (
	statusWithin = 0
	statusOver   = 1
	statusFailed = 2
)

// usableConnections is what PostgreSQL takes by default: 100 less 3 reserved.
const usableConnections = 97

const usage = `usage: poollint budget [flags] [packages]

Adds up the connections that the tests of the packages (./... unless given) may
take at once, by server, and compares them with what the server takes.

  -p N            test binaries at once, as for go test (default: the CPUs)
  -parallel N     parallel tests at once in each, as for go test (default: the CPUs)
  -cpus N         CPUs of the machine that runs the tests (default: this one's)
  -limit N        connections that the server takes (default 97: PostgreSQL's 100 less 3 reserved)
  -count N        how often each test runs, as for go test (default 1)
  -bench          benchmarks run too
  -format FORMAT  text or json
  -tags LIST      build tags, as for go build

Exit status: 0 within the limit, 1 over it, 2 something could not be analysed.
`

// An Analysis says which tests to read.
type Analysis struct {
	Dir      string // the working directory if empty
	Patterns []string
	Tags     string
}

// Main runs "poollint budget" with the arguments behind that word and returns
// the exit status.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	run, a, format, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return statusWithin
	case err != nil:
		fmt.Fprintln(stderr, "poollint budget:", printable.Line(redact.Text(err.Error())))
		return statusFailed
	}
	report, failures, err := Of(ctx, run, a)
	if err != nil {
		fmt.Fprintln(stderr, "poollint budget:", printable.Line(redact.Text(err.Error())))
		return statusFailed
	}
	write := report.WriteText
	if format == "json" {
		write = report.WriteJSON
	}
	if err := write(stdout); err != nil {
		fmt.Fprintln(stderr, "poollint budget:", printable.Line(redact.Text(err.Error())))
		return statusFailed
	}
	for i, f := range failures {
		if i == shownFailures {
			fmt.Fprintf(stderr, "poollint budget: and %d more\n", len(failures)-i)
			break
		}
		fmt.Fprintln(stderr, "poollint budget:", printable.Line(f.Error()))
	}
	switch {
	case len(failures) > 0:
		return statusFailed
	case report.Over():
		return statusOver
	}
	return statusWithin
}

// shownFailures is how many failures are named.
const shownFailures = 3

func parse(args []string) (run Run, a Analysis, format string, err error) {
	set := flag.NewFlagSet("budget", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.IntVar(&run.Packages, "p", 0, "")
	set.IntVar(&run.Parallel, "parallel", 0, "")
	set.IntVar(&run.CPUs, "cpus", runtime.NumCPU(), "")
	set.IntVar(&run.Limit, "limit", usableConnections, "")
	set.IntVar(&run.Count, "count", 1, "")
	set.BoolVar(&run.Bench, "bench", false, "")
	set.StringVar(&format, "format", "text", "")
	set.StringVar(&a.Tags, "tags", "", "")
	if err := set.Parse(args); err != nil {
		return run, a, format, err
	}
	if format != "text" && format != "json" {
		return run, a, format, fmt.Errorf("-format must be text or json, not %s", format)
	}
	for _, f := range []struct {
		name  string
		value *int
	}{{"p", &run.Packages}, {"parallel", &run.Parallel}} {
		if *f.value == 0 && !isSet(set, f.name) {
			*f.value = run.CPUs
		}
	}
	for name, value := range map[string]int{"p": run.Packages, "parallel": run.Parallel, "cpus": run.CPUs, "limit": run.Limit, "count": run.Count} {
		if value < 1 {
			return run, a, format, fmt.Errorf("-%s must be at least 1", name)
		}
	}
	a.Patterns = set.Args()
	return run, a, format, nil
}

func isSet(set *flag.FlagSet, name string) bool {
	found := false
	set.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// Of analyses the packages and returns their budget, with what could not be
// analysed.
func Of(ctx context.Context, run Run, a Analysis) (*Report, []driver.Failure, error) {
	if a.Dir == "" {
		var err error
		if a.Dir, err = os.Getwd(); err != nil {
			return nil, nil, err
		}
	}
	evidence, failures, err := read(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	return plan(run, evidence, func(file string) string { return printable.Path(a.Dir, file) }), failures, nil
}

// read returns the records of the packages, and what could not be analysed.
func read(ctx context.Context, a Analysis) ([]finding.Evidence, []driver.Failure, error) {
	dir := a.Dir
	settings, err := config.Load(dir, false)
	if err != nil {
		return nil, nil, err
	}
	if len(a.Patterns) == 0 {
		a.Patterns = []string{"./..."}
	}
	libraries := dbapi.Packages()
	for _, name := range settings.API.Openers {
		libraries = append(libraries, dbapi.Name(name).Package())
	}
	var evidence []finding.Evidence
	result, err := driver.Run(ctx, driver.Options{
		Dir: dir, Patterns: a.Patterns, Tests: true, Tags: a.Tags, Load: driver.LoadAuto,
		Libraries: libraries,
		Rules: []finding.Rule{{Analyzer: Analyzer, Finish: func(_ []finding.Located, all []finding.Evidence) []finding.Located {
			evidence = all
			return nil
		}}},
	})
	if err != nil {
		return nil, nil, err
	}
	return evidence, result.Failures, nil
}

// OfCommand returns the budget of a "go test" command, with the -p, -parallel and
// -tags and the packages that it names.
func OfCommand(ctx context.Context, command []string) (*Report, error) {
	run, a, err := parseCommand(command)
	if err != nil {
		return nil, err
	}
	report, failures, err := Of(ctx, run, a)
	if err == nil && len(failures) > 0 {
		err = failures[0]
	}
	return report, err
}

func parseCommand(command []string) (run Run, a Analysis, err error) {
	if len(command) < 2 || filepath.Base(command[0]) != "go" || command[1] != "test" {
		return run, a, errors.New("the command is not go test")
	}
	run = Run{Packages: runtime.GOMAXPROCS(0), Parallel: runtime.GOMAXPROCS(0), CPUs: runtime.NumCPU(), Limit: usableConnections, Count: 1}
	cpus := 1
	args := command[2:]
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			a.Patterns = append(a.Patterns, args[i])
			continue
		}
		name, value, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if name == "args" {
			break
		}
		if !joined && i+1 < len(args) && slices.Contains(valued, name) {
			i++
			value = args[i]
		}
		switch name {
		case "p":
			run.Packages, err = positive(name, value)
		case "parallel":
			run.Parallel, err = positive(name, value)
		case "count":
			run.Count, err = positive(name, value)
		case "cpu":
			cpus = strings.Count(value, ",") + 1
		case "bench":
			run.Bench = true
		case "fuzz":
			err = errors.New("-fuzz runs a test in as many processes as it likes")
		case "tags":
			a.Tags = value
		}
		if err != nil {
			return run, a, err
		}
	}
	if len(a.Patterns) == 0 {
		a.Patterns = []string{"."}
	}
	run.Count *= cpus
	return run, a, nil
}

func positive(name, value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("-%s=%s is no number of at least 1", name, value)
	}
	return n, nil
}

// valued are the flags of go test that take their value from the next argument.
var valued = []string{
	"p", "parallel", "tags", "run", "skip", "bench", "benchtime", "count", "cpu", "timeout", "exec", "o", "coverprofile",
	"covermode", "coverpkg", "cpuprofile", "memprofile", "blockprofile", "mutexprofile", "trace", "outputdir", "fuzz", "fuzztime",
	"list", "shuffle", "vet", "mod", "modfile", "gcflags", "ldflags", "asmflags", "overlay", "C",
}
