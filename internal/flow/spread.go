package flow

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
)

// maxSpread bounds the variables that one value is followed to.
const maxSpread = 200

// A Spread is where a value may get to, in a package.
type Spread struct {
	// Vars may hold it, or what the methods of a library make of it: variables of the
	// function that gets it, the fields and package variables that keep it, and the
	// parameters that take it, wherever they go.
	Vars map[*types.Var]bool
	// Keepers are variables for something that has it in a field, or for what holds that.
	Keepers map[*types.Var]bool
	// Lent are those of Vars that hold a handle which a library makes of it: a transaction, a
	// borrowed connection. Ending that takes the value.
	Lent map[*types.Var]bool
}

// Has reports whether a variable stands for something that leads to the value.
func (s *Spread) Has(v *types.Var) bool { return s.Vars[v] || s.Keepers[v] }

// Spread returns where the value of a fate gets to.
func (p *Package) Spread(fate *Fate) *Spread {
	c := p.code()
	s := &spread{code: c, Spread: Spread{map[*types.Var]bool{}, map[*types.Var]bool{}, map[*types.Var]bool{}}, fates: map[*Fate]bool{}}
	c.mu.Lock()
	defer c.mu.Unlock()
	for s.fate(fate, thisCall); len(s.next) > 0; {
		v := s.next[0]
		s.next, s.lends = s.next[1:], s.Lent[v]
		if param, ok := c.params[v]; ok {
			s.fate(c.fateIn(param.Of, v), anyCall)
		}
		for _, at := range c.mentions[v] {
			s.lent(at)
		}
	}
	for len(s.around) > 0 {
		v := s.around[0]
		s.around = s.around[1:]
		s.keepersOf(v)
	}
	return &s.Spread
}

type spread struct {
	*code
	Spread
	next   []*types.Var
	around []*types.Var // keepers to look at
	fates  map[*Fate]bool
	lends  bool // what is added is lent
}

func (s *spread) keep(v *types.Var) {
	if v != nil && !Global(v) && !v.IsField() && !s.Keepers[v] && len(s.Keepers) < maxSpread {
		s.Keepers[v] = true
		s.around = append(s.around, v)
	}
}

// keepersOf adds what a keeper gets into, and what callers know it by.
func (s *spread) keepersOf(v *types.Var) {
	var in *Func
	if param, ok := s.params[v]; ok {
		in = param.Of
		for _, call := range in.Callers {
			for _, arg := range call.Args(in.Sig, param.I) {
				s.keep(Root(s.info, arg))
			}
		}
	} else if all := s.mentions[v]; len(all) > 0 {
		in = s.code.around(all[0])
	}
	if in == nil {
		return
	}
	fate := s.fateIn(in, v)
	for _, w := range fate.Holders {
		s.keep(w)
	}
	for _, sink := range fate.Sinks {
		s.keep(sink.Root)
		if sink.Kind != Returned {
			continue
		}
		for _, call := range sink.By.Callers {
			for _, to := range s.from[call.Expr] {
				if to.Result == sink.Result {
					s.keep(to.To)
				}
			}
		}
	}
}

func (s *spread) add(v *types.Var) {
	if v != nil && !s.Vars[v] && len(s.Vars) < maxSpread {
		s.Vars[v] = true
		if s.lends && dbapi.Handle(v.Type()) {
			s.Lent[v] = true
		}
		s.next = append(s.next, v)
	}
}

// Whether a fate is that of the value in one call, or of whatever some function is given:
// then nobody knows in what object it is kept.
const thisCall, anyCall = true, false

func (s *spread) fate(f *Fate, ofCall bool) {
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
		if ofCall {
			s.keep(sink.Root)
		}
	}
}

// maxChain bounds the calls that are selected one from another.
const maxChain = 8

// lent adds the variables that take what a library makes of a value that is mentioned, or of
// what it makes of that.
func (s *spread) lent(at inspector.Cursor) {
	s.lends = true
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
		if call == nil || call.Fn == nil || config.Ours(s.pass, call.Fn.Pkg()) {
			return
		}
		for i := range call.Fn.Signature().Results().Len() {
			if lendable(call.Fn, i) {
				s.fate(s.followed(call, i, itself, ""), anyCall)
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
