package tenantfilter

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/tenantmap"
)

// Map is the rule with another end, for poollint tenants: it tells what the queries of each
// package do, with what is found once all packages are known.
var Map = finding.Rule{
	Analyzer: &analysis.Analyzer{
		Name:             "poollinttenants",
		Doc:              "tell what the queries of a package do with tables",
		Requires:         []*analysis.Analyzer{Analyzer},
		Run:              func(pass *analysis.Pass) (any, error) { return pass.ResultOf[Analyzer], nil },
		RunDespiteErrors: true,
		ResultType:       Analyzer.ResultType,
	},
	Data: Rule.Data,
	Finish: func(findings []finding.Located, evidence []finding.Evidence) (all []finding.Located) {
		packages := map[string]*usage{}
		for _, e := range evidence {
			if p, ok := e.Data.(tenantmap.Package); ok {
				packages[p.Path] = usageOf(p)
			}
		}
		for _, f := range finish(findings, evidence) {
			if is, ok := f.Data.(unpinned); ok && packages[f.Package] != nil {
				packages[f.Package].found(is, f)
			}
		}
		for _, u := range packages {
			slices.SortFunc(u.Uses, tenantmap.Use.Compare)
			all = append(all, finding.Located{Data: u.Package})
		}
		return all
	},
}

// A touch is how a query uses a table.
type touch struct{ table, verb string }

// A usage counts what the queries of a package do.
type usage struct {
	tenantmap.Package
	at    map[touch]int    // index in Uses
	query map[touch]status // of the query that is judged

	missing map[string]bool // tables of that query that no schema has
}

// A status is what the verdicts say of a query and a table.
type status struct{ judged, open bool }

func usageOf(p tenantmap.Package) *usage {
	u := &usage{Package: p, at: map[touch]int{}, query: map[touch]status{}, missing: map[string]bool{}}
	for i, use := range p.Uses {
		u.at[touch{use.Table, use.Verb}] = i
	}
	return u
}

func (u *usage) use(t touch) *tenantmap.Use {
	i, ok := u.at[t]
	if !ok {
		i = len(u.Uses)
		u.at[t] = i
		u.Uses = append(u.Uses, tenantmap.Use{Table: t.table, Verb: t.verb})
	}
	return &u.Uses[i]
}

// statement records which tables a statement uses, and the verdicts on them.
func (c *checker) statement(stmt sqlast.Stmt, verdicts []tenancy.Verdict) {
	verbs := writes(stmt)
	of := map[*sqlast.TableRef]tenancy.Verdict{}
	for _, v := range verdicts {
		of[v.Ref] = v
		if v.Write && verbs[v.Ref] == "" {
			verbs[v.Ref] = verbOf(stmt, true)
		}
	}
	for _, use := range sqlast.Tables(stmt) {
		table := c.lookup(use.Ref)
		if table == nil {
			if name := use.Ref.Name.Last().Stem(); name != "" && !schema.Catalogue(use.Ref.Name.Qualifier().Text) && !strings.HasPrefix(name, "pg_") {
				if of := use.Ref.Name.Qualifier(); of.Text != "" && !of.HasHole() {
					name = of.Text + "." + name
				}
				c.usage.missing[strings.ToLower(name)] = true
			}
			continue
		}
		t := touch{table.Name, verbs[use.Ref]}
		if t.verb == "" {
			t.verb = tenantmap.Read
		}
		s := c.usage.query[t]
		if v, ok := of[use.Ref]; ok {
			s.judged, s.open = true, s.open || !v.Pinned
		}
		c.usage.query[t] = s
	}
}

// writes says what the statement, and those in it, do with the tables that they change.
func writes(stmt sqlast.Stmt) map[*sqlast.TableRef]string {
	verbs := map[*sqlast.TableRef]string{}
	sqlast.Inspect(stmt, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.Insert:
			verbs[n.Table] = verbOf(n, true)
		case *sqlast.Update:
			if len(n.Tables) == 1 {
				if ref, ok := n.Tables[0].(*sqlast.TableRef); ok {
					verbs[ref] = verbOf(n, true)
				}
			}
		case *sqlast.Delete:
			for _, ref := range n.Tables {
				verbs[ref] = verbOf(n, true)
			}
		case *sqlast.Merge:
			verbs[n.Into] = verbOf(n, true)
		case *sqlast.Copy:
			if n.From {
				verbs[n.Table] = verbOf(n, true)
			}
		case *sqlast.Truncate:
			for _, ref := range n.Tables {
				verbs[ref] = "truncate"
			}
		}
		return true
	})
	return verbs
}

// count counts a query that was judged, or that is exempt for a reason.
func (c *checker) count(site *sqltext.Site, reason string) {
	if reason != "" {
		c.usage.exempt(reason)
		for _, text := range site.Texts[:1] {
			for _, stmt := range sqlast.Read(text.SQL, sqlast.Options{Dialect: c.dialect(site)}).Stmts {
				c.statement(stmt, nil)
			}
		}
	}
	for t, s := range c.usage.query {
		u := c.usage.use(t)
		u.Queries++
		switch {
		case reason != "":
			u.Exempt++
		case c.unread[site]:
			u.NotRead++
		case s.judged && !s.open:
			u.Pinned++
		}
	}
	clear(c.usage.query)
	for _, name := range slices.Sorted(maps.Keys(c.usage.missing)) {
		c.usage.Unknown = tenantmap.Add(c.usage.Unknown, name, 1)
	}
	clear(c.usage.missing)
}

func (u *usage) exempt(reason string) {
	i := slices.IndexFunc(u.Exemptions, func(e tenantmap.Count) bool { return e.Name == reason })
	if i < 0 {
		i = len(u.Exemptions)
		u.Exemptions = append(u.Exemptions, tenantmap.Count{Name: reason})
	}
	u.Exemptions[i].Count++
}

// found adds a finding to what is done with its table.
func (u *usage) found(is unpinned, f finding.Located) {
	verb := is.Verb
	if verb == "query" {
		verb = tenantmap.Read
	}
	use := u.use(touch{is.Table, verb})
	if f.Suppressed != "" {
		use.Exempt++
		u.exempt(f.Suppressed)
	} else {
		use.Findings = tenantmap.Add(use.Findings, f.Tier, 1)
	}
}

// recordUsage records what was counted as evidence.
func (c *checker) recordUsage() {
	result := c.report.Result()
	for _, u := range result.Unread {
		c.usage.Unread = tenantmap.Add(c.usage.Unread, u.Why, 1)
	}
	c.usage.Queries += result.Read + len(result.Unread)
	if c.usage.Queries > 0 || len(c.usage.Exemptions) > 0 {
		c.report.Evidence(c.usage.Path, token.NoPos, c.usage.Package)
	}
}

// findScoper records the function that adds the tenant to a text of another one.
func (c *checker) findScoper(site *sqltext.Site) {
	text := site.Texts[0]
	if site.Func == nil || site.Form == sqltext.Literal || site.Form == sqltext.Constant || site.Form == sqltext.Builder {
		return
	}
	sql := strings.ToLower(text.SQL)
	where := max(0, strings.Index(sql, "where"))
	for t := range c.usage.query {
		table := c.db.Lookup("", t.table)
		if table == nil || len(table.TenantColumns) == 0 {
			continue
		}
		if at := strings.Index(sql[where:], strings.ToLower(table.TenantColumns[0])); where > 0 && at >= 0 {
			if name := c.maker(site.Func, text.Pos(where+at)); name != "" {
				c.usage.Scopers = tenantmap.Add(c.usage.Scopers, name, 1)
				return
			}
		}
	}
}

// maker names the function, other than fn, that the text at the position comes from: the one
// around it, or that is called there; empty if there is none.
func (c *checker) maker(fn *ast.FuncDecl, pos token.Pos) (name string) {
	if pos < fn.Pos() || fn.End() <= pos {
		for _, file := range c.pass.Files {
			if file.FileStart <= pos && pos < file.FileEnd {
				for _, decl := range file.Decls {
					if other, ok := decl.(*ast.FuncDecl); ok && other.Pos() <= pos && pos < other.End() {
						return c.pass.Pkg.Name() + "." + other.Name.Name
					}
				}
			}
		}
		return ""
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		c.work -= 5
		if n == nil || pos < n.Pos() || n.End() <= pos || c.work < 0 {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok && (call.Pos() == pos || namePos(call) == pos) {
			if f := typeutil.StaticCallee(c.pass.TypesInfo, call); f != nil && f.Pkg() != nil {
				name = f.Pkg().Name() + "." + f.Name()
			}
		}
		return true
	})
	return name
}

// namePos is where the name of the method stands that a call calls.
func namePos(call *ast.CallExpr) token.Pos {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Pos()
	}
	return call.Pos()
}
