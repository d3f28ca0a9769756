package share

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/rewrite"
)

// A preparation is what makes a local variable that the moved call is given, statement by statement,
// and nothing else uses. It moves with the call.
type preparation struct {
	of    *types.Var
	made  *ast.AssignStmt // its declaration
	check ast.Stmt        // of the error that may come with it; nil if none does
	sets  []*ast.AssignStmt
}

// statements returns all that goes from where it stands.
func (p preparation) statements() []ast.Stmt {
	all := []ast.Stmt{p.made}
	if p.check != nil {
		all = append(all, p.check)
	}
	for _, set := range p.sets {
		all = append(all, set)
	}
	return all
}

// prepare has what makes a variable move with the call; not ok if that is more than a configuration
// whose fields are set, or something else uses it.
func (m *mover) prepare(v *types.Var, depth int) bool {
	switch {
	case m.isPrepared(v):
		return true
	case m.opener == nil || depth <= 0 || !m.writable(v.Name()):
		return false
	}
	p := m.preparation(v)
	if p == nil {
		return false
	}
	m.prepared = append(m.prepared, v)
	m.preparations = append(m.preparations, p)
	text, ok := m.written(p, depth)
	m.prelude += text
	return ok
}

// written returns a preparation as what opens the pool has it.
func (m *mover) written(p *preparation, depth int) (text string, ok bool) {
	made, ok := m.textAt(p.made.Rhs[0], depth)
	if !ok {
		return "", false
	}
	name := p.of.Name()
	switch {
	case p.check == nil:
		text = "\t" + name + " := " + made + "\n"
	case m.fails:
		text = "\t" + name + ", err := " + made + "\n\tif err != nil {\n\t\treturn nil, err\n\t}\n"
	default:
		text = "\t" + name + ", err := " + made + "\n\tif err != nil {\n\t\tpanic(err)\n\t}\n"
	}
	for _, set := range p.sets {
		field, known := m.textAt(set.Lhs[0], depth)
		value, ok := m.textAt(set.Rhs[0], depth)
		if !known || !ok {
			return "", false
		}
		text += "\t" + field + " = " + value + "\n"
	}
	return text, true
}

func (m *mover) isPrepared(v *types.Var) bool { return slices.Contains(m.prepared, v) }

// taken are names that what opens a pool has of its own.
var taken = map[string]bool{"db": true, "err": true, "pool": true}

// writable reports whether what opens the pool can have a variable of the name.
func (m *mover) writable(name string) bool {
	return !taken[name] && m.pass.Pkg.Scope().Lookup(name) == nil && m.pass.TypesInfo.Scopes[m.file.Syntax].Lookup(name) == nil
}

// preparation returns what makes a variable; nil if that cannot move.
func (m *mover) preparation(v *types.Var) *preparation {
	into := m.code.Into(v)
	if _, param := m.code.Param(v); param || len(into) == 0 {
		return nil
	}
	p, block := m.declared(v, into[0])
	if p == nil {
		return nil
	}
	for _, store := range into[1:] {
		set := m.set(v, store, block)
		if set == nil {
			return nil
		}
		p.sets = append(p.sets, set)
	}
	if !m.alone(p) || !m.movesWhole(p) {
		return nil
	}
	return p
}

// declared returns the declaration of a variable, with the check of its error, and the block that it
// stands in; nil if it does more than to make a configuration.
func (m *mover) declared(v *types.Var, into *flow.Store) (*preparation, ast.Node) {
	if !into.Whole(v) || into.Result != 0 || into.Range {
		return nil, nil
	}
	name, ok := into.In.At(into.Dst)
	if !ok {
		return nil, nil
	}
	stmt := name.Parent()
	made, ok := stmt.Node().(*ast.AssignStmt)
	if !ok || made.Tok != token.DEFINE || len(made.Rhs) != 1 || len(made.Lhs) > 2 || made.Lhs[0] != name.Node() || !m.inBlock(stmt) || !m.makes(made.Rhs[0]) {
		return nil, nil
	}
	p := &preparation{of: v, made: made}
	if len(made.Lhs) == 2 {
		id, ok := made.Lhs[1].(*ast.Ident)
		if !ok || id.Name == "_" {
			return nil, nil
		}
		if p.check = rewrite.Check(stmt, m.pass.TypesInfo, m.pass.TypesInfo.ObjectOf(id)); p.check == nil || skipsIn(p.check) {
			return nil, nil
		}
	}
	return p, stmt.Parent().Node()
}

// set returns the statement of the block that sets a field of a variable before the call; nil if it is
// no such statement.
func (m *mover) set(v *types.Var, store *flow.Store, block ast.Node) *ast.AssignStmt {
	dst, ok := store.In.At(store.Dst)
	if !ok || store.Whole(v) || dst.ParentEdgeKind() != edge.AssignStmt_Lhs || dst.Parent().Parent().Node() != block {
		return nil
	}
	set := dst.Parent().Node().(*ast.AssignStmt)
	if set.Tok != token.ASSIGN || len(set.Lhs) != 1 || set.Pos() > m.at || !m.pure(set.Rhs[0]) {
		return nil
	}
	return set
}

// alone reports whether each statement of a preparation has its lines for itself.
func (m *mover) alone(p *preparation) bool {
	return !slices.ContainsFunc(p.statements(), func(stmt ast.Stmt) bool {
		file := m.files.At(stmt.Pos())
		return file == nil || !file.Alone(stmt)
	})
}

// movesWhole reports whether nothing but what moves uses what is prepared.
func (m *mover) movesWhole(p *preparation) bool {
	moves := []ast.Node{m.opener}
	for _, moved := range append(m.preparations, p) {
		for _, stmt := range moved.statements() {
			moves = append(moves, stmt)
		}
	}
	return !slices.ContainsFunc(m.code.Mentions(p.of), func(mention inspector.Cursor) bool {
		return !slices.ContainsFunc(moves, func(n ast.Node) bool { return within(mention.Node(), n) })
	})
}

// makes reports whether an expression makes a configuration.
func (m *mover) makes(e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		fn := dbapi.Callee(m.pass.TypesInfo, call)
		return fn != nil && dbapi.Configures(fn)
	}
	return m.pure(e)
}

// skipsIn reports whether a statement may skip a test.
func skipsIn(stmt ast.Stmt) bool {
	skips := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		skips = skips || ok && strings.HasPrefix(id.Name, "Skip")
		return !skips
	})
	return skips
}

// unprepare removes what moves with the call.
func (m *mover) unprepare() bool {
	for _, p := range m.preparations {
		for _, stmt := range p.statements() {
			m.gone = append(m.gone, stmt)
		}
	}
	for _, p := range m.preparations {
		edit := m.files.At(p.made.Pos()).Remove(p.made)
		if p.check != nil {
			id := p.made.Lhs[1].(*ast.Ident)
			stmt, ok := m.statementOf(p.made)
			if !ok {
				return false
			}
			if err, ok := m.pass.TypesInfo.Defs[id].(*types.Var); ok && m.needed(stmt, err, m.gone...) {
				edit = rewrite.Replace(p.made.Pos(), p.made.End(), "var "+id.Name+" error")
			}
		}
		m.edits = append(m.edits, edit)
		for _, stmt := range p.statements()[1:] {
			m.edits = append(m.edits, m.files.At(stmt.Pos()).Remove(stmt))
		}
	}
	return true
}

// statementOf returns where a statement of the opener's function stands.
func (m *mover) statementOf(stmt ast.Stmt) (inspector.Cursor, bool) {
	return m.code.Into(m.preparations[0].of)[0].In.At(stmt)
}
