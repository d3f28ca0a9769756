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
	OnError bool   // it is released where an error is met, and nowhere else
	Partly  served // of the tests that it is released for
	Callers callers
	Remedy  remedy
	Code    string // that the remedy names: a statement, a function
	More    int    // other calls of the same function that lose theirs
}

// Served is some of the tests that a handle is obtained for.
type served int

const (
	someSpecs served = iota + 1
	lastTest
)

func (p served) String() string {
	if p == lastTest {
		return "the last test"
	}
	return "some specs"
}

// inside reports whether the leak is that of the function that hands the handle out, whoever calls it.
func (l leak) inside() bool {
	return l.Remedy == registerInside || l.Remedy == returnCloser || l.Remedy == closeEach || l.Remedy == closeField
}

// callers are those that a helper hands the handle to, and how many of them do not release it.
type callers struct {
	All, Forget int
	More        bool // there are others, of which that is not known
}

func (c callers) String() string {
	whose := "its "
	if c.More {
		whose = ""
	}
	switch {
	case c.All == 0:
		return ""
	case c.All > 1:
		return fmt.Sprintf(": %s%d callers forget it", whose, c.All)
	case c.More:
		return ": one caller forgets it"
	}
	return ": its caller forgets it"
}

// A remedy is how a leak is mended.
type remedy int

const (
	register remedy = iota
	addCode
	tearDown
	callIt
	share
	closeHere
	closeForAll
	closeThere
	callReturned
	keepIt
	closeEach
	registerInside
	returnCloser
	closeObject
	closeField
	closeBefore
	registerOpen
	endIt
)

// remedies word them, with the code of the leak: first where there is some, then where there
// is none.
var remedies = map[remedy][2]string{
	register:       {"register its release with %s"},
	addCode:        {"add %s"},
	tearDown:       {"release it in %s"},
	callIt:         {"call %s, which nothing does"},
	share:          {"", "assign it with = so that it is shared"},
	closeHere:      {"what is returned cannot close it; register its release with %s in this helper", "what is returned cannot close it; return a function that does"},
	closeForAll:    {"register its release with %s in this helper", "let this helper take a testing.TB, and register the release with its Cleanup"},
	closeThere:     {"", "release it in the function that is returned with it"},
	callReturned:   {"", "call the function that is returned with it"},
	keepIt:         {"", "keep what is returned, and close it"},
	closeEach:      {"close each of %s"},
	registerInside: {"what is returned cannot do that; register it with Cleanup in %s"},
	returnCloser:   {"what is returned cannot do that; let %s return what does"},
	closeField:     {"nothing closes %s; let what closes the rest close that"},
	registerOpen:   {"where there is no error, register its release with %s"},
	endIt:          {"call its %s"},
	closeBefore:    {"%s takes another one; let go of this one before that"},
	closeObject:    {"nothing of %s does that; give it a Close, and call it"},
}

func (l leak) Message() string {
	text := remedies[l.Remedy][1]
	if l.Code != "" {
		text = fmt.Sprintf(remedies[l.Remedy][0], l.Code)
	}
	who, done := l.Callers, released[l.Handle.Kind]
	switch l.More {
	case 0:
	case 1:
		done += ", here and at another call"
	default:
		done += fmt.Sprintf(", here and at %d other calls", l.More)
	}
	switch {
	case who.Forget < who.All:
		return fmt.Sprintf("%s is not %s by %d of its %d callers; %s", l.Handle, done, who.Forget, who.All, text)
	case l.OnError:
		return fmt.Sprintf("%s is %s on errors alone%s; %s", l.Handle, done, who, text)
	case l.Partly != 0:
		return fmt.Sprintf("%s is %s for %s alone; %s", l.Handle, done, l.Partly, text)
	default:
		return fmt.Sprintf("%s is never %s%s; %s", l.Handle, done, who, text)
	}
}

// replacing says that each test puts a handle into a package variable where the last one is still open.
type replacing struct {
	Handle   handle
	Function string // that puts it there
	Into     string // the variable
	Where    string // it is to be closed
}

func (r replacing) Message() string {
	return fmt.Sprintf("the %s that %s puts into %s is never %s before the next test puts another there; close it %s",
		r.Handle.Kind, r.Function, r.Into, released[r.Handle.Kind], r.Where)
}

// skip says that there is a way that leaves out the release.
type skip struct {
	Handle handle
	Line   int    // of the return at its end; 0 for the end of the function
	How    string // it is to be released
}

func (s skip) Message() string {
	way := "to the end of the function"
	if s.Line > 0 {
		way = fmt.Sprintf("through the return in line %d", s.Line)
	}
	return fmt.Sprintf("%s is not %s on the way %s; release it %s", s.Handle, released[s.Handle.Kind], way, s.How)
}

// attempt says that a handle is left behind by each attempt to obtain one that works.
type attempt struct{ Handle handle }

func (a attempt) Message() string {
	return fmt.Sprintf("%s is not %s before the next one is obtained; let go of each, or obtain one and try that again", a.Handle, released[a.Handle.Kind])
}

// dropped says that the function is not used that closes what a helper opens.
type dropped struct {
	Helper    string
	Registrar string // what registers functions for the test's end; "" if nothing does
}

func (d dropped) Message() string {
	how := "defer its call"
	if d.Registrar != "" {
		how = "call it with " + d.Registrar
	}
	return fmt.Sprintf("the function that closes what %s opens is dropped; %s", d.Helper, how)
}

// late says that something may end the test before the release is registered.
type late struct {
	Handle handle
	Ender  string // what may end the test
	Line   int    // where
	How    string // in what way the release is to be registered, if it is not
}

func (l late) Message() string {
	if l.How != "" {
		return fmt.Sprintf("%s in line %d can end the test before %s is %s; release it %s", l.Ender, l.Line, l.Handle, released[l.Handle.Kind], l.How)
	}
	return fmt.Sprintf("%s in line %d can end the test before this release of %s is registered; move it up, behind the error check",
		l.Ender, l.Line, l.Handle)
}

// untimely says that a release that is put off runs at the wrong time.
type untimely struct {
	Handle handle
	When   when
	Line   int    // of what works with the handle later
	Use    string // what runs in time
}

// when is the time at which a release runs.
type when int

const (
	afterLoop when = iota
	beforeSubtests
	beforeStarted // parallel subtests, which wait for the function's end
	beforeCleanup
	beforeDeferred // call above
	beforeEarlier  // cleanup function, registered above
	beforeHooked   // cleanup function, in the method of a suite that tears down
	beforeMethods  // of the suite that run in parallel
)

func (u untimely) Message() string {
	switch u.When {
	case beforeStarted:
		return fmt.Sprintf("this release of %s runs before the parallel subtests do; use t.Cleanup", u.Handle)
	case beforeEarlier:
		return fmt.Sprintf("the release of %s runs before the cleanup function of line %d that works with it: the last registered runs first; register it above that one", u.Handle, u.Line)
	case beforeHooked:
		return fmt.Sprintf("this release of %s runs before the cleanup function of line %d that works with it; do that work here, above the release", u.Handle, u.Line)
	case beforeMethods:
		return fmt.Sprintf("this release of %s runs before the suite's parallel methods do; release it with t.Cleanup in the test that runs the suite", u.Handle)
	}
	text := fmt.Sprintf("the deferred release of %s runs ", u.Handle)
	switch u.When {
	case afterLoop:
		return text + "when the function ends, not the iteration; move the loop's body to a function or a subtest"
	case beforeSubtests:
		return text + "before the parallel subtests do; use " + u.Use
	case beforeDeferred:
		return text + fmt.Sprintf("before the deferred call of line %d that works with it; move it above that one", u.Line)
	}
	return text + fmt.Sprintf("before the t.Cleanup function of line %d that works with it; use %s, above that one", u.Line, u.Use)
}

// ended says that a context is cancelled before the cleanup function runs that uses it.
type ended struct {
	Line int // where that is done; 0 for the test's own context
}

func (e ended) Message() string {
	who := "the test's context is cancelled before cleanup functions run"
	if e.Line > 0 {
		who = fmt.Sprintf("line %d cancels this context before the cleanup function runs", e.Line)
	}
	return who + "; use context.Background() with a timeout"
}

const (
	skippedByExit finding.Text = "the process ends without this deferred call; call it before, or let TestMain return: the exit status is m.Run's"
)
