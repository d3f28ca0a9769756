package builder

import (
	"go/ast"
	"go/token"
	"go/types"
	"testing"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// first is the alternative in which the first of all choices is taken.
type first struct{}

func (first) Settle(v value.Value) value.Value {
	for {
		c, ok := v.(*value.Choice)
		if !ok {
			return v
		}
		v = c.Alternatives[0]
	}
}

func (f first) Elements(parts []value.Value) ([]value.Value, map[value.Value]bool) {
	var elems []value.Value
	for _, p := range parts {
		if v := f.Settle(p); v == p {
			elems = append(elems, v)
		} else {
			elems = append(elems, value.Within(v)...)
		}
	}
	return elems, nil
}

func (first) Pass([]dbapi.Name) {}

func text(s string) value.Value { return &value.Text{S: s} }

// TestUnknownSteps holds all builders to make nothing of a step that they do not
// know: it must neither limit a query nor hide that nothing does.
func TestUnknownSteps(t *testing.T) {
	t.Parallel()
	object := &value.Object{Table: &model.Table{Name: "users"}}
	for name, b := range byName {
		for _, args := range [][]value.Value{nil, {text("tenant_id = 1")}, {object, text("id"), value.Elements(text("x"))}} {
			step := func(method string) *value.Step { return &value.Step{Library: name, Method: method, Args: args} }
			c := value.Then(value.Empty, step("NoSuchStep")).(*value.Chain)
			st := Read(c, first{})
			if len(st.Where)+len(st.From)+len(st.Joins)+len(st.Having) > 0 {
				t.Errorf("%s makes %+v of a step that is not known", name, st)
			}
			if b.Runs["NoSuchStep"] || NamesTable(step("NoSuchStep")) || Limits(step("NoSuchStep")) {
				t.Errorf("%s knows every step", name)
			}
		}
	}
}

// TestNamesakes holds ALL (…), a function of bob's dialects, not to be what runs a query.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	arg := ast.NewIdent("ids")
	call := &Call{
		Fn:   types.NewFunc(token.NoPos, nil, "All", types.NewSignatureType(nil, nil, nil, nil, nil, false)),
		Expr: &ast.CallExpr{Fun: ast.NewIdent("All"), Args: []ast.Expr{arg}}, Args: []value.Value{text("ids")},
	}
	got, ok := value.Plain(call.bobFunction())
	if !ok || got != "ALL (ids)" || len(call.Asked) > 0 {
		t.Errorf("got %q, and runs %v", got, call.Asked)
	}
}

// TestUnseenSteps holds what is out of sight to stand for conditions.
func TestUnseenSteps(t *testing.T) {
	t.Parallel()
	c := value.Then(value.Then(value.Empty, &value.Step{Library: squirrel.Name, Method: "Select", Args: []value.Value{text("id")}}), &value.Unseen{})
	if st := Read(c.(*value.Chain), first{}); len(st.Where) != 1 || !value.IsHole(st.Where[0].Of) {
		t.Errorf("conditions %+v", st.Where)
	}
}

// TestSteps holds the sets of a builder to name steps that it reads.
func TestSteps(t *testing.T) {
	t.Parallel()
	for name, b := range byName {
		if len(b.Packages) == 0 && b.Generated == nil || b.Begin == nil || b.Step == nil {
			t.Errorf("%s is not complete", name)
		}
		for method := range b.Runs {
			if b.Renders[method] {
				t.Errorf("%s both runs and renders a query by %s", name, method)
			}
		}
		for form := range b.Forms {
			if _, ok := FormOf(b.Packages[0] + "." + form); !ok {
				t.Errorf("%s has no form %s", name, form)
			}
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"`ab`": "ab", "`a`.`Order`": `a."Order"`, `"order"`: `"order"`,
		"users": "users", "public.users": "public.users", "u.*": "u.*", "Users": `"Users"`, "order": `"order"`, "a b": `"a b"`, "": `""`, "x1": "x1", "1x": `"1x"`,
	} {
		if got := Quote(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestFormOf(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]Form{
		"github.com/Masterminds/squirrel.NotEq":   {Operator: "<>"},
		"github.com/Masterminds/squirrel.Or":      {Or: true},
		"github.com/doug-martin/goqu/v9/exp.ExOr": {Or: true},
		"xorm.io/builder.Gte":                     {Operator: ">="},
		"example.com/mine.Or":                     {},
		"github.com/Masterminds/squirrel.Sqlizer": {},
		"Or": {},
	} {
		got, _ := FormOf(typ)
		if got.Or != want.Or || got.Operator != want.Operator {
			t.Errorf("%s is %+v, want %+v", typ, got, want)
		}
	}
}
