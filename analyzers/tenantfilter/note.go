package tenantfilter

import (
	"go/token"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

// A note is a comment in SQL that silences the rule for a statement:
//
//	-- poollint:ignore tenantfilter -- reason
type note struct {
	sqlast.Span
	reason string
	used   bool
	pos    token.Pos // in the source
}

type notes struct {
	all    []*note // in the order of the text
	ofStmt map[sqlast.Stmt]*note
}

// readNotes finds the notes of a text. The first one in or before a statement silences it.
func readNotes(file *sqlast.File) notes {
	read := notes{ofStmt: map[sqlast.Stmt]*note{}}
	for _, comment := range file.Comments {
		text := strings.TrimSpace(strings.TrimSuffix(strings.TrimLeft(comment.Text, "-#/* "), "*/"))
		rest, ok := strings.CutPrefix(text, "poollint:ignore ")
		if !ok {
			continue
		}
		rules, reason, _ := strings.Cut(rest, "--")
		for rule := range strings.SplitSeq(rules, ",") {
			if strings.TrimSpace(rule) == "tenantfilter" {
				n := &note{Span: comment.Span, reason: strings.TrimSpace(reason)}
				read.all = append(read.all, n)
				if stmt := after(file, comment.Start); stmt != nil && read.ofStmt[stmt] == nil {
					read.ofStmt[stmt] = n
				}
				break
			}
		}
	}
	return read
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
		if old := c.noteAt[n.pos]; old != nil {
			old.used = old.used || n.used
		} else {
			c.noteAt[n.pos] = n
			c.notes = append(c.notes, n)
		}
	}
}

// judgeNotes reports notes without a reason and notes that silence nothing.
func (c *checker) judgeNotes() {
	for _, n := range c.notes {
		var problem finding.Text
		switch {
		case n.reason == "":
			problem = noteWithoutReason
		case !n.used:
			problem = unusedNote
		default:
			continue
		}
		c.report.Report(finding.Finding{
			Diagnostic: analysis.Diagnostic{Pos: n.pos, End: token.NoPos},
			Data:       problem,
			Severity:   finding.Warning,
		})
	}
}
