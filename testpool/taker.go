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
	site string // file:line of the innermost caller outside the database libraries
}

// libraries are what stands between a query and its caller, by the beginning of a function's name.
var libraries = []string{"github.com/poollint/poollint/testpool.", "github.com/jackc/pgx/", "database/sql."}

// findTaker reads the calling goroutine's stack.
func findTaker() taker {
	counters := make([]uintptr, 128)
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters)])
	var found taker
	for {
		frame, more := frames.Next()
		if found.site == "" && !isLibrary(frame) {
			found.site = fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
		if name := testName(frame.Function); name != "" {
			found.test = active.nameOf(name)
		}
		if !more {
			break
		}
	}
	if found.test == "" {
		found.test = active.nameOfGoroutine()
	}
	return found
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
	tests []testing.TB
}

// add notes a test until it ends.
func (a *activeTests) add(t testing.TB) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if slices.Contains(a.tests, t) {
		return
	}
	a.tests = append(a.tests, t)
	t.Cleanup(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.tests = slices.DeleteFunc(a.tests, func(other testing.TB) bool { return other == t })
	})
}

// nameOf returns the full name of the one active test or subtest of a test
// function, and the function's name where several are. A test with an active subtest waits for it.
func (a *activeTests) nameOf(function string) string {
	var names []string
	all := a.names()
	for _, name := range all {
		if name == function || strings.HasPrefix(name, function+"/") {
			names = append(names, name)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return strings.HasPrefix(other, name+"/") })
	})
	if len(names) == 1 {
		return names[0]
	}
	return function
}

// nameOfGoroutine names the test of a goroutine without a test in its stack: by the
// function that started the goroutine, else by all tests that may have.
func (a *activeTests) nameOfGoroutine() string {
	stack := make([]byte, 16<<10)
	stack = stack[:runtime.Stack(stack, false)]
	if _, creator, found := strings.Cut(string(stack), "\ncreated by "); found {
		function, _, _ := strings.Cut(creator, " in goroutine ")
		if name := testName(function); name != "" {
			return "a goroutine of " + a.nameOf(name)
		}
	}
	if names := a.names(); len(names) > 0 {
		return "a goroutine of " + strings.Join(names, " or ")
	}
	return "a goroutine of no running test"
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
