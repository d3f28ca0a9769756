package flow

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
)

// maxSpread bounds the variables that one value is followed to.
const maxSpread = 200

// Spread returns the variables of the package that may hold the value of a fate, or what
// the methods of a library make of it: those of the function that gets it, the fields and
// package variables that keep it, and the parameters that take it, wherever they go.
func (p *Package) Spread(fate *Fate) map[*types.Var]bool {
	c := p.code()
	s := &spread{code: c, vars: map[*types.Var]bool{}, fates: map[*Fate]bool{}}
	c.mu.Lock()
	defer c.mu.Unlock()
	for s.fate(fate); len(s.next) > 0; {
		v := s.next[0]
		s.next = s.next[1:]
		if param, ok := c.params[v]; ok {
			s.fate(c.fateIn(param.Of, v))
		}
		for _, at := range c.mentions[v] {
			s.lent(at)
		}
	}
	return s.vars
}

type spread struct {
	*code
	vars  map[*types.Var]bool
	next  []*types.Var
	fates map[*Fate]bool
}

func (s *spread) add(v *types.Var) {
	if v != nil && !s.vars[v] && len(s.vars) < maxSpread {
		s.vars[v] = true
		s.next = append(s.next, v)
	}
}

func (s *spread) fate(f *Fate) {
	if s.fates[f] {
		return
	}
	s.fates[f] = true
	for _, v := range f.Holders {
		s.add(v)
	}
	for _, v := range f.Given {
		s.add(v)
	}
	for _, sink := range f.Sinks {
		s.add(sink.Place)
	}
}

// maxChain bounds the calls that are selected one from another.
const maxChain = 8

// lent adds the variables that take what a library makes of a value that is mentioned, or of
// what it makes of that.
func (s *spread) lent(at inspector.Cursor) {
	if at.ParentEdgeKind() == edge.SelectorExpr_Sel {
		at = at.Parent() // a field
	}
	for range maxChain {
		if at.ParentEdgeKind() != edge.SelectorExpr_X {
			return
		}
		fun := parens(at.Parent())
		if fun.ParentEdgeKind() != edge.CallExpr_Fun {
			return
		}
		call := s.calls[fun.Parent().Node().(*ast.CallExpr)]
		if call == nil || call.Fn == nil || s.ours(call.Fn.Pkg()) {
			return
		}
		for i := range call.Fn.Signature().Results().Len() {
			if lendable(call.Fn, i) {
				s.fate(s.followed(call, i, itself))
			}
		}
		at = call.At
	}
}

// lendable reports whether a result of a library's method is of a type of a library that
// may stay in touch with the receiver.
func lendable(fn *types.Func, i int) bool {
	t := types.Unalias(fn.Signature().Results().At(i).Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	} else if !types.IsInterface(t) {
		return false
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	return named.Obj().Pkg() == fn.Pkg() || dbapi.LibraryOf(named.Obj().Pkg()) != nil
}

// Works reports whether what is done with the variable or field that is mentioned is only
// work with it: it is not closed, kept or handed out.
func (p *Package) Works(mention inspector.Cursor) bool {
	if mention.ParentEdgeKind() == edge.SelectorExpr_Sel {
		mention = mention.Parent() // a field
	}
	return p.code().trackIn(mention).climb(mention, 0, itself)
}
