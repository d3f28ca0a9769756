// Package directive reads the comments that silence findings:
//
//	//poollint:ignore RULE[,RULE] -- reason
//
// on or above a line, a statement or a declaration, which it then covers whole.
package directive

import (
	"cmp"
	"go/ast"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// A Directive is one ignore comment, or one that was meant as such.
type Directive struct {
	Form
	Pos, End token.Pos // the comment

	first, last int // the lines that it covers
	used        map[string]bool
}

// An Index holds the directives of one package. Its methods may be called by
// several rules at once.
type Index struct {
	All []*Directive

	fset   *token.FileSet
	byFile map[*token.File]map[string]cover // by rule, those that silence it
	mu     sync.Mutex                       // guards Directive.used
}

// Analyzer finds the directives of a package; its result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintdirectives",
	Doc:              "find //poollint:ignore comments",
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Index](),
}

func run(pass *analysis.Pass) (any, error) { return newIndex(pass.Fset, pass.Files), nil }

// newIndex returns the directives of the files.
func newIndex(fset *token.FileSet, files []*ast.File) *Index {
	x := &Index{fset: fset, byFile: map[*token.File]map[string]cover{}}
	for _, file := range files {
		x.add(file)
	}
	return x
}

func (x *Index) add(file *ast.File) {
	var found []*Directive
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if d, ok := parse(comment); ok {
				d.first, d.last = x.line(comment.Pos()), x.line(group.End())
				found = append(found, d)
			}
		}
	}
	if found == nil {
		return
	}
	code, ends := x.layout(file)
	for _, d := range found {
		if !code[d.first] {
			d.last++ // the directive is on a line of its own, and covers the next one
		}
		d.last = max(d.last, ends[d.last])
	}
	x.byFile[x.fset.File(file.FileStart)] = covers(found)
	x.All = append(x.All, found...)
}

// A cover lists directives in source order.
type cover []covered

// covered is a directive with the last line that it or one before it covers.
type covered struct {
	*Directive
	last int
}

// covers lists, by rule, the directives that silence it.
func covers(directives []*Directive) map[string]cover {
	all := map[string]cover{}
	for _, d := range directives {
		if !d.Right || d.Reason == "" {
			continue
		}
		for _, rule := range d.Rules {
			c, last := all[rule], d.last
			if len(c) > 0 {
				last = max(last, c[len(c)-1].last)
			}
			all[rule] = append(c, covered{d, last})
		}
	}
	return all
}

// at returns the first directive that covers the line; nil if there is none.
func (c cover) at(line int) *Directive {
	i, _ := slices.BinarySearchFunc(c, line, func(d covered, line int) int { return cmp.Compare(d.last, line) })
	if i == len(c) || c[i].first > line {
		return nil
	}
	return c[i].Directive
}

// layout returns the lines that hold code, and, by line, the last line of the
// longest node that begins there. Of a statement with a block only the head
// counts: a directive above an if covers its condition, not its body.
func (x *Index) layout(file *ast.File) (code map[int]bool, ends map[int]int) {
	code, ends = map[int]bool{}, map[int]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n == file {
			return true
		}
		end := n.End()
		switch n := n.(type) {
		case *ast.CommentGroup:
			return false
		case *ast.BlockStmt, *ast.FieldList:
			return true
		case *ast.IfStmt:
			end = n.Body.Lbrace
		case *ast.ForStmt:
			end = n.Body.Lbrace
		case *ast.RangeStmt:
			end = n.Body.Lbrace
		case *ast.SwitchStmt:
			end = n.Body.Lbrace
		case *ast.TypeSwitchStmt:
			end = n.Body.Lbrace
		case *ast.SelectStmt:
			end = n.Body.Lbrace
		case *ast.CaseClause:
			end = n.Colon
		case *ast.CommClause:
			end = n.Colon
		case *ast.LabeledStmt:
			end = n.Colon
		}
		if n.Pos().IsValid() && end.IsValid() {
			first, last := x.line(n.Pos()), x.line(end)
			code[first], code[last] = true, true
			ends[first] = max(ends[first], last)
		}
		return true
	})
	return code, ends
}

func (x *Index) line(pos token.Pos) int { return x.fset.PositionFor(pos, false).Line }

func parse(comment *ast.Comment) (*Directive, bool) {
	text, line := strings.CutPrefix(comment.Text, "//")
	if !line {
		text = strings.TrimSuffix(strings.TrimPrefix(text, "/*"), "*/")
	}
	form, ok := Read(text)
	if !ok || strings.Contains(text, "\n") {
		return nil, false
	}
	form.Right = form.Right && line
	return &Directive{Form: form, Pos: comment.Pos(), End: comment.End(), used: map[string]bool{}}, true
}

// Silence returns the directive that silences the rule at pos, and marks it
// used; nil if there is none.
func (x *Index) Silence(rule string, pos token.Pos) *Directive {
	if len(x.All) == 0 {
		return nil
	}
	file := x.fset.File(pos)
	if x.byFile[file] == nil {
		return nil
	}
	if d := x.byFile[file][rule].at(x.line(pos)); d != nil {
		x.mu.Lock()
		d.used[rule] = true
		x.mu.Unlock()
		return d
	}
	return nil
}

// Used reports whether the directive silenced a finding of the rule.
func (x *Index) Used(d *Directive, rule string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return d.used[rule]
}
