// Package sqltext finds the places where a package hands SQL to a database and
// says what the text may be: every alternative that branches, loops, helpers
// and builder chains can make of it, with holes where the program puts in what
// cannot be known. Chains of query builders and object mappers become SQL too,
// so that whoever judges a query needs to know SQL only.
package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// Result is what Analyzer knows of one package.
type Result struct {
	Sites  []*Site  // in the order of their positions
	Unread []Unread // queries that are out of reach, in order
}

// Definitions returns the texts that define tables.
func (r *Result) Definitions() []string {
	var texts []string
	for _, site := range r.Sites {
		for _, text := range site.Texts {
			if sqlast.DefinesTable(text.SQL) {
				texts = append(texts, text.SQL)
			}
		}
	}
	return texts
}

// Unread is a call that runs a query which cannot be known, or that seems to.
type Unread struct {
	Pos token.Pos
	Why string // lower case, one line
	Cut bool   // the text is beyond a bound

	// SQL is the text where it is known, but not whether what it is handed to runs
	// it; else value.Empty.
	SQL string
}

// A Site is one query of the package: a call that hands over a text. Calls that share a
// constant, and chains that share their beginning, are sites whose texts map to the same
// positions.
type Site struct {
	// Pos and End bound what makes the text: the literal, the constant's value
	// (also of generated files), the builder chain, else the call's argument.
	Pos, End token.Pos

	Call    *ast.CallExpr // the call that takes the text; nil for a constant of a generated file
	Method  dbapi.Name    // what Call calls; value.Empty without Call
	Func    *ast.FuncDecl // around Call; nil outside functions
	Owner   types.Object  // the package-level constant or variable with the text; nil if there is none
	Form    Form
	Name    string     // the query's name in a generated file ("GetUser")
	Handle  dbapi.Kind // what runs it: Pool, Conn, Acquired or Tx; 0 if not known
	Dialect Dialect

	// Args are the values for the placeholders, where Call shows them one by one.
	Args []ast.Expr

	// Texts are the alternatives, at least one. The first has every part that the
	// program adds on some condition, the second, if there are such parts, none.
	Texts []*Text
}

// Form says how the text is given to the query call.
type Form string

// The forms, most frequent first in real code.
const (
	Constant Form = "constant" // package-level constant or variable
	Local    Form = "local"    // local variable or constant assigned once
	Literal  Form = "literal"
	Format   Form = "format" // fmt.Sprintf and its like
	Concat   Form = "concat" // +, +=, strings.Join, strings.Builder
	Helper   Form = "helper" // result of a function
	Wrapper  Form = "wrapper"
	Builder  Form = "builder"
	Field    Form = "field" // struct field, map or slice element
	File     Form = "file"  // embedded file
)

// Dialect is the SQL dialect as far as the call shows it.
type Dialect struct {
	Known bool
	sqlast.Dialect
}

// A Text is SQL with holes.
type Text struct {
	// SQL has a sqlast.HoleMark for each hole. Template actions ({{…}}) stand
	// in it as they are.
	SQL   string
	Holes []Hole // in the order of their marks; without template actions

	// Optional are the parts of SQL that the program adds on some condition.
	Optional []sqlast.Span

	// Through names the functions, methods and types that the text passed on its
	// way to the database, as far as they are not the database library's own:
	// what tenant.scopers of the configuration may name.
	Through []dbapi.Name

	// Cut is true if a bound on texts left part of it out.
	Cut bool

	segments []value.Segment
}

// A Hole is a part of the text that only the running program knows.
type Hole struct {
	Offset int // of its mark in the SQL
	Kind   HoleKind
	Pos    token.Pos
	Expr   ast.Expr   // what the program puts in; nil if it stands in another package
	Type   types.Type // of Expr; nil if not known
}

// HoleKind says what the text in a hole can be.
type HoleKind = value.HoleKind

// The kinds of holes.
const (
	AnyHole    = value.AnyHole    // any text: a predicate too
	NumberHole = value.NumberHole // digits only
	NameHole   = value.NameHole   // one quoted or checked identifier
	ListHole   = value.ListHole   // placeholders or values with commas, no predicate
)

// Pos returns where the byte at offset of t.SQL stands in the source; for text
// that the source does not hold as such, the expression that makes it; for text
// that a function returns, its call.
func (t *Text) Pos(offset int) token.Pos {
	i := sort.Search(len(t.segments), func(i int) bool { return t.segments[i].Offset > offset })
	if i == 0 {
		return token.NoPos
	}
	s := t.segments[i-1]
	if s.Exact {
		return s.Pos + token.Pos(offset-s.Offset)
	}
	return s.Pos
}
