package sqltext

import (
	"go/ast"
	"go/types"
	"strings"
)

var squirrelMapper = &mapper{
	terminal:   names("Exec Query QueryRow Scan ExecContext QueryContext QueryRowContext ScanContext"),
	rendered:   names("ToSql MustSql"),
	expression: squirrelExpression,
	step:       squirrelStep,
}

func squirrelExpression(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value {
	if fn.Signature().Recv() != nil {
		if owner := ownerName(fn); !strings.Contains(owner, "Builder") {
			return unknown(call, f.typeOf(call)) // the row that a query returns
		}
		return nil
	}
	switch name := fn.Name(); name {
	case "Select", "Insert", "Replace", "Update", "Delete":
		return then(empty, &value{Kind: step, Lib: squirrel, Text: name, Kids: f.stepArgs(squirrel, fn, call, args), pos: call.Pos()})
	case "Expr":
		return fill(args[0], f.operands(call, args, 1))
	case "ConcatExpr":
		return concat(f.operands(call, args, 0)...)
	case "Alias":
		return concat(static("(", call.Pos()), args[0], static(") AS ", call.Pos()), args[1])
	default:
		if strings.HasSuffix(name, "With") && len(args) > 0 {
			if last := args[len(args)-1]; last.Kind == chain {
				f.ask(call, query{SQL: last}, Builder)
			}
			return unknown(call, nil)
		}
	}
	return nil
}

// operands returns the operands of a call's arguments from index i on.
func (f *frame) operands(call *ast.CallExpr, args []*value, i int) []*value {
	var out []*value
	for ; i < len(args) && i < len(call.Args); i++ {
		if call.Ellipsis.IsValid() && i == len(call.Args)-1 {
			break
		}
		out = append(out, f.operand(call.Args[i], args[i]))
	}
	return out
}

// squirrelJoins are the words before the text of a join.
var squirrelJoins = map[string]string{
	"Join": "JOIN ", "InnerJoin": "INNER JOIN ", "LeftJoin": "LEFT JOIN ", "RightJoin": "RIGHT JOIN ", "CrossJoin": "CROSS JOIN ", "JoinClause": "",
}

func squirrelStep(w *writer, st *statement, s *value) {
	args := spreadArgs(s.Kids)
	if len(args) == 0 && s.Text != "Distinct" && s.Text != "Select" && s.Text != "RemoveColumns" {
		return
	}
	if word, ok := squirrelJoins[s.Text]; ok {
		st.joins = append(st.joins, concat(static(word, s.pos), fill(args[0], args[1:])))
		return
	}
	switch s.Text {
	case "Select":
		if st.verb == "INSERT" && len(st.from) > 0 {
			st.selected = args[0]
			return
		}
		st.verb = "SELECT"
		st.columns = append(st.columns, args...)
	case "Columns":
		if st.verb == "INSERT" {
			st.names = append(st.names, args...)
		} else {
			st.columns = append(st.columns, args...)
		}
	case "Column":
		st.columns = append(st.columns, fill(args[0], args[1:]))
	case "RemoveColumns":
		st.columns = nil
	case "From":
		if st.verb == "SELECT" || st.verb == "" || st.verb == "DELETE" {
			st.from = nil
		}
		st.from = append(st.from, args[0])
	case "FromSelect":
		st.from = append(st.from, concat(static("(", s.pos), args[0], static(") AS ", s.pos), args[1]))
	case "Insert", "Replace":
		st.verb, st.from = "INSERT", args[:1]
	case "Into":
		st.from = args[:1]
	case "Update":
		st.verb, st.from = "UPDATE", args[:1]
	case "Table":
		st.from = args[:1]
	case "Delete":
		st.verb, st.from = "DELETE", args[:1]
	case "Set":
		st.sets = append(st.sets, concat(args[0], static(" = ", s.pos), setOperand(args[1])))
	case "SetMap":
		st.setRecord(w, args[0])
	case "Values":
		st.rows = append(st.rows, w.row(args, s))
	case "Where", "Having":
		t := term{v: fill(args[0], args[1:])}
		if s.Text == "Having" {
			st.having = append(st.having, t)
		} else if !isNil(t.v) {
			st.where = append(st.where, t)
		}
	case "GroupBy":
		st.group = append(st.group, args...)
	case "OrderBy":
		st.order = append(st.order, args...)
	case "OrderByClause":
		st.order = append(st.order, fill(args[0], args[1:]))
	case "Prefix", "PrefixExpr":
		st.prefix = append(st.prefix, fill(args[0], args[1:]))
	case "Suffix", "SuffixExpr":
		st.tail = append(st.tail, fill(args[0], args[1:]))
	case "Distinct":
		st.distinct = true
	}
}

// spreadArgs returns arguments with a spread list laid open.
func spreadArgs(args []*value) []*value {
	if n := len(args); n > 0 && args[n-1].Kind == list && args[n-1].Text == spreadList {
		return append(args[:n-1:n-1], args[n-1].Kids...)
	}
	return args
}

// setOperand returns what a column is set to.
func setOperand(v *value) *value {
	switch v.Kind {
	case chain:
		return concat(static("(", v.pos), v, static(")", v.pos))
	case sequence, junction, text:
		return v
	}
	return placeholder(v.pos)
}

// row writes the values of an inserted row.
func (w *writer) row(args []*value, s *value) *value {
	parts := []*value{}
	for i, a := range args {
		if i > 0 {
			parts = append(parts, static(", ", s.pos))
		}
		parts = append(parts, setOperand(a))
	}
	return concat(parts...)
}

// setRecord adds the columns of a map: to the names of an INSERT, to the sets of
// an UPDATE.
func (st *statement) setRecord(w *writer, v *value) {
	for v.Kind == either {
		v, _ = w.pick(v, 0)
	}
	if v.Kind == object {
		st.setObject(w, v)
		return
	}
	if v.Kind != record {
		open := holeAt(v.pos, ListHole)
		if st.verb == "INSERT" {
			st.names = append(st.names, open)
		} else {
			st.sets = append(st.sets, open)
		}
		return
	}
	kids, _ := w.elements(v, 0)
	for _, e := range kids {
		name := holeAt(e.pos, NameHole)
		switch {
		case e.Kind != entry:
			if isUnknownStart(e) {
				st.setRecord(w, e)
			}
			continue
		case e.Text != unknownName:
			name = static(quoteName(e.Text), e.pos)
		}
		if st.verb == "INSERT" {
			st.names = append(st.names, name)
		} else {
			st.sets = append(st.sets, concat(name, static(" = ", e.pos), setOperand(e.Kids[0])))
		}
	}
}

// setObject adds the columns of a model: all of them to an INSERT, those that its
// literal sets to an UPDATE.
func (st *statement) setObject(w *writer, v *value) {
	if st.verb == "INSERT" {
		for _, c := range v.Table.Columns {
			st.names = append(st.names, static(quoteName(c.Name), v.pos))
		}
		return
	}
	for _, c := range v.Table.Columns {
		if !c.Key {
			st.sets = append(st.sets, static(quoteName(c.Name)+" = ?", v.pos))
		}
	}
}
