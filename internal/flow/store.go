package flow

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A Store puts a value into a variable or a field, or into a part of one.
type Store struct {
	In     *Func
	To     *types.Var // the variable or field that is named last; nil if none is
	Root   *types.Var // the variable at the start; nil for a field of a literal or of a result
	Key    string     // how To, or what is an element of it, is called in Root: a field, a constant key
	Elem   bool       // an element of To takes the value, or what is sent to it
	Dst    ast.Expr   // nil for a field of a literal
	Src    ast.Expr   // the value, or what it is a result of, an element of or a case of
	Result int        // of a call with several results: which
	Range  bool       // Src is ranged over
	Adds   bool       // to what is there, as += and ++ do
}

// KeyIn returns the field or constant key under which v, which the store is Into, takes
// the value; "" if it takes it whole, or nothing is known.
func (s *Store) KeyIn(v *types.Var) string {
	if v == s.To && !s.Elem {
		return ""
	}
	return s.Key
}

// Whole reports whether v, which the store is Into, takes the value whole.
func (s *Store) Whole(v *types.Var) bool { return v == s.To && !s.Elem }

// assign notes the stores of an assignment or a declaration.
func (w *walker) assign(lhs, rhs []ast.Expr, tok token.Token) {
	adds := tok != token.ASSIGN && tok != token.DEFINE
	for i, l := range lhs {
		switch {
		case len(rhs) == 0:
		case len(lhs) == len(rhs):
			w.put(&Store{Dst: l, Src: rhs[i], Adds: adds})
		default:
			w.put(&Store{Dst: l, Src: rhs[0], Result: i})
		}
	}
}

// put notes a store to what its Dst names.
func (w *walker) put(s *Store) {
	if id, ok := s.Dst.(*ast.Ident); s.Dst == nil || ok && id.Name == "_" {
		return
	}
	s.In, s.Root = w.f, Root(w.info, s.Dst)
	switch dst := ast.Unparen(s.Dst).(type) {
	case *ast.SelectorExpr:
		s.To, s.Key = Var(w.info, dst), dst.Sel.Name
	case *ast.IndexExpr:
		table := dst.X
		for inner, ok := ast.Unparen(table).(*ast.IndexExpr); ok; inner, ok = ast.Unparen(table).(*ast.IndexExpr) {
			table = inner.X
		}
		s.To, s.Elem = Var(w.info, table), true
		if dst.Index != nil { // else what is sent
			s.Key = Text(w.info, dst.Index)
		}
	default:
		s.To = Var(w.info, dst)
	}
	w.add(s)
}

func (w *walker) add(s *Store) {
	if s.To == nil && s.Root == nil {
		return // a part of a result
	}
	w.f.Stores = append(w.f.Stores, s)
	src := ast.Unparen(s.Src)
	w.from[src] = append(w.from[src], s)
	if s.To != nil {
		w.into[s.To] = append(w.into[s.To], s)
	}
	if s.Root != nil && s.Root != s.To {
		w.into[s.Root] = append(w.into[s.Root], s)
	}
}

// composite notes what the fields of a struct literal take.
func (w *walker) composite(lit *ast.CompositeLit) {
	t := w.info.TypeOf(lit)
	if t == nil {
		return
	}
	fields, ok := Pointee(t).Underlying().(*types.Struct) // &T may be left out in a literal of elements
	if !ok {
		return
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && isField(w.info.Uses[key]) {
				w.add(&Store{In: w.f, To: origin(w.info.Uses[key]), Key: key.Name, Src: kv.Value})
			}
		} else if i < fields.NumFields() {
			field := fields.Field(i).Origin()
			w.add(&Store{In: w.f, To: field, Key: field.Name(), Src: e})
		}
	}
}

// typeSwitch notes that the variables of the clauses hold what is switched over.
func (w *walker) typeSwitch(s *ast.TypeSwitchStmt) {
	assign, ok := s.Assign.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return
	}
	for _, clause := range s.Body.List {
		if v, ok := w.info.Implicits[clause].(*types.Var); ok {
			w.add(&Store{In: w.f, To: v, Root: v, Dst: assign.Lhs[0], Src: assign.Rhs[0]})
		}
	}
}
