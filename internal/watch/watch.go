package watch

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/child"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/testdb"
	"github.com/poollint/poollint/internal/testtrace"
)

// Exit statuses, beside those of the watched command.
const (
	statusFound  = 1 // over a threshold
	statusFailed = 2 // could not watch
)

// Command is "poollint watch".
type Command struct {
	// Budget returns the static bound on the connections of a watched command, which the
	// report shows beside what was measured. It may be nil.
	Budget func(ctx context.Context, command []string) (*Budget, error)
}

// Main runs "poollint watch" with the arguments that follow that word, and returns the exit
// status: that of the command if it fails, else 1 if a threshold is exceeded, else 0; 2 if
// watching fails. It forwards SIGINT, SIGTERM and SIGHUP to the command, and ends it when
// ctx ends.
func (c Command) Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return c.main(ctx, args, stdout, stderr, os.Environ())
}

func (c Command) main(ctx context.Context, args []string, stdout, stderr io.Writer, environ []string) int {
	if len(args) > 0 && args[0] == testtrace.Argument {
		fmt.Fprintln(stderr, "poollint watch:", redact.Text(testtrace.Tool(args[1:], environ).Error()))
		return statusFailed
	}
	options, err := parseOptions(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		var status int
		if status, err = c.run(ctx, options, stdout, stderr, environ); err == nil {
			return status
		}
	}
	fmt.Fprintln(stderr, "poollint watch:", redact.Text(err.Error()))
	return statusFailed
}

// run watches the command and reports.
func (c Command) run(ctx context.Context, o options, stdout, stderr io.Writer, environ []string) (int, error) {
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
	watched := &watchedRun{command: o.command, sampler: sampler, timeline: newTimeline()}
	var note string
	if watched.environ, note = traced(trace, child.GoFlags(ctx, environ), environ); note != "" {
		r.Notes = append(r.Notes, note)
	}
	commandOut := stdout
	if o.forPrograms() {
		commandOut = stderr
	}
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
	if c.Budget != nil && !r.Stopped {
		if r.Budget, err = c.Budget(ctx, o.command); err != nil {
			r.Notes = append(r.Notes, "no static budget: "+redact.Text(err.Error()))
		}
	}
	r.noteUnwatched(log)
	return o.finish(r, stdout, stderr)
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
