package tenantfilter

import (
	"go/token"
	"slices"
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
	stmt   sqlast.Stmt // the statement that it stands in or before; nil for none
	used   bool
	pos    token.Pos // in the source
}

type notes []*note

// readNotes finds the notes of a text.
func readNotes(file *sqlast.File) notes {
	var all notes
	for _, comment := range file.Comments {
		text := strings.TrimSpace(strings.TrimSuffix(strings.TrimLeft(comment.Text, "-#/* "), "*/"))
		rest, ok := strings.CutPrefix(text, "poollint:ignore ")
		if !ok {
			continue
		}
		rules, reason, _ := strings.Cut(rest, "--")
		for rule := range strings.SplitSeq(rules, ",") {
			if strings.TrimSpace(rule) == "tenantfilter" {
				all = append(all, &note{Span: comment.Span, reason: strings.TrimSpace(reason), stmt: after(file, comment.Start)})
				break
			}
		}
	}
	return all
}

// after returns the statement that ends behind the offset first, else the last.
func after(file *sqlast.File, offset int) sqlast.Stmt {
	for _, stmt := range file.Stmts {
		if stmt.Bounds().End > offset {
			return stmt
		}
	}
	if n := len(file.Stmts); n > 0 {
		return file.Stmts[n-1]
	}
	return nil
}

func (all notes) of(stmt sqlast.Stmt) *note {
	for _, n := range all {
		if n.stmt == stmt {
			return n
		}
	}
	return nil
}

// remember notes which notes of a text silenced something; texts of one source
// share them.
func (c *checker) remember(all notes, text *sqltext.Text) {
	for _, n := range all {
		n.pos = text.Pos(n.Start)
		if i := slices.IndexFunc(c.notes, func(old *note) bool { return old.pos == n.pos }); i >= 0 {
			c.notes[i].used = c.notes[i].used || n.used
		} else {
			c.notes = append(c.notes, n)
		}
	}
}

// judgeNotes reports notes without a reason and notes that silence nothing.
func (c *checker) judgeNotes() {
	for _, n := range c.notes {
		problem := ""
		switch {
		case n.reason == "":
			problem = "the note gives no reason and silences nothing; write -- poollint:ignore tenantfilter -- reason"
		case !n.used:
			problem = "the note silences no finding of tenantfilter; remove it"
		default:
			continue
		}
		c.report.Report(finding.Finding{
			Diagnostic: analysis.Diagnostic{Pos: n.pos, End: token.NoPos, Message: problem},
			Severity:   finding.Warning,
		})
	}
}
