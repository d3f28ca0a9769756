package tenantfilter

import (
	"go/token"
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

// judgeNotes reports notes without a reason and notes that silence nothing.
func (c *checker) judgeNotes(all notes, text *sqltext.Text) {
	for _, n := range all {
		problem := ""
		switch {
		case n.reason == "":
			problem = "the note gives no reason and silences nothing; write -- poollint:ignore tenantfilter -- reason"
		case !n.used:
			problem = "the note silences no finding of tenantfilter; remove it"
		default:
			continue
		}
		pos := text.Pos(n.Start)
		if _, ok := c.seen[place{pos, problem}]; ok {
			continue // another text of the same source
		}
		c.seen[place{pos, problem}] = -1
		c.report.Report(finding.Finding{
			Diagnostic: analysis.Diagnostic{Pos: pos, End: token.NoPos, Message: problem},
			Severity:   finding.Warning,
		})
	}
}
