package oracle

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// The three readers of DDL write what they found as lines in one form, so that the
// lines can be compared.

// column is what is compared of a column.
type column struct {
	name                            string
	array, notNull, primary, unique bool
	hasDefault, generated, hasCheck bool
	references                      string
}

func (c column) String() string {
	var b strings.Builder
	b.WriteString("column " + c.name)
	for _, flag := range []struct {
		on   bool
		name string
	}{
		{c.array, "array"}, {c.notNull, "not null"}, {c.primary, "primary key"}, {c.unique, "unique"},
		{c.hasDefault, "default"}, {c.generated, "generated"}, {c.hasCheck, "check"},
	} {
		if flag.on {
			b.WriteString(", " + flag.name)
		}
	}
	if c.references != "" {
		b.WriteString(", references " + c.references)
	}
	return b.String()
}

func constraintLine(kind, name string, columns []string, exprs int, references string) string {
	return fmt.Sprintf("constraint %s %s (%s) %d %s", kind, name, strings.Join(columns, ", "), exprs, references)
}

func reference(table string, columns []string, cascade bool) string {
	s := table + "(" + strings.Join(columns, ", ") + ")"
	if cascade {
		s += " cascade"
	}
	return s
}

var constraintKinds = map[sqlast.ConstraintKind]string{
	sqlast.PrimaryKey: "primary key", sqlast.Unique: "unique", sqlast.ForeignKey: "foreign key",
	sqlast.Check: "check", sqlast.Exclude: "exclude", sqlast.NotNull: "not null", sqlast.Key: "key",
}

var alterKinds = map[sqlast.AlterKind]string{
	sqlast.AddColumn: "add", sqlast.DropColumn: "drop column", sqlast.RenameColumn: "rename column",
	sqlast.ChangeColumn: "change", sqlast.ModifyColumn: "modify", sqlast.AlterType: "type",
	sqlast.SetNotNull: "set not null", sqlast.DropNotNull: "drop not null", sqlast.SetDefault: "set default",
	sqlast.DropDefault: "drop default", sqlast.RenameTable: "rename", sqlast.SetSchema: "set schema",
	sqlast.AddConstraint: "add", sqlast.DropConstraint: "drop constraint", sqlast.DropPrimaryKey: "drop primary key",
	sqlast.RenameConstraint: "rename constraint", sqlast.EnableRLS: "enable rls", sqlast.DisableRLS: "disable rls",
	sqlast.ForceRLS: "force rls", sqlast.NoForceRLS: "no force rls", sqlast.AttachPartition: "attach",
	sqlast.DetachPartition: "detach", sqlast.InheritTable: "inherit", sqlast.NoInheritTable: "no inherit",
}

// ddl writes down what s defines; nil for other statements.
func ddl(s sqlast.Stmt) []string {
	switch s := s.(type) {
	case *sqlast.CreateTable:
		return createTableLines(s)
	case *sqlast.AlterTable:
		lines := []string{"alter table " + s.Table.String()}
		for _, a := range s.Actions {
			lines = append(lines, alterLine(a))
		}
		return lines
	case *sqlast.CreateIndex:
		return []string{fmt.Sprintf("index %s on %s unique %t keys %d where %t", s.Name.Text, s.Table, s.Unique,
			len(s.Keys), s.Where != nil)}
	case *sqlast.CreateView:
		return []string{fmt.Sprintf("view %s materialized %t", s.View, s.Materialized)}
	case *sqlast.Drop:
		return dropLines(s)
	case *sqlast.CreateSchema:
		return []string{"schema " + s.Name.Text}
	case *sqlast.Policy:
		return []string{fmt.Sprintf("%s policy %s on %s for %s restrictive %t roles %d using %t check %t", s.Verb,
			s.Name.Text, s.Table, s.Command, s.Restrictive, len(s.Roles), s.Using != nil, s.Check != nil)}
	}
	return nil
}

func dropLines(s *sqlast.Drop) []string {
	kind := s.Kind
	switch kind {
	case "table", "view", "materialized view", "index", "schema":
	case "database":
		kind = "schema"
	default:
		return nil
	}
	var lines []string
	for _, n := range s.Names {
		lines = append(lines, fmt.Sprintf("drop %s %s", kind, n))
	}
	return lines
}

func createTableLines(s *sqlast.CreateTable) []string {
	lines := []string{fmt.Sprintf("create table %s temporary %t as %t", s.Table, s.Temporary, s.As != nil)}
	for _, c := range s.Columns {
		lines = append(lines, columnLine(c))
	}
	for _, c := range s.Constraints {
		lines = append(lines, ourConstraint(c))
	}
	for _, n := range s.Like {
		lines = append(lines, "like "+n.String())
	}
	for _, n := range s.Inherits {
		lines = append(lines, "inherits "+n.String())
	}
	if len(s.PartitionOf) > 0 {
		lines = append(lines, "partition of "+s.PartitionOf.String())
	}
	if len(s.PartitionBy) > 0 {
		lines = append(lines, fmt.Sprintf("partition by %d", len(s.PartitionBy)))
	}
	return lines
}

func columnLine(c *sqlast.ColumnDef) string {
	return column{
		name: c.Name.Text, array: c.Type.Array, notNull: c.NotNull, primary: c.PrimaryKey, unique: c.Unique,
		hasDefault: c.Default != nil, generated: c.Generated != nil, hasCheck: c.Check != nil,
		references: ourReference(c.References),
	}.String()
}

func ourReference(r *sqlast.Reference) string {
	if r == nil {
		return ""
	}
	return reference(r.Table.String(), texts(r.Columns), r.Cascade)
}

func texts(names []sqlast.Name) []string {
	var list []string
	for _, n := range names {
		list = append(list, n.Text)
	}
	return list
}

func ourConstraint(c *sqlast.Constraint) string {
	if c.Kind == sqlast.Exclude {
		return constraintLine("exclude", c.Name.Text, nil, len(c.Columns)+len(c.Exprs), "")
	}
	return constraintLine(constraintKinds[c.Kind], c.Name.Text, texts(c.Columns), len(c.Exprs), ourReference(c.References))
}

func alterLine(a sqlast.AlterAction) string {
	line := alterKinds[a.Kind]
	switch {
	case a.Kind == sqlast.OtherAction:
		return "other"
	case a.Constraint != nil:
		return line + " " + ourConstraint(a.Constraint)
	case a.Kind == sqlast.AlterType:
		return fmt.Sprintf("type %s array %t", a.Name.Text, a.Column.Type.Array)
	case a.Kind == sqlast.ChangeColumn:
		return line + " " + a.Name.Text + " " + columnLine(a.Column)
	case a.Column != nil && a.Kind != sqlast.SetDefault:
		return line + " " + columnLine(a.Column)
	case len(a.Table) > 0:
		return line + " " + a.Table.String()
	case a.NewName.Text != "":
		return line + " " + a.Name.Text + " to " + a.NewName.Text
	}
	return strings.TrimSpace(line + " " + a.Name.Text)
}
