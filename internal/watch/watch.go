package watch

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/child"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/testdb"
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
	if len(args) > 0 && args[0] == execArgument {
		fmt.Fprintln(stderr, "poollint watch:", redact.Text(runNamed(args[1:], environ).Error()))
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

	program, programErr := executable()
	if programErr != nil {
		program = ""
	}
	r := &report{Command: shown(o.command), Version: 1, Started: time.Now(), Server: facts, Limits: o.limits}
	plan := newPlan(o.command, child.GoFlags(ctx, environ), program, run)
	r.Notes = plan.notes

	commandOut := stdout
	if o.forPrograms() {
		commandOut = stderr
	}
	watched := &watchedRun{plan: plan, sampler: sampler, timeline: newTimeline(), log: newTestLog(), live: &live{}}
	if plan.events { // else the command has the terminal to itself
		watched.live = newLive(stderr, facts.Usable())
	}
	if r.Status, r.Stopped, err = watched.run(ctx, o.every, commandOut, stderr, environ); err != nil {
		return 0, err
	}
	r.Seconds = round3(watched.ended.Sub(r.Started).Seconds())
	r.Opened, r.Restarts = sampler.opened(), sampler.restarts
	r.summarize(watched.timeline, watched.log, newNaming(run, watched.log.pkgs), sampler.offset)

	if r.Total.Peak == 0 {
		r.Notes = append(r.Notes, "no connection was seen: do the tests use this server? Its address is that of "+db.Source)
	}
	if c.Budget != nil && !r.Stopped {
		if r.Budget, err = c.Budget(ctx, o.command); err != nil {
			r.Notes = append(r.Notes, "no static budget: "+redact.Text(err.Error()))
		}
	}
	return o.finish(r, stdout, stderr)
}

// shown returns the command without the passwords of connection strings in it.
func shown(command []string) []string {
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = redact.Text(word)
	}
	return words
}
