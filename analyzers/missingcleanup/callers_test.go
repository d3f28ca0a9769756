package missingcleanup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// TestCallers proves what is said of a helper by how many callers release what they get, and
// where, in its own package and in others.
func TestCallers(t *testing.T) {
	t.Parallel()
	const forgets, releases, remedy = "db := GET(t)\n_ = db.Ping()", "defer GET(t).Close()", `; register its release with t\.Cleanup in this helper`
	programs := ruletest.Programs{}
	for _, test := range []struct {
		forget, release int
		says, across    string // in its own package, and where its callers are in others
	}{
		{0, 1, "", ""},
		{1, 0, "is never closed: its caller forgets it" + remedy, ""},
		{1, 1, "", ""},
		{2, 0, "is never closed: its 2 callers forget it" + remedy, "is never closed: its 2 callers forget it" + remedy},
		{2, 1, "is not closed by 2 of its 3 callers" + remedy, "is not closed by 2 of its 3 callers" + remedy},
		{1, 2, "", ""},
		{5, 0, "is never closed: its 5 callers forget it" + remedy, "is never closed: its 5 callers forget it" + remedy},
	} {
		dir := fmt.Sprintf("f%dr%d", test.forget, test.release)
		const add = " // want `the pool that (g|G)et gets from sql\\.Open is never closed; add t\\.Cleanup`\n"
		within, outside := strings.ReplaceAll(forgets, "GET", "get"), strings.ReplaceAll(forgets, "GET", "dbtest.Get")
		if test.says == "" {
			within = strings.Replace(within, "\n", add, 1)
		}
		if test.across == "" {
			outside = strings.Replace(outside, "\n", add, 1)
		}
		programs[dir+"/within/x_test.go"] = helperOf("x", "get", test.says) +
			testsOf(within, test.forget, "") + testsOf(strings.ReplaceAll(releases, "GET", "get"), test.release, "Too")
		programs[dir+"/dbtest/dbtest.go"] = helperOf("dbtest", "Get", test.across)
		header := fmt.Sprintf("package p\n\nimport (\n\t\"testing\"\n\n\t\"example.com/newpool/%s/dbtest\"\n)\n", dir)
		programs[dir+"/p1/p_test.go"] = header + testsOf(outside, max(test.forget, 1)-1, "") + "\nvar _ = dbtest.Get\nvar _ testing.TB\n"
		programs[dir+"/p2/p_test.go"] = header + testsOf(outside, min(test.forget, 1), "") +
			testsOf(strings.ReplaceAll(releases, "GET", "dbtest.Get"), test.release, "Too")
	}
	programs.Run(t, Rule, "../newpool/testdata")
}

func helperOf(pkg, name, says string) string {
	want := ""
	if says != "" {
		want = "// want `^the pool of sql\\.Open " + says + "$`"
	}
	return fmt.Sprintf(`package %s

import (
	"database/sql"
	"os"
	"testing"
)

func %s(t testing.TB) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) %s
	if err != nil {
		t.Fatal(err)
	}
	return db
}
`, pkg, name, want)
}

func testsOf(body string, n int, suffix string) (text string) {
	for i := range n {
		text += fmt.Sprintf("\nfunc Test%c%s(t *testing.T) {\n%s\n}\n", 'A'+i, suffix, body)
	}
	return text
}

// TestUnable proves that a helper is told in place of callers that cannot release what it hands
// out.
func TestUnable(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for _, callers := range []int{1, 2, 5} {
		dir := fmt.Sprintf("u%d", callers)
		programs[dir+"/shop/shop.go"] = "package shop\n\nimport \"database/sql\"\n\ntype Shop struct{ db *sql.DB }\n\nfunc New(db *sql.DB) *Shop { return &Shop{db} }\n\nfunc (s *Shop) Add() { _, _ = s.db.Exec(``) }\n"
		programs[dir+"/dbtest/dbtest.go"] = strings.NewReplacer("*sql.DB {", "*shop.Shop {", "return db", "return shop.New(db)", `"testing"`, `"testing"`+"\n\n\t\"example.com/newpool/"+dir+`/shop"`).Replace(
			helperOf("dbtest", "Get", `is never closed; what is returned cannot close it; register its release with t\.Cleanup in this helper`))
		programs[dir+"/p/p_test.go"] = fmt.Sprintf("package p\n\nimport (\n\t\"testing\"\n\n\t\"example.com/newpool/%s/dbtest\"\n)\n", dir) + testsOf("s := dbtest.Get(t)\ns.Add()", callers, "")
	}
	programs.Run(t, Rule, "../newpool/testdata")
}
