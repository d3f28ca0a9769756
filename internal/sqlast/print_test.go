package sqlast

import (
	"fmt"
	"strings"
)

// print writes a statement down so that a test can show its structure: every operator
// in parentheses, holes as {number}, a hole within a name as {}.
func print(n Node) string {
	switch n := n.(type) {
	case nil:
		return "–"
	case Expr:
		return printExpr(n)
	case TableExpr:
		return printTable(n)
	case Stmt:
		return printStmt(n)
	}
	return fmt.Sprintf("%T", n)
}

func holed(s string) string { return strings.ReplaceAll(s, HoleMark, "{}") }

func list[T any](items []T, one func(T) string) string {
	var parts []string
	for _, x := range items {
		parts = append(parts, one(x))
	}
	return strings.Join(parts, " ")
}

func exprs(items []Expr) string { return list(items, printExpr) }

func names(items []Name) string { return list(items, func(n Name) string { return holed(n.Text) }) }

func not(not bool, s string) string {
	if not {
		return "not-" + s
	}
	return s
}

func call(op string, items ...Expr) string {
	s := "(" + op
	for _, e := range items {
		if e != nil {
			s += " " + printExpr(e)
		}
	}
	return s + ")"
}

func query(q *Select) string {
	if q == nil {
		return ""
	}
	return " [" + printStmt(q) + "]"
}

func printExpr(e Expr) string {
	switch e := e.(type) {
	case nil:
		return "–"
	case *ColumnRef:
		return holed(e.Name.String())
	case *Star:
		return strings.TrimPrefix(holed(e.Qualifier.String())+".*", ".")
	case *Param:
		s := "$" + holed(e.Name)
		if e.Nullable {
			s += "?"
		}
		if e.Slice {
			s += "…"
		}
		return s
	case *Literal:
		switch e.Kind {
		case StringLit:
			return "'" + holed(e.Value) + "'"
		case NumberLit:
			return e.Value
		}
		return [...]string{TrueLit: "true", FalseLit: "false", NullLit: "null", DefaultLit: "default"}[e.Kind]
	case *Hole:
		return fmt.Sprintf("{%d}", e.Index)
	case *FuncCall:
		return printCall(e)
	case *Binary:
		return call(holed(e.Op), e.Left, e.Right)
	case *Unary:
		return call(e.Op, e.Expr)
	case *And:
		return call("and", e.Exprs...)
	case *Or:
		return call("or", e.Exprs...)
	case *Not:
		return call("not", e.Expr)
	case *Is:
		return call("is-"+not(e.Not, e.Test), e.Expr)
	case *IsDistinct:
		return call(not(e.Not, "distinct"), e.Left, e.Right)
	case *In:
		return "(" + not(e.Not, "in") + " " + printExpr(e.Left) + " (" + exprs(e.List) + ")" + query(e.Query) + ")"
	case *Quantified:
		word := "any"
		if e.All {
			word = "all"
		}
		if e.Query != nil {
			return "(" + e.Op + "-" + word + " " + printExpr(e.Left) + query(e.Query) + ")"
		}
		return call(e.Op+"-"+word, e.Left, e.Array)
	case *Between:
		return call(not(e.Not, "between"), e.Expr, e.Low, e.High)
	case *Like:
		return call(not(e.Not, e.Op), e.Left, e.Pattern, e.Escape)
	case *Row:
		return call("row", e.Exprs...)
	case *Case:
		s := "(case"
		if e.Operand != nil {
			s += " " + printExpr(e.Operand)
		}
		for _, w := range e.Whens {
			s += " " + printExpr(w.Cond) + ":" + printExpr(w.Result)
		}
		if e.Else != nil {
			s += " else:" + printExpr(e.Else)
		}
		return s + ")"
	case *Cast:
		t := e.Type.Name
		if e.Type.Args != "" {
			t += "(" + e.Type.Args + ")"
		}
		if e.Type.Array {
			t += "[]"
		}
		return printExpr(e.Expr) + "::" + holed(t)
	case *Collate:
		return call("collate-"+e.Name.String(), e.Expr)
	case *Exists:
		return "(exists" + query(e.Query) + ")"
	case *Subquery:
		return strings.TrimSpace(query(e.Query))
	case *Array:
		return "(array " + exprs(e.Elems) + query(e.Query) + ")"
	case *Index:
		return call("index", e.Expr, e.Low, e.High)
	case *Field:
		return call("field-"+e.Name.Text, e.Expr)
	case *Interval:
		return call("interval-"+e.Unit, e.Expr)
	case *Unknown:
		return call("unknown", e.Exprs...)
	}
	return fmt.Sprintf("%T", e)
}

func printCall(f *FuncCall) string {
	s := holed(f.Name.String()) + "("
	if f.Distinct {
		s += "distinct "
	}
	s += exprs(f.Args)
	if f.Order != nil {
		s += " order " + printOrder(f.Order)
	}
	s += ")"
	if f.Within != nil {
		s += " within " + printOrder(f.Within)
	}
	if f.Filter != nil {
		s += " filter " + printExpr(f.Filter)
	}
	if f.Over != nil {
		s += " over " + printWindow(*f.Over)
	}
	return s
}

func printWindow(w Window) string {
	s := "<" + w.Name.Text
	if w.Partition != nil {
		s += " by " + exprs(w.Partition)
	}
	if w.Order != nil {
		s += " order " + printOrder(w.Order)
	}
	if w.Frame != nil {
		s += " frame " + exprs(w.Frame)
	}
	return s + ">"
}

func printOrder(items []OrderItem) string {
	return list(items, func(o OrderItem) string {
		if o.Desc {
			return printExpr(o.Expr) + "↓"
		}
		return printExpr(o.Expr)
	})
}

func printTargets(items []Target) string {
	return list(items, func(t Target) string {
		if t.Alias.Text != "" {
			return printExpr(t.Expr) + "→" + holed(t.Alias.Text)
		}
		return printExpr(t.Expr)
	})
}

func alias(a Name, columns []Name) string {
	s := ""
	if a.Text != "" {
		s = "→" + holed(a.Text)
	}
	if columns != nil {
		s += "(" + names(columns) + ")"
	}
	return s
}

func printTable(t TableExpr) string {
	lateral := func(on bool) string {
		if on {
			return "lateral "
		}
		return ""
	}
	switch t := t.(type) {
	case *TableRef:
		if t == nil {
			return "–"
		}
		s := holed(t.Name.String())
		if t.Only {
			s = "only " + s
		}
		return s + alias(t.Alias, t.Columns)
	case *Derived:
		return lateral(t.Lateral) + strings.TrimSpace(query(t.Query)) + alias(t.Alias, t.Columns)
	case *FuncTable:
		return lateral(t.Lateral) + exprs(t.Funcs) + alias(t.Alias, t.Columns)
	case *Join:
		kind := [...]string{"join", "left", "right", "full", "cross"}[t.Kind]
		if t.Natural {
			kind = "natural-" + kind
		}
		s := "(" + kind + " " + printTable(t.Left) + " " + printTable(t.Right)
		if t.On != nil {
			s += " on " + printExpr(t.On)
		}
		if t.Using != nil {
			s += " using " + names(t.Using)
		}
		return s + ")" + alias(t.Alias, nil)
	}
	return fmt.Sprintf("%T", t)
}

var clauseNames = [...]string{"", "targets", "from", "set", "where", "group", "having", "order", "limit", "returning", "conflict"}

// clauses collects the parts of a statement that are there.
type clauses []string

func (c *clauses) add(name, s string) {
	if s != "" {
		*c = append(*c, strings.TrimSpace(name+" "+s))
	}
}

func (c *clauses) expr(name string, e Expr) {
	if e != nil {
		c.add(name, printExpr(e))
	}
}

func (c *clauses) holes(holes []*Hole) {
	for _, h := range holes {
		c.add("after-"+clauseNames[h.After], printExpr(h))
	}
}

func (c *clauses) with(w *With) {
	if w == nil {
		return
	}
	for _, cte := range w.CTEs {
		c.add("with", holed(cte.Name.Text)+alias(Name{}, cte.Columns)+" ["+printStmt(cte.Query)+"]")
	}
}

func printAssigns(items []Assign) string {
	return list(items, func(a Assign) string {
		cols := list(a.Columns, func(c *ColumnRef) string { return holed(c.Name.String()) })
		if a.Columns == nil {
			return printExpr(a.Value)
		}
		return "(= " + cols + " " + print(a.Value) + ")"
	})
}

func printStmt(s Stmt) string {
	var c clauses
	switch s := s.(type) {
	case *Select:
		c.with(s.With)
		if s.Op != NoSetOp {
			op := [...]string{Union: "union", Intersect: "intersect", Except: "except"}[s.Op]
			if s.All {
				op += "-all"
			}
			c.add(op, strings.TrimSpace(query(s.Left)+query(s.Right)))
		}
		if s.Distinct {
			c = append(c, strings.TrimSpace("distinct "+exprs(s.DistinctOn)))
		}
		c.add("select", printTargets(s.Targets))
		if s.Into != nil {
			c.add("into", printTable(s.Into))
		}
		c.add("from", list(s.From, printTable))
		c.expr("where", s.Where)
		c.add("group", exprs(s.GroupBy))
		c.expr("having", s.Having)
		c.add("window", list(s.Windows, printWindow))
		c.add("values", list(s.Values, func(row []Expr) string { return "(" + exprs(row) + ")" }))
		c.add("order", printOrder(s.Order))
		c.expr("limit", s.Limit)
		c.expr("offset", s.Offset)
		c.add("for", list(s.Locks, func(l Lock) string {
			text := strings.TrimSpace(l.Strength + " " + list(l.Of, QName.String))
			if l.SkipLocked {
				text += " skip locked"
			}
			return text
		}))
		c.holes(s.Holes)
	case *Insert:
		c.with(s.With)
		c.add("insert", printTable(s.Table)+"("+names(s.Columns)+")")
		c.add("", strings.TrimSpace(query(s.Query)))
		c.add("set", printAssigns(s.Set))
		for _, o := range s.OnConflict {
			c.add("conflict", "("+exprs(o.Target)+o.Constraint.Text+")")
			c.expr("where", o.Where)
			c.add("set", printAssigns(o.Set))
			c.expr("where", o.SetWhere)
		}
		c.add("duplicate", printAssigns(s.OnDuplicate))
		c.add("returning", printTargets(s.Returning))
		c.holes(s.Holes)
	case *Update:
		c.with(s.With)
		c.add("update", list(s.Tables, printTable))
		c.add("set", printAssigns(s.Set))
		c.add("from", list(s.From, printTable))
		c.expr("where", s.Where)
		c.add("current", s.CurrentOf.Text)
		c.add("order", printOrder(s.Order))
		c.expr("limit", s.Limit)
		c.add("returning", printTargets(s.Returning))
		c.holes(s.Holes)
	case *Delete:
		c.with(s.With)
		c.add("delete", list(s.Tables, func(t *TableRef) string { return printTable(t) }))
		c.add("from", list(s.From, printTable))
		c.expr("where", s.Where)
		c.add("current", s.CurrentOf.Text)
		c.add("order", printOrder(s.Order))
		c.expr("limit", s.Limit)
		c.add("returning", printTargets(s.Returning))
		c.holes(s.Holes)
	case *Merge:
		c.with(s.With)
		c.add("merge", printTable(s.Into)+" using "+print(s.Using)+" on "+print(s.On))
		for _, w := range s.Whens {
			when := not(!w.Matched, "matched")
			if w.BySource {
				when += "-by-source"
			}
			c.add("when", when)
			c.expr("and", w.Cond)
			c.add([...]string{"nothing", "insert", "update", "delete"}[w.Action], strings.TrimSpace(printAssigns(w.Set)+" "+
				names(w.Columns)+" ("+exprs(w.Values)+")"))
		}
		c.add("returning", printTargets(s.Returning))
		c.holes(s.Holes)
	case *Set:
		if s.Local {
			c = append(c, "local")
		}
		c.add("set", s.Name+" "+exprs(s.Values))
	case *Truncate:
		c.add("truncate", list(s.Tables, func(t *TableRef) string { return printTable(t) }))
	case *Copy:
		c.add("copy", fmt.Sprint(printTable(s.Table), "(", names(s.Columns), ") from ", s.From))
		if s.Query != nil {
			c.add("", printStmt(s.Query))
		}
	case *Other:
		c.add("other", s.Keywords)
		if s.Inner != nil {
			c.add("", "["+printStmt(s.Inner)+"]")
		}
	default:
		return fmt.Sprintf("%T", s)
	}
	return strings.Join(c, " ")
}
