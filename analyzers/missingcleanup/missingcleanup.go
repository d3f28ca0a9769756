package missingcleanup

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/rule"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Warning,
		Requires: []*analysis.Analyzer{flow.Analyzer, lifecycle.Analyzer, ownership.Analyzer, parallel.Analyzer, isolation.Analyzer},
		Run:      run,
		Data:     []any{leak{}, skip{}, attempt{}, dropped{}, late{}, untimely{}, ended{}, caller{}, replacing{}},
		Finish:   finish,
	})
	Analyzer = Rule.Analyzer
)

// A check is the state of one run.
type check struct {
	pass     *analysis.Pass
	report   *finding.Reporter
	sites    map[*ast.CallExpr]*lifecycle.Site
	life     *lifecycle.Package
	owners   *ownership.Package
	code     *flow.Package
	parallel *parallel.Package
	left     *isolation.Package
	files    *rewrite.Files

	// Computed once, for all handles.
	enders  map[inspector.Cursor][]inspector.Cursor // by block: its statements that can end the test
	ordered map[orderedHandles]bool                 // see order
	pools   map[heldPool]*ownership.Handle          // see ownPool
	keeps   map[keeping][]*ownership.Handle         // see keepings
	spans   map[*flow.Func]*parallel.Span           // see span
	calls   int                                     // that may still be looked at, see span
	put     *endings                                // see endings
	types   map[*flow.Func]*typeutil.Map            // see alike
	tried   map[*flow.Func]bool                     // see triedAgain
	partly  map[*ownership.Handle]served            // of the tests it is released for, see replaced
	steps   int                                     // see maxSteps
}

func run(pass *analysis.Pass, report *finding.Reporter) {
	c := &check{
		pass:   pass,
		report: report,
		sites:  map[*ast.CallExpr]*lifecycle.Site{},

		enders:   map[inspector.Cursor][]inspector.Cursor{},
		ordered:  map[orderedHandles]bool{},
		pools:    map[heldPool]*ownership.Handle{},
		spans:    map[*flow.Func]*parallel.Span{},
		types:    map[*flow.Func]*typeutil.Map{},
		partly:   map[*ownership.Handle]served{},
		calls:    parallel.MaxCalls,
		steps:    maxSteps,
		life:     pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package),
		owners:   pass.ResultOf[ownership.Analyzer].(*ownership.Package),
		code:     flow.Of(pass),
		files:    rewrite.In(pass),
		parallel: pass.ResultOf[parallel.Analyzer].(*parallel.Package),
		left:     pass.ResultOf[isolation.Analyzer].(*isolation.Package),
	}
	c.keeps = keepings(c.owners.Handles)
	for _, site := range c.life.Sites {
		c.sites[site.Call] = site
	}
	for _, h := range c.owners.Handles {
		if at := (heldPool{h.In(), h.Holder}); h.Holder != nil && c.pools[at] == nil {
			c.pools[at] = h
		}
	}
	var handles []*ownership.Handle
	for _, h := range c.owners.Handles {
		if c.judged(h) {
			handles = append(handles, h)
		}
	}
	expiring := map[*ownership.Handle]bool{}
	for _, h := range handles {
		expiring[h] = c.expires(h)
	}
	c.lost(slices.DeleteFunc(slices.Clone(handles), func(h *ownership.Handle) bool { return expiring[h] }))
	for _, h := range oneEach(handles, func(*ownership.Handle) bool { return false }) {
		if h.Kept {
			continue // an object may be told to close what it will open
		}
		c.order(h)
		if !expiring[h] {
			c.late(h)
		}
	}
	c.leftInVariables()
	c.hooks(handles)
	c.contexts()
	c.exits()
	if c.code.Cut() {
		report.Note(pass.Fset.PositionFor(pass.Files[0].Package, false), "too many uses of handles; not all were followed to their release")
	}
}

// oneEach returns one of the handles of each call, the first or one that is better to tell of, and besides
// what an object closes.
func oneEach(handles []*ownership.Handle, better func(*ownership.Handle) bool) (each []*ownership.Handle) {
	seen := map[*ast.CallExpr]int{} // where in each
	for _, h := range handles {
		first, ok := seen[h.Expr()]
		switch {
		case h.Field != "":
			each = append(each, h)
		case !ok:
			seen[h.Expr()] = len(each)
			each = append(each, h)
		case better(h) && !better(each[first]):
			each[first] = h
		}
	}
	return each
}

func (c *check) found(at analysis.Range, data finding.Data, fixes ...analysis.SuggestedFix) {
	c.report.Report(finding.At(at, data, fixes...))
}

// handleOf names a handle by what opens it.
func handleOf(h *ownership.Handle) handle { return handle{Kind: h.Kind, Opener: h.Opener} }

// judged reports whether the handle is one that test code has to release.
func (c *check) judged(h *ownership.Handle) bool {
	if !c.isTest(h.In()) || c.life.EndsProcess(h.In()) || c.aroundRun(h.In()) || !c.reached(h.Call) || c.life.Instead(h.Expr()) {
		return false
	}
	method := isMethod(h.In())
	if when := runs(h.Call.In); when&testscope.Documentation != 0 || when&testscope.Once != 0 && !method {
		return false // the process ends with TestMain
	}
	succeeds := h.Holder != nil && h.Fate.Lost() && c.life.Succeeds(h.Expr())
	if c.life.Failing(h.Expr()) && !succeeds || c.wantsNone(h) || !h.Kind.Own() && (c.ownPool(h) || c.ofFake(h)) {
		return false
	}
	if first := c.pools[heldPool{h.In(), h.Holder}]; h.Kept && first != nil && first != h {
		return false // the object is told of, or what it has opened before
	}
	site := c.sites[h.Expr()]
	if site == nil {
		return true
	}
	switch site.Verdict {
	case lifecycle.Documentation:
		return false
	case lifecycle.Unused:
		return site.After
	case lifecycle.Once:
		return method && !h.Fate.Lost()
	}
	return true
}

// aroundRun reports whether a function returns the exit status of one that it is given and calls, as what TestMain
// runs all tests in: the process ends with it.
func (c *check) aroundRun(f *flow.Func) bool {
	return returnsStatus(f.Sig) && slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		param := flow.Var(c.pass.TypesInfo, call.Expr.Fun)
		if _, given := c.code.Param(param); param == nil || !given {
			return false
		}
		sig, ok := param.Type().Underlying().(*types.Signature)
		return ok && returnsStatus(sig)
	})
}

func returnsStatus(sig *types.Signature) bool {
	return sig != nil && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.Int])
}

// reached reports whether there is a way to a call: none leads past a t.Skip.
func (c *check) reached(call *flow.Call) bool {
	at := call.At
	for f := call.In; f != nil; f = f.Parent {
		if ways := c.code.Ways(f); ways != nil && !ways.Reaches(at) {
			return false
		}
		at = f.Cursor
	}
	return true
}

// wantsNone reports whether the test asserts that there is no handle, or hands on the error
// alone to where that may be asserted.
func (c *check) wantsNone(h *ownership.Handle) bool {
	if h.Holder == nil {
		return h.Err != nil && slices.ContainsFunc(c.code.Mentions(h.Err), func(m inspector.Cursor) bool {
			return m.ParentEdgeKind() == edge.SendStmt_Value
		})
	}
	return slices.ContainsFunc(c.code.Passed(h.Holder), func(arg flow.Argument) bool {
		fn := arg.Call.Fn
		return fn != nil && fn.Pkg() != nil && testlib.Asserts(fn.Pkg().Path()) && strings.HasPrefix(fn.Name(), "Nil")
	})
}

// isTest reports whether a function, or an initialiser, is test code.
func (c *check) isTest(f *flow.Func) bool {
	if f.Decl == nil {
		return f.File.Test
	}
	return c.life.IsTest(f.Decl)
}

func isMethod(f *flow.Func) bool { return f.Sig != nil && f.Sig.Recv() != nil }

// runs says when code runs: in an initialiser, or init, that is for the node of the specs around it
// to say, elsewhere for the declaration.
func runs(f *flow.Func) testscope.When {
	if decl := f.Outer().Decl; decl != nil && decl.Name.Name != "init" {
		return f.Outer().When
	}
	for ; f.Parent != nil && f.When == 0 && !f.Detached; f = f.Parent {
	}
	return f.When
}

func (c *check) line(pos token.Pos) int { return c.pass.Fset.PositionFor(pos, false).Line }

// ofFake reports whether the handle is borrowed from a mock or an in-memory database.
func (c *check) ofFake(h *ownership.Handle) bool {
	sel, ok := ast.Unparen(h.Expr().Fun).(*ast.SelectorExpr)
	return ok && (h.Direct || c.localOrCalled(sel.X)) && c.life.Fake(sel.X)
}

// localOrCalled reports whether a value is a function's: what a package variable holds, anybody may have put there.
func (c *check) localOrCalled(e ast.Expr) bool {
	root := flow.Root(c.pass.TypesInfo, e)
	return root == nil || !flow.Global(root)
}

// ownPool reports whether the handle is borrowed from a pool that the same function closes,
// which releases the handle as well. One that outlives the test does not, and one that waits for what
// it has lent never ends.
func (c *check) ownPool(h *ownership.Handle) bool {
	sel, ok := ast.Unparen(h.Expr().Fun).(*ast.SelectorExpr)
	if !ok || h.Opener.Detaches() {
		return false
	}
	pool, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return false
	}
	v, _ := c.pass.TypesInfo.Uses[pool].(*types.Var)
	held := c.pools[heldPool{h.In(), v}]
	return held != nil && held.Fate.Released() && !held.Opener.Waits() &&
		!(runs(held.Call.In)&testscope.Once != 0 && runs(h.Call.In)&testscope.PerTest != 0)
}

// A heldPool is the first handle that a variable takes in a function.
type heldPool struct {
	in     *flow.Func
	holder *types.Var
}
