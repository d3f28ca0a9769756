package sqltext

import (
	"go/ast"
	"text/template/parse"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// templateFuncs are the functions of text/template: a template stands for its source until it is
// executed.
var templateFuncs = map[dbapi.Name]textFunc{
	"text/template.New": nothing, "text/template.Must": argument(0),
	"(text/template.Template).Parse": argument(0), "(text/template.Template).Execute": execute,
	"(text/template.Template).Funcs": receiver, "(text/template.Template).Option": receiver,
}

// execute writes what a template makes of its data.
func execute(f *frame, call *ast.CallExpr, recv value.Value, args []value.Value) []value.Value {
	if len(args) != 2 {
		return nil
	}
	var text value.Value = value.Unknown(call, nil)
	if source, ok := recv.(*value.Text); ok {
		tree := parse.New("")
		tree.Mode = parse.SkipFuncCheck
		if _, err := tree.Parse(source.S, "", "", map[string]*parse.Tree{}); err == nil {
			text = (&template{f, call, source}).list(tree.Root, args[1])
		}
	}
	f.appendTo(call.Args[0], args[0], text)
	return nil
}

// A template is one that a call executes.
type template struct {
	*frame
	call   *ast.CallExpr
	source *value.Text
}

func (t *template) hole() value.Value { return value.HoleAt(t.call.Pos(), value.AnyHole) }

// list returns what the nodes of a list make of the value that the dot stands for, nil if that is
// not known.
func (t *template) list(l *parse.ListNode, dot value.Value) value.Value {
	if l == nil {
		return value.Empty
	}
	parts := make([]value.Value, len(l.Nodes))
	for i, n := range l.Nodes {
		parts[i] = t.node(n, dot)
	}
	return value.Concat(parts...)
}

func (t *template) node(n parse.Node, dot value.Value) value.Value {
	switch n := n.(type) {
	case *parse.TextNode:
		return t.source.Slice(int(n.Pos), int(n.Pos)+len(n.Text))
	case *parse.ActionNode:
		if len(n.Pipe.Decl) > 0 {
			return value.Empty
		}
		return t.pipe(n.Pipe, dot)
	case *parse.IfNode:
		return t.either(&n.BranchNode, dot)
	case *parse.WithNode:
		return t.either(&n.BranchNode, nil)
	case *parse.RangeNode:
		return t.either(&n.BranchNode, nil)
	case *parse.CommentNode:
		return value.Empty
	}
	return t.hole()
}

// either returns the list of a branch, or that of its else. Branches with one condition are
// taken together.
func (t *template) either(b *parse.BranchNode, dot value.Value) value.Value {
	return value.Choose(t.key(t.call.Pos())+b.Pipe.String(), nil, t.list(b.List, dot), t.list(b.ElseList, dot))
}

// pipe returns what stands for a field of the dot; anything else is a hole.
func (t *template) pipe(p *parse.PipeNode, dot value.Value) value.Value {
	if len(p.Cmds) == 1 && len(p.Cmds[0].Args) == 1 && dot != nil {
		if field, ok := p.Cmds[0].Args[0].(*parse.FieldNode); ok && len(field.Ident) == 1 {
			if v := value.Field(dot, field.Ident[0]); v != nil {
				return v
			}
		}
	}
	return t.hole()
}
