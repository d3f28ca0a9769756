package isolation

import (
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/sqlast"
)

// An Effect is what a statement does to tables that others use too.
type Effect int

// The effects.
const (
	None Effect = iota
	Empties
	Changes
	Migrates
)

func (e Effect) String() string {
	return [...]string{"leaves", "empties a table of", "changes tables of", "migrates"}[e]
}

// EffectOf returns what a text of SQL does to tables: the first of its statements that
// does anything.
func EffectOf(sql string) Effect {
	for _, stmt := range sqlast.Read(sql, sqlast.Options{}).Stmts {
		if does := effectOf(sql, stmt); does != None {
			return does
		}
	}
	return None
}

func effectOf(sql string, stmt sqlast.Stmt) Effect {
	switch s := stmt.(type) {
	case *sqlast.Truncate:
		return Empties
	case *sqlast.Delete:
		if holdsAlways(s.Where) && len(s.From) == 0 && s.Limit == nil && s.CurrentOf.Text == "" {
			return Empties
		}
	case *sqlast.AlterTable:
		return Changes
	case *sqlast.CreateTable:
		if !s.Temporary { // those are the connection's own
			return Changes
		}
	case *sqlast.Drop:
		if slices.Contains([]string{"table", "schema", "type", "view", "materialized view", "index"}, s.Kind) {
			return Changes
		}
	case *sqlast.Other:
		switch body := sql[s.Body.Start:s.Body.End]; {
		case s.Keywords == "ALTER TYPE":
			return Changes
		case s.Keywords == "DO" && truncates.MatchString(body):
			return Empties
		case s.Keywords == "DO" && drops.MatchString(body):
			return Changes
		}
	}
	return None
}

// What the body of a DO block does, often by statements that it makes in a loop over all tables.
var (
	truncates = regexp.MustCompile(`(?i)\btruncate\b`)
	drops     = regexp.MustCompile(`(?i)\bdrop\s+table\b`)
)

// holdsAlways reports whether a condition is none, or holds of every row: 1 = 1, true.
func holdsAlways(where sqlast.Expr) bool {
	switch where := where.(type) {
	case nil:
		return true
	case *sqlast.Literal:
		return where.Kind == sqlast.TrueLit
	case *sqlast.Binary:
		left, ok := where.Left.(*sqlast.Literal)
		right, also := where.Right.(*sqlast.Literal)
		return ok && also && where.Op == "=" && left.Value == right.Value
	}
	return false
}
