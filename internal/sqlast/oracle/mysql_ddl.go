package oracle

import (
	"fmt"
	"strings"

	"github.com/sqlc-dev/marino/ast"
)

var mysqlConstraintKinds = map[ast.ConstraintType]string{
	ast.ConstraintPrimaryKey: "primary key", ast.ConstraintKey: "key", ast.ConstraintIndex: "key",
	ast.ConstraintUniq: "unique", ast.ConstraintUniqKey: "unique", ast.ConstraintUniqIndex: "unique",
	ast.ConstraintForeignKey: "foreign key", ast.ConstraintFulltext: "key", ast.ConstraintCheck: "check",
	ast.ConstraintSpatial: "key",
}

// mysqlDDL writes down what a statement defines.
func mysqlDDL(s ast.StmtNode) []string {
	switch s := s.(type) {
	case *ast.CreateTableStmt:
		return mysqlCreate(s)
	case *ast.AlterTableStmt:
		lines := []string{"alter table " + mysqlName(s.Table)}
		for _, spec := range s.Specs {
			lines = append(lines, mysqlAlter(spec)...)
		}
		return lines
	case *ast.RenameTableStmt:
		var lines []string
		for _, t := range s.TableToTables {
			lines = append(lines, "alter table "+mysqlName(t.OldTable), "rename "+mysqlName(t.NewTable))
		}
		return lines
	case *ast.CreateIndexStmt:
		return []string{fmt.Sprintf("index %s on %s unique %t keys %d where false", strings.ToLower(s.IndexName),
			mysqlName(s.Table), s.KeyType == ast.IndexKeyTypeUnique, len(s.IndexPartSpecifications))}
	case *ast.DropIndexStmt:
		return []string{"drop index " + strings.ToLower(s.IndexName)}
	case *ast.CreateViewStmt:
		return []string{fmt.Sprintf("view %s materialized false", mysqlName(s.ViewName))}
	case *ast.DropTableStmt:
		kind := "table"
		if s.IsView {
			kind = "view"
		}
		var lines []string
		for _, t := range s.Tables {
			lines = append(lines, "drop "+kind+" "+mysqlName(t))
		}
		return lines
	case *ast.DropDatabaseStmt:
		return []string{"drop schema " + s.Name.L}
	case *ast.CreateDatabaseStmt:
		return []string{"schema " + s.Name.L}
	}
	return nil
}

func mysqlName(t *ast.TableName) string {
	if t.Schema.L != "" {
		return t.Schema.L + "." + t.Name.L
	}
	return t.Name.L
}

func mysqlCreate(s *ast.CreateTableStmt) []string {
	lines := []string{fmt.Sprintf("create table %s temporary %t as %t", mysqlName(s.Table),
		s.TemporaryKeyword == ast.TemporaryLocal, s.Select != nil)}
	for _, c := range s.Cols {
		lines = append(lines, mysqlColumn(c))
	}
	for _, c := range s.Constraints {
		lines = append(lines, mysqlConstraint(c))
	}
	if s.ReferTable != nil {
		lines = append(lines, "like "+mysqlName(s.ReferTable))
	}
	if s.Partition != nil {
		lines = append(lines, fmt.Sprintf("partition by %d", max(1, len(s.Partition.ColumnNames))))
	}
	return lines
}

func mysqlColumn(d *ast.ColumnDef) string {
	c := column{name: d.Name.Name.L}
	for _, o := range d.Options {
		switch o.Tp {
		case ast.ColumnOptionNotNull:
			c.notNull = true
		case ast.ColumnOptionPrimaryKey:
			c.primary = true
		case ast.ColumnOptionUniqKey:
			c.unique = true
		case ast.ColumnOptionDefaultValue:
			c.hasDefault = true
		case ast.ColumnOptionGenerated:
			c.generated = true
		case ast.ColumnOptionCheck:
			c.hasCheck = true
		case ast.ColumnOptionReference:
			c.references = mysqlReference(o.Refer)
		}
	}
	return c.String()
}

func mysqlReference(r *ast.ReferenceDef) string {
	if r == nil {
		return ""
	}
	columns, _ := mysqlKeys(r.IndexPartSpecifications)
	cascade := r.OnDelete != nil && r.OnDelete.ReferOpt == ast.ReferOptionCascade
	return reference(mysqlName(r.Table), columns, cascade)
}

func mysqlKeys(parts []*ast.IndexPartSpecification) (columns []string, exprs int) {
	for _, k := range parts {
		if k.Column == nil {
			exprs++
		} else {
			columns = append(columns, k.Column.Name.L)
		}
	}
	return columns, exprs
}

func mysqlConstraint(c *ast.Constraint) string {
	columns, exprs := mysqlKeys(c.Keys)
	return constraintLine(mysqlConstraintKinds[c.Tp], strings.ToLower(c.Name), columns, exprs, mysqlReference(c.Refer))
}

func mysqlAlter(a *ast.AlterTableSpec) []string {
	switch a.Tp {
	case ast.AlterTableAddColumns:
		var lines []string
		for _, c := range a.NewColumns {
			lines = append(lines, "add "+mysqlColumn(c))
		}
		for _, c := range a.NewConstraints {
			lines = append(lines, "add "+mysqlConstraint(c))
		}
		return lines
	case ast.AlterTableAddConstraint:
		return []string{"add " + mysqlConstraint(a.Constraint)}
	case ast.AlterTableDropColumn:
		return []string{"drop column " + a.OldColumnName.Name.L}
	case ast.AlterTableDropPrimaryKey:
		return []string{"drop primary key"}
	case ast.AlterTableDropIndex, ast.AlterTableDropForeignKey:
		return []string{"drop constraint " + strings.ToLower(a.Name)}
	case ast.AlterTableDropCheck:
		return []string{"drop constraint " + strings.ToLower(a.Constraint.Name)}
	case ast.AlterTableModifyColumn:
		return []string{"modify " + mysqlColumn(a.NewColumns[0])}
	case ast.AlterTableChangeColumn:
		return []string{"change " + a.OldColumnName.Name.L + " " + mysqlColumn(a.NewColumns[0])}
	case ast.AlterTableRenameColumn:
		return []string{"rename column " + a.OldColumnName.Name.L + " to " + a.NewColumnName.Name.L}
	case ast.AlterTableRenameTable:
		return []string{"rename " + mysqlName(a.NewTable)}
	case ast.AlterTableAlterColumn:
		c := a.NewColumns[0]
		if len(c.Options) == 0 {
			return []string{"drop default " + c.Name.Name.L}
		}
		return []string{"set default " + c.Name.Name.L}
	}
	return []string{"other"}
}
