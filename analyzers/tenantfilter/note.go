package tenantfilter

import (
	"go/ast"
	"go/token"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

// A note is a comment in SQL that silences the rule for a statement:
//
//	-- poollint:ignore tenantfilter -- reason
type note struct {
	sqlast.Span // of the directive, without the marks of the comment
	directive.Form
	used     bool
	pos, end token.Pos // in the source; end only where that holds the comment as it is
}

type notes struct {
	all    []*note // in the order of the text
	ofStmt map[sqlast.Stmt]*note
}

// readNotes finds the notes of a text. The first one in or before a statement silences it.
func readNotes(file *sqlast.File) notes {
	read := notes{ofStmt: map[sqlast.Stmt]*note{}}
	for _, comment := range file.Comments {
		behind := strings.TrimLeft(comment.Text, "-#/* ")
		text := strings.TrimSpace(strings.TrimSuffix(behind, "*/"))
		form, ok := formOf(text)
		if !ok {
			continue
		}
		start := comment.Start + len(comment.Text) - len(behind)
		n := &note{Span: sqlast.Span{Start: start, End: start + len(text)}, Form: form}
		read.all = append(read.all, n)
		if stmt := after(file, comment.Start); stmt != nil && form.Right && read.ofStmt[stmt] == nil {
			read.ofStmt[stmt] = n
		}
	}
	return read
}

const ruleName = "tenantfilter"

// formOf returns the form of a comment that is meant for the rule.
func formOf(text string) (form directive.Form, ok bool) {
	form, ok = directive.Read(text)
	for i, name := range form.Rules {
		if !slices.Contains(directive.Names, name) && nearest.Of(name, directive.Names) == ruleName {
			form.Rules[i], form.Right = ruleName, false
		}
	}
	if slices.Contains(form.Rules, ruleName) {
		return form, ok
	}
	if _, meant := directive.Read(" " + text); !meant || len(form.Rules) > 0 { // prose, or for another rule
		return form, false
	}
	form.Rules, form.Right = []string{ruleName}, false
	return form, ok
}

// after returns the first statement that ends after the offset, else the last one.
func after(file *sqlast.File, offset int) sqlast.Stmt {
	n := len(file.Stmts)
	if n == 0 {
		return nil
	}
	i := sort.Search(n, func(i int) bool { return file.Stmts[i].Bounds().End > offset })
	return file.Stmts[min(i, n-1)]
}

// remember records the notes of a text, and whether they silenced something. Texts that are
// made from the same source share them.
func (c *checker) remember(read notes, text *sqltext.Text) {
	for _, n := range read.all {
		n.pos = text.Pos(n.Start)
		if last := text.Pos(n.End - 1); int(last-n.pos) == n.End-1-n.Start {
			n.end = last + 1
		}
		if old := c.noteAt[n.pos]; old != nil {
			old.used = old.used || n.used
		} else {
			c.noteAt[n.pos] = n
			c.notes = append(c.notes, n)
		}
	}
}

// judgeNotes reports notes that are not written as they must be or without a reason, and those
// that silence nothing.
func (c *checker) judgeNotes() {
	for _, n := range c.notes {
		f := finding.Finding{Diagnostic: analysis.Diagnostic{Pos: n.pos, End: n.end}, Severity: finding.Warning}
		switch {
		case !n.Right:
			f.Data = finding.Text("the note silences nothing; write -- " + n.String())
			if n.Whole() && n.end.IsValid() && !c.generated(n.pos) {
				f.SuggestedFixes = rewrite.Fix("write the note as one", rewrite.Replace(n.pos, n.end, n.String()))
			}
		case n.Reason == "":
			f.Data = noteWithoutReason
		case !n.used:
			f.Data = unusedNote
		default:
			continue
		}
		c.report.Report(f)
	}
}

// generated reports whether the file of a position is made from another.
func (c *checker) generated(pos token.Pos) bool {
	return slices.ContainsFunc(c.pass.Files, func(file *ast.File) bool {
		return file.FileStart <= pos && pos < file.FileEnd && ast.IsGenerated(file)
	})
}
