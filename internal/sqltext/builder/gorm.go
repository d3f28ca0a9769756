package builder

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

var gorm = &Builder{
	Name:     "gorm",
	Packages: []string{"gorm.io/gorm", "gorm.io/gorm/clause"},
	Owns:     func(obj types.Object) bool { return !isGORMInterface(obj) }, // its generics'
	Models:   model.GORM,
	Mutable:  true,
	Chained:  true,
	Queries:  true,
	Runs:     gormRuns,
	Setters:  Names("Update UpdateColumn"),
	Tables:   Names("Table Update Delete"),
	Limits:   Names("Where Or Not Having Joins Scopes Table Model Update Delete"),
	Arg: func(c *Call, i int) value.Value {
		switch {
		case i != 1 || !gormInline[c.Name()] || isList(c.Args[i]):
			return nil
		case c.Expr.Ellipsis.IsValid():
			return c.Unknown()
		case !isKey(c.TypeOf(c.Arg(i))):
			return c.Args[i]
		}
		return nil
	},
	Begin:  gormBegin,
	Step:   gormStep,
	Finish: func(st *Statement) { st.setTable(st.model) },
	Fresh:  gormFresh,
}

var gormRuns = Names(`Find First Take Last Scan Pluck Count Row Rows FirstOrCreate FirstOrInit FindInBatches
	Create CreateInBatches Save Update Updates UpdateColumn UpdateColumns Delete`)

// gormInline are the methods that take a condition behind the destination.
var gormInline = Names("First Take Last Find FirstOrCreate FirstOrInit Delete")

func isGORMInterface(obj types.Object) bool {
	return obj.Pkg().Path() == "gorm.io/gorm" && types.IsInterface(obj.Type())
}

func gormBegin(c *Call) value.Value {
	if c.Recv == nil {
		if c.Name() == "Expr" && len(c.Args) > 0 {
			return value.Fill(c.Args[0], c.Operands(1))
		}
		return nil
	}
	switch c.Name() {
	case "Session":
		if gormFresh(c.Recv) {
			return c.Recv
		}
	case "Begin", "WithContext", "Debug", "Set", "InstanceSet":
		if !value.IsChain(c.Recv) {
			return c.Recv
		}
	}
	return nil
}

// gormFresh reports whether a handle begins a new statement with each call.
func gormFresh(v value.Value) bool {
	c, ok := v.(*value.Chain)
	if !ok {
		return true
	}
	s, ok := c.Steps[len(c.Steps)-1].(*value.Step)
	return ok && gormRenews[s.Method]
}

var gormRenews = Names("WithContext Session Debug Begin")

func gormStep(st *Statement, s *value.Step) {
	args := s.Args
	if len(args) == 0 {
		switch s.Method {
		case "Distinct":
			st.Distinct = true
		case "Rows", "Row":
			st.finishGORM(s, nil)
		}
		return
	}
	switch s.Method {
	case "Model":
		st.model = args[0]
	case "Table":
		st.From = []value.Value{value.Fill(args[0], args[1:])}
	case "Select":
		st.Columns = append(st.Columns, value.Fill(args[0], args[1:]))
	case "Distinct":
		st.Distinct = true
	case "Where":
		st.andIn(st.gormCondition(args))
	case "Or":
		st.orIn(st.gormCondition(args))
	case "Not":
		st.and(value.Concat(value.Static("NOT (", s.Pos), st.gormCondition(args), value.Static(")", s.Pos)))
	case "Having":
		st.Having = append(st.Having, Term{Of: value.Fill(args[0], args[1:])})
	case "Joins", "InnerJoins":
		st.Joins = append(st.Joins, gormJoin(s, args))
	case "Group":
		st.Group = append(st.Group, args[0])
	case "Order":
		st.Order = append(st.Order, args[0])
	case "Scopes":
		for _, a := range spreadArgs(args) {
			st.applyClosure(a)
		}
	case "Clauses":
		for _, a := range spreadArgs(args) {
			st.gormClause(a)
		}
	default:
		if gormRuns[s.Method] {
			st.finishGORM(s, args)
		}
	}
}

// gormJoin returns a join given as text; the name of an association joins the
// table of its field by key, which is left out: its rows are reached by key.
func gormJoin(s *value.Step, args []value.Value) value.Value {
	if name, ok := value.Plain(args[0]); ok && !strings.ContainsAny(strings.TrimSpace(name), " \n\t") {
		return value.Empty
	}
	join := value.Fill(args[0], args[1:])
	if text, ok := value.Plain(args[0]); ok && !strings.Contains(strings.ToUpper(text), "JOIN") {
		return value.Concat(value.Static("JOIN ", s.Pos), join)
	}
	return join
}

// gormCondition returns a condition: text with values, a map, a struct, a group
// in a handle of its own, or a value of the primary key.
func (st *Statement) gormCondition(args []value.Value) value.Value {
	v := st.in.Settle(args[0])
	var typ types.Type
	switch v := v.(type) {
	case *value.Chain:
		group := &Statement{in: st.in}
		group.steps(v)
		return termsOf(group.Where, v.Pos)
	case *value.Object:
		return objectConditions(v)
	case *value.Record, *value.List:
		return v
	case *value.Sequence, *value.Join:
		return value.Fill(v, args[1:])
	case *value.Text:
		if isNumber(v.S) {
			return st.byKey(v.Pos)
		}
		return value.Fill(v, args[1:])
	case *value.Hole:
		typ = v.Type
	case *value.Param:
		typ = v.Type
	}
	if typ != nil && isKey(typ) {
		return st.byKey(v.At().Pos)
	}
	return v
}

// isKey reports whether GORM takes a condition of the type for values of the primary key.
func isKey(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString == 0
	case *types.Array, *types.Slice: // a UUID, several keys
		return true
	}
	return false
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// gormClause reads clause.OnConflict.
func (st *Statement) gormClause(v value.Value) {
	r, ok := v.(*value.Record)
	if !ok || !strings.HasSuffix(r.Type, "OnConflict") {
		if !ok && mayLimit(v) {
			st.and(value.HoleAt(v.At().Pos, value.AnyHole))
		}
		return
	}
	parts := []value.Value{value.Static("ON CONFLICT", r.Pos)}
	if columns, ok := r.Lookup("Columns").(*value.List); ok {
		var names []value.Value
		for _, c := range columns.Elems {
			if name := value.Field(c, "Name"); name != nil {
				names = append(names, name)
			}
		}
		parts = append(parts, value.Static(" (", r.Pos), value.Joined(value.Elements(names...), ", ", r.Pos), value.Static(")", r.Pos))
	}
	if r.Lookup("DoNothing") != nil {
		parts = append(parts, value.Static(" DO NOTHING", r.Pos))
	} else {
		parts = append(parts, value.Static(" DO UPDATE SET ", r.Pos), value.HoleAt(r.Pos, value.ListHole))
	}
	st.Conflict = append(st.Conflict, value.Concat(parts...))
}

// mayLimit reports whether a clause that is not known may be a condition: what GORM's own
// plugins make, by types of theirs, is none.
func mayLimit(v value.Value) bool {
	h, ok := v.(*value.Hole)
	if !ok || h.Type == nil || types.IsInterface(h.Type) {
		return true
	}
	named, ok := types.Unalias(h.Type).(*types.Named)
	return !ok || named.Obj().Pkg() == nil || !strings.HasPrefix(named.Obj().Pkg().Path(), "gorm.io/")
}

// finishGORM makes the statement of the method that runs it.
func (st *Statement) finishGORM(s *value.Step, args []value.Value) {
	var dest value.Value
	if len(args) > 0 {
		dest = st.in.Settle(args[0])
	}
	o, isObject := dest.(*value.Object)
	switch s.Method {
	case "Create", "CreateInBatches":
		st.Verb = "INSERT"
		st.setTable(dest)
		if _, isMap := dest.(*value.Record); isMap || isObject {
			st.setRecord(dest)
		}
	case "Save":
		st.Verb = "UPDATE"
		st.setTable(dest)
		if isObject {
			st.setObject(o)
			st.keyTerms(keySet(o))
		}
	case "Update", "UpdateColumn":
		st.Verb = "UPDATE"
		st.setTable(st.model)
		st.keyTerms(st.model)
		if len(args) > 1 {
			st.set(nameOf(dest), setOperand(args[1]), s.Pos)
		}
	case "Updates", "UpdateColumns":
		st.Verb = "UPDATE"
		st.setTable(st.model)
		if st.model == nil {
			st.setTable(dest)
			st.keyTerms(dest)
		}
		st.keyTerms(st.model)
		st.setRecord(dest)
	case "Delete":
		st.Verb = "DELETE"
		st.setTable(dest)
		if isObject && len(o.Entries) == 0 && len(st.Where) == 0 && len(args) < 2 {
			dest = keySet(o) // GORM refuses to delete everything: the key must have been set
		}
		st.keyTerms(dest)
		st.inline(dest, args)
	case "Pluck":
		st.Columns = []value.Value{dest}
		st.setTable(st.model)
	case "Count":
		st.Columns = []value.Value{value.Static("count(*)", s.Pos)}
		st.setTable(st.model)
	case "Row", "Rows":
		st.setTable(st.model)
	default:
		st.Verb = "SELECT"
		if st.model != nil {
			st.setTable(st.model)
		} else if isObject {
			st.setTable(dest)
		}
		if s.Method != "FindInBatches" {
			st.inline(dest, args)
		}
	}
}

// keySet returns a literal as an object whose key is set all the same.
func keySet(o *value.Object) *value.Object {
	if o.Made != value.AsLiteral {
		return o
	}
	w := *o
	w.Made = value.Somehow
	return &w
}

// inline adds the conditions behind the destination: First(&x, "id = ?", id).
func (st *Statement) inline(dest value.Value, args []value.Value) {
	if len(args) < 2 {
		return
	}
	if o, ok := dest.(*value.Object); ok && st.model == nil {
		st.model = o
	}
	if value.IsPlaceholder(args[1]) {
		st.and(st.byKey(args[1].At().Pos))
		return
	}
	st.andIn(st.gormCondition(args[1:]))
}
