package sqltext

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
)

var bunMapper = &mapper{
	tags:       model.Bun,
	mutable:    true,
	terminal:   names("Exec Scan Rows Count Exists ScanAndCount"),
	rendered:   names("String AppendQuery"),
	expression: bunExpression,
	step:       bunStep,
	finish:     finishBun,
}

func bunExpression(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value {
	pos := call.Pos()
	name := fn.Name()
	if recv != nil {
		if owner := ownerName(fn); strings.HasSuffix(owner, "Query") && verbOf(fn) == "" {
			return unknown(call, f.typeOf(call)) // DDL, and Raw, whose text is read where it is given
		}
		switch name {
		case "NewSelect", "NewInsert", "NewUpdate", "NewDelete":
			return then(empty, &value{Kind: step, Lib: bun, Text: name, pos: pos, Through: recv.Through})
		case "Begin", "BeginTx", "NewRaw", "Conn":
			return unknown(call, f.typeOf(call))
		}
		if strings.HasPrefix(name, "New") {
			return unknown(call, f.typeOf(call))
		}
		return nil
	}
	switch name {
	case "NewSelectQuery", "NewInsertQuery", "NewUpdateQuery", "NewDeleteQuery":
		return then(empty, &value{Kind: step, Lib: bun, Text: strings.TrimSuffix(name, "Query"), pos: pos})
	case "In", "List", "Tuple":
		return holeAt(pos, ListHole)
	case "Ident", "Name":
		if len(args) == 1 {
			return nameOf(args[0])
		}
	}
	return unknown(call, f.typeOf(call))
}

func bunStep(w *writer, st *statement, s *value) {
	args := spreadArgs(s.Kids)
	switch s.Text {
	case "NewSelect":
		st.verb = "SELECT"
	case "NewInsert":
		st.verb = "INSERT"
	case "NewUpdate":
		st.verb = "UPDATE"
	case "NewDelete":
		st.verb = "DELETE"
	case "WherePK":
		st.wherePK(s, args)
	case "Bulk": // joins the rows of the model by their key
		st.wherePK(s, nil)
	case "Distinct":
		st.distinct = true
	}
	if len(args) == 0 {
		return
	}
	filled := func() *value { return st.bunText(fill(args[0], args[1:])) }
	switch s.Text {
	case "Model":
		st.model = args[0]
	case "ModelTableExpr":
		st.from = append([]*value{filled()}, st.from[min(len(st.from), 1):]...)
		st.renamed = true
	case "Table":
		for _, a := range args {
			st.from = append(st.from, nameOf(a))
		}
	case "TableExpr":
		st.from = append(st.from, filled())
	case "Column":
		for _, a := range args {
			if st.verb == "INSERT" {
				st.names = append(st.names, nameOf(a))
			} else if st.verb != "UPDATE" {
				st.columns = append(st.columns, nameOf(a))
			}
		}
	case "ColumnExpr":
		st.columns = append(st.columns, filled())
	case "Where":
		st.andIn(filled())
	case "WhereOr":
		st.orIn(filled())
	case "WhereGroup", "WhereOrGroup":
		st.whereGroup(w, s, args)
	case "Join":
		st.joins = append(st.joins, filled())
		st.joining = false
	case "JoinOn", "JoinOnOr":
		st.joinOn(s, filled())
	case "Group":
		for _, a := range args {
			st.group = append(st.group, nameOf(a))
		}
	case "GroupExpr":
		st.group = append(st.group, filled())
	case "Having":
		st.having = append(st.having, term{v: filled()})
	case "Order", "OrderExpr":
		st.order = append(st.order, args[0])
	case "Set":
		if st.verb == "INSERT" {
			st.conflict = append(st.conflict, concat(static(st.setWord(), s.pos), filled()))
		} else {
			st.sets = append(st.sets, filled())
		}
	case "SetColumn", "Value":
		if st.verb == "INSERT" {
			st.names = append(st.names, nameOf(args[0]))
		} else if len(args) > 1 {
			st.sets = append(st.sets, concat(nameOf(args[0]), static(" = ", s.pos), fill(args[1], args[2:])))
		}
	case "On":
		st.conflict = append(st.conflict, concat(static("ON ", s.pos), filled()))
	case "Returning":
		st.returning = append(st.returning, args[0])
	case "With", "WithRecursive":
		if len(args) == 2 {
			st.with = append(st.with, cte{nameOf(args[0]), args[1]})
			st.recursive = st.recursive || s.Text == "WithRecursive"
		}
	case "Union", "UnionAll", "Intersect", "IntersectAll", "Except", "ExceptAll":
		word := strings.ToUpper(strings.TrimSuffix(s.Text, "All")) + " "
		if strings.HasSuffix(s.Text, "All") {
			word += "ALL "
		}
		st.unions = append(st.unions, concat(static(word, s.pos), inParens(args[0])))
	case "Apply", "ApplyQueryBuilder":
		for _, a := range args {
			st.applyClosure(w, a)
		}
	}
}

// setWord begins the assignments of ON CONFLICT DO UPDATE, or goes on with them.
func (st *statement) setWord() string {
	if st.setting {
		return ", "
	}
	st.setting = true
	return "SET "
}

// joinOn adds to the condition of the last join.
func (st *statement) joinOn(s, cond *value) {
	if len(st.joins) == 0 {
		return
	}
	word := " ON "
	if st.joining {
		word = map[string]string{"JoinOn": " AND ", "JoinOnOr": " OR "}[s.Text]
	}
	st.joining = true
	last := len(st.joins) - 1
	st.joins[last] = concat(st.joins[last], static(word+"(", s.pos), cond, static(")", s.pos))
}

// wherePK adds comparisons with the model's primary key, or the named columns.
func (st *statement) wherePK(s *value, columns []*value) {
	if st.model == nil || st.model.Kind != object {
		st.and(concat(static("id = ?", s.pos)))
		return
	}
	var names []string
	for _, c := range columns {
		if name, ok := plain(c); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = st.model.Table.Key()
	}
	for _, name := range names {
		if st.model.Text == listObject {
			st.and(concat(static(quoteName(name)+" IN (", s.pos), holeAt(s.pos, ListHole), static(")", s.pos)))
		} else {
			st.and(static(quoteName(name)+" = ?", s.pos))
		}
	}
}

// whereGroup adds the conditions of a closure in parentheses.
func (st *statement) whereGroup(w *writer, s *value, args []*value) {
	if len(args) < 1 {
		return
	}
	sep := " AND "
	closure := args[len(args)-1]
	if len(args) == 2 {
		if text, ok := plain(args[0]); ok {
			sep = text
		}
	} else if s.Text == "WhereOrGroup" {
		sep = " OR "
	}
	group := &statement{verb: st.verb, model: st.model}
	group.applyClosure(w, closure)
	if len(group.where) == 0 {
		return
	}
	t := term{v: termsOf(group.where, s), group: true, or: strings.Contains(strings.ToUpper(sep), "OR")}
	st.where = append(st.where, t)
}

// bunText puts the model's names into the places that bun keeps for them.
func (st *statement) bunText(v *value) *value {
	if st.model == nil || st.model.Kind != object {
		return v
	}
	t := st.model.Table
	for old, name := range map[string]string{
		"?TableAlias": t.Alias, "?TableName": t.Name, "?PKs": strings.Join(t.Key(), ", "),
	} {
		if name != "" && has(v, func(v *value) bool { return v.Kind == text && strings.Contains(v.Text, old) }) {
			v = replaceText(v, old, static(quoteName(name), v.pos))
		}
	}
	return v
}

// finishBun names the table after the model and, in an INSERT, its columns.
func finishBun(w *writer, st *statement) {
	if st.model == nil || st.model.Kind != object {
		return
	}
	o := st.model
	if !st.renamed && o.Table.Name != "" && (st.verb == "SELECT" || len(st.from) == 0 || st.verb == "UPDATE" || st.verb == "DELETE") {
		from := o
		if st.verb != "INSERT" && o.Table.Alias != "" && o.Table.Alias != o.Table.Name {
			from = concat(o, static(" AS "+quoteName(o.Table.Alias), o.pos))
		}
		st.from = append([]*value{from}, st.from...)
	}
	switch {
	case st.verb == "INSERT" && len(st.names) == 0:
		st.setObject(w, o)
	case st.verb == "UPDATE" && len(st.sets) == 0:
		st.setObject(w, o)
	}
}
