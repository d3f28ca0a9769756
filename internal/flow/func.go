package flow

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// A Func is code that runs as one: a declared function, a literal, or the
// initialisers of a declaration of package-level variables.
type Func struct {
	Cursor inspector.Cursor // of the *ast.FuncDecl, *ast.FuncLit or *ast.GenDecl
	Obj    *types.Func      // of a declared function
	Decl   *ast.FuncDecl    // of a declared function
	Lit    *ast.FuncLit     // of a literal
	Sig    *types.Signature // nil for initialisers, and for what does not type-check
	Parent *Func            // of a literal: what it stands in
	File   *File

	When     testscope.When // when its own form, or what it is given to, says that it runs
	Prepares bool           // given to what runs it before each of the specs beside it
	Title    string         // of a literal: the constant text given beside it, as the name of a subtest
	Detached bool           // a literal that is assigned or returned, and so does not run where it stands

	Lits    []*Func           // directly in the body
	Calls   []*Call           // those in literals left out
	Defers  []*Call           // of Calls, those that it defers
	Stores  []*Store          // those in literals left out
	Returns []*ast.ReturnStmt // those in literals left out
	Texts   []*ast.BasicLit   // of strings, those in literals left out
	Refs    []Use             // functions that it mentions and does not call there; those in literals left out

	Callers []*Call // the calls in the package that may run it
	Uses    []Use   // other mentions in the package

	once sync.Once // guards ways
	ways *Ways     // see Package.Ways

	nodes Nodes // below Cursor
}

// At returns the cursor of a node in f.
func (f *Func) At(n ast.Node) (inspector.Cursor, bool) { return f.nodes.At(f.Cursor, n) }

// A File is a source file.
type File struct {
	Syntax    *ast.File
	Test      bool // _test.go
	Supports  bool // imports testing or an assertion library, though it is no test file
	Generated bool
}

// A Use is a mention of a declared function, of this package or another, that does not
// call it.
type Use struct {
	Of   *types.Func // not an instance
	In   *Func
	At   inspector.Cursor // of the identifier
	When testscope.When   // when what it is given to runs it
}

// A Call is a call, a conversion included.
type Call struct {
	In   *Func
	At   inspector.Cursor // of Expr
	Expr *ast.CallExpr
	Fn   *types.Func // what is called by name, not an instance; nil for func values, conversions and builtins

	code    *code
	targets []*Func       // see Targets
	others  []*types.Func // without a body in the package
}

// An Argument is a place among the arguments of a call.
type Argument struct {
	Call *Call
	I    int // index in Call.Expr.Args
}

// Body returns the statements of the function, or the declaration of variables.
func (f *Func) Body() ast.Node {
	switch {
	case f.Decl != nil:
		return f.Decl.Body
	case f.Lit != nil:
		return f.Lit.Body
	}
	return f.Cursor.Node()
}

// Type returns the parameters and results as they are written; nil for initialisers.
func (f *Func) Type() *ast.FuncType {
	switch {
	case f.Decl != nil:
		return f.Decl.Type
	case f.Lit != nil:
		return f.Lit.Type
	}
	return nil
}

// Outer returns the declared function, or initialisers, that f is or stands in.
func (f *Func) Outer() *Func {
	for f.Parent != nil {
		f = f.Parent
	}
	return f
}

// Within reports whether f is outer, or a literal in it at any depth.
func (f *Func) Within(outer *Func) bool {
	for ; f != nil; f = f.Parent {
		if f == outer {
			return true
		}
	}
	return false
}

// Results returns the expressions that the function returns, for named results their
// names as well.
func (f *Func) Results() []ast.Expr {
	var all []ast.Expr
	for _, ret := range f.Returns {
		all = append(all, ret.Results...)
	}
	if t := f.Type(); t != nil && t.Results != nil {
		for _, field := range t.Results.List {
			for _, name := range field.Names {
				all = append(all, name)
			}
		}
	}
	return all
}

// CallsIn returns the calls of the function that stand in a node of it, in source order;
// those in literals are left out.
func (f *Func) CallsIn(n ast.Node) []*Call {
	from := func(pos token.Pos) int {
		return sort.Search(len(f.Calls), func(i int) bool { return f.Calls[i].Expr.Pos() >= pos })
	}
	start := from(n.Pos())
	return f.Calls[start:max(start, from(n.End()))]
}

// Receiver returns the value whose method the call calls; nil if there is none. Of a
// promoted method it is the value around.
func (c *Call) Receiver() ast.Expr {
	if c.Fn == nil {
		return nil
	}
	for _, recv := range c.Args(c.Fn.Signature(), Receiver) {
		return recv
	}
	return nil
}

// Runs reports whether the call runs a function, other than a builtin one.
func (c *Call) Runs() bool {
	tv := c.code.info.Types[c.Expr.Fun]
	return !tv.IsType() && !tv.IsBuiltin()
}

// Targets returns the functions of the package that the call may run: the one that it
// names, or those that flow into the variable, field or table that it calls. A parameter
// has none: what is given to a function counts where it is given, unless the function puts
// it into a package variable.
func (c *Call) Targets() []*Func { return c.targets }

// names returns the functions without a body in the package that the call may run, or the
// one that it names.
func (c *Call) names() []*types.Func {
	if c.Fn != nil {
		return []*types.Func{c.Fn}
	}
	return c.others
}

// Methods returns what the call calls by name; for a method of an interface, the methods that
// it may run, of types of the package and of those of its module that it imports.
func (c *Call) Methods() []*types.Func {
	if c.Fn == nil {
		return nil
	}
	if recv := c.Fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return c.code.implementations(c.Fn)
	}
	return []*types.Func{c.Fn}
}

// read makes the code of a package.
func read(pass *analysis.Pass, in *inspector.Inspector) *code {
	c := &code{
		pass: pass, info: pass.TypesInfo,
		byObj: map[*types.Func]*Func{}, byNode: map[ast.Node]*Func{},
		calls: map[*ast.CallExpr]*Call{},
		into:  map[*types.Var][]*Store{}, from: map[ast.Expr][]*Store{},
		mentions: map[types.Object][]inspector.Cursor{}, params: map[*types.Var]Param{}, results: map[*types.Var]Param{},
		passed: map[*types.Var][]Argument{}, taken: map[*types.Var]bool{}, impls: map[types.Type][]types.Type{},
		deeds: map[*Func]*Deeds{}, fates: map[held]*Fate{}, spots: map[held]*spots{},
	}
	c.types, c.groups = sync.OnceValue(c.declaredTypes), sync.OnceValue(c.components)
	uses := map[*types.Func][]Use{}
	for file := range in.Root().Children() {
		c.file(file, uses)
	}
	c.link(uses)
	return c
}

func (c *code) file(file inspector.Cursor, uses map[*types.Func][]Use) {
	syntax := file.Node().(*ast.File)
	f := &File{Syntax: syntax, Generated: ast.IsGenerated(syntax)}
	f.Test = testscope.InTestFile(c.pass.Fset.PositionFor(syntax.Package, false).Filename)
	f.Supports = !f.Generated && testscope.Supports(syntax)
	for decl := range file.Children() {
		switch d := decl.Node().(type) {
		case *ast.FuncDecl:
			fn, ok := c.info.Defs[d.Name].(*types.Func)
			if !ok || d.Body == nil {
				continue
			}
			n := &Func{Cursor: decl, Obj: fn, Decl: d, Sig: fn.Signature(), File: f, When: testscope.Func(c.info, d, f.Test)}
			c.byObj[fn] = n
			c.walk(n, uses)
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				c.walk(&Func{Cursor: decl, File: f, When: testscope.Once}, uses)
			}
		}
	}
}

// link resolves the calls of the package, and what mentions its functions.
func (c *code) link(uses map[*types.Func][]Use) {
	for _, f := range c.funcs {
		f.Uses = uses[f.Obj]
	}
	for _, byName := range []bool{true, false} { // what a function value stands for may hang on what is given to functions
		for _, f := range c.funcs {
			for _, call := range f.Calls {
				if (call.Fn != nil) != byName {
					continue
				}
				call.targets, call.others = c.targets(call)
				for _, to := range call.targets {
					to.Callers = append(to.Callers, call)
				}
			}
		}
	}
}

// callee returns what a call calls by name.
func (c *code) callee(x *ast.CallExpr) *types.Func {
	fn := dbapi.Callee(c.info, x)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// InLoop reports whether c runs in each round of a loop of the function around it.
func InLoop(c inspector.Cursor) bool {
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		switch c.ParentEdgeKind() {
		case edge.ForStmt_Body, edge.ForStmt_Cond, edge.ForStmt_Post, edge.RangeStmt_Body:
			return true
		case edge.FuncDecl_Body, edge.FuncLit_Body:
			return false
		}
	}
	return false
}
