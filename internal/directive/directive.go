// Package directive reads the comments that silence findings:
//
//	//poollint:ignore RULE[,RULE] -- reason
//
// on or above a line, or above a declaration, which it then covers whole.
package directive

import (
	"go/ast"
	"go/token"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const prefix = "//poollint:ignore"

// A Directive is one ignore comment.
type Directive struct {
	Pos, End token.Pos // the comment
	Rules    []string
	Reason   string // empty when the author gave none: such a directive silences nothing
	Used     map[string]bool

	file        string
	first, last int // the lines that it covers
}

// An Index holds the directives of one package. It is used by the rules of one
// package, one after the other.
type Index struct {
	fset *token.FileSet
	All  []*Directive
}

// Analyzer finds the directives of a package; its result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "poollintdirectives",
	Doc:        "find //poollint:ignore comments",
	Run:        run,
	ResultType: reflect.TypeFor[*Index](),
}

func run(pass *analysis.Pass) (any, error) {
	index := &Index{fset: pass.Fset}
	for _, file := range pass.Files {
		index.add(file)
	}
	return index, nil
}

func (x *Index) add(file *ast.File) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			d, ok := parse(comment)
			if !ok {
				continue
			}
			start := x.fset.Position(comment.Pos())
			d.file = start.Filename
			d.first, d.last = start.Line, x.fset.Position(group.End()).Line+1
			if end := declEnd(file, group); end.IsValid() {
				d.last = x.fset.Position(end).Line
			}
			x.All = append(x.All, d)
		}
	}
}

// declEnd returns the end of the declaration that the comment group documents.
func declEnd(file *ast.File, group *ast.CommentGroup) token.Pos {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Doc == group {
				return decl.End()
			}
		case *ast.GenDecl:
			if decl.Doc == group {
				return decl.End()
			}
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					if spec.Doc == group {
						return spec.End()
					}
				case *ast.TypeSpec:
					if spec.Doc == group {
						return spec.End()
					}
				}
			}
		}
	}
	return token.NoPos
}

func parse(comment *ast.Comment) (*Directive, bool) {
	rest, ok := strings.CutPrefix(comment.Text, prefix)
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return nil, false
	}
	rules, reason, _ := strings.Cut(rest, "--")
	d := &Directive{
		Pos:    comment.Pos(),
		End:    comment.End(),
		Reason: strings.TrimSpace(reason),
		Used:   map[string]bool{},
	}
	for rule := range strings.SplitSeq(rules, ",") {
		if rule = strings.TrimSpace(rule); rule != "" {
			d.Rules = append(d.Rules, rule)
		}
	}
	return d, true
}

// Silence returns the directive that silences the rule at pos, and marks it
// used; nil if there is none.
func (x *Index) Silence(rule string, pos token.Pos) *Directive {
	at := x.fset.Position(pos)
	for _, d := range x.All {
		if d.Reason == "" || d.file != at.Filename || at.Line < d.first || at.Line > d.last {
			continue
		}
		for _, r := range d.Rules {
			if r == rule {
				d.Used[rule] = true
				return d
			}
		}
	}
	return nil
}
