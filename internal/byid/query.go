package byid

import (
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
)

const (
	maxWork  = 100_000_000 // on statements, in steps of a few nanoseconds
	maxLooks = 10_000_000  // at expressions
)

// sites finds the queries that load rows for their tenant, and those that change some by id.
func (r *reader) sites(queries *sqltext.Result) {
	db := r.pass.ResultOf[schema.Analyzer].(*schema.Database).With(queries.Definitions(), r.config.Tenant)
	if !db.HasTenants() {
		return
	}
	r.tenants = TenantColumns(db)
	for _, site := range queries.Sites {
		if site.Call == nil || site.Func == nil {
			continue
		}
		if call := r.code.Call(site.Call); call != nil && !call.In.File.Test {
			r.site(site, call, db)
		}
	}
}

// site notes the events of a query: the loads if all of its texts are limited to a tenant,
// else those of anybody's rows, and the changes.
func (r *reader) site(site *sqltext.Site, call *flow.Call, db *schema.Database) {
	dialect := db.Dialect
	if site.Dialect.Known {
		dialect = site.Dialect.Dialect
	}
	var loads, anybodys, changes []event
	open := false
	for _, text := range site.Texts {
		file := sqlast.Read(text.SQL, sqlast.Options{Dialect: dialect})
		for _, stmt := range file.Stmts {
			verdicts := tenancy.Judge(stmt, db, tenancy.Options{StrictJoins: r.config.Tenant.StrictJoins, Work: &r.work})
			for i, v := range verdicts {
				e := event{Deed: Deed{Query: site.Name, Tables: []string{v.Table.Name}, Param: -1}, call: call}
				if v.FoundBy != nil {
					e.ids, e.Own = r.idsOf(site, text, stmt, v.FoundBy), v.Tier == tenancy.ByID
				}
				if v.FoundBy != nil && len(e.ids) == 0 && !returnsRows(stmt) {
					e.ids = r.idsOf(r.prepared(site, call), text, stmt, v.FoundBy)
				}
				if v.FoundBy != nil && changesRows(verdicts, i) {
					at := change{site, v.Table.Name}
					fixed, known := r.fixed[at]
					r.fixed[at] = (fixed || !known) && r.isFixed(site, text, stmt, v.FoundBy)
				}
				made, by := makes(stmt, v)
				if by != nil {
					e.ids = r.idsOf(site, text, stmt, by)
				}
				switch {
				case v.Pinned && !v.Shared && (made || returnsRows(stmt)):
					e.Nil, e.Made = answers(stmt), made
					e.Key, e.Parents = keysOf(v, stmt), parentsIn(v.Table, db)
					loads = append(loads, e)
				case v.Pinned && !v.Shared && v.Write && len(e.ids) > 0:
					e.Counts = true
					loads = append(loads, e)
				case v.Pinned && !v.Shared:
				case (v.Shared || v.Leader == i || len(e.ids) > 0) && returnsRows(stmt) && !changesRows(verdicts, i):
					e.Any, e.Key, e.Parents = v.Shared || !v.Secret, keysOf(v, stmt), parentsIn(v.Table, db)
					e.within = r.withinOf(site, text, stmt, v)
					e.owner, e.columns = ownerOf(v, stmt)
					e.Owner = e.owner >= 0 && e.columns == 1
					anybodys = append(anybodys, e)
					open = true
				case len(e.ids) > 0 && v.Leader == i && changesRows(verdicts, i):
					if v.Tier == tenancy.ByParent {
						e.Tables, e.Of, e.By = parentsOf(v.Table), v.Table.Name, comparedWith(stmt, v.FoundBy)
					}
					e.Gives, e.inTx = returnsRows(stmt), site.Handle == dbapi.Tx
					e.owner, e.columns = ownerOf(v, stmt)
					e.Owner = e.owner >= 0 && e.columns == 1
					e.Change = r.changeOf(site, v.Table.Name)
					r.Package.changes[change{site, v.Table.Name}] = e.Change
					changes = append(changes, e)
					if v.Within != nil {
						e.Of, e.By = "", ""
						e.Tables, e.ids = parentsOf(v.Table), r.idsOf(site, text, stmt, v.Within)
						changes = append(changes, e)
					}
					open = true
				default:
					open = true
				}
			}
		}
	}
	if open {
		loads = nil
		if len(anybodys) > 0 && len(changes) == 0 && r.logsIn(call) {
			r.logins[site] = true
		}
	}
	r.events[site.Call] = append(r.events[site.Call], slices.Concat(loads, anybodys, changes)...)
}

// keyOf returns the primary key of the table that a verdict is about, and the names under which
// a query selects it.
func keyOf(v tenancy.Verdict, stmt sqlast.Stmt) []string {
	key := v.Table.PrimaryKey
	if len(key) == 0 {
		key = plainKey
	}
	s, ok := stmt.(*sqlast.Select)
	if !ok || len(key) != 1 {
		return key
	}
	for _, t := range s.Targets {
		c, ok := t.Expr.(*sqlast.ColumnRef)
		if !ok || t.Alias.Text == "" || !strings.EqualFold(c.Name.Last().Text, key[0]) {
			continue
		}
		if of := c.Name.Qualifier().Text; of == "" || strings.EqualFold(of, v.Ref.Ref().Text) {
			key = append(key[:len(key):len(key)], t.Alias.Text)
		}
	}
	return key
}

// keysOf returns the columns each of which finds one row of the table that a verdict is about, under the
// names by which a query selects them.
func keysOf(v tenancy.Verdict, stmt sqlast.Stmt) []string {
	keys := slices.Clone(keyOf(v, stmt))
	for _, k := range v.Table.Unique {
		if len(k.Columns) == 1 && v.Table.UniqueAlone(k.Columns[0]) {
			keys = append(keys, k.Columns[0])
		}
	}
	return keys
}

// comparedWith returns the column that a statement compares with a value.
func comparedWith(stmt sqlast.Stmt, value sqlast.Expr) (column string) {
	sqlast.Inspect(stmt, func(n sqlast.Node) bool {
		e, ok := n.(*sqlast.Binary)
		if !ok {
			return true
		}
		for _, sides := range [][2]sqlast.Expr{{e.Left, e.Right}, {e.Right, e.Left}} {
			c, is := sides[0].(*sqlast.ColumnRef)
			if at := sides[1].Bounds(); is && at.Start <= value.Bounds().Start && value.Bounds().End <= at.End {
				column = c.Name.Last().Text
			}
		}
		return true
	})
	return column
}

// changeOf names what a query does to a table, in the whole module.
func (r *reader) changeOf(site *sqltext.Site, table string) string {
	if site.Owner != nil { // whoever runs a shared text asks for one change
		return r.pass.Pkg.Path() + "." + site.Owner.Name() + " " + table
	}
	in := site.Func.Name.Name
	if fn, ok := r.info.Defs[site.Func.Name].(*types.Func); ok {
		in = fn.FullName()
	}
	return in + " " + strconv.Itoa(int(site.Call.Pos()-site.Func.Pos())) + " " + table
}

// makes reports whether a statement makes the row of a verdict, and no other's has its place;
// by is the key of the row, where the statement gives it.
func makes(stmt sqlast.Stmt, v tenancy.Verdict) (made bool, by sqlast.Expr) {
	s, ok := stmt.(*sqlast.Insert)
	if !ok || !v.Pinned || s.Table != v.Ref || len(s.OnConflict)+len(s.OnDuplicate) > 0 {
		return false, nil
	}
	if key := keyOf(v, stmt); len(key) == 1 && s.Query != nil && len(s.Query.Values) == 1 {
		values := s.Query.Values[0]
		if i := slices.IndexFunc(s.Columns, func(c sqlast.Name) bool { return strings.EqualFold(c.Text, key[0]) }); i >= 0 && i < len(values) {
			by = values[i]
		}
	}
	return true, by
}

// ownerOf returns which of the columns that a query selects is the tenant of the verdict's row,
// -1 if none is, and how many they are.
func ownerOf(v tenancy.Verdict, stmt sqlast.Stmt) (i, columns int) {
	var targets []sqlast.Target
	switch s := stmt.(type) {
	case *sqlast.Select:
		targets = s.Targets
	case *sqlast.Update:
		targets = s.Returning
	case *sqlast.Delete:
		targets = s.Returning
	}
	return slices.IndexFunc(targets, func(t sqlast.Target) bool {
		c, ok := t.Expr.(*sqlast.ColumnRef)
		return ok && v.Table.HasTenant(c.Name.Last().Text)
	}), len(targets)
}

// changesRows reports whether the statement changes rows that the predicate of a verdict
// would pin.
func changesRows(verdicts []tenancy.Verdict, leader int) bool {
	return slices.ContainsFunc(verdicts, func(v tenancy.Verdict) bool { return v.Leader == leader && v.Write && !v.Pinned })
}

// parentsOf returns the tables that the rows of a table belong to, as far as keys say so.
func parentsOf(t *schema.Table) (names []string) {
	for _, key := range t.ForeignKeys {
		names = append(names, key.RefTable)
	}
	return names
}

// returnsRows reports whether a statement lets the program know whether there is a row.
func returnsRows(stmt sqlast.Stmt) bool {
	switch s := stmt.(type) {
	case *sqlast.Select:
		return true
	case *sqlast.Insert:
		return len(s.Returning) > 0
	case *sqlast.Update:
		return len(s.Returning) > 0
	case *sqlast.Delete:
		return len(s.Returning) > 0
	}
	return false
}

// answers reports whether a query has one row in any case, which says if there is another, as
// EXISTS and count do.
func answers(stmt sqlast.Stmt) bool {
	s, ok := stmt.(*sqlast.Select)
	if !ok || len(s.Targets) != 1 {
		return false
	}
	switch s.Targets[0].Expr.(type) {
	case *sqlast.Exists, *sqlast.FuncCall:
		return true
	}
	return false
}

// idsOf returns what the value in a query is written as in Go.
func (r *reader) idsOf(site *sqltext.Site, text *sqltext.Text, stmt sqlast.Stmt, by sqlast.Expr) []source {
	if e, path := r.argumentFor(site, text, stmt, by); e != nil {
		return r.sourcesOf(e, path)
	}
	return nil
}

// withinOf returns what the key of the rows' parent in a query is written as in Go.
func (r *reader) withinOf(site *sqltext.Site, text *sqltext.Text, stmt sqlast.Stmt, v tenancy.Verdict) []source {
	by := v.Within
	if by == nil && v.Tier == tenancy.ByParent {
		by = v.FoundBy
	}
	if by == nil {
		return nil
	}
	return r.idsOf(site, text, stmt, by)
}

// isFixed reports whether the value in a query is always the same: it stands in the text, or is
// a constant or a variable of a package.
func (r *reader) isFixed(site *sqltext.Site, text *sqltext.Text, stmt sqlast.Stmt, by sqlast.Expr) bool {
	if lit, ok := by.(*sqlast.Literal); ok {
		return !strings.Contains(lit.Value, sqlast.HoleMark)
	}
	e, path := r.argumentFor(site, text, stmt, by)
	return e != nil && len(path) == 0 && !r.varies(e) && !r.info.Types[e].IsNil()
}

// argumentFor returns the argument that the value in a query is, or a field of one.
func (r *reader) argumentFor(site *sqltext.Site, text *sqltext.Text, stmt sqlast.Stmt, by sqlast.Expr) (e ast.Expr, path []string) {
	at := by.Bounds().Start
	p, ok := by.(*sqlast.Param)
	switch n, err := strconv.Atoi(name(p)); {
	case !ok:
	case err == nil && text.SQL[at] == '$':
		if 0 < n && n <= len(site.Args) {
			return site.Args[n-1], nil
		}
		return nil, nil
	case p.Name != "":
		return r.named(site.Call, p.Name)
	case len(site.Args) > 0 && site.Form != sqltext.Builder:
		// Where a value stands in the text itself, such as NULL, the text has fewer marks.
		if n := marksBefore(stmt, at); n < len(site.Args) && marksBefore(stmt, math.MaxInt) >= len(site.Args) {
			return site.Args[n], nil
		}
	}
	return r.argumentAt(site.Func.Body, text.Pos(at)), nil
}

// prepared returns the site of a statement that is prepared, with the arguments of the one call
// that runs it.
func (r *reader) prepared(site *sqltext.Site, call *flow.Call) *sqltext.Site {
	run := *site
	stores := r.code.From(call.Expr)
	if call.Fn == nil || !strings.HasPrefix(call.Fn.Name(), "Prepare") || len(stores) == 0 || stores[0].To == nil {
		return &run
	}
	for _, use := range r.code.Mentions(stores[0].To) {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		if !ok || sel.X != use.Node() || !strings.HasPrefix(strings.TrimPrefix(sel.Sel.Name, "Must"), "Exec") {
			continue
		}
		exec, ok := use.Parent().Parent().Node().(*ast.CallExpr)
		if !ok || run.Args != nil || exec.Ellipsis.IsValid() {
			return site // it runs again, with another id
		}
		run.Args = exec.Args
		if strings.HasSuffix(sel.Sel.Name, "Context") && len(run.Args) > 0 {
			run.Args = run.Args[1:]
		}
	}
	return &run
}

func name(p *sqlast.Param) string {
	if p == nil {
		return ""
	}
	return p.Name
}

// marksBefore counts the question marks of a statement before an offset.
func marksBefore(stmt sqlast.Stmt, offset int) (n int) {
	sqlast.Inspect(stmt, func(x sqlast.Node) bool {
		if p, ok := x.(*sqlast.Param); ok && p.Name == "" && p.Start < offset {
			n++
		}
		return true
	})
	return n
}

// named returns the argument of a name: in a map, in a struct with tags, or with the name before it.
func (r *reader) named(call *ast.CallExpr, name string) (e ast.Expr, path []string) {
	is := func(e ast.Expr) bool { return flow.Text(r.info, e) == name }
	for _, arg := range call.Args {
		switch x := ast.Unparen(arg).(type) {
		case *ast.CompositeLit:
			for _, elt := range x.Elts {
				if kv, ok := elt.(*ast.KeyValueExpr); ok && is(kv.Key) {
					return kv.Value, nil
				}
			}
		case *ast.CallExpr:
			if len(x.Args) == 2 && is(x.Args[0]) {
				return x.Args[1], nil
			}
		}
		if field := fieldTagged(r.info.TypeOf(arg), name); field != "" {
			return arg, []string{field}
		}
	}
	return nil, nil
}

// fieldTagged returns the field of a struct, or of what a pointer leads to, that stands for a
// column.
func fieldTagged(t types.Type, column string) string {
	if t == nil {
		return ""
	}
	t = flow.Pointee(t)
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	for i := range s.NumFields() {
		tag, _, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("db"), ",")
		if tag == column || tag == "" && strings.EqualFold(s.Field(i).Name(), column) {
			return s.Field(i).Name()
		}
	}
	return ""
}

// argumentAt returns the argument of a call, the row that a method is called on, or the element
// of a literal, that begins at the position. If the position is that of a question mark in a text,
// it returns the argument for that; if it is that of a method's name, the method's first.
func (r *reader) argumentAt(body *ast.BlockStmt, pos token.Pos) ast.Expr {
	var found ast.Expr
	r.inspect(body, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos || found != nil {
			return false
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			sel, method := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			switch {
			case method && sel.Sel.Pos() == pos && len(n.Args) > 0:
				found = n.Args[0]
			case method && sel.X.Pos() == pos && model.Boiled(r.info.TypeOf(sel.X)):
				found = sel.X
			}
			for i, arg := range n.Args {
				lit, ok := arg.(*ast.BasicLit)
				switch {
				case arg.Pos() == pos:
					found = arg
				case ok && lit.Pos() < pos && pos < lit.End() && lit.Kind == token.STRING && !n.Ellipsis.IsValid():
					if i += 1 + strings.Count(lit.Value[:pos-lit.Pos()], "?"); i < len(n.Args) {
						found = n.Args[i]
					}
				}
			}
		case *ast.KeyValueExpr:
			if n.Value.Pos() == pos {
				found = n.Value
			}
		}
		return found == nil
	})
	return found
}

// inspect is ast.Inspect within the bound.
func (r *reader) inspect(root ast.Node, visit func(ast.Node) bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		r.looks--
		return r.looks > 0 && visit(n)
	})
}
