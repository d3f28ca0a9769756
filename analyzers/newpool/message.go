package newpool

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
)

// opened says that tests open a pool or connection of their own.
type opened struct {
	Call    call
	Single  bool       // no other test of the package opens anything, and this one once
	Once    bool       // the only test that reaches it runs it once
	Alone   bool       // and it stands in that test
	Suite   string     // it runs before each of this suite's tests
	Tests   []string   // that reach it, if they are known
	Helper  dbapi.Name // hands out the shared pool; may be empty
	Caching bool       // its connections cache statements, which the tests' DDL invalidates
}

// A call opens a pool, or a single connection.
type call struct {
	Opener  dbapi.Name
	Through dbapi.Name // the function called, which calls the opener; may be empty
	Conn    bool
}

// unassigned says that a pool is opened anew because a variable shadows the one
// that should hold it.
type unassigned struct {
	Call     call
	Variable string
}

func (o opened) Message() string {
	return fmt.Sprintf("%s for %s; %s", o.Call, o.whom(), o.remedy())
}

func (u unassigned) Message() string {
	return fmt.Sprintf("%s, but the package variable %s that should share it is never assigned; assign with = instead of :=", u.Call, u.Variable)
}

// manyCalls is the note about a package whose calls were not all followed.
const manyCalls = "too many calls lead to what opens pools; not all were followed to the tests that make them"

// String says what the call opens: "store.New opens a pool (pgxpool.New)".
func (c call) String() string {
	kind := "a pool"
	if c.Conn {
		kind = "a connection"
	}
	if c.Through == "" {
		return fmt.Sprintf("%s opens %s", c.Opener.Short(), kind)
	}
	return fmt.Sprintf("%s opens %s (%s)", c.Through.Short(), kind, c.Opener.Short())
}

const maxNames = 3 // tests that a message names

// whom names the tests that reach the call.
func (o opened) whom() string {
	switch {
	case o.Once && o.Alone:
		return "this test alone"
	case o.Suite != "" && len(o.Tests) <= 1:
		return "each test of " + o.Suite
	case len(o.Tests) == 0:
		return "each test"
	case len(o.Tests) == 1 && o.Once:
		return o.Tests[0] + " alone"
	case len(o.Tests) == 1:
		return o.Tests[0]
	}
	names := strings.Join(o.Tests[:min(len(o.Tests), maxNames)], ", ")
	if len(o.Tests) > maxNames {
		names += ", …"
	}
	return fmt.Sprintf("each of %d tests (%s)", len(o.Tests), names)
}

// remedy says what to use instead: the helper, if there is one.
func (o opened) remedy() string {
	text := "share one a process: open it in TestMain or behind sync.Once"
	switch {
	case o.Helper != "":
		text = "take the shared one from " + o.Helper.Short()
	case o.Call.Conn: // what tests that run at once cannot share
		text = "take one from a pool that the process shares: open that in TestMain or behind sync.Once"
	}
	if o.Caching {
		text += ", with statement caches off since the tests run DDL (default_query_exec_mode=exec)"
	}
	return text
}
