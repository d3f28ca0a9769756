package oracle

import (
	"slices"

	"github.com/sqlc-dev/marino/ast"
	"github.com/sqlc-dev/marino/parser"
)

// MySQL reads sql with marino. It returns the text of each statement with its verdict.
func MySQL(sql string) (texts []string, verdicts []Verdict, err error) {
	stmts, _, err := parser.New().Parse(sql, "", "")
	if err != nil {
		return nil, nil, err
	}
	for _, s := range stmts {
		texts = append(texts, s.OriginalText())
		verdicts = append(verdicts, mysqlVerdict(s))
	}
	return texts, verdicts, nil
}

func mysqlVerdict(s ast.StmtNode) Verdict {
	var c mysqlCollector
	switch s := s.(type) {
	case *ast.CreateTableStmt:
		if s.Select != nil {
			s.Select.Accept(&c)
		}
	case *ast.CreateViewStmt:
		s.Select.Accept(&c)
	case ast.DMLNode, *ast.ExplainStmt, *ast.TruncateTableStmt:
		s.Accept(&c)
	}
	sortUses(c.uses)
	return Verdict{Uses: c.uses, DDL: mysqlDDL(s)}
}

type mysqlCollector struct {
	uses    []Use
	ctes    []string // those visible
	marks   []int    // how many were visible outside of the statements at hand
	depth   int
	aliases []string // of the table sources at hand
}

func (c *mysqlCollector) Enter(n ast.Node) (ast.Node, bool) {
	switch n := n.(type) {
	case *ast.SelectStmt:
		c.marks = append(c.marks, len(c.ctes))
		return n, n.LockInfo != nil && c.withoutLock(n)
	case *ast.SetOprStmt, *ast.SetOprSelectList, *ast.InsertStmt, *ast.UpdateStmt, *ast.DeleteStmt:
		c.marks = append(c.marks, len(c.ctes))
	case *ast.DeleteTableList:
		return n, true // it names what FROM holds
	case *ast.CommonTableExpression:
		if n.IsRecursive {
			c.ctes = append(c.ctes, n.Name.L)
		}
	case *ast.SubqueryExpr:
		c.depth++
	case *ast.TableSource:
		c.aliases = append(c.aliases, n.AsName.L)
		switch n.Source.(type) {
		case *ast.SelectStmt, *ast.SetOprStmt:
			c.depth++
		}
	case *ast.TableName:
		c.ref(n)
	}
	return n, false
}

// withoutLock visits s without FOR UPDATE OF, which names what FROM holds.
func (c *mysqlCollector) withoutLock(s *ast.SelectStmt) bool {
	lock := s.LockInfo
	s.LockInfo = nil
	c.marks = c.marks[:len(c.marks)-1]
	s.Accept(c)
	s.LockInfo = lock
	c.marks = append(c.marks, len(c.ctes)) // for the Leave to come
	return true
}

func (c *mysqlCollector) Leave(n ast.Node) (ast.Node, bool) {
	switch n := n.(type) {
	case *ast.SelectStmt, *ast.SetOprStmt, *ast.SetOprSelectList, *ast.InsertStmt, *ast.UpdateStmt, *ast.DeleteStmt:
		c.ctes = c.ctes[:c.marks[len(c.marks)-1]]
		c.marks = c.marks[:len(c.marks)-1]
	case *ast.CommonTableExpression:
		c.ctes = append(c.ctes, n.Name.L)
	case *ast.SubqueryExpr:
		c.depth--
	case *ast.TableSource:
		c.aliases = c.aliases[:len(c.aliases)-1]
		switch n.Source.(type) {
		case *ast.SelectStmt, *ast.SetOprStmt:
			c.depth--
		}
	}
	return n, true
}

func (c *mysqlCollector) ref(t *ast.TableName) {
	name := t.Name.L
	if t.Schema.L != "" {
		name = t.Schema.L + "." + name
	} else if slices.Contains(c.ctes, name) {
		return
	}
	alias := ""
	if len(c.aliases) > 0 {
		alias = c.aliases[len(c.aliases)-1]
	}
	c.uses = append(c.uses, Use{name, alias, c.depth})
}
