// Package sqlast reads SQL as programs contain it: PostgreSQL, MySQL and SQLite in one kind
// of tree, placeholders of every style, and holes where the program inserts text that is
// not known.
//
// [Read] never fails: what it cannot read is listed in [File.Problems], and
// reading goes on at the next clause or statement. Time and memory are linear
// in the length of the text; nesting and length are limited.
package sqlast

import (
	"slices"
	"sort"
	"strings"
)

// HoleMark stands in the text for a hole: text that the program adds at run
// time and the reader cannot know. NUL cannot occur in SQL, so one byte does.
// Holes are numbered from 0 in the order in which they stand in the text. A template
// action {{…}} outside of quotes is a hole too and takes a number.
//
// A hole that touches a word is part of it if the word is no keyword and stands
// after the hole ("\x00orders"), or ends in "_" before it ("orders_\x00");
// in quotes it is always part of what is quoted, and after "$", ":" or "@" it
// is a placeholder's name. Otherwise it is a token of its own and may stand for
// a name, an expression, a list, an operator, a clause or a whole tail.
const HoleMark = "\x00"

// Dialect decides where dialects differ. Everything else is read alike in all of them.
type Dialect uint8

const (
	Postgres Dialect = iota
	MySQL            // "…" is a string, # and "-- " begin comments, backslash escapes, || is OR
	SQLite           // […] is a quoted name
)

// Options say how to read a text.
type Options struct {
	Dialect Dialect
}

// File is a text that was read.
type File struct {
	Src      string
	Stmts    []Stmt
	Comments []Comment // in the order of the text
	Problems []Problem // in the order of the text

	reach []int // by problem: the last end of it and those before
}

// Clean reports whether everything between the bounds of n was read.
func (f *File) Clean(n Node) bool {
	b := n.Bounds()
	before := sort.Search(len(f.Problems), func(i int) bool { return f.Problems[i].Start > b.End })
	return before == 0 || f.reach[before-1] < b.Start
}

// settle sorts the problems.
func (f *File) settle() {
	slices.SortStableFunc(f.Problems, func(a, b Problem) int { return a.Start - b.Start })
	f.reach = make([]int, len(f.Problems))
	last := 0
	for i, p := range f.Problems {
		last = max(last, p.End)
		f.reach[i] = last
	}
}

// Comment is a comment with its marks ("-- …", "# …", "/* … */"), without the
// line break.
type Comment struct {
	Span
	Text string
}

// Problem is a stretch of text that could not be read.
type Problem struct {
	Span
	Msg   string // lower case, one line
	Limit bool   // the text was skipped because of a bound of the reader
	Open  bool   // the text ends within what it begins, such as a string: nothing behind is read
}

// Span is a stretch of the text: byte offsets, End exclusive.
type Span struct {
	Start, End int
}

// Bounds returns the span itself; it makes every node that embeds one a [Node].
func (s Span) Bounds() Span { return s }

func (s *Span) setSpan(to Span) { *s = to }

// Node is a part of a statement.
type Node interface {
	Bounds() Span
}

// Name is one identifier.
type Name struct {
	Span
	// Text is stripped of its quotes and folded to lower case, in PostgreSQL unless
	// quoted. A hole in it is a HoleMark. It is empty where there is no name.
	Text   string
	Quoted bool
}

// HasHole reports whether part of the name is not known.
func (n Name) HasHole() bool { return strings.Contains(n.Text, HoleMark) }

// Stem returns a name without the prefix that the program puts in at run time: invoices for
// {{.prefix}}invoices. It is the name itself where all of that is known, and empty where another
// part is not, or too little is.
func (n Name) Stem() string {
	const least = 3
	rest, cut := strings.CutPrefix(n.Text, HoleMark)
	if !cut {
		if n.HasHole() {
			return ""
		}
		return n.Text
	}
	rest = strings.TrimLeft(rest, "_")
	if strings.Contains(rest, HoleMark) || len(rest) < least {
		return ""
	}
	return rest
}

// QName is a name with its qualifiers: catalog.schema.table, table.column.
type QName []Name

// Last returns the rightmost part, the zero Name if there is none.
func (q QName) Last() Name {
	if len(q) == 0 {
		return Name{}
	}
	return q[len(q)-1]
}

// Qualifier returns the part left of the last, the zero Name if there is none.
func (q QName) Qualifier() Name {
	if len(q) < 2 {
		return Name{}
	}
	return q[len(q)-2]
}

// Bounds returns the stretch from the first part to the last.
func (q QName) Bounds() Span {
	if len(q) == 0 {
		return Span{}
	}
	return Span{q[0].Start, q[len(q)-1].End}
}

// HasHole reports whether some part of the name is not known.
func (q QName) HasHole() bool {
	for _, n := range q {
		if n.HasHole() {
			return true
		}
	}
	return false
}

// String joins the parts with dots.
func (q QName) String() string {
	if len(q) == 1 {
		return q[0].Text
	}
	var b strings.Builder
	for i, n := range q {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(n.Text)
	}
	return b.String()
}

// Hole is text that is not known, see [HoleMark].
type Hole struct {
	Span
	Index int // its number in the text
	// After is the clause it follows where it stands for clauses or the rest of
	// one (Select.Holes and the like); NoClause for a hole within an expression.
	After Clause
}

// Clause names a part of a statement.
type Clause uint8

const (
	NoClause Clause = iota
	TargetsClause
	FromClause
	SetClause // SET of UPDATE, VALUES or SELECT of INSERT
	WhereClause
	GroupClause
	HavingClause
	OrderClause
	LimitClause
	ReturningClause
	ConflictClause
)
