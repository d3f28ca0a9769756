package oracle

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v6"
	pgquery "github.com/wasilibs/go-pgquery"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Postgres reads sql with PostgreSQL's parser.
func Postgres(sql string) Verdict {
	tree, err := pgquery.Parse(sql)
	if err != nil {
		return Verdict{Err: err}
	}
	var c pgCollector
	for _, s := range tree.Stmts {
		c.stmt(s.Stmt)
		c.ddl = append(c.ddl, pgDDL(s.Stmt)...)
	}
	sortUses(c.uses)
	return Verdict{Uses: c.uses, DDL: c.ddl}
}

type pgCollector struct {
	uses  []Use
	ddl   []string
	ctes  []string // those visible
	depth int
}

// stmt collects from a statement at the top. Of DDL only the queries in it hold
// references.
func (c *pgCollector) stmt(n *pg.Node) {
	switch s := n.Node.(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt,
		*pg.Node_MergeStmt, *pg.Node_TruncateStmt, *pg.Node_CopyStmt, *pg.Node_ExplainStmt,
		*pg.Node_PrepareStmt, *pg.Node_DeclareCursorStmt:
		c.node(n)
	case *pg.Node_ViewStmt:
		c.node(s.ViewStmt.Query) // of a recursive one it is a WITH
	case *pg.Node_CreatePolicyStmt:
		c.node(s.CreatePolicyStmt.Qual)
		c.node(s.CreatePolicyStmt.WithCheck)
	case *pg.Node_AlterPolicyStmt:
		c.node(s.AlterPolicyStmt.Qual)
		c.node(s.AlterPolicyStmt.WithCheck)
	case *pg.Node_CreateTableAsStmt:
		c.node(s.CreateTableAsStmt.Query)
	}
}

func (c *pgCollector) node(n *pg.Node) {
	if n != nil {
		c.message(n.ProtoReflect())
	}
}

func (c *pgCollector) message(m protoreflect.Message) {
	ctes := len(c.ctes)
	defer func() { c.ctes = c.ctes[:ctes] }()
	switch s := m.Interface().(type) {
	case *pg.RangeVar:
		c.ref(s)
		return
	case *pg.LockingClause:
		return // it names what FROM holds
	case *pg.Node:
		switch s.Node.(type) {
		case *pg.Node_ExplainStmt:
			c.stmt(s.GetExplainStmt().Query)
			return
		}
	case *pg.MultiAssignRef:
		if s.Colno > 1 {
			return // the first has the same source
		}
	}
	if with := m.Descriptor().Fields().ByName("with_clause"); with != nil && m.Has(with) {
		c.with(m.Get(with).Message().Interface().(*pg.WithClause))
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Kind() != protoreflect.MessageKind || f.Name() == "with_clause" {
			return true
		}
		nested := f.Name() == "subselect" || f.Name() == "subquery" || m.Descriptor().Name() == "JsonArrayQueryConstructor" && f.Name() == "query"
		if nested {
			c.depth++
		}
		if f.IsList() {
			list := v.List()
			for i := range list.Len() {
				c.message(list.Get(i).Message())
			}
		} else {
			c.message(v.Message())
		}
		if nested {
			c.depth--
		}
		return true
	})
}

func (c *pgCollector) with(w *pg.WithClause) {
	if w.Recursive {
		for _, n := range w.Ctes {
			c.ctes = append(c.ctes, n.GetCommonTableExpr().Ctename)
		}
	}
	for _, n := range w.Ctes {
		cte := n.GetCommonTableExpr()
		c.depth++
		c.node(cte.Ctequery)
		c.depth--
		c.ctes = append(c.ctes, cte.Ctename)
	}
}

func (c *pgCollector) ref(r *pg.RangeVar) {
	name := rangeName(r)
	if r.Schemaname == "" && slices.Contains(c.ctes, name) {
		return
	}
	c.uses = append(c.uses, Use{name, r.Alias.GetAliasname(), c.depth})
}

func rangeName(r *pg.RangeVar) string {
	name := r.Relname
	if r.Schemaname != "" {
		name = r.Schemaname + "." + name
	}
	if r.Catalogname != "" {
		name = r.Catalogname + "." + name
	}
	return name
}
