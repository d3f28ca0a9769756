package flow

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// Ways are the ways through the body of a function.
type Ways struct {
	code  *code
	body  *ast.BlockStmt
	graph *cfg.CFG
	at    map[ast.Node]place           // of the nodes of the graph
	cases map[ast.Stmt]*ast.SwitchStmt // by clause
}

type place struct {
	block *cfg.Block
	i     int // index in block.Nodes
}

// Ways returns the ways through a function, made when they are first asked for; nil for
// initialisers.
func (p *Package) Ways(f *Func) *Ways { return p.code().waysOf(f) }

func (c *code) waysOf(f *Func) *Ways {
	body, ok := f.Body().(*ast.BlockStmt)
	if !ok {
		return nil
	}
	f.once.Do(func() {
		w := &Ways{code: c, body: body, graph: cfg.New(body, c.mayReturn), at: map[ast.Node]place{}, cases: map[ast.Stmt]*ast.SwitchStmt{}}
		for _, block := range w.graph.Blocks {
			for i, n := range block.Nodes {
				w.at[n] = place{block, i}
			}
			if s, ok := block.Stmt.(*ast.SwitchStmt); ok && block.Kind == cfg.KindSwitchDone {
				for _, clause := range s.Body.List {
					w.cases[clause] = s
				}
			}
		}
		f.ways = w
	})
	return f.ways
}

// noReturn are functions that end the goroutine, where deferred calls run.
var noReturn = map[dbapi.Name]bool{
	"runtime.Goexit": true, "log.Panic": true, "log.Panicf": true, "log.Panicln": true,
}

// exits reports whether a function of another module ends the process: that of a library for
// logging by its name.
func exits(fn *types.Func) bool {
	switch name := dbapi.NameOf(fn); {
	case fn.Pkg() == nil:
		return false
	case name == "os.Exit" || name == "syscall.Exit" || testlib.Exits(string(name)):
		return true
	}
	return strings.HasPrefix(fn.Name(), "Fatal") && fn.Signature().Results().Len() == 0 && !testlib.ForTests(fn.Pkg().Path())
}

// Exits reports whether the call ends the process, and so skips deferred calls.
func (c *Call) Exits() bool {
	literal := c.literalDeeds()
	for _, fn := range c.names() {
		ends := exits(fn)
		if config.Ours(c.code.pass, fn.Pkg()) {
			deeds := c.code.deedsOf(fn)
			ends = deeds != nil && deeds.Exits
		}
		if !ends {
			return false
		}
	}
	return literal != nil && literal.Exits || literal == nil && len(c.names()) > 0
}

// endsTest are the methods of a running test that end it.
var endsTest = map[string]bool{"Fatal": true, "Fatalf": true, "FailNow": true, "Skip": true, "Skipf": true, "SkipNow": true}

// mayReturn reports whether a call may return to what stands behind it.
func (c *code) mayReturn(x *ast.CallExpr) bool {
	fn := dbapi.Callee(c.info, x)
	if fn == nil {
		id, ok := ast.Unparen(x.Fun).(*ast.Ident)
		return !ok || c.info.Uses[id] != types.Universe.Lookup("panic")
	}
	if recv := fn.Signature().Recv(); recv != nil && endsTest[fn.Name()] {
		return !testscope.IsTB(recv.Type()) && (fn.Pkg() == nil || fn.Pkg().Path() != "testing")
	}
	if noReturn[dbapi.NameOf(fn)] || !config.Ours(c.pass, fn.Pkg()) && exits(fn) {
		return false
	}
	deeds := c.deedsOf(fn)
	return deeds == nil || !deeds.NeverReturns
}

// neverReturns reports whether a function ends the goroutine, or the process, on every
// way, once that is known of those that it calls.
func (c *code) neverReturns(f *Func) bool {
	body, ok := f.Body().(*ast.BlockStmt)
	return ok && len(f.Returns) == 0 && !c.mayEnd(body.List) && c.waysOf(f).Ends()
}

// mayEnd reports whether it is plain that what stands behind the statements is reached.
func (c *code) mayEnd(list []ast.Stmt) bool {
	if len(list) == 0 {
		return true
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return !ok || c.mayReturn(call)
	case *ast.IfStmt:
		return last.Else == nil
	case *ast.BlockStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.ForStmt, *ast.LabeledStmt:
		return false
	}
	return true
}

// Ends reports whether the function never returns.
func (w *Ways) Ends() bool { return w.graph.NoReturn() }

// Node returns the statement, or the condition of one, that c stands in and that ways go
// through; nil if there is none.
func (w *Ways) Node(c inspector.Cursor) ast.Node {
	if at, ok := w.placeOf(c); ok {
		return at.block.Nodes[at.i]
	}
	return nil
}

// Reaches reports whether there is a way to c at all.
func (w *Ways) Reaches(c inspector.Cursor) bool {
	at, ok := w.placeOf(c)
	return !ok || at.block.Live
}

// placeOf returns the place of the node of the graph that stands around c.
func (w *Ways) placeOf(c inspector.Cursor) (place, bool) {
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		if at, ok := w.at[c.Node()]; ok {
			return at, true
		}
	}
	return place{}, false
}
