package sqlast

// Inspect calls visit for n and then, if visit returns true, for everything below
// it in the order of the text. It enters subqueries and CTEs too.
func Inspect(n Node, visit func(Node) bool) {
}

// TableUse is one reference to a table.
type TableUse struct {
	Ref   *TableRef
	Name  QName  // as written
	Alias string // "" if it has none
	Depth int    // how many CTEs, derived tables and subqueries it stands in
}

// Tables returns the references to tables in s, in the order of the text. The
// names of CTEs are no tables where they are visible, and the target list of a
// multi-table DELETE holds none.
func Tables(s Stmt) []TableUse {
	return nil
}
