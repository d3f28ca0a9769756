package report

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// Changes are what was done to files.
type Changes interface {
	Touch(file string, first, last int) bool       // are some of the lines new, or was one between them removed?
	Removed(file string, first, last int) []string // the lines that are no more there
	Renamed(file string, line int) bool            // does the line declare a function under another name, and nothing else?
}

// KeepNew drops the findings of which nothing is new: neither a line of their own nor that of
// a witness, nor is a line gone that spoke of what they are about. Where a witness alone is new,
// the message says which.
func (r *Report) KeepNew(changes Changes) {
	functions := functions{}
	keep := make([]bool, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		if keep[i] = changes.Touch(f.Pos.Filename, f.Pos.Line, f.End.Line) || r.lost(*f, changes, functions); keep[i] {
			continue
		}
		for _, w := range f.Witnesses {
			if changes.Touch(w.Pos.Filename, w.Pos.Line, w.Pos.Line) && !changes.Renamed(w.Pos.Filename, w.Pos.Line) {
				f.New = append(f.New, w)
			}
		}
		if keep[i] = len(f.New) > 0; keep[i] {
			f.Message += "; new here: " + r.enumerate(f.New)
		}
	}
	i := -1
	r.Keep(func(finding.Located) bool {
		i++
		return keep[i]
	})
}

// lost reports whether a line is gone from the function of the finding that named a variable of the
// finding's lines, such as the deferred Close of what they open.
func (r *Report) lost(f finding.Located, changes Changes, functions functions) bool {
	source := r.sources.of(f.Pos.Filename)
	first, last := functions.around(f.Pos, source.text)
	removed := changes.Removed(f.Pos.Filename, first, last)
	if first == 0 || len(removed) == 0 {
		return false
	}
	var own []byte
	for line := f.Pos.Line; line <= max(f.Pos.Line, f.End.Line); line++ {
		own = append(append(own, source.line(line)...), '\n')
	}
	about := variables(own)
	return slices.ContainsFunc(names([]byte(strings.Join(removed, "\n"))), func(n name) bool { return about[n.text] })
}

// functions are the first and last lines of declared functions, by file.
type functions map[string][][2]int

// around returns the lines of the function at a position; 0 if there is none.
func (fs functions) around(pos token.Position, text []byte) (first, last int) {
	lines, known := fs[pos.Filename]
	if !known {
		fset := token.NewFileSet()
		file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution) // as far as it can be read
		if file != nil {
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok {
					lines = append(lines, [2]int{fset.PositionFor(fn.Pos(), false).Line, fset.PositionFor(fn.End(), false).Line})
				}
			}
		}
		fs[pos.Filename] = lines
	}
	for _, l := range lines {
		if l[0] <= pos.Line && pos.Line <= l[1] {
			return l[0], l[1]
		}
	}
	return 0, 0
}

// A name is one in a piece of Go, and what stands behind it.
type name struct {
	text string
	next token.Token
}

// names returns the names in a piece of Go.
func names(text []byte) (all []name) {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), text, func(token.Position, string) {}, 0)
	for last := token.ILLEGAL; last != token.EOF; {
		_, tok, literal := s.Scan()
		if last == token.IDENT {
			all[len(all)-1].next = tok
		}
		if last = tok; tok == token.IDENT {
			all = append(all, name{text: literal})
		}
	}
	return all
}

// everywhere are names that a line may have whatever it is about.
var everywhere = []string{"_", "err", "nil", "true", "false", "t", "b", "tb", "f", "ctx"}

// variables returns the names in a piece of Go that are neither called nor stand before a dot.
func variables(text []byte) map[string]bool {
	all := map[string]bool{}
	for _, n := range names(text) {
		if n.next != token.PERIOD && n.next != token.LPAREN && !slices.Contains(everywhere, n.text) {
			all[n.text] = true
		}
	}
	return all
}

// maxWitnesses is how many witnesses a message names.
const maxWitnesses = 3

// enumerate names the functions of witnesses, each with its first place.
func (r *Report) enumerate(witnesses []finding.Witness) string {
	var names []string
	seen := map[finding.Witness]bool{}
	for _, w := range witnesses {
		name := fmt.Sprintf("%s:%d", r.Path(w.Pos.Filename), w.Pos.Line)
		if w.In != "" {
			name = fmt.Sprintf("%s (%s)", w.In, name)
			w.Pos.Line, w.Pos.Column, w.Pos.Offset = 0, 0, 0
		}
		if !seen[w] {
			seen[w] = true
			names = append(names, name)
		}
	}
	if more := len(names) - maxWitnesses; more > 0 {
		names = append(names[:maxWitnesses], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
