package isolation

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// effectIn returns what the SQL that a call in f runs does to tables that others use: the most
// that any of its texts does.
func (p *Package) effectIn(f *flow.Func, sql ast.Expr) (does Effect) {
	for _, text := range p.textsOf(sql) {
		if effect := EffectOf(text); effect > does && !p.ownTable(f, text) {
			does = effect
		}
	}
	return does
}

const (
	maxDepth = 8    // variables and operators that a text is put together by
	maxTexts = 1000 // expressions that are read for one call: each variable may take many values
)

// textsOf returns the texts that an expression may be.
func (p *Package) textsOf(e ast.Expr) []string {
	left := maxTexts
	return p.texts(e, maxDepth, &left)
}

// texts returns the texts that an expression may be, with table in place of names of tables
// that the program puts in. Text that is not known where something else than the name of a
// table may stand is no text, and neither is that of a table which one test has for itself.
func (p *Package) texts(e ast.Expr, depth int, left *int) (all []string) {
	if *left--; *left < 0 {
		return nil
	}
	if text := flow.Text(p.pass.TypesInfo, e); text != "" {
		return []string{text}
	}
	if depth == 0 {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			for _, before := range p.texts(e.X, depth-1, left) {
				if right := flow.Text(p.pass.TypesInfo, e.Y); right != "" {
					all = append(all, before+right)
				} else if beforeTable.MatchString(before) && !p.varies(e.Y, depth-1) {
					all = append(all, before+"tables")
				} else if end := strings.LastIndexByte(before, ';'); end >= 0 { // whatever comes, these run first
					all = append(all, before[:end])
				}
			}
		}
	case *ast.CallExpr:
		varies := func(arg ast.Expr) bool { return p.varies(arg, depth-1) }
		if fn := dbapi.Callee(p.pass.TypesInfo, e); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "fmt" && len(e.Args) > 0 && !slices.ContainsFunc(e.Args[1:], varies) {
			for _, format := range p.texts(e.Args[0], depth-1, left) {
				if at := verb.FindStringIndex(format); at != nil && beforeTable.MatchString(format[:at[0]]) {
					all = append(all, verb.ReplaceAllString(format, "tables"))
				}
			}
		}
	case *ast.Ident:
		v := flow.Var(p.pass.TypesInfo, e)
		if v == nil || v.IsField() {
			return nil
		}
		for _, s := range p.code.Into(v) {
			if lit, ok := ast.Unparen(s.Src).(*ast.CompositeLit); ok && s.Range {
				for _, elt := range lit.Elts {
					all = append(all, p.texts(elt, 1, left)...)
				}
			} else if s.Whole(v) && !s.Range {
				all = append(all, p.texts(s.Src, depth-1, left)...)
			}
		}
	}
	return all
}

// varies reports whether a name differs from test to test: it is made of t.Name(), a UUID or a counter.
func (p *Package) varies(name ast.Expr, depth int) (does bool) {
	ast.Inspect(p.only(name), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			fn := dbapi.Callee(p.pass.TypesInfo, n)
			does = does || fn != nil && dbapi.OriginOf(fn)&dbapi.Unique != 0
		case *ast.Ident:
			if value := p.only(n); value != n && depth > 0 {
				does = does || p.varies(value, depth-1)
			}
		}
		return !does
	})
	return does
}

var (
	verb        = regexp.MustCompile(`%(\[\d+\])?[sqv]`)
	beforeTable = regexp.MustCompile(`(?i)\b(from|truncate|table|exists|only)\s+["'` + "`" + `]?$`)
)

// first returns the first word of a text, lower case.
func first(text string) string {
	word := strings.TrimLeft(text, " \t\r\n(")
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = word[:end]
	}
	return strings.ToLower(word)
}
