package sqlast

// Stmt is a statement. Its bounds leave out the semicolon.
type Stmt interface {
	Node
	stmt()
	setSpan(Span)
}

type (
	// Select is a query: SELECT, VALUES, TABLE, or a set operation of two queries,
	// which then has Op, Left and Right instead of a body of its own. With, Order,
	// Limit, Offset and Locks are those of the whole.
	//
	// A query that is nothing but a hole has Holes and nothing else.
	Select struct {
		Span
		With *With

		Op          SetOp
		All         bool // UNION ALL
		Left, Right *Select

		Distinct   bool
		DistinctOn []Expr
		Targets    []Target
		Into       *TableRef // SELECT … INTO table
		From       []TableExpr
		Where      Expr
		GroupBy    []Expr // grouping sets, ROLLUP and CUBE are FuncCalls
		Having     Expr
		Windows    []Window
		Values     [][]Expr // VALUES (…), (…); an unknown row is a lone *Hole

		Order         []OrderItem
		Limit, Offset Expr
		Locks         []Lock
		Holes         []*Hole // holes that stand for clauses
	}

	// Insert is INSERT or REPLACE. Exactly one of Query (which may be VALUES),
	// Set and DefaultValues is given unless a hole stands for it. A hole after the
	// TargetsClause stands for the source, and for the columns if there are none.
	Insert struct {
		Span
		With          *With
		Replace       bool // REPLACE, INSERT OR REPLACE
		Ignore        bool // INSERT IGNORE, INSERT OR IGNORE
		Table         *TableRef
		Columns       []Name // empty: all columns; a hole in the list is a Name that is a hole
		Query         *Select
		Set           []Assign // MySQL: INSERT … SET a = 1
		DefaultValues bool
		OnConflict    []*OnConflict // PostgreSQL has at most one, SQLite any number
		OnDuplicate   []Assign      // MySQL: ON DUPLICATE KEY UPDATE
		Returning     []Target
		Holes         []*Hole
	}

	// Update is UPDATE. Tables holds the target alone, except for MySQL's
	// multi-table form.
	Update struct {
		Span
		With   *With
		Tables []TableExpr
		Set    []Assign
		From   []TableExpr
		Rows
	}

	// Delete is DELETE.
	Delete struct {
		Span
		With *With
		// Tables are the tables whose rows are deleted. If Multi (MySQL's
		// multi-table forms) they only name tables or aliases of From.
		Tables []*TableRef
		Multi  bool
		From   []TableExpr // USING, or the FROM of the multi-table form
		Rows
	}

	// Rows are the clauses of UPDATE and DELETE that say which rows are changed, and what is
	// returned of them.
	Rows struct {
		Where     Expr
		CurrentOf Name // WHERE CURRENT OF cursor
		Order     []OrderItem
		Limit     Expr
		Returning []Target
		Holes     []*Hole
	}

	// Merge is MERGE.
	Merge struct {
		Span
		With      *With
		Into      *TableRef
		Using     TableExpr
		On        Expr
		Whens     []MergeWhen
		Returning []Target
		Holes     []*Hole
	}

	// Truncate is TRUNCATE.
	Truncate struct {
		Span
		Tables []*TableRef
	}

	// Copy is PostgreSQL's COPY of a table or a query.
	Copy struct {
		Span
		Table   *TableRef
		Columns []Name
		Query   Stmt // COPY (query) TO
		From    bool // COPY … FROM: a write
		Where   Expr
	}

	// Set is SET [LOCAL|SESSION] name = value or RESET name.
	Set struct {
		Span
		Local  bool
		Name   string // lower case; "role", "time zone", "transaction", "app.tenant_id"
		Values []Expr // empty for DEFAULT and RESET
	}

	// Other is a statement that this package does not look into.
	Other struct {
		Span
		Keywords string // its leading keywords, upper case: "CREATE FUNCTION", "DO", "BEGIN"
		// Inner is the statement within, for EXPLAIN, PREPARE and DECLARE CURSOR.
		Inner Stmt
		// Body is the span of the first dollar-quoted string's content, as of DO.
		Body Span
	}
)

// SetOp is a set operation.
type SetOp uint8

const (
	NoSetOp SetOp = iota
	Union
	Intersect
	Except // also MINUS
)

// With is a WITH clause.
type With struct {
	Span
	Recursive bool
	CTEs      []*CTE
}

// CTE is one common table expression. Its name is visible in those after it and in
// the statement that With belongs to; in itself too if With is recursive.
type CTE struct {
	Span
	Name    Name
	Columns []Name
	Query   Stmt // *Select, *Insert, *Update, *Delete or *Merge
}

// Target is one item of a select list or of RETURNING.
type Target struct {
	Expr  Expr
	Alias Name
}

// Assign is one assignment of SET. A hole that stands for assignments is a Value
// without Columns.
type Assign struct {
	Span
	Columns []*ColumnRef // two or more for (a, b) = …
	Value   Expr
}

// Lock is FOR UPDATE and its kin.
type Lock struct {
	Span
	Strength   string // "update", "no key update", "share", "key share"
	Of         []QName
	SkipLocked bool
}

// OnConflict is one ON CONFLICT clause.
type OnConflict struct {
	Span
	Target     []Expr // columns and expressions of the unique index; empty: any
	Where      Expr   // predicate of a partial index
	Constraint Name   // ON CONSTRAINT name
	DoNothing  bool
	Set        []Assign
	SetWhere   Expr // WHERE of DO UPDATE
}

// MergeWhen is one WHEN clause of MERGE.
type MergeWhen struct {
	Span
	Matched  bool
	BySource bool // WHEN NOT MATCHED BY SOURCE
	Cond     Expr
	Action   MergeAction
	Set      []Assign
	Columns  []Name
	Values   []Expr // empty for DEFAULT VALUES
}

// MergeAction is what a WHEN clause of MERGE does.
type MergeAction uint8

const (
	MergeNothing MergeAction = iota
	MergeInsert
	MergeUpdate
	MergeDelete
)

// TableExpr is an item of FROM.
type TableExpr interface {
	Node
	tableExpr()
}

type (
	// TableRef is a table, a view or a CTE by name. One whose name is a hole may
	// stand for a derived table or a join as well.
	TableRef struct {
		Span
		Name    QName
		Only    bool
		Alias   Name
		Columns []Name // column aliases
	}

	// Derived is a query in FROM.
	Derived struct {
		Span
		Lateral bool
		Query   *Select
		Alias   Name
		Columns []Name
	}

	// FuncTable is one function in FROM, or several in ROWS FROM (…).
	FuncTable struct {
		Span
		Lateral bool
		Funcs   []Expr
		Alias   Name
		Columns []Name
	}

	// Join is a join of two items. A parenthesised MySQL list (a, b) is a chain of
	// cross joins.
	Join struct {
		Span
		Kind        JoinKind
		Natural     bool
		Left, Right TableExpr
		On          Expr
		Using       []Name
		Alias       Name // of (a JOIN b) AS x
	}
)

// Ref returns the name by which columns refer to the table: its alias, else the
// last part of its name.
func (t *TableRef) Ref() Name {
	if t.Alias.Text != "" {
		return t.Alias
	}
	return t.Name.Last()
}

// JoinKind is the kind of a join.
type JoinKind uint8

const (
	Inner JoinKind = iota // JOIN, INNER JOIN, STRAIGHT_JOIN
	Left
	Right
	Full
	Cross
)

func (*TableRef) tableExpr()  {}
func (*Derived) tableExpr()   {}
func (*FuncTable) tableExpr() {}
func (*Join) tableExpr()      {}

func (*Select) stmt()   {}
func (*Insert) stmt()   {}
func (*Update) stmt()   {}
func (*Delete) stmt()   {}
func (*Merge) stmt()    {}
func (*Truncate) stmt() {}
func (*Copy) stmt()     {}
func (*Set) stmt()      {}
func (*Other) stmt()    {}
