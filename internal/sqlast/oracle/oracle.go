// Package oracle holds internal/sqlast to the parsers of the databases themselves:
// PostgreSQL's own, by pg_query as WebAssembly, and marino's for MySQL. It is a module of its own, so
// that nothing of them becomes part of the linter.
//
// Its test compares our own statements in testdata, and, if POOLLINT_SQL_DIR names a
// directory, all the .sql files below it: statement by statement, whether it is
// accepted, which tables it refers to, and what it defines.
package oracle

import (
	"cmp"
	"slices"

	"github.com/poollint/poollint/internal/sqlast"
)

// Use is one reference to a table.
type Use struct {
	Name  string // with its schema, if that is written
	Alias string
	Depth int // see [sqlast.TableUse]
}

// Verdict is what a parser says of one statement.
type Verdict struct {
	Err  error
	Uses []Use    // sorted
	DDL  []string // what is defined, a line each: see ddl
}

// Ours reads the statements of sql with internal/sqlast. Err is set if something could
// not be read.
func Ours(sql string, dialect sqlast.Dialect) Verdict {
	f := sqlast.Read(sql, sqlast.Options{Dialect: dialect})
	var v Verdict
	if len(f.Problems) > 0 {
		v.Err = problem(f.Problems[0])
	}
	for _, s := range f.Stmts {
		for _, u := range sqlast.Tables(s) {
			v.Uses = append(v.Uses, Use{u.Ref.Name.String(), u.Ref.Alias.Text, u.Depth})
		}
		v.DDL = append(v.DDL, ddl(s)...)
	}
	sortUses(v.Uses)
	return v
}

type problem sqlast.Problem

func (p problem) Error() string { return p.Msg }

func sortUses(uses []Use) {
	slices.SortFunc(uses, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Alias, b.Alias), cmp.Compare(a.Depth, b.Depth))
	})
}
