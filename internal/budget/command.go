package budget

import (
	"cmp"
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

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
)

// usableConnections is what PostgreSQL takes by default: 100 less 3 reserved.
const usableConnections = 97

// An Analysis says which tests to read.
type Analysis struct {
	Dir      string // the working directory if empty
	Patterns []string
	Tags     string
}

// Command is "poollint budget".
var Command = command.Command{
	Name:    "poollint budget",
	Args:    "[packages]",
	Summary: "add up the connections that the tests may take at once",
	About:   "It adds up by server, for the packages ./... unless given.",
	Status:  "0 within the limit, 1 over it, 2 something could not be analysed.",
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		o.declare(flags)
		return o.main
	},
}

type options struct {
	run     Run
	tags    string
	outputs command.Outputs
}

func (o *options) declare(flags *flag.FlagSet) {
	command.Int(flags, &o.run.Packages, "p", "`N` test binaries at once, as for go test (default: the CPUs)", 0, 1)
	command.Int(flags, &o.run.Parallel, "parallel", "`N` parallel tests at once in each, as for go test (default: the CPUs)", 0, 1)
	command.Int(flags, &o.run.CPUs, "cpus", "`N` CPUs of the machine that runs the tests (default: this one's)", 0, 1)
	command.Int(flags, &o.run.Limit, "limit", "`N` fail above that many connections at once; PostgreSQL takes 100 less 3 reserved", usableConnections, 1)
	command.Int(flags, &o.run.Count, "count", "`N` times each test runs, as for go test", 1, 1)
	flags.BoolVar(&o.run.Bench, "bench", false, "benchmarks run too")
	command.Format(flags, &o.outputs, "text", "json")
	command.Tags(flags, &o.tags)
}

// main prints the budget of the packages and returns the exit status.
func (o *options) main(ctx context.Context, args []string, stdout, stderr io.Writer) (status int, err error) {
	patterns, err := command.Packages(args)
	if err != nil {
		return 0, err
	}
	report, failures, err := Of(ctx, o.run.complete(), Analysis{Patterns: patterns, Tags: o.tags})
	if err != nil {
		return 0, err
	}
	formats := map[string]func(io.Writer) error{"text": report.WriteText, "json": report.WriteJSON}
	err = o.outputs.Or("text").Write(stdout, func(format string, to io.Writer) error { return formats[format](to) })
	if err != nil {
		return 0, err
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
		return command.Failed, nil
	case report.Over():
		return command.Found, nil
	}
	return command.Clean, nil
}

// complete sets what is not given.
func (r Run) complete() Run {
	r.CPUs = cmp.Or(r.CPUs, runtime.NumCPU())
	r.Packages, r.Parallel = cmp.Or(r.Packages, r.CPUs), cmp.Or(r.Parallel, r.CPUs)
	return r
}

// shownFailures is how many failures are named.
const shownFailures = 3

// Of analyses the packages and returns their budget, with what could not be
// analysed.
func Of(ctx context.Context, run Run, a Analysis) (*Report, []driver.Failure, error) {
	if a.Dir == "" {
		var err error
		if a.Dir, err = os.Getwd(); err != nil {
			return nil, nil, err
		}
	}
	store, tool := driver.OpenCache()
	records, failures, err := read(ctx, a, store, tool)
	if store != nil {
		store.Trim()
	}
	if err != nil {
		return nil, nil, err
	}
	return plan(run, records, func(file string) string { return printable.Path(a.Dir, file) }), failures, nil
}

// read returns the records of the packages, and what could not be analysed. What it finds is
// kept in the store, if there is one, under the program's name.
func read(ctx context.Context, a Analysis, store *cache.Cache, program string) ([]record, []driver.Failure, error) {
	settings, err := config.Load(a.Dir, false)
	if err != nil {
		return nil, nil, err
	}
	libraries := dbapi.Packages()
	for _, name := range settings.API.Openers {
		libraries = append(libraries, dbapi.Name(name).Package())
	}
	result, err := driver.Run(ctx, driver.Options{
		Dir: a.Dir, Patterns: a.Patterns, Tests: true, Tags: a.Tags, Load: driver.LoadAuto,
		Libraries: libraries, Rules: []finding.Rule{reading}, Cache: store, Tool: program,
	})
	if err != nil {
		return nil, nil, err
	}
	var all []record
	for _, f := range result.Findings {
		all = append(all, f.Data.(records)...)
	}
	return all, result.Failures, nil
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

// goTest returns what go test is given by a command, itself or gotestsum with a --, and which packages
// it tests if that names none.
func goTest(command []string) (args []string, unless string, ok bool) {
	if len(command) == 0 {
		return nil, "", false
	}
	program, args := filepath.Base(command[0]), command[1:]
	before := []string(nil)
	if program == "go" && len(args) > 1 && args[0] == "-C" {
		before, args = args[:2], args[2:]
	}
	switch at := slices.Index(args, "--"); {
	case program == "go" && len(args) > 0 && args[0] == "test":
		return slices.Concat(before, args[1:]), ".", true
	case program == "gotestsum" && at >= 0 && !slices.ContainsFunc(args[:at], choosesPackages):
		return args[at+1:], "./...", true
	}
	return nil, "", false
}

// choosesPackages reports whether a flag of gotestsum's says what is tested.
func choosesPackages(flag string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
	return name == "packages" || name == "raw-command"
}

func parseCommand(command []string) (run Run, a Analysis, err error) {
	args, unless, ok := goTest(command)
	if !ok {
		return run, a, errors.New("the command is neither go test nor gotestsum with a -- before what it hands on")
	}
	run = Run{Packages: runtime.GOMAXPROCS(0), Parallel: runtime.GOMAXPROCS(0), CPUs: runtime.NumCPU(), Limit: usableConnections, Count: 1}
	cpus := 1
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
		case "C":
			a.Dir = value
		}
		if err != nil {
			return run, a, err
		}
	}
	if len(a.Patterns) == 0 {
		a.Patterns = []string{unless}
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
