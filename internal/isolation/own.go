package isolation

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/testscope"
)

// ownTable reports whether the statements of a text are about a table that the test around f makes,
// once, and that nobody else in the package names: no other test meets it there.
func (p *Package) ownTable(f *flow.Func, text string) bool {
	test, makers := f.Outer(), p.makers()
	stmts := sqlast.Read(text, sqlast.Options{}).Stmts
	for _, stmt := range stmts {
		tables := tablesOf(stmt)
		for _, table := range tables {
			if makers[table.Last().Text] != test {
				return false
			}
		}
		if len(tables) == 0 {
			return false
		}
	}
	return len(stmts) > 0
}

// tablesOf returns the tables that a statement makes, changes or empties.
func tablesOf(stmt sqlast.Stmt) (all []sqlast.QName) {
	refs := func(tables []*sqlast.TableRef) (all []sqlast.QName) {
		for _, t := range tables {
			all = append(all, t.Name)
		}
		return all
	}
	switch s := stmt.(type) {
	case *sqlast.CreateTable:
		return []sqlast.QName{s.Table}
	case *sqlast.AlterTable:
		return []sqlast.QName{s.Table}
	case *sqlast.Drop:
		if s.Kind == "table" {
			return s.Names
		}
	case *sqlast.Truncate:
		return refs(s.Tables)
	case *sqlast.Delete:
		return refs(s.Tables)
	}
	return nil
}

var makesTable = regexp.MustCompile(`(?i)\bcreate\s+table\b`)

// findMakers returns the tables that only one function names: a test that makes them.
func (p *Package) findMakers() map[string]*flow.Func {
	makers := map[string]*flow.Func{}
	for f, text := range p.written() {
		if !makesTable.MatchString(text) || f.Outer().When&testscope.PerTest == 0 || repeats(f) {
			continue
		}
		for _, stmt := range sqlast.Read(text, sqlast.Options{}).Stmts {
			if s, ok := stmt.(*sqlast.CreateTable); ok && !s.Table.Last().HasHole() {
				makers[s.Table.Last().Text] = f.Outer()
			}
		}
	}
	if len(makers) == 0 {
		return makers
	}
	for f, text := range p.written() {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) {
			if name := strings.ToLower(word); makers[name] != nil && makers[name] != f.Outer() {
				delete(makers, name)
			}
		}
	}
	return makers
}

// repeats reports whether a function runs in a loop of the one around it: each round meets the others.
func repeats(f *flow.Func) bool {
	for ; f != nil; f = f.Parent {
		if f.Lit != nil && flow.InLoop(f.Cursor) {
			return true
		}
	}
	return false
}

// written yields the texts of the package's functions.
func (p *Package) written() func(yield func(*flow.Func, string) bool) {
	return func(yield func(*flow.Func, string) bool) {
		for _, f := range p.code.Funcs() {
			for _, lit := range f.Texts {
				if !yield(f, flow.Text(p.pass.TypesInfo, lit)) {
					return
				}
			}
		}
	}
}
