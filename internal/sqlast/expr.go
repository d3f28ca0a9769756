package sqlast

// Expr is an expression. Parentheses leave no node.
type Expr interface {
	Node
	expr()
}

type (
	// ColumnRef is a column, perhaps qualified: col, alias.col, schema.table.col.
	ColumnRef struct {
		Span
		Name QName
	}

	// Star is * or alias.* in a select list, in count(*) and in RETURNING.
	Star struct {
		Span
		Qualifier QName
	}

	// Param is a value bound from outside: $1, ?, ?1, :name, @name, $name,
	// sqlc.arg(name), sqlc.narg(name), sqlc.slice(name), and MySQL's @variables.
	Param struct {
		Span
		Name string // without its mark; "1" for $1, "" for ?, may hold a HoleMark
		// Nullable is true for sqlc.narg: the program may pass NULL to switch a
		// condition off.
		Nullable bool
		Slice    bool // sqlc.slice: a list of values
	}

	// Literal is a constant.
	Literal struct {
		Span
		Kind LiteralKind
		// Value is the text of a string without quotes and escapes, that of a
		// number as written, "" for the others. A hole in it is a HoleMark.
		Value string
	}

	// FuncCall is a call of a function, an aggregate or a window function. Special
	// argument forms (extract(x FROM y), trim(BOTH a FROM b), cast-like calls,
	// named arguments) have their expressions in Args, in order.
	FuncCall struct {
		Span
		Name     QName
		Args     []Expr // a subquery argument is a *Subquery
		Distinct bool
		Order    []OrderItem // ORDER BY among the arguments
		Within   []OrderItem // WITHIN GROUP (ORDER BY …)
		Filter   Expr
		Over     *Window
	}

	// Binary is an infix operator that has no node of its own: comparison,
	// arithmetic, ||, JSON, array, range, geometric and user-defined operators.
	Binary struct {
		Span
		Op          string // "=", "<>" (also for !=), "@>", "at time zone", "overlaps"; HoleMark if not known
		Left, Right Expr
	}

	// Unary is a prefix or postfix operator other than NOT.
	Unary struct {
		Span
		Op   string
		Expr Expr
	}

	// And is a conjunction of two or more; nested ones are flattened.
	And struct {
		Span
		Exprs []Expr
	}

	// Or is a disjunction of two or more; nested ones are flattened.
	Or struct {
		Span
		Exprs []Expr
	}

	// Not is NOT expr. IS NOT …, NOT IN and the like are flags of their nodes.
	Not struct {
		Span
		Expr Expr
	}

	// Is is a test without operand: IS [NOT] NULL, TRUE, FALSE, UNKNOWN, JSON …,
	// ISNULL, NOTNULL.
	Is struct {
		Span
		Expr Expr
		Not  bool
		Test string // "null", "true", "false", "unknown", "document", "normalized", "json"
	}

	// IsDistinct is left IS [NOT] DISTINCT FROM right, MySQL's <=> and SQLite's
	// left IS [NOT] right. Not is true where it means equality.
	IsDistinct struct {
		Span
		Left, Right Expr
		Not         bool
	}

	// In is left [NOT] IN (…). Left is a *Row for row comparison. Exactly one of
	// List and Query is set. IN $1 and IN sqlc.slice(x) have one element.
	In struct {
		Span
		Left  Expr
		Not   bool
		List  []Expr
		Query *Select
	}

	// Quantified is left op ANY|SOME|ALL (…). Exactly one of Array and Query is set.
	Quantified struct {
		Span
		Left  Expr
		Op    string
		All   bool
		Array Expr
		Query *Select
	}

	// Between is expr [NOT] BETWEEN [SYMMETRIC] low AND high.
	Between struct {
		Span
		Expr, Low, High Expr
		Not             bool
	}

	// Like is pattern matching by a word: LIKE, ILIKE, SIMILAR TO, REGEXP, RLIKE,
	// GLOB, MATCH. (~ and its kin are Binary.)
	Like struct {
		Span
		Op            string // lower case
		Left, Pattern Expr
		Not           bool
		Escape        Expr
	}

	// Row is ROW(…) or a parenthesised list of two or more.
	Row struct {
		Span
		Exprs []Expr
	}

	// Case is CASE [operand] WHEN … THEN … [ELSE …] END.
	Case struct {
		Span
		Operand Expr
		Whens   []When
		Else    Expr
	}

	// Cast is expr::type, CAST(expr AS type), or type 'literal'.
	Cast struct {
		Span
		Expr Expr
		Type TypeName
	}

	// Collate is expr COLLATE name.
	Collate struct {
		Span
		Expr Expr
		Name QName
	}

	// Exists is EXISTS (query).
	Exists struct {
		Span
		Query *Select
	}

	// Subquery is a query that stands for a value.
	Subquery struct {
		Span
		Query *Select
	}

	// Array is ARRAY[…] or ARRAY(query).
	Array struct {
		Span
		Elems []Expr
		Query *Select
	}

	// Index is expr[low] or expr[low:high].
	Index struct {
		Span
		Expr      Expr
		Low, High Expr
	}

	// Field is (expr).name or (expr).*, which has no Name.
	Field struct {
		Span
		Expr Expr
		Name Name
	}

	// Interval is INTERVAL expr unit, as in MySQL. (PostgreSQL's INTERVAL '…' is a
	// Cast.)
	Interval struct {
		Span
		Expr Expr
		Unit string
	}

	// Unknown is an expression whose structure depends on a hole, such as two
	// operands with nothing but a hole between them, or one that could not be read.
	// Exprs are the parts that could be read.
	Unknown struct {
		Span
		Exprs []Expr
	}
)

// LiteralKind is the kind of a constant.
type LiteralKind uint8

const (
	StringLit LiteralKind = iota
	NumberLit
	TrueLit
	FalseLit
	NullLit
	DefaultLit // DEFAULT in VALUES or SET
)

// When is one arm of a CASE.
type When struct {
	Cond, Result Expr
}

// TypeName is the name of a data type.
type TypeName struct {
	Span
	Name  string // lower case, words joined by one space, qualified as written: "character varying", "public.citext"
	Args  string // what stands in parentheses, as written: "10,2"
	Array bool
}

// OrderItem is one term of an ORDER BY.
type OrderItem struct {
	Expr Expr
	Desc bool
}

// Window is OVER name, OVER (…) or a definition in a WINDOW clause.
type Window struct {
	Span
	Name      Name // the window it is or starts from
	Partition []Expr
	Order     []OrderItem
	Frame     []Expr // the bounds that are expressions
}

func (*ColumnRef) expr()  {}
func (*Star) expr()       {}
func (*Param) expr()      {}
func (*Literal) expr()    {}
func (*Hole) expr()       {}
func (*FuncCall) expr()   {}
func (*Binary) expr()     {}
func (*Unary) expr()      {}
func (*And) expr()        {}
func (*Or) expr()         {}
func (*Not) expr()        {}
func (*Is) expr()         {}
func (*IsDistinct) expr() {}
func (*In) expr()         {}
func (*Quantified) expr() {}
func (*Between) expr()    {}
func (*Like) expr()       {}
func (*Row) expr()        {}
func (*Case) expr()       {}
func (*Cast) expr()       {}
func (*Collate) expr()    {}
func (*Exists) expr()     {}
func (*Subquery) expr()   {}
func (*Array) expr()      {}
func (*Index) expr()      {}
func (*Field) expr()      {}
func (*Interval) expr()   {}
func (*Unknown) expr()    {}
