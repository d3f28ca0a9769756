package missingcleanup

import (
	"fmt"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
)

// A handle is what has to be released.
type handle struct {
	Kind    dbapi.Kind
	Opener  dbapi.Name
	Through string // the function that gets it from the opener; may be empty
}

func (h handle) String() string {
	if h.Through == "" {
		return fmt.Sprintf("the %s of %s", h.Kind, h.Opener.Short())
	}
	return fmt.Sprintf("the %s that %s gets from %s", h.Kind, h.Through, h.Opener.Short())
}

// released says how a kind of handle is released.
var released = map[dbapi.Kind]string{
	dbapi.Pool: "closed", dbapi.Conn: "closed", dbapi.Acquired: "released", dbapi.Tx: "rolled back", dbapi.Stmt: "closed",
}

// leak says that nobody releases a handle.
type leak struct {
	Handle  handle
	OnError bool // it is released where an error is met, and nowhere else
	Remedy  remedy
	Code    string // of the remedy, see addCode
}

// A remedy is how a leak is mended.
type remedy int

const (
	register remedy = iota
	addCode
	tearDown
	share
	closeHere
	closeForAll
)

var remedies = map[remedy]string{
	register:    "register its release with t.Cleanup",
	addCode:     "add ",
	tearDown:    "release it in the suite's TearDown method",
	share:       "assign it with = so that it is shared",
	closeHere:   "what is returned cannot close it; register that with t.Cleanup in this helper",
	closeForAll: "most callers forget it; register it with t.Cleanup in this helper",
}

func (l leak) Message() string {
	format := "%s is never %s; %s%s"
	if l.OnError {
		format = "%s is %s on errors alone; %s%s"
	}
	return fmt.Sprintf(format, l.Handle, released[l.Handle.Kind], remedies[l.Remedy], l.Code)
}

// skip says that there is a way that leaves out the release.
type skip struct {
	Handle handle
	Line   int // of the return at its end; 0 for the end of the function
}

func (s skip) Message() string {
	way := "to the end of the function"
	if s.Line > 0 {
		way = fmt.Sprintf("through the return in line %d", s.Line)
	}
	return fmt.Sprintf("%s is not %s on the way %s; release it with t.Cleanup or defer", s.Handle, released[s.Handle.Kind], way)
}

// dropped says that the function is not used that closes what a helper opens.
type dropped struct{ Helper string }

func (d dropped) Message() string {
	return fmt.Sprintf("the function that closes what %s opens is dropped; call it with t.Cleanup", d.Helper)
}

// late says that something may end the test before the release is registered.
type late struct {
	Handle handle
	Ender  string // what may end the test
	Line   int    // where
}

func (l late) Message() string {
	return fmt.Sprintf("%s in line %d can end the test before this release of %s is registered; move it up, behind the error check",
		l.Ender, l.Line, l.Handle)
}

// untimely says that a deferred release runs at the wrong time.
type untimely struct {
	Handle handle
	When   when
	Line   int // of the cleanup function, see beforeCleanup
}

// when is the time at which a deferred release runs.
type when int

const (
	afterLoop when = iota
	beforeSubtests
	beforeCleanup
)

func (u untimely) Message() string {
	text := fmt.Sprintf("the deferred release of %s runs ", u.Handle)
	switch u.When {
	case afterLoop:
		return text + "when the function ends, not the iteration; move the loop's body to a function or a subtest"
	case beforeSubtests:
		return text + "before the parallel subtests do; use t.Cleanup"
	}
	return text + fmt.Sprintf("before the t.Cleanup function of line %d that works with it; use t.Cleanup, above that one", u.Line)
}

const (
	cancelledContext finding.Text = "the test's context is cancelled before cleanup functions run; use context.Background() with a timeout"
	skippedByExit    finding.Text = "os.Exit skips this deferred call; call it before, or let TestMain return: the exit status is m.Run's"
)
