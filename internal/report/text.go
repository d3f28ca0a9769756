package report

import (
	"bytes"
	"fmt"
	"go/token"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// The colours of a terminal.
const (
	bold  = "\x1b[1m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

// writeText writes a line a finding, with the source line below it on a
// terminal, and a summary.
func writeText(w io.Writer, r *Report) error {
	var b bytes.Buffer
	for _, g := range r.groups() {
		if g.heading != "" {
			fmt.Fprintln(&b, r.paint(faint, printable.Line(g.heading+": "+g.counts())))
		}
		for _, f := range g.findings {
			r.writeFinding(&b, f)
		}
	}
	if r.Verbose {
		for _, u := range r.Result.Unread {
			fmt.Fprintf(&b, "%snot read: %s (%s)\n", printable.Line(r.place(u.Pos)), printable.Line(u.Why), u.Rule)
		}
	}
	r.writeNotes(&b)
	fmt.Fprintln(&b, r.summary())
	if r.Hint != "" {
		fmt.Fprintln(&b, r.Hint)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (r *Report) writeFinding(b *bytes.Buffer, f finding.Located) {
	message := f.Message
	if f.Severity == finding.Info {
		message += " [info]"
	}
	place := fmt.Sprintf("%s:%d:%d:", r.Path(f.Pos.Filename), f.Pos.Line, f.Pos.Column)
	fmt.Fprintf(b, "%s %s %s\n", r.paint(bold, printable.Line(place)), printable.Line(message), r.paint(faint, "("+f.Rule+")"))
	if r.Source {
		r.writeSource(b, f)
	}
}

// maxLine is the longest line of source that is shown, in bytes: a long line may have many
// findings.
const maxLine = 4_000

// shownNotes is how many notes are shown without -v.
const shownNotes = 5

// shownTags is how many build tags are named that leave test files out.
const shownTags = 5

// writeNotes writes a line for each thing that was not looked at.
func (r *Report) writeNotes(b *bytes.Buffer) {
	for i, n := range r.Result.Notes {
		if i == shownNotes && !r.Verbose {
			fmt.Fprintf(b, "note: and %d more (-v lists them)\n", len(r.Result.Notes)-i)
			return
		}
		fmt.Fprintf(b, "%snote: %s\n", printable.Line(r.place(n.Pos)), printable.Line(n.Text))
	}
}

// Warnings returns a line for each warning about the configuration.
func Warnings(dir string, warnings []finding.Note) []string {
	r := &Report{Dir: dir, checkout: checkoutOf(dir)}
	var lines []string
	for _, n := range warnings {
		lines = append(lines, printable.Line(r.place(n.Pos)+"warning: "+n.Text))
	}
	return lines
}

// place formats a position as far as it is known, followed by a colon and a space.
func (r *Report) place(pos token.Position) string {
	switch {
	case pos.Filename == "":
		return ""
	case pos.Line == 0:
		return r.Path(pos.Filename) + ": "
	case pos.Column == 0:
		return fmt.Sprintf("%s:%d: ", r.Path(pos.Filename), pos.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", r.Path(pos.Filename), pos.Line, pos.Column)
}

// writeSource writes the line of a finding and a caret below it, unless the line is too
// long.
func (r *Report) writeSource(b *bytes.Buffer, f finding.Located) {
	line := r.sources.of(f.Pos.Filename).line(f.Pos.Line)
	if len(line) > maxLine {
		fmt.Fprintf(b, "%s\n", r.paint(faint, fmt.Sprintf("(a line of %d bytes is not shown)", len(line))))
		return
	}
	if len(line) == 0 || !utf8.Valid(line) || bytes.ContainsFunc(line, printable.Acts) {
		return
	}
	indent := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, string(line[:min(len(line), max(0, f.Pos.Column-1))]))
	width := 1
	if f.End.Line == f.Pos.Line && f.End.Column > f.Pos.Column {
		width = utf8.RuneCount(line[min(len(line), f.Pos.Column-1):min(len(line), f.End.Column-1)])
	}
	color := red
	if f.Severity != finding.Error {
		color = green
	}
	fmt.Fprintf(b, "%s\n%s%s\n", redact.Text(string(line)), indent, r.paint(color, "^"+strings.Repeat("~", max(0, width-1))))
}

// paint colours text for a terminal that takes colours.
func (r *Report) paint(color, text string) string {
	if !r.Color {
		return text
	}
	return color + text + plain
}

// summary returns one line: the number of findings, packages and queries, and what was
// left out.
func (r *Report) summary() string {
	byRule := map[string]int{}
	total, suppressed := 0, 0
	var info group
	for _, f := range r.Findings {
		switch {
		case f.Suppressed != "":
			suppressed++
		case f.Severity == finding.Info:
			info.findings = append(info.findings, f)
		default:
			byRule[f.Rule]++
			total++
		}
	}
	parts := []string{count(total, "finding")}
	if total > 0 {
		var rules []string
		for _, rule := range slices.Sorted(maps.Keys(byRule)) {
			rules = append(rules, fmt.Sprintf("%s %d", rule, byRule[rule]))
		}
		parts[0] += " (" + strings.Join(rules, ", ") + ")"
	}
	parts[0] += fmt.Sprintf(" in %s, %d analysed", count(len(r.Result.Listed), "package"), len(r.Result.Analysed))
	if suppressed > 0 {
		parts = append(parts, fmt.Sprintf("%d suppressed", suppressed))
	}
	if n := len(info.findings); n > 0 && !r.Info {
		parts = append(parts, fmt.Sprintf("%d of severity info (%s)", n, strings.Join(append(info.tiers(), "-v lists them"), ", ")))
	}
	if queries := r.queries(); queries.Total > 0 {
		parts = append(parts, queries.String())
		if queries.NotRead > 0 && !r.Verbose {
			parts[len(parts)-1] += " (-v lists them)"
		}
	}
	if left := r.leftOut(); len(left) > 0 {
		parts = append(parts, "test files left out: "+strings.Join(left, ", "))
	}
	if n := len(r.Result.Failures); n > 0 {
		parts = append(parts, count(n, "error"))
	}
	return strings.Join(append(parts, r.Elapsed.Round(10*time.Millisecond).String()), "; ")
}

// leftOut says what leaves test files out: all of them the flag, some of them build tags.
func (r *Report) leftOut() (left []string) {
	if r.NoTests {
		return []string{"all, by -test=false"}
	}
	skipped := r.Result.Skipped
	for _, s := range skipped[:min(len(skipped), shownTags)] {
		left = append(left, fmt.Sprintf("-tags=%s adds %d", s.Tag, s.Files))
	}
	if more := len(skipped) - len(left); more > 0 {
		left = append(left, "and "+count(more, "more tag"))
	}
	return left
}

// queries counts how many queries rules have judged, and how many not.
type queries struct {
	Read    int `json:"read"`
	NotRead int `json:"not_read"`
	Total   int `json:"total"`
}

func (r *Report) queries() queries {
	read, unread := r.Result.Read, len(r.Result.Unread)
	return queries{read, unread, read + unread}
}

func (q queries) String() string {
	if q.NotRead == 0 {
		return fmt.Sprintf("queries: %d read", q.Read)
	}
	return fmt.Sprintf("queries: %d read, %d not read of %d", q.Read, q.NotRead, q.Total)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
