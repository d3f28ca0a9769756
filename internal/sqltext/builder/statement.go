package builder

import (
	"go/ast"
	"go/token"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// An Alternative is one of the texts that a value can be: in it, every choice is
// made.
type Alternative interface {
	// Settle returns what is chosen of v, which is no choice then.
	Settle(v value.Value) value.Value

	// Elements returns what stands among the parts of a list, record or chain, and
	// which of it is there on some condition only.
	Elements(parts []value.Value) (elems []value.Value, optional map[value.Value]bool)

	// Pass notes functions that the text passed.
	Pass(names []dbapi.Name)
}

// A Statement collects what the steps of a chain say, clause by clause.
type Statement struct {
	Verb                                string
	With                                []CTE
	Recursive, Distinct                 bool
	Prefix, Columns, From, Joins        []value.Value
	Where, Having                       []Term
	Group, Order, Tail, Sets, Returning []value.Value
	Names, Rows                         []value.Value // of an INSERT
	Selected                            value.Value   // INSERT … SELECT
	Conflict, Unions                    []value.Value
	Guard                               []Term      // of ON CONFLICT … DO UPDATE
	Alias                               value.Value // of a subquery

	in        Alternative
	model     value.Value   // an object
	related   []related     // to the model, joined when that is known
	extra     []value.Value // columns of an INSERT besides those of the model
	onClash   *value.Record // GORM's, read when the table is known
	qualifier string        // of the columns of maps and structs; empty for none
	keyed     []int         // terms of Where that compare the key of a model which a later step names
	joining   bool          // the last join has a condition
	setting   bool          // ON CONFLICT has a SET
	renamed   bool          // the model's table has a name of the query's own
}

// A CTE is a query of a WITH clause.
type CTE struct{ Name, Query value.Value }

// A Term is one predicate of a WHERE or HAVING clause.
type Term struct {
	Or       bool // joined to what stands before it by OR
	Group    bool // in parentheses
	Optional bool // there on some condition only
	Of       value.Value
}

// Read returns what a chain says in one alternative.
func Read(c *value.Chain, in Alternative) *Statement {
	st := &Statement{Verb: c.Verb, in: in}
	st.steps(c)
	if b := byName[c.Library]; b != nil && b.Finish != nil {
		b.Finish(st)
	}
	return st
}

func (st *Statement) steps(c *value.Chain) {
	st.in.Pass(c.Root.At().Through)
	elems, optional := st.in.Elements(c.Steps)
	for _, e := range elems {
		n := len(st.Where)
		switch s := e.(type) {
		case *value.Unseen:
			st.in.Pass(s.Through)
			st.and(value.HoleAt(s.Pos, value.AnyHole))
			continue
		case *value.Step:
			st.in.Pass(s.Through)
			byName[s.Library].Step(st, s)
		}
		for i := n; i < len(st.Where); i++ {
			st.Where[i].Optional = st.Where[i].Optional || optional[e]
		}
	}
}

func (st *Statement) and(v value.Value)   { st.Where = append(st.Where, Term{Of: v}) }
func (st *Statement) andIn(v value.Value) { st.Where = append(st.Where, Term{Of: v, Group: true}) }
func (st *Statement) orIn(v value.Value) {
	st.Where = append(st.Where, Term{Of: v, Group: true, Or: true})
}

// spreadArgs returns arguments with a spread list laid open.
func spreadArgs(args []value.Value) []value.Value {
	n := len(args)
	if n == 0 {
		return args
	}
	if l, ok := args[n-1].(*value.List); ok && l.Spread {
		return append(args[:n-1:n-1], l.Elems...)
	}
	return args
}

// setOperand returns what a column is set to.
func setOperand(v value.Value) value.Value {
	switch v.(type) {
	case *value.Chain:
		return value.InParens(v)
	case *value.Sequence, *value.Join, *value.Text:
		return v
	}
	return value.Placeholder(v.At().Pos)
}

// row writes the values of an inserted row.
func row(args []value.Value, pos token.Pos) value.Value {
	parts := []value.Value{}
	for i, a := range args {
		if i > 0 {
			parts = append(parts, value.Static(", ", pos))
		}
		parts = append(parts, setOperand(a))
	}
	return value.Concat(parts...)
}

// set adds "column = value".
func (st *Statement) set(column, to value.Value, pos token.Pos) {
	st.Sets = append(st.Sets, value.Concat(column, value.Static(" = ", pos), to))
}

// setRecord adds the columns of a map: to the names of an INSERT, to the sets of
// an UPDATE.
func (st *Statement) setRecord(v value.Value) {
	v = st.in.Settle(v)
	switch v := v.(type) {
	case *value.Object:
		st.setObject(v)
	case *value.Record:
		elems, _ := st.in.Elements(v.Parts)
		for _, e := range elems {
			if entry, ok := e.(*value.Entry); ok {
				st.setEntry(entry)
			} else if value.IsBase(e) {
				st.setRecord(e)
			}
		}
	default:
		open := value.HoleAt(v.At().Pos, value.ListHole)
		if st.Verb == "INSERT" {
			st.Names = append(st.Names, open)
		} else {
			st.Sets = append(st.Sets, open)
		}
	}
}

func (st *Statement) setEntry(e *value.Entry) {
	name := value.Value(value.HoleAt(e.Pos, value.NameHole))
	if e.Name != value.AnyName {
		name = value.Static(Quote(e.Name), e.Pos)
	}
	if st.Verb == "INSERT" {
		st.Names = append(st.Names, name)
	} else {
		st.set(name, setOperand(e.Of), e.Pos)
	}
}

// setObject adds the columns of a model: all of them to an INSERT, all but the key
// to an UPDATE.
func (st *Statement) setObject(v *value.Object) {
	for _, c := range v.Table.Columns {
		switch {
		case st.Verb == "INSERT":
			st.Names = append(st.Names, value.Static(Quote(c.Name), v.Pos))
		case !c.Key:
			st.Sets = append(st.Sets, value.Static(Quote(c.Name)+" = ?", v.Pos))
		}
	}
}

// termsOf returns the predicates of a group as one.
func termsOf(terms []Term, pos token.Pos) value.Value {
	var parts []value.Value
	for i, t := range terms {
		switch {
		case i == 0:
		case t.Or:
			parts = append(parts, value.Static(" OR ", pos))
		default:
			parts = append(parts, value.Static(" AND ", pos))
		}
		parts = append(parts, value.Static("(", pos), t.Of, value.Static(")", pos))
	}
	return value.Concat(parts...)
}

// objectConditions returns the comparisons that a struct stands for: those of the
// fields that its literal sets to something, or of the named ones alone.
func objectConditions(v *value.Object, named []value.Value) value.Value {
	if len(named) > 0 {
		return fieldConditions(v, named)
	}
	if v.Made != value.AsLiteral {
		return value.HoleAt(v.Pos, value.AnyHole)
	}
	r := &value.Record{Origin: value.Origin{Pos: v.Pos}}
	for _, part := range v.Entries {
		e, ok := part.(*value.Entry)
		if !ok {
			return value.HoleAt(v.Pos, value.AnyHole)
		}
		if column := v.Table.ColumnOf(e.Name); column != "" && !isZero(e.Of) {
			r.Parts = append(r.Parts, &value.Entry{Origin: value.Origin{Pos: e.Pos}, Name: column, Of: value.Placeholder(e.Pos)})
		}
	}
	if v.Handed {
		r.Parts = append(r.Parts, value.HoleAt(v.Pos, value.AnyHole))
	}
	return r
}

// fieldConditions returns the comparisons of the named columns or fields of a struct.
func fieldConditions(v *value.Object, named []value.Value) value.Value {
	r := &value.Record{Origin: value.Origin{Pos: v.Pos}}
	for _, n := range named {
		name, ok := value.Plain(n)
		if column := v.Table.ColumnOf(name); column != "" {
			name = column
		}
		if !ok {
			name = value.AnyName
		}
		r.Parts = append(r.Parts, &value.Entry{Origin: value.Origin{Pos: v.Pos}, Name: name, Of: value.Placeholder(v.Pos)})
	}
	return r
}

// isZero reports whether v is a constant that is the zero value of its type.
func isZero(v value.Value) bool {
	switch v := v.(type) {
	case *value.Text:
		return !v.Bound && (v.S == "" || v.S == "0" || v.S == "false")
	case *value.Hole:
		switch e := v.Expr.(type) {
		case *ast.BasicLit:
			return e.Value == "0"
		case *ast.Ident:
			return e.Name == "nil" || e.Name == "false"
		}
	}
	return false
}

// byKey returns a comparison of the model's primary key.
func (st *Statement) byKey(pos token.Pos) value.Value {
	key := "id"
	if o, ok := st.model.(*value.Object); ok {
		if names := o.Table.Key(); len(names) > 0 {
			key = names[0]
		}
	}
	return value.Static(Quote(key)+" = ?", pos)
}

// keyTerms adds the comparisons with the key of an object whose key is set.
func (st *Statement) keyTerms(v value.Value) {
	o, ok := v.(*value.Object)
	if !ok {
		return
	}
	for _, name := range o.Table.Key() {
		if o.Made != value.AsLiteral || o.Sets(name) {
			st.keyTerm(o, name, o.Pos)
		}
	}
}

// ownKey adds the comparisons with the key of an object, which its mapper insists on.
func (st *Statement) ownKey(o *value.Object) {
	if len(o.Table.Key()) > 0 {
		st.keyTerms(keySet(o))
	} else {
		st.and(st.byKey(o.Pos))
	}
}

// doUpdate adds what ON CONFLICT … DO UPDATE does, and its condition.
func (st *Statement) doUpdate(action *Statement, pos token.Pos) {
	st.Conflict = append(st.Conflict, value.Concat(value.Static("DO UPDATE SET ", pos), value.Joined(value.Elements(action.Sets...), ", ", pos)))
	st.Guard = action.Where
}

// keyTerm adds the comparison with one column of the key of an object or of several.
func (st *Statement) keyTerm(o *value.Object, name string, pos token.Pos) {
	if o.Made == value.AsElements {
		st.and(oneOf(value.Static(Quote(name), pos), " IN (", pos))
	} else {
		st.and(value.Static(Quote(name)+" = ?", pos))
	}
}

// oneOf returns "column IN (…)".
func oneOf(column value.Value, word string, pos token.Pos) value.Value {
	return value.Concat(column, value.Static(word, pos), value.HoleAt(pos, value.ListHole), value.Static(")", pos))
}

// compared returns the operator of a comparison and what a value is compared
// with: none of several, a column, an expression, or a value that is given apart.
func compared(operator string, v value.Value) value.Value {
	pos := v.At().Pos
	several := map[string]string{"=": " IN (", "<>": " NOT IN ("}[operator]
	null := map[string]string{"=": " IS NULL", "<>": " IS NOT NULL"}[operator]
	word := value.Static(" "+operator+" ", pos)
	switch v := v.(type) {
	case *value.List, *value.Hole:
		if l, ok := v.(*value.List); ok && len(l.Elems) == 0 && null != "" {
			return value.Static(null, pos)
		}
		if isSeveral(v) && several != "" {
			return value.Concat(value.Static(several, pos), value.HoleAt(pos, value.ListHole), value.Static(")", pos))
		}
	case *value.Text:
		if v.S == "NULL" && null != "" {
			return value.Static(null, pos)
		}
	case *value.Chain, *value.Sequence, *value.Join:
		return value.Concat(word, value.InParens(v))
	case *value.Record:
		if form, _ := FormOf(v.Type); form.Text != nil {
			return value.Concat(word, form.Text(v))
		}
	}
	return value.Concat(word, value.Placeholder(pos))
}

// isSeveral reports whether v is a list, known or not.
func isSeveral(v value.Value) bool {
	h, ok := v.(*value.Hole)
	return isList(v) || ok && h.Kind == value.ListHole
}

// setTable names the table, that of an object or else of the model, unless a step did.
func (st *Statement) setTable(v value.Value) {
	for _, v := range []value.Value{v, st.model} {
		if _, ok := v.(*value.Object); ok && len(st.From) == 0 {
			st.From = []value.Value{v}
		}
	}
}

// applyClosure adds the steps of a function that takes and returns the builder.
func (st *Statement) applyClosure(v value.Value) {
	v = st.in.Settle(v)
	f, ok := v.(*value.Func)
	if !ok || len(f.Results) == 0 || f.Results[0] == nil {
		st.and(value.HoleAt(v.At().Pos, value.AnyHole))
		return
	}
	st.in.Pass(f.Through)
	body := value.Substitute(f.Results[0], f.Base, map[int]value.Value{0: value.Empty}, f.Pos, false)
	start := st.in.Settle(body)
	c, ok := start.(*value.Chain)
	if ok {
		st.steps(c)
		start = st.in.Settle(c.Root)
	}
	if !value.IsEmpty(start) { // not what the function takes
		st.and(value.HoleAt(start.At().Pos, value.AnyHole))
	}
}
