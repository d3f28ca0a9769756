package sqltext

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/model"
)

var gopgMapper = &mapper{
	tags:    model.GoPG,
	mutable: true,
	terminal: names(`Select SelectAndCount SelectAndCountEstimate Count First Last Exists ForEach Insert SelectOrInsert
		Update UpdateNotZero Delete ForceDelete`),
	expression: gopgExpression,
	step:       gopgStep,
	finish:     finishBun,
}

func gopgExpression(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value {
	pos := call.Pos()
	if recv != nil {
		switch fn.Name() {
		case "Model", "ModelContext":
			if ownerName(fn) == "Query" {
				return nil
			}
			s := &value{Kind: step, Lib: gopg, Text: "Model", pos: pos, Through: recv.Through}
			s.Kids = f.stepArgs(gopg, fn, call, args)
			if fn.Name() == "ModelContext" {
				s.Kids = s.Kids[1:]
			}
			return then(empty, s)
		case "Begin", "BeginContext", "WithContext":
			if recv.Kind != chain {
				return unknown(call, f.typeOf(call))
			}
		}
		return nil
	}
	switch fn.Name() {
	case "In", "InMulti", "Array":
		return holeAt(pos, ListHole)
	case "Ident":
		if len(args) == 1 {
			return nameOf(args[0])
		}
	}
	return unknown(call, f.typeOf(call))
}

func gopgStep(w *writer, st *statement, s *value) {
	args := s.Kids
	switch s.Text {
	case "Insert", "SelectOrInsert":
		st.verb = "INSERT"
		return
	case "Update", "UpdateNotZero":
		st.verb = "UPDATE"
		return
	case "Delete", "ForceDelete":
		st.verb = "DELETE"
		return
	case "Select", "SelectAndCount", "Count", "First", "Last", "Exists":
		return
	case "Table":
		for _, a := range args {
			st.from = append(st.from, nameOf(a))
		}
		return
	case "WhereIn", "WhereInOr":
		if len(args) > 0 {
			st.andIn(st.bunText(args[0]))
		}
		return
	case "WhereGroup", "WhereOrGroup", "WhereNotGroup":
		st.whereGroup(w, s, args)
		return
	case "OnConflict":
		if len(args) > 0 {
			st.conflict = append(st.conflict, concat(static("ON CONFLICT ", s.pos), args[0]))
		}
		return
	}
	bunStep(w, st, s)
}
