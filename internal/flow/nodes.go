package flow

import (
	"go/ast"
	"sync"

	"golang.org/x/tools/go/ast/inspector"
)

// Nodes finds the cursors of nodes below one root. Below a long one it has an index: Cursor.FindNode reads all
// nodes up to the one that it looks for, so that a table would be read once for each of its rows.
type Nodes struct {
	once  sync.Once
	index map[ast.Node]int32
}

// long is the length of code in bytes from which on there is an index.
const long = 1 << 14

// At returns the cursor of a node that is the root or stands below it.
func (s *Nodes) At(root inspector.Cursor, n ast.Node) (inspector.Cursor, bool) {
	if code := root.Node(); code.End()-code.Pos() < long {
		return root.FindNode(n)
	}
	s.once.Do(func() {
		s.index = map[ast.Node]int32{}
		for at := range root.Preorder() {
			s.index[at.Node()] = at.Index()
		}
	})
	at, ok := s.index[n]
	if !ok {
		return inspector.Cursor{}, false
	}
	return root.Inspector().At(at), true
}
