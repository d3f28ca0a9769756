package sqlast

// Inspect calls visit for n and then, if visit returns true, for everything below
// it. It enters subqueries and CTEs too. The items of lists come in the order of the
// text. The targets of a multi-table DELETE are left out: they only name items of its
// FROM. n may be nil.
func Inspect(n Node, visit func(Node) bool) {
	w := walker{visit: visit, leave: func(Node) {}}
	w.node(n)
}

// walker visits nodes.
type walker struct {
	visit func(Node) bool
	leave func(Node) // called after every statement and CTE that was visited
	depth int        // how many CTEs, derived tables and subqueries it is in
}

func (w *walker) node(n Node) {
	switch n := n.(type) {
	case Expr:
		w.expr(n)
	case TableExpr:
		w.table(n)
	case Stmt:
		w.stmt(n)
	case *CTE:
		w.cte(n)
	}
}

func (w *walker) exprs(list []Expr) {
	for _, e := range list {
		w.expr(e)
	}
}

func (w *walker) order(list []OrderItem) {
	for _, o := range list {
		w.expr(o.Expr)
	}
}

func (w *walker) targets(list []Target) {
	for _, t := range list {
		w.expr(t.Expr)
	}
}

func (w *walker) assigns(list []Assign) {
	for _, a := range list {
		for _, c := range a.Columns {
			w.expr(c)
		}
		w.expr(a.Value)
	}
}

func (w *walker) holes(list []*Hole) {
	for _, h := range list {
		w.visit(h)
	}
}

func (w *walker) tables(list []TableExpr) {
	for _, t := range list {
		w.table(t)
	}
}

func (w *walker) query(q *Select) {
	if q != nil {
		w.stmt(q)
	}
}

// nested visits a query with a scope of its own.
func (w *walker) nested(s Stmt) {
	w.depth++
	w.stmt(s)
	w.depth--
}

func (w *walker) subquery(q *Select) {
	if q != nil {
		w.nested(q)
	}
}

func (w *walker) ref(t *TableRef) {
	if t != nil {
		w.visit(t)
	}
}

func (w *walker) refs(list []*TableRef) {
	for _, t := range list {
		w.ref(t)
	}
}

func (w *walker) with(with *With) {
	if with == nil {
		return
	}
	for _, c := range with.CTEs {
		w.cte(c)
	}
}

func (w *walker) cte(c *CTE) {
	if w.visit(c) {
		w.nested(c.Query)
		w.leave(c)
	}
}

func (w *walker) expr(e Expr) {
	if e == nil || !w.visit(e) {
		return
	}
	switch e := e.(type) {
	case *FuncCall:
		w.call(e)
	case *Binary:
		w.expr(e.Left)
		w.expr(e.Right)
	case *Unary:
		w.expr(e.Expr)
	case *And:
		w.exprs(e.Exprs)
	case *Or:
		w.exprs(e.Exprs)
	case *Not:
		w.expr(e.Expr)
	case *Is:
		w.expr(e.Expr)
	case *IsDistinct:
		w.expr(e.Left)
		w.expr(e.Right)
	case *In:
		w.expr(e.Left)
		w.exprs(e.List)
		w.subquery(e.Query)
	case *Quantified:
		w.expr(e.Left)
		w.expr(e.Array)
		w.subquery(e.Query)
	case *Between:
		w.expr(e.Expr)
		w.expr(e.Low)
		w.expr(e.High)
	case *Like:
		w.expr(e.Left)
		w.expr(e.Pattern)
		w.expr(e.Escape)
	case *Row:
		w.exprs(e.Exprs)
	case *Case:
		w.expr(e.Operand)
		for _, arm := range e.Whens {
			w.expr(arm.Cond)
			w.expr(arm.Result)
		}
		w.expr(e.Else)
	case *Cast:
		w.expr(e.Expr)
	case *Collate:
		w.expr(e.Expr)
	case *Exists:
		w.subquery(e.Query)
	case *Subquery:
		w.subquery(e.Query)
	case *Array:
		w.exprs(e.Elems)
		w.subquery(e.Query)
	case *Index:
		w.expr(e.Expr)
		w.expr(e.Low)
		w.expr(e.High)
	case *Field:
		w.expr(e.Expr)
	case *Interval:
		w.expr(e.Expr)
	case *Unknown:
		w.exprs(e.Exprs)
	}
}

func (w *walker) call(f *FuncCall) {
	w.exprs(f.Args)
	w.order(f.Order)
	w.order(f.Within)
	w.expr(f.Filter)
	if f.Over != nil {
		w.window(f.Over)
	}
}

func (w *walker) window(d *Window) {
	w.exprs(d.Partition)
	w.order(d.Order)
	w.exprs(d.Frame)
}

func (w *walker) table(t TableExpr) {
	if t == nil || !w.visit(t) {
		return
	}
	switch t := t.(type) {
	case *Derived:
		w.subquery(t.Query)
	case *FuncTable:
		w.exprs(t.Funcs)
	case *Join:
		w.table(t.Left)
		w.table(t.Right)
		w.expr(t.On)
	}
}

func (w *walker) stmt(s Stmt) {
	if s == nil || !w.visit(s) {
		return
	}
	switch s := s.(type) {
	case *Select:
		w.sel(s)
	case *Insert:
		w.insert(s)
	case *Update:
		w.with(s.With)
		w.tables(s.Tables)
		w.assigns(s.Set)
		w.tables(s.From)
		w.rows(&s.Rows)
	case *Delete:
		w.with(s.With)
		if !s.Multi {
			w.refs(s.Tables)
		}
		w.tables(s.From)
		w.rows(&s.Rows)
	case *Merge:
		w.merge(s)
	case *Truncate:
		w.refs(s.Tables)
	case *Copy:
		w.ref(s.Table)
		w.stmt(s.Query)
		w.expr(s.Where)
	case *Set:
		w.exprs(s.Values)
	case *Other:
		w.stmt(s.Inner)
	default:
		w.ddl(s)
	}
	w.leave(s)
}

func (w *walker) sel(s *Select) {
	w.with(s.With)
	w.query(s.Left)
	w.query(s.Right)
	w.exprs(s.DistinctOn)
	w.targets(s.Targets)
	w.ref(s.Into)
	w.tables(s.From)
	w.expr(s.Where)
	w.exprs(s.GroupBy)
	w.expr(s.Having)
	for _, d := range s.Windows {
		w.window(&d)
	}
	for _, row := range s.Values {
		w.exprs(row)
	}
	w.order(s.Order)
	w.expr(s.Limit)
	w.expr(s.Offset)
	w.holes(s.Holes)
}

func (w *walker) insert(s *Insert) {
	w.with(s.With)
	w.ref(s.Table)
	w.query(s.Query)
	w.assigns(s.Set)
	for _, c := range s.OnConflict {
		w.exprs(c.Target)
		w.expr(c.Where)
		w.assigns(c.Set)
		w.expr(c.SetWhere)
	}
	w.assigns(s.OnDuplicate)
	w.targets(s.Returning)
	w.holes(s.Holes)
}

func (w *walker) rows(s *Rows) {
	w.expr(s.Where)
	w.order(s.Order)
	w.expr(s.Limit)
	w.targets(s.Returning)
	w.holes(s.Holes)
}

func (w *walker) merge(s *Merge) {
	w.with(s.With)
	w.ref(s.Into)
	w.table(s.Using)
	w.expr(s.On)
	for _, arm := range s.Whens {
		w.expr(arm.Cond)
		w.assigns(arm.Set)
		w.exprs(arm.Values)
	}
	w.targets(s.Returning)
	w.holes(s.Holes)
}

func (w *walker) ddl(s Stmt) {
	switch s := s.(type) {
	case *CreateTable:
		for _, c := range s.Columns {
			w.column(c)
		}
		for _, c := range s.Constraints {
			w.constraint(c)
		}
		w.exprs(s.PartitionBy)
		w.query(s.As)
		w.holes(s.Holes)
	case *AlterTable:
		for _, a := range s.Actions {
			w.column(a.Column)
			w.constraint(a.Constraint)
		}
	case *CreateIndex:
		w.exprs(s.Keys)
		w.expr(s.Where)
	case *CreateView:
		w.query(s.Query)
	case *Policy:
		w.expr(s.Using)
		w.expr(s.Check)
	}
}

func (w *walker) column(c *ColumnDef) {
	if c != nil {
		w.expr(c.Default)
		w.expr(c.Generated)
		w.expr(c.Check)
	}
}

func (w *walker) constraint(c *Constraint) {
	if c != nil {
		w.exprs(c.Exprs)
		w.expr(c.Check)
	}
}
