package ownership

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// forgotten returns the field of what a function returns that alone holds a pool or connection, if nothing
// closes what that field holds, and a method of the object closes something else: "Store.read".
func (p *pkg) forgotten(h *Handle) string {
	if !h.Kind.Own() || h.Fate.Returned == 0 || h.Fate.Released() || h.Fate.Kept || h.Fate.Closers != 0 {
		return ""
	}
	field := p.fieldAlone(h)
	if field == nil || field.Pkg() != p.pass.Pkg || field.Embedded() || field.Exported() && !h.Call.In.File.Test || !dbapi.Handle(field.Type()) {
		return ""
	}
	for i := range h.Fate.Returned.All {
		named, ok := types.Unalias(flow.Pointee(h.Fate.By.Sig.Results().At(i).Type())).(*types.Named)
		if ok && hasField(named, field) && p.closesOther(named) && len(p.released(field)) == 0 {
			return named.Obj().Name() + "." + field.Name()
		}
	}
	return ""
}

// fieldAlone returns the one field that takes a handle, if nothing else does, on its way to the caller.
func (p *pkg) fieldAlone(h *Handle) (field *types.Var) {
	stores := p.code.From(h.Call.Expr)
	inField := slices.ContainsFunc(stores, func(s *flow.Store) bool { return s.To != nil && s.To.IsField() })
	if h.Holder != nil && p.code.Local(h.Holder) && !inField {
		for _, m := range p.code.Mentions(h.Holder) {
			into := p.code.From(m.Node().(ast.Expr))
			if len(into) == 0 && m.ParentEdgeKind() != edge.SelectorExpr_X && p.lets(m) {
				return nil
			}
			stores = append(slices.Clip(stores), into...)
		}
	}
	for _, s := range stores {
		switch {
		case s.To == nil || !s.To.IsField() || s.Elem:
			if s.To != h.Holder && s.To != h.Err {
				return nil
			}
		case field != nil && field != s.To:
			return nil
		default:
			field = s.To
		}
	}
	return field
}

// lets reports whether somebody else may have what is mentioned.
func (p *pkg) lets(m inspector.Cursor) bool {
	return slices.ContainsFunc(p.code.FateOf(m).Sinks, func(s flow.Sink) bool { return !s.OnError })
}

// closesOther reports whether a method of the type closes something that it holds.
func (p *pkg) closesOther(t *types.Named) bool {
	for m := range t.Methods() {
		if deeds := p.code.Deeds(m); dbapi.SoundsClosing(m.Name()) && deeds != nil && deeds.Ends(flow.Receiver) {
			return true
		}
	}
	return false
}

func hasField(t *types.Named, field *types.Var) bool {
	s, ok := t.Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(s.Fields()), func(f *types.Var) bool { return f.Origin() == field })
}
