package newpool

import (
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// opened says that tests open a pool or connection of their own.
type opened struct {
	Call      call
	Single    bool       // no other test of the package opens anything, and this one once
	Turns     bool       // connections that tests open one after another, each closed by the function around it
	Once      bool       // the only test that reaches it runs it once
	Alone     bool       // and it stands in that test
	Tests     []string   // that reach it, if they are known; of a suite the method that runs before each
	Elsewhere int        // other packages whose tests make the same call
	Helper    dbapi.Name // hands out the shared pool; may be empty
	Caching   bool       // its connections cache statements, which the tests' DDL invalidates
	Waits     bool       // for a test of the run that reaches it: without one there is nothing to say
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

const maxNames = 3 // tests, or suites, that a message names

// whom names the tests that reach the call.
func (o opened) whom() string {
	var suites, tests, parts []string
	for _, name := range o.Tests {
		if suite, hook, ok := strings.Cut(name, "."); ok && slices.Contains(testscope.BeforeTest, hook) {
			suites = append(suites, suite)
		} else {
			tests = append(tests, name)
		}
	}
	switch len(suites) {
	case 0:
	case 1:
		parts = append(parts, "each test of "+suites[0])
	default:
		parts = append(parts, fmt.Sprintf("each test of %d suites (%s)", len(suites), enumerate(suites)))
	}
	switch {
	case len(tests) > 1:
		parts = append(parts, fmt.Sprintf("each of %d tests (%s)", len(tests), enumerate(tests)))
	case len(tests) == 0 && len(suites) == 0:
		parts = append(parts, "each test")
	case len(tests) == 1:
		text := tests[0]
		if o.Once && o.Alone {
			text = "this test"
		}
		if o.Once && o.Elsewhere == 0 {
			text += " alone"
		}
		parts = append(parts, text)
	}
	switch o.Elsewhere {
	case 0:
	case 1:
		parts = append(parts, "tests of another package")
	default:
		parts = append(parts, fmt.Sprintf("tests of %d other packages", o.Elsewhere))
	}
	return strings.Join(parts, " and for ")
}

func enumerate(names []string) string {
	text := strings.Join(names[:min(len(names), maxNames)], ", ")
	if len(names) > maxNames {
		text += ", …"
	}
	return text
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
