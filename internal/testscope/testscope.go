// Package testscope says how often code runs in a test binary: once a process,
// for each test, as documentation, or when a test is over.
package testscope

import (
	"go/ast"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testlib"
)

// When is a set of occasions on which code runs. The empty set means that
// nothing is known from the code itself: its callers decide.
type When uint8

// The occasions.
const (
	Once          When = 1 << iota // once a process or suite: TestMain, init, SetupSuite, sync.Once
	PerTest                        // for each test, subtest, benchmark iteration or spec
	Documentation                  // ExampleXxx
	After                          // when a test is over: t.Cleanup, TearDownTest, AfterEach
)

// InTestFile reports whether the file's name marks test code.
func InTestFile(filename string) bool { return strings.HasSuffix(filename, "_test.go") }

// Func says when the declared function runs by itself. inTest says that it is
// declared in a _test.go file: elsewhere a function named like a test is none.
func Func(info *types.Info, decl *ast.FuncDecl, inTest bool) When {
	fn, ok := info.Defs[decl.Name].(*types.Func)
	if !ok {
		return 0
	}
	if decl.Recv != nil {
		return suiteMethod(fn)
	}
	name, params := fn.Name(), fn.Signature().Params()
	switch {
	case name == "init", takes(params, "testing.M"):
		return Once
	case !inTest:
		return 0
	case params.Len() == 0 && isTestName(name, "Example"):
		return Documentation
	case params.Len() != 1:
		return 0
	case isTestName(name, "Test") && takes(params, "testing.T"),
		isTestName(name, "Benchmark") && takes(params, "testing.B"),
		isTestName(name, "Fuzz") && takes(params, "testing.F"):
		return PerTest
	}
	return 0
}

// RunsTests reports whether fn runs all tests of the binary: Run of testing.M, or a function that is given one.
func RunsTests(fn *types.Func) bool {
	return dbapi.NameOf(fn) == "(testing.M).Run" || takes(fn.Signature().Params(), "testing.M")
}

// isTestName follows the go command: the prefix, then nothing or no lower-case letter.
func isTestName(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLower(r)
}

func takes(params *types.Tuple, typeName string) bool {
	for v := range params.Variables() {
		if dbapi.TypeName(v.Type()) == typeName {
			return true
		}
	}
	return false
}

// A hook is a method that a library for suites calls by name.
type hook struct {
	when   When
	params int // that it takes: one of another form is never called
}

// hooks are the methods that testify calls, checkHooks those that gocheck calls.
var (
	hooks = map[string]hook{
		"SetupSuite": {Once, 0}, "TearDownSuite": {After, 0},
		"SetupTest": {PerTest, 0}, "SetupSubTest": {PerTest, 0}, "BeforeTest": {PerTest, 2},
		"TearDownTest": {After, 0}, "TearDownSubTest": {After, 0}, "AfterTest": {After, 2},
	}
	checkHooks = map[string]hook{
		"SetUpSuite": {Once, 1}, "TearDownSuite": {After, 1},
		"SetUpTest": {PerTest, 1}, "TearDownTest": {After, 1},
	}
)

func suiteMethod(fn *types.Func) When {
	recv := fn.Signature().Recv()
	if recv == nil {
		return 0 // broken code: the parentheses are empty
	}
	called, params := map[string]hook(nil), fn.Signature().Params().Len()
	switch {
	case TakesCheck(fn):
		called = checkHooks
	case embedsSuite(recv.Type()):
		called = hooks
	default:
		return 0
	}
	if h, ok := called[fn.Name()]; ok && h.params == params {
		return h.when
	}
	if isTestName(fn.Name(), "Test") || TakesCheck(fn) && isTestName(fn.Name(), "Benchmark") {
		return PerTest
	}
	return 0
}

// AfterHooks yields the methods of a suite, its own and its bases', that its library calls when tests are over.
func AfterHooks(suite types.Type) iter.Seq[*types.Func] {
	return func(yield func(*types.Func) bool) {
		for name := range hooks {
			obj, _, _ := types.LookupFieldOrMethod(suite, true, nil, name)
			if fn, ok := obj.(*types.Func); ok && suiteMethod(fn) == After && !yield(fn) {
				return
			}
		}
	}
}

// TakesCheck reports whether a method takes gocheck's running test, as the hooks and tests of its
// suites do.
func TakesCheck(fn *types.Func) bool {
	for v := range fn.Signature().Params().Variables() {
		if isCheckC(v.Type()) {
			return true
		}
	}
	return false
}

// embedsSuite reports whether the type embeds testify's suite.Suite, at any depth, and leaves it a method.
func embedsSuite(t types.Type) bool {
	return slices.ContainsFunc([]string{"SetT", "Require"}, func(method string) bool {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, method)
		fn, ok := obj.(*types.Func)
		return ok && fn.Pkg() != nil && strings.HasSuffix(fn.Pkg().Path(), "stretchr/testify/suite")
	})
}

// RunsSuite returns the argument of a call of fn that is a suite to run; ok is false if there
// is none.
func RunsSuite(fn *types.Func) (arg int, ok bool) {
	if fn == nil || fn.Pkg() == nil {
		return 0, false
	}
	if strings.HasSuffix(fn.Pkg().Path(), "stretchr/testify/suite") {
		return 1, fn.Name() == "Run" && fn.Signature().Recv() == nil
	}
	return 0, fn.Name() == "Suite" && isGocheck(fn.Pkg())
}

// arguments lists functions that call a function given to them, and when.
var arguments = map[string]When{
	"(testing.T).Run": PerTest, "(testing.B).Run": PerTest, "(testing.F).Fuzz": PerTest,
	"(testing.B).RunParallel":  PerTest,
	"(testing.common).Cleanup": After, "(testing.TB).Cleanup": After,
	"(github.com/stretchr/testify/suite.Suite).Run": PerTest,
	"(sync.Once).Do": Once, "sync.OnceFunc": Once, "sync.OnceValue": Once, "sync.OnceValues": Once,
	"github.com/smartystreets/goconvey/convey.Convey":          PerTest,
	"(github.com/cucumber/godog.TestSuiteContext).BeforeSuite": Once, "(github.com/cucumber/godog.TestSuiteContext).AfterSuite": After,
	"(github.com/cucumber/godog.ScenarioContext).Before": PerTest, "(github.com/cucumber/godog.ScenarioContext).After": After,
	"(github.com/cucumber/godog.ScenarioContext).BeforeScenario": PerTest, "(github.com/cucumber/godog.ScenarioContext).AfterScenario": After,
}

// ginkgo lists the nodes of both versions; F, P and X prefixes are cut off.
var ginkgo = map[string]When{
	"Describe": Once, "Context": Once, "When": Once, "DescribeTableSubtree": Once, "DescribeTable": PerTest, "Entry": PerTest,
	"BeforeSuite": Once, "SynchronizedBeforeSuite": Once, "BeforeAll": Once,
	"BeforeEach": PerTest, "JustBeforeEach": PerTest, "It": PerTest, "Specify": PerTest, "Measure": PerTest,
	"AfterEach": After, "JustAfterEach": After, "AfterAll": After, "AfterSuite": After,
	"SynchronizedAfterSuite": After, "DeferCleanup": After,
}

// Argument says when a function that is an argument of a call of fn runs; 0 if
// fn is not known to decide that.
func Argument(fn *types.Func) When {
	if fn == nil || fn.Pkg() == nil {
		return 0
	}
	switch fn.Pkg().Path() {
	case "github.com/onsi/ginkgo", "github.com/onsi/ginkgo/v2":
		if when, ok := ginkgo[fn.Name()]; ok {
			return when
		}
		if len(fn.Name()) > 1 && strings.ContainsAny(fn.Name()[:1], "FPX") {
			return ginkgo[fn.Name()[1:]]
		}
		return 0
	}
	name := string(dbapi.NameOf(fn))
	if when, ok := arguments[name]; ok {
		return when
	}
	if fn.Name() == "Cleanup" && fn.Signature().Recv() != nil && IsTB(fn.Signature().Recv().Type()) {
		return After
	}
	return 0
}

// IsTable reports whether fn makes specs of a table, which IsEntry has the rows of.
func IsTable(fn *types.Func) bool { return ginkgoNode(fn, "DescribeTable") }

// IsEntry reports whether fn makes a row of a table of specs.
func IsEntry(fn *types.Func) bool { return ginkgoNode(fn, "Entry") }

// ginkgoNode reports whether fn is the node of ginkgo, or its focused or pending form.
func ginkgoNode(fn *types.Func, name string) bool {
	return fn != nil && fn.Pkg() != nil && strings.HasPrefix(fn.Pkg().Path(), "github.com/onsi/ginkgo") && strings.TrimLeft(fn.Name(), "FPX") == name
}

// Memoizes reports whether fn returns a function that runs the one that it is given once, and
// hands on its results.
func Memoizes(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "sync" && strings.HasPrefix(fn.Name(), "Once")
}

// Guards reports whether fn runs the function that it is given once a process, whoever calls it.
func Guards(fn *types.Func) bool {
	return Memoizes(fn) || fn != nil && dbapi.NameOf(fn) == "(sync.Once).Do"
}

// Prepares reports whether a function that is an argument of a call of fn runs
// before each of the specs that stand beside the call.
func Prepares(fn *types.Func) bool {
	return fn != nil && Argument(fn)&PerTest != 0 && strings.HasSuffix(fn.Name(), "BeforeEach")
}

// Concludes reports whether a function that is an argument of a call of fn runs
// once, after all of the specs that stand beside the call.
func Concludes(fn *types.Func) bool {
	return fn != nil && Argument(fn)&After != 0 && (strings.HasSuffix(fn.Name(), "AfterAll") || strings.HasSuffix(fn.Name(), "AfterSuite"))
}

// BeforeTest are the methods of a suite that run before each of its tests.
var BeforeTest = []string{"SetupTest", "SetUpTest", "SetupSubTest", "BeforeTest"}

// Hooks returns the methods that suites have around their tests.
func Hooks() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(hooks)), maps.Keys(checkHooks))
	slices.Sort(names)
	return slices.Compact(names)
}

// HooksOf returns the hooks that a suite has, those of suites that it embeds among them unless
// they are overridden.
func HooksOf(suite types.Type, in *types.Package) (all []*types.Func) {
	for _, name := range Hooks() {
		obj, _, _ := types.LookupFieldOrMethod(suite, true, in, name)
		if fn, ok := obj.(*types.Func); ok {
			all = append(all, fn.Origin())
		}
	}
	return all
}

// tbMethods are the methods of testing.TB that an own interface for it has.
var tbMethods = []string{
	"Cleanup", "Error", "Errorf", "Fail", "FailNow", "Failed", "Fatal", "Fatalf", "Helper", "Log", "Logf", "Name",
	"Setenv", "Chdir", "Skip", "SkipNow", "Skipf", "Skipped", "TempDir", "Context", "Deadline", "Parallel", "Run",
	"Attr", "Output", "ArtifactDir", "private",
}

// IsTB reports whether t stands for a running test: *testing.T, B or F,
// testing.TB, gocheck's C, or an interface that is a part of testing.TB.
func IsTB(t types.Type) bool {
	if t == nil { // of code that does not type-check
		return false
	}
	switch name := dbapi.TypeName(t); {
	case name == "testing.T" || name == "testing.B" || name == "testing.F" || name == "testing.TB":
		return true
	case isCheckC(t):
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return false
	}
	fails := false
	for m := range iface.Methods() {
		if !slices.Contains(tbMethods, m.Name()) && !strings.HasPrefix(dbapi.TypeName(t), "github.com/onsi/ginkgo") {
			return false
		}
		switch m.Name() {
		case "FailNow", "Fatal", "Fatalf", "Helper", "Cleanup", "Errorf":
			fails = true
		}
	}
	return fails
}

// TakesTB reports whether a parameter of the function stands for a running test.
func TakesTB(sig *types.Signature) bool {
	if sig == nil {
		return false
	}
	for v := range sig.Params().Variables() {
		if IsTB(v.Type()) {
			return true
		}
	}
	return false
}

// Supports reports whether a file that is not a test file may serve tests: it
// imports testing or an assertion library. Serves tells of its functions.
func Supports(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		return testlib.ForTests(strings.Trim(spec.Path.Value, `"`))
	})
}

// Serves reports whether a function that uses obj serves tests: obj is a
// running test, testing itself or an assertion library.
func Serves(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.PkgName:
		return testlib.ForTests(obj.Imported().Path())
	case *types.Func: // of a package that is imported with a dot
		return obj.Pkg() != nil && obj.Signature().Recv() == nil && testlib.ForTests(obj.Pkg().Path())
	case *types.Var:
		return IsTB(obj.Type()) || embedsSuite(obj.Type())
	}
	return false
}
