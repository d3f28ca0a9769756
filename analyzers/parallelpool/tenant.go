package parallelpool

import (
	"go/token"
	"slices"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/tenantuse"
)

// A tenant is a fixed name in a function that a test runs in parallel.
type tenant struct {
	tenantuse.Use
	test *parallel.Test
	unit *flow.Func // the parallel test or subtest
	many bool       // parallel subtests of a loop use it, each anew
}

// tenantsOf notes the fixed names of tenants in a function that runs in parallel.
func (c *checker) tenantsOf(test *parallel.Test, f *flow.Func, at parallel.Where) {
	uses, known := c.uses[f]
	if !known {
		uses = c.finder.Own(f)
		c.uses[f] = uses
	}
	for _, use := range uses {
		if use.Pooled || !c.undone(test) {
			c.tenants = append(c.tenants, tenant{use, test, at.Unit, at.Repeated})
		}
	}
}

// rowsOf notes the names in the rows of a table: each is the tenant of one of the parallel
// subtests that a loop starts.
func (c *checker) rowsOf(test *parallel.Test, f *flow.Func) {
	if c.undone(test) || !c.startsParallel(f) {
		return
	}
	for _, use := range c.finder.Rows(f) {
		c.tenants = append(c.tenants, tenant{Use: use, test: test})
	}
}

// undone reports whether what a test writes is rolled back.
func (c *checker) undone(test *parallel.Test) bool { return c.left.RollsBack(test.Func) }

// meets reports whether two tenants may be there at once: two tests that run in parallel,
// or subtests of one that do. What a test makes before its subtests is theirs to share.
func (t tenant) meets(other tenant) bool {
	switch {
	case t.test != other.test:
		return t.test.Parallel && other.test.Parallel
	case t.unit == nil && other.unit == nil:
		return t.Expr != other.Expr
	}
	return t.unit == other.unit && t.many || t.unit != other.unit && !t.around(other.unit) && !other.around(t.unit)
}

// around reports whether a subtest stands in the test or subtest that t is of.
func (t tenant) around(sub *flow.Func) bool {
	return t.unit == t.test.Func || t.unit != nil && sub != nil && sub.Within(t.unit)
}

// shareTenants reports names that parallel tests on one database share.
func (c *checker) shareTenants(report *finding.Reporter) {
	byName := map[string][]tenant{}
	for _, t := range c.tenants {
		if c.database[t.test] {
			byName[t.Value] = append(byName[t.Value], t)
		}
	}
	slices.SortStableFunc(c.tenants, func(a, b tenant) int { return int(a.Expr.Pos() - b.Expr.Pos()) })
	type place struct {
		test  *parallel.Test
		value string
	}
	seen := map[token.Pos]bool{}
	first := map[place]bool{}
	for _, t := range c.tenants {
		at := place{t.test, t.Value}
		if seen[t.Expr.Pos()] || first[at] || !c.database[t.test] || !slices.ContainsFunc(byName[t.Value], t.meets) {
			continue
		}
		seen[t.Expr.Pos()], first[at] = true, true
		report.Report(finding.At(t.Expr, shared{t.Value, namesOf(t, byName[t.Value])}))
	}
}

// namesOf returns the tests that share a tenant with t, and its own.
func namesOf(t tenant, all []tenant) (names []string) {
	for _, other := range all {
		if (other.test == t.test || t.meets(other)) && !slices.Contains(names, other.test.Name) {
			names = append(names, other.test.Name)
		}
	}
	return names
}
