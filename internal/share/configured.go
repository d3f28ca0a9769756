package share

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/rewrite"
)

// A parsed is a configuration that a function makes of a connection string and opens.
type parsed struct {
	row    *dbapi.Opener // of the opener that takes the connection string itself
	call   *ast.CallExpr // that parses it
	store  *flow.Store   // of the configuration
	config *types.Var
	opener *ast.CallExpr
}

// parsed returns how the configuration that a site opens is made; nil if it is not made of a
// connection string in the function.
func (m *mover) parsed(site *lifecycle.Site, row *dbapi.Opener) *parsed {
	if row == nil || len(site.Call.Args) < 2 {
		return nil
	}
	for name := range strings.FieldsSeq("New Connect") {
		direct := m.cat.OpenerNamed(dbapi.Name(row.Name.Package() + "." + name))
		if direct == nil || direct.Configured != site.Callee.Name() {
			continue
		}
		config := flow.Root(m.pass.TypesInfo, site.Call.Args[1])
		if config == nil || !m.code.Local(config) {
			return nil
		}
		for _, store := range m.code.Into(config) {
			call, ok := ast.Unparen(store.Src).(*ast.CallExpr)
			if fn := dbapi.Callee(m.pass.TypesInfo, call); ok && store.Whole(config) && fn != nil && fn.Name() == direct.Parse {
				return &parsed{direct, call, store, config, site.Call}
			}
		}
	}
	return nil
}

// limiting are the fields of a configuration that the shared pool has its own values for.
var limiting = map[string]bool{"MaxConns": true, "MinConns": true, "MinIdleConns": true, "MaxConnLifetime": true, "MaxConnIdleTime": true, "HealthCheckPeriod": true}

// unconfigure removes what makes a configuration; not ok if it is more than parsed and limited.
func (m *mover) unconfigure(p *parsed) bool {
	for _, store := range m.code.Into(p.config) {
		if store != p.store && !limiting[store.KeyIn(p.config)] {
			return false
		}
	}
	name, ok := p.store.In.At(p.store.Dst)
	if !ok {
		return false
	}
	stmt := name.Parent()
	assign, ok := stmt.Node().(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 2 || !m.inBlock(stmt) || !m.file.Alone(assign) {
		return false
	}
	gone := []ast.Node{assign}
	if id, ok := assign.Lhs[1].(*ast.Ident); ok && id.Name != "_" {
		check := rewrite.Check(stmt, m.pass.TypesInfo, m.pass.TypesInfo.ObjectOf(id))
		if check == nil || !m.file.Alone(check) {
			return false
		}
		gone = append(gone, check)
	}
	for _, mention := range m.code.Mentions(p.config) {
		n := mention.Node()
		if assign.Pos() <= n.Pos() && n.End() <= assign.End() || p.opener.Pos() <= n.Pos() && n.End() <= p.opener.End() {
			continue
		}
		set := mention.Parent().Parent()
		if mention.ParentEdgeKind() != edge.SelectorExpr_X || mention.Parent().ParentEdgeKind() != edge.AssignStmt_Lhs ||
			!limiting[mention.Parent().Node().(*ast.SelectorExpr).Sel.Name] || !m.inBlock(set) || !m.file.Alone(set.Node()) {
			return false
		}
		gone = append(gone, set.Node())
	}
	for _, n := range gone {
		m.gone = append(m.gone, n)
		m.edits = append(m.edits, m.file.Remove(n))
	}
	return true
}
