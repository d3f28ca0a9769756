package tenancy

import (
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// bare strips casts and collations.
func bare(e sqlast.Expr) sqlast.Expr {
	for {
		switch x := e.(type) {
		case *sqlast.Cast:
			e = x.Expr
		case *sqlast.Collate:
			e = x.Expr
		default:
			return e
		}
	}
}

// transparent are the functions of which a result can be compared in place of the
// argument: lower(slug) = $1 restricts the rows as slug = $1 does.
var transparent = map[string]bool{
	"lower": true, "upper": true, "trim": true, "btrim": true, "text": true, "coalesce": true, "ifnull": true,
	"min": true, "max": true, "any_value": true, "array_agg": true, "unnest": true, "first_value": true,
	"last_value": true, "lag": true, "lead": true, "array_remove": true, "bin_to_uuid": true, "uuid_to_bin": true,
}

// concatenated adds the parts of a concatenation: a || '/' || b, concat(a, '/', b). Other
// expressions have none.
func concatenated(e sqlast.Expr, parts []sqlast.Expr) []sqlast.Expr {
	switch e := bare(e).(type) {
	case *sqlast.Binary:
		if e.Op != "||" {
			return parts
		}
		for _, side := range []sqlast.Expr{e.Left, e.Right} {
			n := len(parts)
			if parts = concatenated(side, parts); len(parts) == n {
				parts = append(parts, side)
			}
		}
	case *sqlast.FuncCall:
		if name := strings.ToLower(e.Name.Last().Text); name == "concat" || name == "concat_ws" {
			return append(parts, e.Args...)
		}
	}
	return parts
}

// value returns what the expression stands for, without looking into subqueries.
func (b *builder) value(e sqlast.Expr, sc *scope) value {
	switch e := bare(e).(type) {
	case *sqlast.ColumnRef:
		return b.resolve(e.Name, sc)
	case *sqlast.Param, *sqlast.Literal, *sqlast.Hole, *sqlast.Interval:
		return value{kind: outside}
	case *sqlast.FuncCall:
		return b.call(e, sc)
	case *sqlast.Array:
		if e.Query == nil {
			return b.combined(sc, e.Elems...)
		}
	case *sqlast.Row:
		return b.combined(sc, e.Exprs...)
	case *sqlast.Binary:
		return b.combined(sc, e.Left, e.Right)
	case *sqlast.Unary:
		return b.combined(sc, e.Expr)
	case *sqlast.Index:
		return b.value(e.Expr, sc)
	case *sqlast.Field:
		return b.combined(sc, e.Expr)
	case *sqlast.Case:
		return b.combined(sc, caseParts(e)...)
	case *sqlast.Subquery:
		if len(e.Query.From) == 0 && len(e.Query.Targets) == 1 && e.Query.Op == sqlast.NoSetOp {
			return b.value(e.Query.Targets[0].Expr, sc)
		}
	}
	return value{}
}

func (b *builder) call(e *sqlast.FuncCall, sc *scope) value {
	name := strings.ToLower(e.Name.Last().Text)
	arg, several := value{kind: outside}, false
	for _, a := range e.Args {
		v := b.value(a, sc)
		switch {
		case v.kind == outside:
		case v.kind == other:
			return value{}
		default:
			several = several || arg.kind == ofRow && arg.column != v.column
			arg = v
		}
	}
	switch {
	case several && chooses[name]:
		return b.choice(e, sc)
	case several, arg.kind == ofRow && !transparent[name]:
		return value{}
	}
	return arg
}

// chooses are the functions of which the result is the first argument that is not NULL.
var chooses = map[string]bool{"coalesce": true, "ifnull": true, "nvl": true}

// A chosen is a call of one of chooses where its names mean something.
type chosen struct {
	*sqlast.FuncCall
	sc *scope
}

// choice returns a column that stands for the first of several which is not NULL. It equals
// one of them, and those before that are NULL.
func (b *builder) choice(e *sqlast.FuncCall, sc *scope) value {
	at := chosen{e, sc}
	if v, ok := b.choices[at]; ok || !b.spend(len(e.Args)*len(e.Args)) {
		return v
	}
	rel := b.addRelation(&scope{}, relation{row: b.newRow(nil, false), in: sc.in})
	v := value{ofRow, b.columnOf(rel, "")}
	b.choices[at] = v
	for _, arg := range e.Args {
		b.columns[v.column].first = append(b.columns[v.column].first, b.value(arg, sc))
	}
	b.stateChoice(v.column, sc.in)
	return v
}

// stateChoice records what a column of choice equals.
func (b *builder) stateChoice(column, in int) {
	f := fact{kind: either, in: in, implied: true}
	first := b.columns[column].first
	for i, arg := range first {
		branch := b.newCondition(in, false)
		b.equateValues(value{ofRow, column}, arg, branch)
		for _, before := range first[:i] {
			b.isNull(before, branch)
		}
		f.branches = append(f.branches, branch)
	}
	b.addFact(f)
}

// restateChoice records it in the condition of an outer join too, where a column of choice is
// compared: what holds there, its branches would not see.
func (b *builder) restateChoice(v value, in int) {
	if v.kind != ofRow || b.relations[b.columns[v.column].relation].in == in {
		return
	}
	if n := len(b.columns[v.column].first); n > 0 && b.spend(n*n) {
		b.stateChoice(v.column, in)
	}
}

// isNull records that a value is NULL in the condition. Rows whose tenant is NULL belong to
// nobody, so that this pins. It does not reject the NULLs that an outer join makes.
func (b *builder) isNull(v value, in int) {
	if v.kind == ofRow && b.columns[v.column].tenant() {
		b.facts = append(b.facts, fact{kind: bindsTo, in: in, a: v.column})
	}
}

// combined returns a value from outside if all parts are from outside.
func (b *builder) combined(sc *scope, parts ...sqlast.Expr) value {
	for _, e := range parts {
		if b.value(e, sc).kind != outside {
			return value{}
		}
	}
	return value{kind: outside}
}

func caseParts(e *sqlast.Case) []sqlast.Expr {
	var parts []sqlast.Expr
	if e.Operand != nil {
		parts = append(parts, e.Operand)
	}
	for _, w := range e.Whens {
		parts = append(parts, w.Cond, w.Result)
	}
	if e.Else != nil {
		parts = append(parts, e.Else)
	}
	return parts
}

// computes reports whether the expression is a computation with the column.
func (b *builder) computes(e sqlast.Expr, column int, sc *scope) bool {
	if _, ok := bare(e).(*sqlast.ColumnRef); ok {
		return false
	}
	found := false
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.Select:
			return false
		case *sqlast.ColumnRef:
			v := b.resolve(n.Name, sc)
			found = found || v.kind == ofRow && v.column == column
		}
		return !found
	})
	return found
}

// scan judges the subqueries of an expression that is not a predicate.
func (b *builder) scan(e sqlast.Expr, sc *scope, in int) {
	switch e := e.(type) {
	case nil, *sqlast.ColumnRef, *sqlast.Param, *sqlast.Literal, *sqlast.Star, *sqlast.Hole:
		return
	case *sqlast.Cast:
		b.scan(e.Expr, sc, in)
		return
	}
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		if sub, ok := n.(*sqlast.Select); ok {
			b.query(sub, sc, b.newCondition(in, false))
			return false
		}
		return true
	})
}

// test records what holds for the rows that satisfy the predicate.
func (b *builder) test(e sqlast.Expr, sc *scope, in int) {
	switch e := e.(type) {
	case nil:
	case *sqlast.Literal:
		if isNever(e) {
			b.addFact(fact{kind: either, in: in}) // of no branch
		}
	case *sqlast.And:
		for _, x := range e.Exprs {
			b.test(x, sc, in)
		}
	case *sqlast.Or:
		b.testEither(e.Exprs, sc, in)
	case *sqlast.Binary:
		switch {
		case isNever(e):
			b.addFact(fact{kind: either, in: in}) // of no branch
		case e.Op == "=", e.Op == "==":
			b.equate(e.Left, e.Right, sc, in)
		case e.Op == sqlast.HoleMark:
			b.conditions[in].hole = true
			b.scan(e, sc, in)
		default:
			b.scan(e, sc, in)
		}
	case *sqlast.IsDistinct:
		if e.Not {
			b.equate(e.Left, e.Right, sc, in)
		} else {
			b.scan(e, sc, in)
		}
	case *sqlast.In:
		switch {
		case e.Query != nil:
			b.scan(e.Left, sc, in)
			b.semijoin(e.Left, e.Query, e.Not, sc, in)
		case e.Not:
			b.scan(e, sc, in)
		default:
			b.scan(e.Left, sc, in)
			if !loneSubquery(e.List) {
				for _, x := range e.List {
					b.scan(x, sc, in)
				}
			}
			b.bind(e.Left, e.List, sc, in)
		}
	case *sqlast.Quantified:
		b.testQuantified(e, sc, in)
	case *sqlast.Exists:
		b.query(e.Query, sc, in)
	case *sqlast.Is:
		b.testIs(e, sc, in)
	case *sqlast.Hole:
		b.conditions[in].hole = true
	case *sqlast.Unknown:
		b.conditions[in].hole = true
		b.scan(e, sc, in)
	case *sqlast.Cast:
		b.test(e.Expr, sc, in)
	default:
		b.scan(e, sc, in)
	}
}

// isNever reports whether a predicate is true of no row, as 1 = 0 is not.
func isNever(e sqlast.Expr) bool {
	switch e := bare(e).(type) {
	case *sqlast.Literal:
		return e.Kind == sqlast.FalseLit
	case *sqlast.Binary:
		l, r := number(e.Left), number(e.Right)
		return l != "" && r != "" && (e.Op == "=" && l != r || e.Op == "<>" && l == r)
	}
	return false
}

// number returns the digits of a whole number that is written down; empty for anything else.
func number(e sqlast.Expr) string {
	l, ok := bare(e).(*sqlast.Literal)
	if !ok || l.Kind != sqlast.NumberLit || strings.Trim(l.Value, "0123456789") != "" {
		return ""
	}
	return l.Value
}

func loneSubquery(list []sqlast.Expr) bool {
	if len(list) != 1 {
		return false
	}
	_, ok := bare(list[0]).(*sqlast.Subquery)
	return ok
}

func (b *builder) testQuantified(e *sqlast.Quantified, sc *scope, in int) {
	if e.Op != "=" || e.All {
		b.scan(e, sc, in)
		return
	}
	query := e.Query
	if array, ok := bare(e.Array).(*sqlast.Array); ok && array.Query != nil {
		query = array.Query
	}
	if sub, ok := bare(e.Array).(*sqlast.Subquery); ok {
		query = sub.Query
	}
	b.scan(e.Left, sc, in)
	if query != nil {
		b.semijoin(e.Left, query, false, sc, in)
		return
	}
	b.scan(e.Array, sc, in)
	b.bind(e.Left, []sqlast.Expr{e.Array}, sc, in)
}

func (b *builder) testIs(e *sqlast.Is, sc *scope, in int) {
	switch {
	case e.Test == "true" && !e.Not:
		b.test(e.Expr, sc, in)
		return
	case e.Test == "null":
		b.scan(e.Expr, sc, in)
		switch v := b.value(e.Expr, sc); {
		case !e.Not:
			b.isNull(v, in)
		case v.kind == ofRow:
			b.reject(v.column, in)
		}
		return
	}
	b.scan(e.Expr, sc, in)
}

// testEither records an OR. Each branch is a condition of its own.
func (b *builder) testEither(exprs []sqlast.Expr, sc *scope, in int) {
	f := fact{kind: either, in: in}
	var switches []bool
	for _, x := range exprs {
		if isNever(x) {
			continue
		}
		branch := b.newCondition(in, false)
		b.test(x, sc, branch)
		b.markShared(x, sc, branch)
		f.branches = append(f.branches, branch)
		switches = append(switches, b.isSwitch(x, sc))
	}
	b.addFact(f)
	for i, branch := range f.branches {
		if switches[i] {
			b.switches = append(b.switches, branch)
		}
	}
}

// isSwitch reports whether the predicate reads no column, so that in an OR it can switch
// the other branches off: $1 IS NULL.
func (b *builder) isSwitch(e sqlast.Expr, sc *scope) bool {
	reads := false
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.Select:
			reads = true
		case *sqlast.ColumnRef:
			reads = reads || b.resolve(n.Name, sc).kind != outside
		}
		return !reads
	})
	return !reads
}
