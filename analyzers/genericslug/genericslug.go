package genericslug

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/rule"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/tenantuse"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Warning,
		Requires: []*analysis.Analyzer{lifecycle.Analyzer, parallel.Analyzer, isolation.Analyzer, flow.Analyzer, inspect.Analyzer},
		Run:      run,
		Data:     []any{generic{}, user("")},
		Finish:   finish,
	})
	Analyzer = Rule.Analyzer
)

func run(pass *analysis.Pass, report *finding.Reporter) {
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	s := newScope(pass, pkg)
	if !s.sharesDatabase() {
		return
	}
	cfg := config.Of(pass)
	uses := tenantuse.New(pass.TypesInfo, s.code, dbapi.NewQueries(cfg.API.Queries), cfg.Slug.Names)
	places := s.collect(uses, vocabulary{cfg.Slug.Words})
	meetings, files := meet(places), rewrite.In(pass)
	for _, p := range places {
		used := meetings[p.Value]
		if len(used.files) == 0 && len(used.parallel) < 2 {
			continue // who uses it cleans up, one after another
		}
		report.Evidence(p.Value, p.at.Pos(), user(pass.Pkg.Path()))
		f := finding.At(p.at, generic{
			Name: p.Name, Value: p.Value, Files: used.files, Parallel: used.parallel, Instead: p.instead(pass, files).text, Declared: p.in == nil || p.in.name == "",
		}, p.fix(pass, files, places)...)
		f.Severity, f.Key = used.severity(), p.Value
		for _, from := range p.from {
			f.Witnesses = append(f.Witnesses, report.Witness(from))
		}
		if !used.shared() && !slices.ContainsFunc(p.tests, func(test *function) bool { return !test.once }) {
			f.Severity = finding.Info
		}
		report.Report(f)
	}
}

// A place is an occurrence of a generic name, with the tests that use it.
type place struct {
	tenantuse.Use
	at    ast.Expr
	in    *function // nil for a constant of the package
	tests []*function
	from  []token.Pos // those tests, and the mentions and calls of theirs that lead to the name
}

// collect returns the places whose names reach a shared database, in source order.
func (s *scope) collect(uses *tenantuse.Finder, words vocabulary) []*place {
	byPos := map[token.Pos]*place{}
	constants := constantsOf(s)
	for _, fn := range s.functions {
		for _, use := range uses.In(fn.root) {
			if !words.generic(use.Value) || !use.Pooled && s.undone(fn, use.Expr) || s.elsewhere(fn, use.Expr) {
				continue
			}
			p := &place{Use: use, at: use.Expr, in: fn}
			holders := s.holders(fn, use.Expr)
			switch obj := declared(s.pass.TypesInfo, use.Expr); obj.(type) {
			case *types.Const:
				if at := constants[obj]; at != nil {
					p.at, holders = at, []types.Object{obj}
				} else if !s.forTests(obj) {
					continue // production code's own name for the tenant
				}
			case *types.Var:
				if at := constants[obj]; at != nil {
					p.at, holders = at, []types.Object{obj}
				} else if tenantname.Identifies(obj.Name(), nil) {
					continue // noted where it is assigned
				}
			}
			if known := byPos[p.at.Pos()]; known != nil {
				p = known
			}
			byPos[p.at.Pos()] = p
			s.users(p, fn, use.Pooled, holders)
		}
	}
	var places []*place
	for _, p := range byPos {
		if len(p.tests) > 0 {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, func(a, b *place) int { return int(a.at.Pos() - b.at.Pos()) })
	return firstOfEach(places)
}

// firstOfEach keeps the first place of each name in a function: the others need no
// findings of their own.
func firstOfEach(places []*place) []*place {
	type key struct {
		in    *function
		value string
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(places, func(p *place) bool {
		k := key{p.in, p.Value}
		if seen[k] {
			return true
		}
		seen[k] = true
		return false
	})
}

// holders returns the constants and variables whose declared values have e in them.
func (s *scope) holders(fn *function, e ast.Expr) (all []types.Object) {
	at, ok := fn.at(e)
	if !ok {
		return nil
	}
	for c := range at.Enclosing((*ast.ValueSpec)(nil)) {
		spec := c.Node().(*ast.ValueSpec)
		if i := slices.IndexFunc(spec.Values, func(v ast.Expr) bool { return v.Pos() <= e.Pos() && e.End() <= v.End() }); i >= 0 && len(spec.Names) == len(spec.Values) {
			all = append(all, s.pass.TypesInfo.Defs[spec.Names[i]])
		}
	}
	return all
}

// users adds the tests that use a place's name, which was found in fn. A name in a package-level
// declaration is used by the functions that mention what holds it.
func (s *scope) users(p *place, fn *function, pooled bool, holders []types.Object) {
	if fn.name != "" || fn.test {
		s.add(p, s.tests(fn, pooled), fn)
		return
	}
	for _, obj := range holders {
		for _, mention := range s.code.Mentions(obj) {
			if user := s.around(mention); user != nil {
				if tests := s.tests(user, pooled); len(tests) > 0 {
					s.add(p, tests, user)
					p.from = append(p.from, mention.Node().Pos())
				}
			}
		}
	}
}

// add adds the tests that use a place's name by way of a function.
func (s *scope) add(p *place, tests []*function, by *function) {
	p.tests = append(p.tests, tests...)
	for _, test := range tests {
		if test != p.in {
			p.from = append(p.from, test.pos())
		}
		if test == by || test.code == nil || by.code == nil {
			continue
		}
		for _, call := range by.code.Callers {
			if call.In.Outer() == test.code {
				p.from = append(p.from, call.Expr.Pos())
			}
		}
	}
}

// constantsOf returns the values of the constants and variables that the test
// files declare.
func constantsOf(s *scope) map[types.Object]ast.Expr {
	values := map[types.Object]ast.Expr{}
	for _, fn := range s.functions {
		for c := range fn.root.Preorder((*ast.ValueSpec)(nil)) {
			if spec := c.Node().(*ast.ValueSpec); len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					values[s.pass.TypesInfo.Defs[name]] = spec.Values[i]
				}
			}
		}
	}
	return values
}

// declared returns the constant or variable that e names; nil if e is none.
func declared(info *types.Info, e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		return info.Uses[e]
	case *ast.SelectorExpr:
		return info.Uses[e.Sel]
	}
	return nil
}

// A meeting is the files and tests of the package that share a name.
type meeting struct {
	files    []string // with tests that use it
	parallel []string // tests that use it and run at once
}

// meet returns the meetings by name. Tests that run one after another do not meet in a
// helper that makes the tenant for each of them, nor do those that clean up.
func meet(places []*place) map[string]meeting {
	type sharer struct{ value, file, test string }
	meetings, seen := map[string]meeting{}, map[sharer]bool{}
	first := func(s sharer) bool {
		is := !seen[s]
		seen[s] = true
		return is
	}
	for _, p := range places {
		m := meetings[p.Value]
		helps := p.in.name != "" && !p.in.test
		for _, test := range p.tests {
			file := test.file
			if helps {
				file = p.in.file
			}
			if !test.cleans && first(sharer{value: p.Value, file: file}) {
				m.files = append(m.files, file)
			}
			if test.parallel && first(sharer{value: p.Value, test: test.name}) {
				m.parallel = append(m.parallel, test.name)
			}
		}
		meetings[p.Value] = m
	}
	for _, m := range meetings {
		slices.Sort(m.files)
	}
	return meetings
}

func (m meeting) shared() bool { return len(m.files) > 1 || len(m.parallel) > 1 }

func (m meeting) severity() finding.Severity {
	if m.shared() {
		return finding.Error
	}
	return finding.Warning
}

// stem returns the subject of a test file, by its name: invoice for invoice_test.go.
func stem(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), "_test.go"), "_", "-")
}
