package newpool

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// A constructor opens for whoever calls it: CALL is how tests of other packages do.
type constructor struct{ name, text, call string }

var constructors = []constructor{
	{"function", "func New() (*sql.DB, error) { return sql.Open(`postgres`, os.Getenv(`DSN`)) }", "New()"},
	{"struct", "type Store struct{ DB *sql.DB }\nfunc New() (*Store, error) { db, err := sql.Open(`postgres`, os.Getenv(`DSN`)); return &Store{db}, err }", "New()"},
	{"method", "type Box struct{}\nfunc (Box) New() (*sql.DB, error) { return sql.Open(`postgres`, os.Getenv(`DSN`)) }", "Box{}.New()"},
}

// A use is how the tests of a package call it, and for whom that is said to be. SAYS is the
// expectation there.
type use struct{ name, text, whom string }

var uses = []use{
	{"two", "func TestA(t *testing.T) { CALL SAYS\n}\nfunc TestB(t *testing.T) { CALL\n}", `each of 2 tests \(TestA, TestB\)`},
	{"loop", "func TestA(t *testing.T) { for range 2 { CALL SAYS\n} }", "TestA"},
	{"suite", "type S struct { suite.Suite }\nfunc (s *S) SetupTest() { CALL SAYS\n}\nfunc (s *S) TestA() {}\nfunc TestS(t *testing.T) { suite.Run(t, new(S)) }", "each test of S"},
	{"both", "type S struct { suite.Suite }\nfunc (s *S) SetupTest() { open() }\nfunc open() { CALL SAYS\n}\nfunc (s *S) TestA() {}\nfunc TestS(t *testing.T) { suite.Run(t, new(S)) }\nfunc TestB(t *testing.T) { open() }", `each test of S and for TestB`},
}

// TestJoined proves that one constructor is told once, at its first call in the run.
func TestJoined(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for _, c := range constructors {
		for _, u := range uses {
			for n, elsewhere := range []string{"", " and for tests of another package", " and for tests of 2 other packages"} {
				dir := fmt.Sprintf("%s%s%d", c.name, u.name, n)
				programs[dir+"/store/store.go"] = "package store\n\nimport (\n\t\"database/sql\"\n\t\"os\"\n)\n\n" + c.text + "\n"
				for p := range n + 1 {
					says := "// want info:`.`"
					if p == 0 {
						says = fmt.Sprintf("// want `^\\S+\\.New opens a pool \\(sql\\.Open\\) for %s%s; share one a process: open it in TestMain or behind sync\\.Once$`", u.whom, elsewhere)
					}
					programs[fmt.Sprintf("%s/p%d/p_test.go", dir, p)] = inOther(dir, u.text, c.call, says)
				}
			}
		}
	}
	programs.Run(t, Rule, "testdata")
}

// inOther returns the tests of a package that opens by what package store of dir has.
func inOther(dir, text, call, says string) string {
	text = strings.NewReplacer("CALL", "_, _ = store."+call, "SAYS", says).Replace(text)
	return fmt.Sprintf(`package p

import (
	"testing"

	"example.com/newpool/%s/store"
	"github.com/stretchr/testify/suite"
)

var _ suite.Suite

%s
`, dir, text)
}
