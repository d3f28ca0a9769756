package oracle

import (
	"fmt"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v6"
)

var pgAlterKinds = map[pg.AlterTableType]string{
	pg.AlterTableType_AT_DropColumn: "drop column", pg.AlterTableType_AT_SetNotNull: "set not null",
	pg.AlterTableType_AT_DropNotNull: "drop not null", pg.AlterTableType_AT_DropConstraint: "drop constraint",
	pg.AlterTableType_AT_EnableRowSecurity: "enable rls", pg.AlterTableType_AT_DisableRowSecurity: "disable rls",
	pg.AlterTableType_AT_ForceRowSecurity: "force rls", pg.AlterTableType_AT_NoForceRowSecurity: "no force rls",
	pg.AlterTableType_AT_AttachPartition: "attach", pg.AlterTableType_AT_DetachPartition: "detach",
	pg.AlterTableType_AT_AddInherit: "inherit", pg.AlterTableType_AT_DropInherit: "no inherit",
}

var pgConstraintKinds = map[pg.ConstrType]string{
	pg.ConstrType_CONSTR_PRIMARY: "primary key", pg.ConstrType_CONSTR_UNIQUE: "unique",
	pg.ConstrType_CONSTR_FOREIGN: "foreign key", pg.ConstrType_CONSTR_CHECK: "check",
	pg.ConstrType_CONSTR_EXCLUSION: "exclude", pg.ConstrType_CONSTR_NOTNULL: "not null",
}

var pgDropKinds = map[pg.ObjectType]string{
	pg.ObjectType_OBJECT_TABLE: "table", pg.ObjectType_OBJECT_FOREIGN_TABLE: "table", pg.ObjectType_OBJECT_VIEW: "view",
	pg.ObjectType_OBJECT_MATVIEW: "materialized view", pg.ObjectType_OBJECT_INDEX: "index", pg.ObjectType_OBJECT_SCHEMA: "schema",
}

// pgDDL writes down what a statement defines.
func pgDDL(n *pg.Node) []string {
	switch s := n.Node.(type) {
	case *pg.Node_CreateStmt:
		return pgCreate(s.CreateStmt)
	case *pg.Node_CreateForeignTableStmt:
		return pgCreate(s.CreateForeignTableStmt.BaseStmt)
	case *pg.Node_CreateTableAsStmt:
		return pgCreateAs(s.CreateTableAsStmt)
	case *pg.Node_AlterTableStmt:
		return pgAlter(s.AlterTableStmt)
	case *pg.Node_RenameStmt:
		return pgRename(s.RenameStmt)
	case *pg.Node_AlterObjectSchemaStmt:
		return pgSetSchema(s.AlterObjectSchemaStmt)
	case *pg.Node_IndexStmt:
		return pgIndex(s.IndexStmt)
	case *pg.Node_ViewStmt:
		return []string{fmt.Sprintf("view %s materialized false", rangeName(s.ViewStmt.View))}
	case *pg.Node_DropStmt:
		return pgDrop(s.DropStmt)
	case *pg.Node_CreateSchemaStmt:
		return []string{"schema " + s.CreateSchemaStmt.Schemaname}
	case *pg.Node_CreatedbStmt:
		return []string{"schema " + s.CreatedbStmt.Dbname}
	case *pg.Node_DropdbStmt:
		return []string{"drop schema " + s.DropdbStmt.Dbname}
	case *pg.Node_CreatePolicyStmt:
		return pgCreatePolicy(s.CreatePolicyStmt)
	case *pg.Node_AlterPolicyStmt:
		return pgAlterPolicy(s.AlterPolicyStmt)
	}
	return nil
}

func pgSetSchema(s *pg.AlterObjectSchemaStmt) []string {
	if s.ObjectType != pg.ObjectType_OBJECT_TABLE && s.ObjectType != pg.ObjectType_OBJECT_FOREIGN_TABLE {
		return nil
	}
	return []string{"alter table " + rangeName(s.Relation), "set schema " + s.Newschema}
}

func pgIndex(s *pg.IndexStmt) []string {
	return []string{fmt.Sprintf("index %s on %s unique %t keys %d where %t", s.Idxname, rangeName(s.Relation), s.Unique,
		len(s.IndexParams), s.WhereClause != nil)}
}

func pgCreatePolicy(s *pg.CreatePolicyStmt) []string {
	roles := len(s.Roles)
	if roles == 1 && s.Roles[0].GetRoleSpec().Location < 0 {
		roles = 0 // PUBLIC, which stands in for no roles
	}
	return []string{pgPolicy("create", s.PolicyName, s.Table, s.CmdName, !s.Permissive, roles, s.Qual, s.WithCheck)}
}

func pgAlterPolicy(s *pg.AlterPolicyStmt) []string {
	return []string{pgPolicy("alter", s.PolicyName, s.Table, "all", false, len(s.Roles), s.Qual, s.WithCheck)}
}

func pgPolicy(verb, name string, table *pg.RangeVar, command string, restrictive bool, roles int, using, check *pg.Node) string {
	return fmt.Sprintf("%s policy %s on %s for %s restrictive %t roles %d using %t check %t", verb, name,
		rangeName(table), command, restrictive, roles, using != nil, check != nil)
}

func pgCreate(s *pg.CreateStmt) []string {
	lines := []string{fmt.Sprintf("create table %s temporary %t as false", rangeName(s.Relation), s.Relation.Relpersistence == "t")}
	var constraints, like, inherits []string
	for _, e := range s.TableElts {
		switch e := e.Node.(type) {
		case *pg.Node_ColumnDef:
			lines = append(lines, pgColumn(e.ColumnDef))
		case *pg.Node_Constraint:
			constraints = append(constraints, pgConstraint(e.Constraint))
		case *pg.Node_TableLikeClause:
			like = append(like, "like "+rangeName(e.TableLikeClause.Relation))
		}
	}
	for _, r := range s.InhRelations {
		if s.Partbound != nil {
			inherits = append(inherits, "partition of "+rangeName(r.GetRangeVar()))
		} else {
			inherits = append(inherits, "inherits "+rangeName(r.GetRangeVar()))
		}
	}
	lines = append(lines, constraints...)
	lines = append(lines, like...)
	lines = append(lines, inherits...)
	if s.Partspec != nil {
		lines = append(lines, fmt.Sprintf("partition by %d", len(s.Partspec.PartParams)))
	}
	return lines
}

func pgCreateAs(s *pg.CreateTableAsStmt) []string {
	if s.Objtype == pg.ObjectType_OBJECT_MATVIEW {
		return []string{fmt.Sprintf("view %s materialized true", rangeName(s.Into.Rel))}
	}
	lines := []string{fmt.Sprintf("create table %s temporary %t as %t", rangeName(s.Into.Rel),
		s.Into.Rel.Relpersistence == "t", s.Query.GetExecuteStmt() == nil)}
	for _, n := range s.Into.ColNames {
		lines = append(lines, column{name: n.GetString_().Sval}.String())
	}
	return lines
}

func pgColumn(d *pg.ColumnDef) string {
	c := column{name: d.Colname, array: len(d.GetTypeName().GetArrayBounds()) > 0}
	for _, n := range d.Constraints {
		switch k := n.GetConstraint(); k.Contype {
		case pg.ConstrType_CONSTR_NOTNULL:
			c.notNull = true
		case pg.ConstrType_CONSTR_PRIMARY:
			c.primary = true
		case pg.ConstrType_CONSTR_UNIQUE:
			c.unique = true
		case pg.ConstrType_CONSTR_DEFAULT:
			c.hasDefault = true
		case pg.ConstrType_CONSTR_GENERATED:
			c.generated = true
		case pg.ConstrType_CONSTR_CHECK:
			c.hasCheck = true
		case pg.ConstrType_CONSTR_FOREIGN:
			c.references = pgReference(k)
		}
	}
	return c.String()
}

func pgStrings(nodes []*pg.Node) []string {
	var list []string
	for _, n := range nodes {
		list = append(list, n.GetString_().Sval)
	}
	return list
}

func pgReference(c *pg.Constraint) string {
	return reference(rangeName(c.Pktable), pgStrings(c.PkAttrs), c.FkDelAction == "c")
}

func pgConstraint(c *pg.Constraint) string {
	kind := pgConstraintKinds[c.Contype]
	ref := ""
	columns := pgStrings(c.Keys)
	exprs := 0
	switch c.Contype {
	case pg.ConstrType_CONSTR_FOREIGN:
		columns = pgStrings(c.FkAttrs)
		ref = pgReference(c)
	case pg.ConstrType_CONSTR_EXCLUSION:
		columns, exprs = nil, len(c.Exclusions)
	}
	return constraintLine(kind, c.Conname, columns, exprs, ref)
}

func pgAlter(s *pg.AlterTableStmt) []string {
	if s.Objtype != pg.ObjectType_OBJECT_TABLE && s.Objtype != pg.ObjectType_OBJECT_FOREIGN_TABLE {
		return nil
	}
	lines := []string{"alter table " + rangeName(s.Relation)}
	for _, n := range s.Cmds {
		lines = append(lines, pgAlterLine(n.GetAlterTableCmd()))
	}
	return lines
}

func pgAlterLine(c *pg.AlterTableCmd) string {
	switch c.Subtype {
	case pg.AlterTableType_AT_AddColumn:
		return "add " + pgColumn(c.Def.GetColumnDef())
	case pg.AlterTableType_AT_AddConstraint:
		return "add " + pgConstraint(c.Def.GetConstraint())
	case pg.AlterTableType_AT_AlterColumnType:
		return fmt.Sprintf("type %s array %t", c.Name, len(c.Def.GetColumnDef().TypeName.ArrayBounds) > 0)
	case pg.AlterTableType_AT_ColumnDefault:
		if c.Def == nil {
			return "drop default " + c.Name
		}
		return "set default " + c.Name
	}
	kind := pgAlterKinds[c.Subtype]
	if kind == "" {
		return "other"
	}
	switch d := c.Def.GetNode().(type) {
	case *pg.Node_PartitionCmd:
		return kind + " " + rangeName(d.PartitionCmd.Name)
	case *pg.Node_RangeVar:
		return kind + " " + rangeName(d.RangeVar)
	}
	return strings.TrimSpace(kind + " " + c.Name)
}

func pgRename(s *pg.RenameStmt) []string {
	line := ""
	switch s.RenameType {
	case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_FOREIGN_TABLE:
		line = "rename " + s.Newname
	case pg.ObjectType_OBJECT_COLUMN:
		if s.RelationType != pg.ObjectType_OBJECT_TABLE && s.RelationType != pg.ObjectType_OBJECT_FOREIGN_TABLE {
			return nil
		}
		line = "rename column " + s.Subname + " to " + s.Newname
	case pg.ObjectType_OBJECT_TABCONSTRAINT:
		line = "rename constraint " + s.Subname + " to " + s.Newname
	case pg.ObjectType_OBJECT_POLICY:
		return []string{pgPolicy("alter", s.Subname, s.Relation, "all", false, 0, nil, nil)}
	default:
		return nil
	}
	return []string{"alter table " + rangeName(s.Relation), line}
}

func pgDrop(s *pg.DropStmt) []string {
	if s.RemoveType == pg.ObjectType_OBJECT_POLICY {
		names := pgStrings(s.Objects[0].GetList().Items)
		n := len(names) - 1
		return []string{fmt.Sprintf("drop policy %s on %s for all restrictive false roles 0 using false check false",
			names[n], strings.Join(names[:n], "."))}
	}
	kind := pgDropKinds[s.RemoveType]
	if kind == "" {
		return nil
	}
	var lines []string
	for _, o := range s.Objects {
		name := o.GetString_().GetSval()
		if l := o.GetList(); l != nil {
			name = strings.Join(pgStrings(l.Items), ".")
		}
		lines = append(lines, "drop "+kind+" "+name)
	}
	return lines
}
