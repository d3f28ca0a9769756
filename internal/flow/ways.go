package flow

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// Ways are the ways through the body of a function.
type Ways struct {
	graph *cfg.CFG
	at    map[ast.Node]place // of the nodes of the graph
}

type place struct {
	block *cfg.Block
	i     int // index in block.Nodes
}

// Ways returns the ways through a function, made when they are first asked for; nil for
// initialisers.
func (p *Package) Ways(f *Func) *Ways {
	body, ok := f.Body().(*ast.BlockStmt)
	if !ok {
		return nil
	}
	f.once.Do(func() {
		f.ways = &Ways{graph: cfg.New(body, p.code().mayReturn), at: map[ast.Node]place{}}
		for _, block := range f.ways.graph.Blocks {
			for i, n := range block.Nodes {
				f.ways.at[n] = place{block, i}
			}
		}
	})
	return f.ways
}

// noReturn are functions that end the goroutine, or the process.
var noReturn = map[dbapi.Name]bool{
	"os.Exit": true, "runtime.Goexit": true, "syscall.Exit": true,
	"log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true, "log.Panicf": true, "log.Panicln": true,
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
	return !noReturn[dbapi.NameOf(fn)]
}

// Ends reports whether the function never returns.
func (w *Ways) Ends() bool { return w.graph.NoReturn() }

// A Query asks for a way from a node to an end of its function.
type Query struct {
	From  inspector.Cursor      // the way starts behind the statement, or condition, that it stands in
	Stops func(n ast.Node) bool // whether a statement, or the condition of one, is the end of all ways through it

	// Takes reports whether the ways count that go through a branch of an if statement or
	// into a loop: where the condition holds, or does not. If it is nil, all do.
	Takes func(cond ast.Expr, holds bool) bool
}

// Out returns the return statement at the end of a way that the query asks for, one at the
// closing brace where the body has none; nil if there is no such way.
func (w *Ways) Out(q Query) *ast.ReturnStmt {
	start, ok := w.placeOf(q.From)
	if !ok {
		return nil
	}
	seen := map[*cfg.Block]bool{}
	next := []place{start}
	for len(next) > 0 {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		ret, through := w.block(q, at)
		if ret != nil {
			return ret
		}
		if !through {
			continue
		}
		for i := len(at.block.Succs) - 1; i >= 0; i-- { // the first in source order is visited first
			to := at.block.Succs[i]
			if !seen[to] && q.takes(at.block, i) {
				seen[to] = true
				next = append(next, place{to, -1})
			}
		}
	}
	return nil
}

// block goes through the nodes of a block behind a place.
func (w *Ways) block(q Query, at place) (ret *ast.ReturnStmt, through bool) {
	for _, n := range at.block.Nodes[at.i+1:] {
		if q.Stops(n) {
			return nil, false
		}
		if ret, ok := n.(*ast.ReturnStmt); ok {
			return ret, false
		}
	}
	return nil, true
}

// takes asks the query about the branch from a block to its successor i.
func (q Query) takes(block *cfg.Block, i int) bool {
	if q.Takes == nil || len(block.Succs) != 2 || len(block.Nodes) == 0 {
		return true
	}
	switch block.Succs[0].Kind {
	case cfg.KindIfThen, cfg.KindForBody:
		cond, ok := block.Nodes[len(block.Nodes)-1].(ast.Expr)
		return !ok || q.Takes(cond, i == 0)
	}
	return true
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
