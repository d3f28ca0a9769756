// Package testlib is the one list of the libraries that tests are written with:
// what runs tests, asserts, compares or mocks.
package testlib

import (
	"slices"
	"strings"
)

type role uint8

const (
	runs     role = 1 << iota // runs tests
	asserts                   // fails tests
	compares                  // compares values, or expects them
)

// libraries are known by what the import paths of their packages begin with.
var libraries = map[string]role{
	"testing":                           runs | asserts,
	"github.com/stretchr/testify":       runs | asserts,
	"github.com/onsi/ginkgo":            runs,
	"github.com/onsi/gomega":            asserts,
	"github.com/smartystreets/goconvey": runs | asserts,
	"gopkg.in/check.v1":                 runs | asserts,
	"github.com/go-check/check":         runs | asserts,
	"gotest.tools":                      asserts,
	"github.com/frankban/quicktest":     asserts,
	"github.com/matryer/is":             asserts,
	"github.com/shoenig/test":           asserts,
	"github.com/google/go-cmp":          compares,
	"github.com/golang/mock":            compares,
	"go.uber.org/mock":                  compares,
}

// roleOf returns what the library does that the package belongs to.
func roleOf(path string) role {
	for at := path; at != ""; at = at[:max(strings.LastIndexByte(at, '/'), 0)] {
		if r, ok := libraries[at]; ok {
			return r
		}
	}
	return 0
}

// ForTests reports whether whoever imports the package writes tests, or helpers for
// them.
func ForTests(path string) bool { return roleOf(path)&(runs|asserts) != 0 }

// Asserts reports whether the package's functions assert or compare: it is of a
// library for that, or its path says so.
func Asserts(path string) bool {
	return roleOf(path)&(asserts|compares) != 0 || slices.ContainsFunc(strings.Split(path, "/"), func(elem string) bool {
		return elem == "require" || strings.Contains(elem, "assert")
	})
}

// MayAssert reports whether the package asserts, or has a name that packages have
// which assert among other things.
func MayAssert(path string) bool {
	return Asserts(path) || slices.ContainsFunc(strings.Split(path, "/"), func(elem string) bool {
		return elem == "must" || elem == "is" || elem == "test"
	})
}

// lookers are packages of the standard library that compare, print and rearrange.
var lookers = []string{"bytes", "errors", "fmt", "log", "reflect", "slices", "strings"}

// Looks reports whether the package's functions only look at what they are given:
// nothing is created by it in a database.
func Looks(path string) bool { return slices.Contains(lookers, path) || Asserts(path) }

// again are words in the names of functions, or of their packages, that call what they are
// given until it succeeds.
var again = []string{"retry", "retries", "backoff", "eventually", "poll", "wait", "attempt", "until"}

// TriesAgain reports whether the function calls what it is given until it succeeds.
func TriesAgain(path, name string) bool {
	said := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:] + "." + name)
	return slices.ContainsFunc(again, func(word string) bool { return strings.Contains(said, word) })
}

// ends are packages whose assertions end the test that fails.
var ends = []string{"github.com/stretchr/testify/require", "github.com/shoenig/test/must"}

// Ends reports whether the package's assertions end the test that fails.
func Ends(path string) bool { return slices.Contains(ends, path) }

// WatchesGoroutines reports whether the named function fails a test process that leaves
// goroutines behind, as a shared pool does.
func WatchesGoroutines(name string) bool { return name == verifyTestMain }

const verifyTestMain = "go.uber.org/goleak.VerifyTestMain"

// Exits reports whether the named function runs the tests and ends the process, without
// running the deferred calls of who calls it.
func Exits(name string) bool { return name == verifyTestMain }
