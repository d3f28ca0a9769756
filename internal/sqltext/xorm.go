package sqltext

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
)

var xormTerminal = names(`Find Get Exist Count FindAndCount Iterate Rows Sum Sums Insert InsertOne InsertMulti
		Update Delete`)

var xormMapper = &mapper{
	tags:       model.XORM,
	mutable:    true,
	terminal:   xormTerminal,
	expression: xormExpression,
	step:       xormStep,
	finish:     func(_ *writer, st *statement) { st.setTable(st.model) },
}

func xormExpression(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value {
	pos := call.Pos()
	if fn.Pkg().Path() == "xorm.io/builder" {
		switch name := fn.Name(); {
		case recv != nil && (name == "And" || name == "Or"):
			return &value{Kind: list, Text: "xorm." + name, Kids: append([]*value{recv}, args...), pos: pos}
		case name == "And" || name == "Or":
			return &value{Kind: list, Text: "xorm." + name, Kids: args, pos: pos}
		case name == "NewCond":
			return elements()
		case name == "Expr" && len(args) > 0:
			return fill(args[0], f.operands(call, args, 1))
		case (name == "In" || name == "NotIn") && len(args) > 0:
			word := map[string]string{"In": " IN (", "NotIn": " NOT IN ("}[name]
			return concat(nameOf(args[0]), static(word, pos), holeAt(pos, ListHole), static(")", pos))
		}
		return unknown(call, f.typeOf(call))
	}
	if recv == nil || fn.Name() == "Context" || fn.Name() == "NewSession" || fn.Name() == "Begin" {
		return unknown(call, f.typeOf(call))
	}
	return nil
}

func xormStep(w *writer, st *statement, s *value) {
	args := spreadArgs(s.Kids)
	if len(args) == 0 {
		if s.Text == "Insert" || s.Text == "Update" || s.Text == "Delete" {
			st.verb = strings.ToUpper(s.Text)
		}
		return
	}
	switch s.Text {
	case "Table":
		if args[0].Kind == object {
			st.model = args[0]
		} else {
			st.from = []*value{nameOf(args[0])}
		}
	case "Alias":
		st.alias = nil
	case "Where", "And":
		st.andIn(xormCondition(args))
	case "Or":
		st.orIn(xormCondition(args))
	case "In", "NotIn":
		word := map[string]string{"In": " IN (", "NotIn": " NOT IN ("}[s.Text]
		st.and(concat(nameOf(args[0]), static(word, s.pos), holeAt(s.pos, ListHole), static(")", s.pos)))
	case "ID", "Id":
		st.where = append(st.where, term{v: st.byKey(s)})
	case "Join":
		if len(args) > 2 {
			st.joins = append(st.joins, concat(args[0], static(" JOIN ", s.pos), nameOf(args[1]), static(" ON ", s.pos), args[2]))
		}
	case "Select":
		st.columns = []*value{args[0]}
	case "GroupBy":
		st.group = append(st.group, args[0])
	case "OrderBy", "Asc", "Desc":
		st.order = append(st.order, args[0])
	default:
		if xormTerminal[s.Text] {
			st.finishXORM(w, s, args)
		}
	}
}

func xormCondition(args []*value) *value {
	if args[0].Kind == record || args[0].Kind == list {
		return args[0]
	}
	return fill(args[0], args[1:])
}

// finishXORM makes the statement of the method that runs it: the fields that its
// bean sets are conditions.
func (st *statement) finishXORM(w *writer, s *value, args []*value) {
	bean := args[0]
	conditions := bean
	switch s.Text {
	case "Insert", "InsertOne", "InsertMulti":
		st.verb = "INSERT"
		st.setTable(bean)
		if bean.Kind == object {
			st.setObject(w, bean)
		}
		return
	case "Update":
		st.verb = "UPDATE"
		st.setTable(bean)
		st.setRecord(w, bean)
		conditions = empty
		if len(args) > 1 {
			conditions = args[1]
		}
	case "Delete":
		st.verb = "DELETE"
		st.setTable(bean)
	default:
		st.verb = "SELECT"
		st.setTable(bean)
		if (s.Text == "Find" || s.Text == "FindAndCount") && len(args) > 1 {
			conditions = args[1]
		} else if s.Text == "Find" || s.Text == "FindAndCount" {
			conditions = empty
		}
	}
	if conditions.Kind == object && conditions.Text != listObject && !(conditions.Text == literalObject && len(conditions.Kids) == 0) {
		st.and(objectConditions(conditions))
	}
}
