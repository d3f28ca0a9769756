package testpool

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// The comment of a private schema or database says who has made it:
//
//	made by TestRefund (shop.test 4711) at 2026-01-02T03:04:05Z, process 4711 of 1f2e3d-4026531836
//	kept by TestRefund (shop.test 4711) at 2026-01-02T03:04:05Z, process 4711 of 1f2e3d-4026531836
//
// poollint doctor shows it, and later runs judge by it whether the owner is gone.

const (
	made = "made" // the test runs, or was killed
	kept = "kept" // the test has failed: what it left is to be looked at
)

const (
	// keepFor is how long a failed test's place is kept.
	keepFor = 7 * 24 * time.Hour
	// killedAfter is when a test of another machine, whose processes cannot be looked for, is taken to be over.
	killedAfter = 24 * time.Hour
)

// An owner is the test and process that a private place belongs to.
type owner struct {
	verb    string // made or kept
	test    string
	app     string // the process's application_name
	at      time.Time
	pid     int
	machine string // "" where none can be told
}

// newOwner is this process, for a test.
func newOwner(test string) owner {
	return owner{verb: made, test: test, app: appName(), at: time.Now().UTC(), pid: os.Getpid(), machine: machine()}
}

func (o owner) String() string {
	return fmt.Sprintf("%s by %s (%s) at %s, process %d of %s", o.verb, o.test, o.app, o.at.Format(time.RFC3339), o.pid, o.machine)
}

var ownerComment = regexp.MustCompile(`^(made|kept) by (.*) \((.*)\) at (\S+), process (\d+) of (\S*)$`)

// parseOwner reads a comment. ok is false for one that no testpool has written.
func parseOwner(comment string) (o owner, ok bool) {
	match := ownerComment.FindStringSubmatch(comment)
	if match == nil {
		return owner{}, false
	}
	at, timeErr := time.Parse(time.RFC3339, match[4])
	pid, pidErr := strconv.Atoi(match[5])
	return owner{verb: match[1], test: match[2], app: match[3], at: at, pid: pid, machine: match[6]},
		errors.Join(timeErr, pidErr) == nil
}

// gone reports whether the owner surely needs its place no more. A process of this
// machine is looked for, so that one that a debugger has stopped counts as there; of
// other machines only the time tells.
func (o owner) gone(now time.Time) bool {
	age := now.Sub(o.at)
	switch {
	case o.verb == kept:
		return age > keepFor
	case o.machine != "" && o.machine == machine():
		return !running(o.pid)
	}
	return age > killedAfter
}

// running reports whether this machine has a process, also one of another user.
func running(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return !errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
