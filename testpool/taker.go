package testpool

import (
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A taker is the code that takes a connection.
type taker struct {
	test string // the test's name, or what is known of it
	site string // file:line of the innermost caller in the module under test, else outside the database libraries
}

// libraries are what stands between a query and its caller, by the beginning of a function's name.
var libraries = []string{"github.com/poollint/poollint/testpool.", "github.com/jackc/pgx/", "github.com/jackc/puddle/", "database/sql.", "sync.", "runtime."}

// findTaker reads the calling goroutine's stack.
func findTaker() taker {
	counters := make([]uintptr, 128)
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters)])
	var site, function string
	own := false // the site is the module's, not that of a library between
	for {
		frame, more := frames.Next()
		if !own && !isLibrary(frame) {
			if own = isOwn(frame); own || site == "" {
				site = fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
			}
		}
		if name := testName(frame.Function); name != "" {
			function = name
		}
		if !more {
			break
		}
	}
	if site == "" {
		site = "testpool itself" // which makes and drops databases
	}
	if active.alone(function) { // to read the goroutine takes as long as a query
		return taker{function, site}
	}
	if t := active.on(goroutineID()); t != nil {
		return taker{t.Name(), site}
	}
	return taker{nameUnknown(function, thisGoroutine()), site}
}

// nameUnknown says what is known of the test of a goroutine on which no test has asked
// for a pool: function is the test function in its stack, "" if there is none. It does not guess.
func nameUnknown(function string, g goroutine) string {
	parent := active.on(g.parent)
	switch creator := testName(g.creator); {
	case parent != nil && strings.HasPrefix(g.creator, "testing."):
		of := "a subtest of " + parent.Name()
		if root, _, _ := strings.Cut(parent.Name(), "/"); function != "" && function != root {
			return function + ", " + of // a suite's method
		}
		return of
	case parent != nil:
		return "a goroutine of " + parent.Name()
	case function != "":
		return function
	case creator != "":
		return "a goroutine of " + creator
	}
	if names := active.names(); len(names) > 0 {
		return "a goroutine that no test has started, while there is " + strings.Join(names, " and ")
	}
	return "a goroutine while there is no test"
}

func isLibrary(frame runtime.Frame) bool {
	return !strings.HasSuffix(frame.File, "_test.go") &&
		slices.ContainsFunc(libraries, func(prefix string) bool { return strings.HasPrefix(frame.Function, prefix) })
}

// testFunction matches a test in a qualified function name, as in
// "example.com/shop_test.(*Suite).TestRefund.func1".
var testFunction = regexp.MustCompile(`\.((?:Test|Benchmark|Fuzz)(?:[^a-z.\-\[][^.\-\[]*)?)(?:[.\-\[]|$)`)

func testName(function string) string {
	if match := testFunction.FindStringSubmatch(function); match != nil {
		return match[1]
	}
	return ""
}

// active knows the tests that use a pool and have not ended.
var active activeTests

type activeTests struct {
	mu    sync.Mutex
	tests []activeTest
}

// An activeTest has first asked for a pool on a goroutine: each test and subtest has its own.
type activeTest struct {
	testing.TB
	goroutine int
}

// add notes a test until it ends.
func (a *activeTests) add(t testing.TB) {
	a.mu.Lock()
	defer a.mu.Unlock()
	is := func(other activeTest) bool { return other.TB == t }
	if slices.ContainsFunc(a.tests, is) {
		return
	}
	a.tests = append(a.tests, activeTest{t, goroutineID()})
	t.Cleanup(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.tests = slices.DeleteFunc(a.tests, is)
	})
}

// on returns the test of a goroutine, or nil.
func (a *activeTests) on(goroutine int) testing.TB {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, test := range a.tests {
		if test.goroutine == goroutine && goroutine != 0 {
			return test.TB
		}
	}
	return nil
}

// alone reports whether a test function's test is active, and none of its subtests.
func (a *activeTests) alone(function string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	alone := false
	for _, test := range a.tests {
		switch root, _, sub := strings.Cut(test.Name(), "/"); {
		case root == function && sub:
			return false
		case root == function:
			alone = true
		}
	}
	return alone
}

func (a *activeTests) names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var names []string
	for _, t := range a.tests {
		names = append(names, t.Name())
	}
	return names
}
