package watch

import (
	"context"
	"crypto/rand"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/goenv"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/testdb"
	"github.com/poollint/poollint/internal/testtrace"
)

// A Bound returns the static bound on the connections of a watched command, which the
// report shows beside what was measured.
type Bound func(ctx context.Context, command []string) (*Budget, error)

// New returns "poollint watch". The bound may be nil.
func New(bound Bound) command.Command { return newCommand(bound, os.Environ) }

func newCommand(bound Bound, environ func() []string) command.Command {
	return command.Command{
		Name:    "poollint watch",
		Args:    "-- go test …",
		Summary: "run tests and watch the connections that they open",
		About: `It runs the command, looks at the server meanwhile, and names the tests that held its
connections. Without -format the report goes to standard error, as text.`,
		Status: "that of the command if it fails, else 1 over a limit, else 0; 2 the\nserver could not be watched.",
		New: func(flags *flag.FlagSet) command.Run {
			var o options
			o.declare(flags)
			return func(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
				if o.tool {
					return 0, testtrace.Tool(args, environ())
				}
				if err := o.check(args); err != nil {
					return 0, err
				}
				return o.run(ctx, bound, stdout, stderr, environ())
			}
		},
		Forwards: true,
	}
}

// run watches the command and reports.
func (o options) run(ctx context.Context, bound Bound, stdout, stderr io.Writer, environ []string) (int, error) {
	db, err := testdb.Find(o.dsn, environ)
	if err != nil {
		return 0, err
	}
	config, err := db.Config(ownApplication)
	if err != nil {
		return 0, err
	}
	run := strings.ToLower(rand.Text()[:6])
	sampler, facts, err := newSampler(ctx, config, run, o.named)
	if err != nil {
		return 0, err
	}
	defer sampler.close()

	trace, err := testtrace.New(run)
	if err != nil {
		return 0, err
	}
	defer trace.Close()

	r := &report{Command: shown(o.command), Version: 1, Started: time.Now(), Server: facts, Limits: o.limits}
	watched := &watchedRun{command: o.command, sampler: sampler, trace: trace, timeline: newTimeline()}
	var note string
	if watched.environ, note = traced(trace, goenv.Setting("GOFLAGS", environ, goenv.Files(".")...), environ); note != "" {
		r.Notes = append(r.Notes, note)
	}
	commandOut := stdout
	if o.outputs.ForPrograms() {
		commandOut = stderr
	}
	budget := started(ctx, bound, o.command)
	if r.Status, r.Stopped, err = watched.run(ctx, o.every, commandOut, stderr); err != nil {
		return 0, err
	}
	log, err := trace.Read()
	if err != nil {
		return 0, err
	}
	r.Seconds = round3(watched.ended.Sub(r.Started).Seconds())
	r.Opened, r.Restarts = sampler.opened(), sampler.restarts
	r.summarize(summarizer{watched.timeline, log, sampler.finder.Line, sampler.offset})

	if r.Total.Peak == 0 {
		r.Notes = append(r.Notes, "no connection was seen: do the tests use this server? Its address is that of "+db.Source)
	}
	if bound != nil && !r.Stopped {
		if r.Budget, err = budget(); err != nil {
			r.Notes = append(r.Notes, "no static budget: "+redact.Text(err.Error()))
		}
	}
	r.noteUnwatched(log)
	return o.finish(r, stdout, stderr)
}

// started begins to work out the bound, beside the command, and returns how to wait for it.
func started(ctx context.Context, bound Bound, command []string) func() (*Budget, error) {
	var (
		budget *Budget
		err    error
		done   = make(chan struct{})
	)
	go func() {
		defer close(done)
		if bound != nil {
			budget, err = bound(ctx, command)
		}
	}()
	return func() (*Budget, error) {
		<-done
		return budget, err
	}
}

// traced returns the environment in which test binaries say what they do. If they cannot, it says why.
func traced(trace *testtrace.Trace, goflags string, environ []string) (traced []string, note string) {
	if strings.Contains(goflags, "-toolexec") {
		return environ, "GOFLAGS has a -toolexec: tests cannot be named"
	}
	program, err := os.Executable()
	if err != nil {
		return environ, "tests cannot be named: " + err.Error()
	}
	flag, err := trace.Flag(program)
	if err != nil {
		return environ, "tests cannot be named: " + err.Error()
	}
	return append(withFlag(environ, goflags, flag), trace.Environ()), ""
}

// noteUnwatched says which packages did not run, and which did without a trace.
func (r *report) noteUnwatched(log *testtrace.Log) {
	for _, reason := range log.Untraced {
		r.Notes = append(r.Notes, "tests are not named where "+reason)
	}
	const cached = "a result that go test takes from its cache, (cached), opens no connection; -count=1 runs the tests"
	if r.Budget == nil {
		if len(log.Processes) == 0 && len(log.Untraced) == 0 {
			r.Notes = append(r.Notes, "no test binary was seen to run: "+cached)
		}
		return
	}
	var idle []string
	for _, pkg := range r.Budget.Packages {
		if !slices.ContainsFunc(log.Processes, func(p *testtrace.Process) bool { return p.Package == pkg }) {
			idle = append(idle, pkg)
		}
	}
	if len(idle) > 0 && len(log.Untraced) == 0 {
		r.Notes = append(r.Notes, enumerate(idle)+" did not run: "+cached)
	}
}

// shown returns the command without the passwords of connection strings in it.
func shown(command []string) []string {
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = redact.Text(word)
	}
	return words
}
