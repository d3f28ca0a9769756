package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// rebinds returns the text that a function gives back with other placeholders in it: it takes
// one text, and spells none but the placeholder that it looks for and what it puts there. It is
// nil for any other function.
//
// How the text is taken apart is of no matter: by runes, by bytes, by cuts.
func (f *frame) rebinds(sig *types.Signature, body ast.Node) value.Value {
	if sig.Results().Len() == 0 || !value.IsText(sig.Results().At(0).Type()) {
		return nil
	}
	var text value.Value
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		if !value.IsText(p.Type()) {
			continue
		}
		if text != nil {
			return nil
		}
		text = &value.Param{Origin: value.Origin{Pos: p.Pos()}, Index: i, Type: p.Type()}
	}
	if text == nil || !f.spellsPlaceholders(body) {
		return nil
	}
	return text
}

// spellsPlaceholders reports whether code spells the placeholder of one dialect and how those of
// another begin, and no SQL.
func (f *frame) spellsPlaceholders(code ast.Node) bool {
	var from, to, other bool
	ast.Inspect(code, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		switch s := f.spelled(e); {
		case s == "?":
			from = true
		case s == "$" || s == ":" || s == "@p" || s == "$%d" || s == ":%d" || s == "@p%d":
			to = true
		case sqlast.MayHold("`" + s):
			other = true
		default:
			return true
		}
		return false
	})
	return from && to && !other
}

// spelled returns a constant text, or the pattern of a regular expression that is kept in a
// variable, without what escapes; "" for anything else.
func (f *frame) spelled(e ast.Expr) string {
	if tv := f.info.Types[e]; tv.Value != nil {
		switch lit, isLit := ast.Unparen(e).(*ast.BasicLit); {
		case tv.Value.Kind() == constant.String:
			return constant.StringVal(tv.Value)
		case isLit && lit.Kind == token.CHAR:
			n, _ := constant.Int64Val(tv.Value)
			return string(rune(n))
		}
		return ""
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return ""
	}
	if call, ok := f.values[f.info.Uses[id]].(*ast.CallExpr); ok && len(call.Args) == 1 {
		if tv := f.info.Types[call.Args[0]]; tv.Value != nil && tv.Value.Kind() == constant.String {
			return strings.TrimPrefix(constant.StringVal(tv.Value), `\`)
		}
	}
	return ""
}
