package lifecycle

import (
	"go/ast"
	"go/types"
	"regexp"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

var (
	// elsewhere matches parameters that name something else than a database, or a part of one.
	elsewhere = regexp.MustCompile(`(?i)tenant|org|user|mail|worker|node|instance|client|consumer|token|secret|pass|host|addr|log|version|clock|^now$`)

	// databaseName matches what stands for the name of a database, or of its file, in a configuration.
	databaseName = regexp.MustCompile(`(?i)(?:db|database|postgres|mysql|mongo|sqlite)(?:\(\))?\.(?:name|path|file|database|dsn|ur[il])$|\.(?:db|database)_?(?:name|path|file|dsn|ur[il])$|\.dsn$`)

	// configures matches the types of configurations.
	configures = regexp.MustCompile(`(?i)conf|cfg|opt|setting|param|arg|info`)
)

// namesAmong returns the parameters that may name a database: texts, and configurations and
// options that may hold one.
func namesAmong(sig *types.Signature) flow.Params {
	var p flow.Params
	if sig == nil {
		return p
	}
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		t := v.Type()
		if s, ok := t.Underlying().(*types.Slice); ok { // options
			t = s.Elem()
		}
		names := false
		switch u := flow.Pointee(t).Underlying().(type) {
		case *types.Basic:
			names = u.Kind() == types.String
		case *types.Struct, *types.Signature, *types.Interface:
			names = configures.MatchString(dbapi.TypeName(t))
		}
		if names && !elsewhere.MatchString(v.Name()) {
			p.Add(i + 1)
		}
	}
	return p
}

// traceNames follows the arguments that may name a database.
func (g *graph) traceNames(c *flow.Call, sig *types.Signature, params flow.Params) *tracer {
	t := g.trace()
	t.naming = true
	for i := range params.All {
		for _, arg := range c.Args(sig, i) {
			t.Follow(arg)
		}
	}
	return t
}

// namesOwn reports whether a name is no other test's, or by which parameters of the functions around
// it one of the caller's own is given.
func (g *graph) namesOwn(name ast.Expr) (own bool, by values) {
	t := g.trace()
	t.naming, t.deep = true, true
	t.Follow(name)
	by, fixed := g.fixed(name)
	if !fixed {
		by = nil
	}
	return t.origin&(dbapi.Private|dbapi.Unique) != 0, by
}

// configuresOwn reports whether a store gives a configuration that other code holds the name of a database that
// is no other test's.
func (g *graph) configuresOwn(s *flow.Store) bool {
	if s.Elem || s.To == nil || !s.To.IsField() || s.Dst == nil || !databaseName.MatchString(types.ExprString(s.Dst)) {
		return false
	}
	if s.Root != nil && !flow.Global(s.Root) && (!g.code.Local(s.Root) || g.code.Made(s.Root)) {
		return false // who it is given to is asked
	}
	name := s.Src
	if v := flow.Var(g.info, name); v != nil && flow.Global(v) { // it may be named there for who removes it
		for _, before := range s.In.Stores {
			if before.Whole(v) && before.Src.Pos() < name.Pos() {
				name = before.Src
			}
		}
	}
	own, _ := g.namesOwn(name)
	return own
}

// isFunc reports whether a function with the results returns a function.
func isFunc(results *types.Tuple) bool {
	if results.Len() != 1 {
		return false
	}
	_, ok := results.At(0).Type().Underlying().(*types.Signature)
	return ok
}

// random reports whether a call makes what differs from call to call: of a library for
// that, or of such a library's source, as io.ReadFull(rand.Reader, b) does.
func (g *graph) random(c *flow.Call) bool {
	if c.Fn != nil && dbapi.OriginOf(c.Fn)&dbapi.Unique != 0 {
		return true
	}
	for _, arg := range c.Expr.Args {
		if sel, ok := ast.Unparen(arg).(*ast.SelectorExpr); ok {
			if v := g.variable(sel); v != nil && flow.Global(v) && dbapi.Differs(v.Pkg().Path()) {
				return true
			}
		}
	}
	return false
}

// isBytes reports whether a call may write into what a variable of the type holds.
func isBytes(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		t = u.Elem()
	case *types.Array:
		t = u.Elem()
	default:
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}
