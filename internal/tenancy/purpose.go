package tenancy

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenantname"
)

// Purpose is what a statement does that is meant for the rows of all tenants.
type Purpose uint8

// The purposes.
const (
	NoPurpose Purpose = iota
	Claim             // SELECT … FOR UPDATE SKIP LOCKED takes jobs from a queue
	Take              // SELECT … WHERE state = 'queued' LIMIT 1 FOR UPDATE takes the next
	Sweep             // DELETE … WHERE created_at < $1 removes what is old
	Requeue           // UPDATE … SET state = 'late' WHERE started_at < $1 moves on what is stuck
	Tally             // SELECT h.name, count(d.id) FROM hosts h LEFT JOIN docs d … GROUP BY h.name
	Roll              // SELECT DISTINCT tenant_id FROM jobs WHERE state = 'queued' asks who has work
)

// A group is what the references say that one predicate would pin.
type group struct{ claims, takes, deletes, requeues, aged, tallied, rolls bool }

// purposes finds the purposes of the open leaders: that of any reference which their
// predicate would pin. What is found by its own id is neither claimed nor swept.
func (b *builder) purposes(open []int) {
	groups := map[int]group{}
	for _, i := range open {
		j := &b.judged[i]
		g := groups[j.Leader]
		_, del := j.Scope.(*sqlast.Delete)
		g.claims = g.claims || b.isClaimed(j.Ref)
		g.takes = g.takes || takes(j)
		g.tallied = g.tallied || b.isTallied(j)
		g.rolls = g.rolls || b.isRoll(j)
		g.requeues = g.requeues || j.Write && requeues(j)
		g.deletes = g.deletes || del && j.Write
		g.aged = g.aged || aged(j)
		groups[j.Leader] = g
	}
	for leader, g := range groups {
		switch j := &b.judged[leader]; {
		case j.Reason != NotPinned && !(j.Reason == OptionalFilter && g.claims): // a worker may serve one tenant, or all
		case g.claims && (j.Tier == Unrestricted || j.Tier == ByParent):
			j.Purpose = Claim
		case g.takes && j.Tier == Unrestricted:
			j.Purpose = Take
		case g.deletes && g.aged && j.Tier == Unrestricted:
			j.Purpose = Sweep
		case g.requeues && g.aged && j.Tier == Unrestricted:
			j.Purpose = Requeue
		case g.tallied && j.Tier == Unrestricted:
			j.Purpose = Tally
		case g.rolls && j.Tier == Unrestricted:
			j.Purpose = Roll
		}
	}
}

// isClaimed reports whether the reference stands in a query that skips locked rows.
func (b *builder) isClaimed(ref *sqlast.TableRef) bool {
	return b.spend(len(b.claims)) &&
		slices.ContainsFunc(b.claims, func(s sqlast.Span) bool { return s.Start <= ref.Start && ref.End <= s.End })
}

// aged reports whether the scope's WHERE finds rows by their age.
func aged(j *judged) bool {
	switch s := j.Scope.(type) {
	case *sqlast.Select:
		return isAge(s.Where, j.Table)
	case *sqlast.Delete:
		return isAge(s.Where, j.Table)
	case *sqlast.Update:
		return isAge(s.Where, j.Table)
	}
	return false
}

// progress are words in the names of columns that say how far something has come, or who is at it.
var progress = []string{
	"active", "archived", "attempts", "claimed", "consumed", "deleted", "done", "enabled", "expired", "heartbeat", "lease", "leased", "locked", "retries", "revoked",
	"started", "state", "status", "used", "worker",
}

func saysProgress(column string) bool {
	return slices.ContainsFunc(tenantname.Split(column), func(w string) bool { return slices.Contains(progress, w) })
}

// requeues reports whether the scope sets how far its rows have come.
func requeues(j *judged) bool {
	s, ok := j.Scope.(*sqlast.Update)
	return ok && slices.ContainsFunc(s.Set, func(a sqlast.Assign) bool {
		return slices.ContainsFunc(a.Columns, func(c *sqlast.ColumnRef) bool { return saysProgress(c.Name.Last().Text) })
	})
}

// takes reports whether the scope locks the first rows that are in some state, whatever else
// they are.
func takes(j *judged) bool {
	s, ok := j.Scope.(*sqlast.Select)
	if !ok || len(s.Locks) == 0 || s.Limit == nil || s.Where == nil {
		return false
	}
	state := false
	for _, c := range conjuncts(s.Where) {
		column, fixed := heldTo(c)
		if column != "" && !saysProgress(column) && !fixed {
			return false
		}
		state = state || column != "" && saysProgress(column)
	}
	return state
}

// isRoll reports whether the statement asks whose rows are in some state, and tells nothing else of
// them.
func (b *builder) isRoll(j *judged) bool {
	s, ok := b.root.(*sqlast.Select)
	return ok && j.Scope == sqlast.Node(s) && j.Table.Role == schema.Scoped &&
		len(s.Targets) == 1 && b.tellsTenant(s.Targets[0].Expr) && s.Where != nil && !slices.ContainsFunc(conjuncts(s.Where), picks)
}

// picks reports whether a condition chooses rows by a value from outside that says no state.
func picks(c sqlast.Expr) bool {
	column, fixed := heldTo(c)
	return column != "" && !fixed && !saysProgress(column)
}

// isTallied reports whether the rows are only counted, for each row of a table that belongs to no
// tenant.
func (b *builder) isTallied(j *judged) bool {
	s, ok := j.Scope.(*sqlast.Select)
	if !ok || len(s.From) != 1 || len(s.GroupBy) == 0 || len(s.Targets) == 0 {
		return false
	}
	join, ok := s.From[0].(*sqlast.Join)
	if !ok || join.Kind != sqlast.Left || join.Right != sqlast.TableExpr(j.Ref) {
		return false
	}
	left, ok := join.Left.(*sqlast.TableRef)
	if !ok || slices.ContainsFunc(b.judged, func(other judged) bool { return other.Ref == left }) {
		return false
	}
	return !slices.ContainsFunc(s.Targets, func(t sqlast.Target) bool { return shows(t.Expr, j) })
}

// shows reports whether an expression has a column of the reference, other than in a count.
func shows(e sqlast.Expr, j *judged) bool {
	found := false
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.FuncCall:
			return n.Name.Last().Text != "count"
		case *sqlast.Star:
			found = found || len(n.Qualifier) == 0 || strings.EqualFold(n.Qualifier.Last().Text, j.Ref.Ref().Text)
		case *sqlast.ColumnRef:
			of := n.Name.Qualifier().Text
			found = found || strings.EqualFold(of, j.Ref.Ref().Text) || of == "" && j.Table.Column(n.Name.Last().Text) != nil
		case *sqlast.Select, *sqlast.Hole:
			found = true
		}
		return !found
	})
	return found
}

// heldTo returns the column that a condition holds to some values, and whether the statement
// itself says which.
func heldTo(c sqlast.Expr) (column string, fixed bool) {
	var left sqlast.Expr
	var values []sqlast.Expr
	switch c := bare(c).(type) {
	case *sqlast.Binary:
		if c.Op == "=" {
			left, values = c.Left, []sqlast.Expr{c.Right}
		}
	case *sqlast.In:
		left, values = c.Left, c.List
	case *sqlast.Like:
		left, values = c.Left, []sqlast.Expr{c.Pattern}
	}
	ref, ok := bare(left).(*sqlast.ColumnRef)
	if !ok {
		return "", false
	}
	literal := func(e sqlast.Expr) bool { _, ok := bare(e).(*sqlast.Literal); return ok }
	return ref.Name.Last().Text, len(values) > 0 && !slices.ContainsFunc(values, func(e sqlast.Expr) bool { return !literal(e) })
}

// isAge reports whether a condition holds for rows before a moment only.
func isAge(e sqlast.Expr, t *schema.Table) bool {
	age := func(e sqlast.Expr) bool { return isAge(e, t) }
	switch e := e.(type) {
	case *sqlast.And:
		return slices.ContainsFunc(e.Exprs, age)
	case *sqlast.Or: // expires_at < $1 OR used = true
		lives := func(e sqlast.Expr) bool { return !age(e) && !isOver(e) }
		return slices.ContainsFunc(e.Exprs, age) && !slices.ContainsFunc(e.Exprs, lives)
	case *sqlast.Binary:
		early, late := e.Left, e.Right
		switch e.Op {
		case "<", "<=":
		case ">", ">=":
			early, late = late, early
		default:
			return false
		}
		// created_at < $1, or 30 < now() - created_at
		return tells(early, t) && !tells(late, t) || isAgeOf(late, t) && !hasColumn(early)
	}
	return false
}

// isOver reports whether a condition holds for rows in some state, whatever else they are.
func isOver(e sqlast.Expr) bool {
	column, fixed := heldTo(e)
	return fixed && saysProgress(column)
}

// tells reports whether the expression has a column with a time.
func tells(e sqlast.Expr, t *schema.Table) bool {
	found := false
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.ColumnRef:
			found = isTime(n.Name.Last().Text, t)
		case *sqlast.Select:
			return false
		}
		return !found
	})
	return found
}

// isAgeOf reports whether the expression is the age of a row: now() - created_at, or
// age(created_at).
func isAgeOf(e sqlast.Expr, t *schema.Table) bool {
	switch e := e.(type) {
	case *sqlast.Binary:
		return e.Op == "-" && !tells(e.Left, t) && tells(e.Right, t)
	case *sqlast.FuncCall:
		return e.Name.Last().Text == "age" && len(e.Args) > 0 && tells(e.Args[len(e.Args)-1], t)
	}
	return false
}

func hasColumn(e sqlast.Expr) bool {
	found := false
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		_, column := n.(*sqlast.ColumnRef)
		found = found || column
		return !found
	})
	return found
}

// isTime reports whether a column holds a time: by its type, or, where that is a number or
// not known, by its name.
func isTime(column string, t *schema.Table) bool {
	if c := t.Column(column); c != nil && c.Type != "" {
		if strings.HasPrefix(c.Type, "timestamp") || strings.HasPrefix(c.Type, "date") {
			return true
		}
		if strings.HasPrefix(c.Type, "uuid") || strings.HasPrefix(c.Type, "bool") {
			return false
		}
	}
	name := strings.ToLower(column)
	return slices.ContainsFunc([]string{"_at", "_on", "_until", "time", "date", "timestamp"}, func(end string) bool { return strings.HasSuffix(name, end) }) ||
		slices.Contains([]string{"at", "ts", "created", "updated", "modified", "expires", "expiry", "expiration", "deadline"}, name)
}
