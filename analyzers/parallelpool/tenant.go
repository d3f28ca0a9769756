package parallelpool

import (
	"go/ast"
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
		uses = append(c.finder.Own(f), c.fixtures[f]...)
		c.uses[f] = uses
	}
	for _, use := range uses {
		if use.Pooled || !c.undone(test) && !c.left.RollsBackAround(f) {
			c.tenants = append(c.tenants, tenant{use, test, at.Unit, at.Repeated})
		}
	}
}

// rowsOf notes the names in the rows of a table: each is the tenant of one of the parallel
// subtests that a loop starts.
func (c *checker) rowsOf(test *parallel.Test, f *flow.Func) {
	rows, known := c.rows[f]
	if !known {
		if tables := c.tables(f); len(tables) > 0 {
			rows = slices.DeleteFunc(c.finder.Own(f), func(use tenantuse.Use) bool {
				return !slices.ContainsFunc(tables, func(table ast.Expr) bool { return table.Pos() <= use.Expr.Pos() && use.Expr.End() <= table.End() })
			})
		}
		c.rows[f] = rows
	}
	for _, use := range rows {
		if use.Pooled || !c.undone(test) {
			c.tenants = append(c.tenants, tenant{Use: use, test: test})
		}
	}
}

// tables returns the lists that a function's loops go through which start parallel subtests.
func (c *checker) tables(f *flow.Func) (all []ast.Expr) {
	for _, call := range f.Calls {
		if !slices.ContainsFunc(c.subtest(call, maxSources), c.parallel.CallsParallel) {
			continue
		}
		for loop := range call.At.Enclosing((*ast.RangeStmt)(nil)) {
			list := loop.Node().(*ast.RangeStmt).X
			if v := flow.Var(c.info, list); v != nil {
				for _, s := range c.code.Into(v) {
					all = append(all, s.Src)
				}
			} else {
				all = append(all, list)
			}
		}
	}
	return all
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

// A company is a name, and the tests that may use it at once: those that run in parallel, or
// one that does not.
type company struct {
	value string
	alone *parallel.Test
}

func (t tenant) company() company {
	if t.test.Parallel {
		return company{value: t.Value}
	}
	return company{t.Value, t.test}
}

// shareTenants reports names that parallel tests on one database share.
func (c *checker) shareTenants(report *finding.Reporter) {
	companies, names := map[company][]tenant{}, map[company][]string{}
	c.tenants = slices.DeleteFunc(c.tenants, func(t tenant) bool { return !c.database[t.test] || c.left.NamesOwn(t.test.Func) })
	for _, t := range c.tenants {
		companies[t.company()] = append(companies[t.company()], t)
	}
	for in, all := range companies {
		names[in] = namesOf(all)
	}
	slices.SortStableFunc(c.tenants, func(a, b tenant) int { return int(a.Expr.Pos() - b.Expr.Pos()) })
	type place struct {
		test  *parallel.Test
		value string
	}
	seen := map[token.Pos]bool{}
	first := map[place]bool{}
	for _, t := range c.tenants {
		at, others := place{t.test, t.Value}, companies[t.company()]
		if seen[t.Expr.Pos()] || first[at] || !slices.ContainsFunc(others, t.meets) {
			continue
		}
		seen[t.Expr.Pos()], first[at] = true, true
		f := finding.At(t.Expr, shared{t.Value, names[t.company()]})
		for _, other := range others {
			if other.Expr == t.Expr { // the others have findings of their own
				f.Witnesses = append(f.Witnesses, c.witnesses(report, []string{other.test.Name})...)
			}
		}
		report.Report(f)
	}
}

// namesOf returns the tests of a company, each once.
func namesOf(all []tenant) (names []string) {
	known := map[string]bool{}
	for _, t := range all {
		if name := t.test.Name; !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	return names
}
