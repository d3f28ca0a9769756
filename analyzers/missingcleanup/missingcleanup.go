package missingcleanup

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/rule"
	"github.com/poollint/poollint/internal/testscope"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Warning,
		Requires: []*analysis.Analyzer{inspect.Analyzer, lifecycle.Analyzer, ownership.Analyzer},
		Run:      run,
		Data:     []any{leak{}, skip{}, dropped{}, late{}, untimely{}},
	})
	Analyzer = Rule.Analyzer
)

// A check is the state of one run.
type check struct {
	pass   *analysis.Pass
	report *finding.Reporter
	sites  map[*ast.CallExpr]*lifecycle.Site
	life   *lifecycle.Package
	owners *ownership.Package

	// Computed once, for all handles.
	assigned map[*ast.FuncDecl]map[types.Object]int   // number of assignments to each variable
	enders   map[inspector.Cursor][]inspector.Cursor  // by block: its statements that can end the test
	returns  map[inspector.Cursor][]inspector.Cursor  // by function: its return statements
	about    map[inspector.Cursor]map[*types.Var]bool // by if statement, see aboutOf
	parallel map[inspector.Cursor]map[*types.Var]bool // by function, see inParallel
	asked    map[asked]span                           // see askedUntil
	ordered  map[orderedHandles]bool                  // see order
	pools    map[heldPool]*ownership.Handle           // see ownPool
}

func run(pass *analysis.Pass, report *finding.Reporter) {
	c := &check{
		pass:   pass,
		report: report,
		sites:  map[*ast.CallExpr]*lifecycle.Site{},

		assigned: map[*ast.FuncDecl]map[types.Object]int{},
		enders:   map[inspector.Cursor][]inspector.Cursor{},
		returns:  map[inspector.Cursor][]inspector.Cursor{},
		about:    map[inspector.Cursor]map[*types.Var]bool{},
		parallel: map[inspector.Cursor]map[*types.Var]bool{},
		asked:    map[asked]span{},
		ordered:  map[orderedHandles]bool{},
		pools:    map[heldPool]*ownership.Handle{},
		life:     pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package),
		owners:   pass.ResultOf[ownership.Analyzer].(*ownership.Package),
	}
	for _, site := range c.life.Sites {
		c.sites[site.Call] = site
	}
	for _, h := range c.owners.Handles {
		if at := (heldPool{h.In, h.Holder}); h.Holder != nil && c.pools[at] == nil {
			c.pools[at] = h
		}
	}
	var handles []*ownership.Handle
	seen := map[*ast.CallExpr]bool{}
	for _, h := range c.owners.Handles {
		if c.judged(h) && !seen[h.Expr()] {
			seen[h.Expr()] = true
			handles = append(handles, h)
		}
	}
	c.lost(handles)
	for _, h := range handles {
		c.order(h)
		c.late(h)
	}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	c.contexts(in)
	c.exits(in)
}

func (c *check) found(at analysis.Range, data finding.Data, fixes ...analysis.SuggestedFix) {
	c.report.Report(finding.At(at, data, fixes...))
}

// handleOf names a handle by what opens it.
func handleOf(h *ownership.Handle) handle { return handle{Kind: h.Kind, Opener: h.Opener} }

// judged reports whether the handle is one that test code has to release.
func (c *check) judged(h *ownership.Handle) bool {
	if !c.life.IsTest(h.In) {
		return false
	}
	when := testscope.Func(c.pass.TypesInfo, h.In, c.inTestFile(h.In))
	if when&testscope.Documentation != 0 || when&testscope.Once != 0 && h.In.Recv == nil {
		return false // the process ends with TestMain
	}
	if c.life.Failing(h.Expr()) || !h.Kind.Own() && (c.ownPool(h) || c.ofFake(h)) {
		return false
	}
	site := c.sites[h.Expr()]
	if site == nil {
		return true
	}
	switch site.Verdict {
	case lifecycle.Failing, lifecycle.Documentation, lifecycle.Unused:
		return false
	case lifecycle.Once:
		return h.In.Recv != nil && !h.Fate.Lost()
	}
	return true
}

func (c *check) inTestFile(decl *ast.FuncDecl) bool {
	return testscope.InTestFile(c.pass.Fset.PositionFor(decl.Pos(), false).Filename)
}

func (c *check) line(pos token.Pos) int { return c.pass.Fset.PositionFor(pos, false).Line }

// ofFake reports whether the handle is borrowed from a mock or an in-memory database.
func (c *check) ofFake(h *ownership.Handle) bool {
	sel, ok := ast.Unparen(h.Expr().Fun).(*ast.SelectorExpr)
	return ok && h.Direct && c.life.Fake(sel.X)
}

// ownPool reports whether the handle is borrowed from a pool that the same function closes,
// which releases the handle as well.
func (c *check) ownPool(h *ownership.Handle) bool {
	sel, ok := ast.Unparen(h.Expr().Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pool, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return false
	}
	v, _ := c.pass.TypesInfo.Uses[pool].(*types.Var)
	held := c.pools[heldPool{h.In, v}]
	return held != nil && held.Fate.Released()
}

// A heldPool is the first handle that a variable takes in a function.
type heldPool struct {
	in     *ast.FuncDecl
	holder *types.Var
}
