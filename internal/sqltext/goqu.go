package sqltext

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
)

var goquMapper = &mapper{
	tags: model.DB,
	terminal: names(`Exec ExecContext ScanStruct ScanStructs ScanStructContext ScanStructsContext ScanVal ScanVals
		ScanValContext ScanValsContext Count CountContext Pluck PluckContext Query QueryContext Scanner ScannerContext`),
	rendered:   names("ToSQL"),
	expression: goquExpression,
	step:       goquStep,
}

// goquComparisons are the methods of expressions that compare with one value.
var goquComparisons = map[string]string{
	"Eq": "=", "Neq": "<>", "Gt": ">", "Gte": ">=", "Lt": "<", "Lte": "<=", "Is": "IS", "IsNot": "IS NOT",
	"Like": "LIKE", "NotLike": "NOT LIKE", "ILike": "ILIKE", "NotILike": "NOT ILIKE",
	"RegexpLike": "~", "RegexpNotLike": "!~", "RegexpILike": "~*", "RegexpNotILike": "!~*",
}

// goquTests are the methods of expressions without an argument.
var goquTests = map[string]string{
	"IsNull": " IS NULL", "IsNotNull": " IS NOT NULL", "IsTrue": " IS TRUE", "IsNotTrue": " IS NOT TRUE",
	"IsFalse": " IS FALSE", "IsNotFalse": " IS NOT FALSE", "Asc": " ASC", "Desc": " DESC", "NullsFirst": " NULLS FIRST",
	"NullsLast": " NULLS LAST", "All": ".*",
}

func goquExpression(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value {
	if recv != nil && (isDataset(fn) || recv.Kind == chain && fn.Name() == "As") {
		return nil
	}
	pos := call.Pos()
	name := fn.Name()
	if recv == nil {
		return goquFunction(f, fn, call, args)
	}
	if op, ok := goquComparisons[name]; ok && len(args) == 1 {
		if f.info.Types[call.Args[0]].IsNil() {
			op = map[string]string{"=": "IS", "<>": "IS NOT"}[op]
		}
		return concat(recv, static(" "+op+" ", pos), inParens(f.operand(call.Args[0], args[0])))
	}
	if test, ok := goquTests[name]; ok && len(args) == 0 {
		return concat(recv, static(test, pos))
	}
	switch name {
	case "In", "NotIn":
		list := holeAt(pos, ListHole)
		if len(args) == 1 && args[0].Kind == chain {
			list = args[0]
		}
		word := map[string]string{"In": " IN (", "NotIn": " NOT IN ("}[name]
		return concat(recv, static(word, pos), list, static(")", pos))
	case "Between", "NotBetween":
		word := map[string]string{"Between": " BETWEEN ? AND ?", "NotBetween": " NOT BETWEEN ? AND ?"}[name]
		return concat(recv, static(word, pos))
	case "As":
		return concat(recv, static(" AS ", pos), goquName(args[0]))
	case "Col":
		return concat(recv, static(".", pos), goquName(args[0]))
	case "Table":
		return concat(recv, static(".", pos), goquName(args[0]))
	case "Schema":
		return concat(goquName(args[0]), static(".", pos), recv)
	case "Set":
		return concat(recv, static(" = ", pos), inParens(f.operand(call.Args[0], args[0])))
	case "Cast":
		return concat(static("CAST(", pos), recv, static(" AS ", pos), args[0], static(")", pos))
	case "Append":
		return spread(recv, elements(args...))
	case "Expression", "Clone":
		return recv
	case "Where":
		return concat(recv, static(" WHERE ", pos), joined(elements(args...), " AND ", pos))
	}
	if recv.Kind == hole || recv.Kind == chain {
		return nil
	}
	return unknown(call, f.typeOf(call))
}

// isDataset reports whether a method belongs to the builders themselves.
func isDataset(fn *types.Func) bool {
	name := ownerName(fn)
	return strings.HasSuffix(name, "Dataset") || strings.HasSuffix(name, "Database") || name == "DialectWrapper"
}

// goquFunction reads a function of the package: an expression or the beginning
// of a chain.
func goquFunction(f *frame, fn *types.Func, call *ast.CallExpr, args []*value) *value {
	pos := call.Pos()
	switch name := fn.Name(); name {
	case "From", "Select", "Insert", "Update", "Delete", "Truncate":
		return then(empty, &value{Kind: step, Lib: goqu, Text: name, Kids: f.stepArgs(goqu, fn, call, args), pos: pos})
	case "Dialect", "New":
		return unknown(call, f.typeOf(call))
	case "I", "C", "T", "S":
		return goquName(args[0])
	case "L", "Literal":
		return fill(args[0], f.operands(call, args, 1))
	case "V":
		return placeholder(pos)
	case "Star":
		return static("*", pos)
	case "And", "Or":
		return &value{Kind: list, Text: "goqu." + name, Kids: args, pos: pos}
	case "On":
		return concat(static(" ON ", pos), joined(elements(args...), " AND ", pos))
	case "Using":
		names := make([]*value, len(args))
		for i, a := range args {
			names[i] = goquName(a)
		}
		return concat(static(" USING (", pos), joined(elements(names...), ", ", pos), static(")", pos))
	case "Lateral":
		return concat(static("LATERAL ", pos), inParens(args[0]))
	case "Cast":
		return concat(static("CAST(", pos), args[0], static(" AS ", pos), args[1], static(")", pos))
	case "DoNothing":
		return static("ON CONFLICT DO NOTHING", pos)
	case "DoUpdate":
		return concat(static("ON CONFLICT (", pos), args[0], static(") DO UPDATE SET ", pos), holeAt(pos, ListHole))
	case "Func":
		return concat(args[0], static("(", pos), joined(goquOperands(f, call, args[1:], 1), ", ", pos), static(")", pos))
	case "Case", "Range", "W", "Default", "Record":
		return unknown(call, f.typeOf(call))
	default:
		if name == strings.ToUpper(name) || name == "Any" || name == "All" {
			return concat(static(name+"(", pos), joined(goquOperands(f, call, args, 0), ", ", pos), static(")", pos))
		}
	}
	return nil
}

// goquOperands returns arguments of an SQL function: strings are columns to the
// functions of one column.
func goquOperands(f *frame, call *ast.CallExpr, args []*value, from int) *value {
	list := elements()
	for i, a := range args {
		e := call.Args[i+from]
		if isText(f.typeOf(e)) && from == 0 {
			list = extend(list, goquName(a))
		} else {
			list = extend(list, inParens(f.operand(e, a)))
		}
	}
	return list
}

// goquName returns an identifier: goqu reads the dots in it.
func goquName(v *value) *value {
	if s, ok := plain(v); ok {
		if q := quoteName(s); q != s {
			return static(q, v.pos)
		}
	}
	return v
}

// inParens puts a subquery in parentheses.
func inParens(v *value) *value {
	if v.Kind == chain {
		return concat(static("(", v.pos), v, static(")", v.pos))
	}
	return v
}

var goquJoins = map[string]string{
	"Join": "JOIN ", "InnerJoin": "INNER JOIN ", "LeftJoin": "LEFT JOIN ", "LeftOuterJoin": "LEFT JOIN ",
	"RightJoin": "RIGHT JOIN ", "RightOuterJoin": "RIGHT JOIN ", "FullJoin": "FULL JOIN ", "FullOuterJoin": "FULL JOIN ",
	"CrossJoin": "CROSS JOIN ", "NaturalJoin": "NATURAL JOIN ", "NaturalLeftJoin": "NATURAL LEFT JOIN ",
}

func goquStep(w *writer, st *statement, s *value) {
	args := spreadArgs(s.Kids)
	if word, ok := goquJoins[s.Text]; ok && len(args) > 0 {
		on := empty
		if len(args) > 1 {
			on = args[1]
		}
		st.joins = append(st.joins, concat(static(word, s.pos), goquTable(args[0]), on))
		return
	}
	switch s.Text {
	case "From":
		if st.verb == "" {
			st.verb = "SELECT"
		}
		if st.verb == "UPDATE" {
			st.from = append(st.from, goquTables(args)...)
		} else {
			st.from = goquTables(args)
		}
	case "Select", "SelectDistinct":
		if st.verb == "" {
			st.verb = "SELECT"
		}
		st.columns = goquColumns(args)
		st.distinct = s.Text == "SelectDistinct"
	case "SelectAppend":
		st.columns = append(st.columns, goquColumns(args)...)
	case "Distinct":
		st.distinct = true
	case "Where":
		for _, a := range args {
			st.and(a)
		}
	case "ClearWhere":
		st.where = nil
	case "Having":
		for _, a := range args {
			st.having = append(st.having, term{v: a})
		}
	case "Insert":
		st.verb, st.from = "INSERT", goquTables(args)
	case "Into":
		st.from = goquTables(args)
	case "Update":
		st.verb, st.from = "UPDATE", goquTables(args)
	case "Table":
		st.from = goquTables(args)
	case "Delete":
		st.verb, st.from = "DELETE", goquTables(args)
	case "Truncate":
		st.verb, st.from = "TRUNCATE", goquTables(args)
	case "Rows":
		if len(args) > 0 {
			row := args[0]
			if row.Kind == list && len(row.Kids) > 0 {
				row = row.Kids[0]
			}
			st.setRecord(w, row)
		}
	case "Cols":
		st.names = append(st.names, goquColumns(args)...)
	case "FromQuery":
		st.selected = args[0]
	case "Set":
		st.setRecord(w, args[0])
	case "OnConflict":
		st.conflict = append(st.conflict, args[0])
	case "With", "WithRecursive":
		if len(args) == 2 {
			st.with = append(st.with, cte{args[0], args[1]})
			st.recursive = st.recursive || s.Text == "WithRecursive"
		}
	case "Union", "UnionAll", "Intersect", "IntersectAll":
		word := map[string]string{"Union": "UNION ", "UnionAll": "UNION ALL ", "Intersect": "INTERSECT ", "IntersectAll": "INTERSECT ALL "}[s.Text]
		st.unions = append(st.unions, concat(static(word, s.pos), args[0]))
	case "As":
		if st.alias = args[0]; st.alias == empty {
			st.alias = nil
		}
	case "GroupBy":
		st.group = append(st.group, goquColumns(args)...)
	case "Order", "OrderAppend", "OrderPrepend":
		st.order = append(st.order, args...)
	case "Returning":
		st.returning = append(st.returning, goquColumns(args)...)
	case "CrossDatabase", "Prepared", "WithDialect", "Limit", "Offset":
	}
}

func goquTables(args []*value) []*value {
	tables := make([]*value, len(args))
	for i, a := range args {
		tables[i] = goquTable(a)
	}
	return tables
}

// goquTable returns a table or a subquery of a FROM or JOIN clause.
func goquTable(v *value) *value {
	if v.Kind == chain {
		if last := v.Kids[len(v.Kids)-1]; last.Kind == step && last.Text == "As" {
			return v
		}
		return concat(static("(", v.pos), v, static(") AS t1", v.pos))
	}
	return v
}

func goquColumns(args []*value) []*value {
	var columns []*value
	for _, a := range args {
		switch a.Kind {
		case object:
			for _, c := range a.Table.Columns {
				columns = append(columns, static(quoteName(c.Name), a.pos))
			}
		case chain:
			columns = append(columns, inParens(a))
		case list:
			columns = append(columns, goquColumns(a.Kids)...)
		default:
			columns = append(columns, a)
		}
	}
	return columns
}
