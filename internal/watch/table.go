package watch

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// What the table shows of long lists.
const (
	shownTests   = 3 // of a line
	shownOrigins = 3 // packages
)

// writeTable writes the report for a reader at a terminal.
func (r *report) writeTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\npoollint watch: %.1f s, %d samples of PostgreSQL %s\n\n", r.Seconds, r.Taken, r.Server.Version)
	if r.common != "" {
		fmt.Fprintf(&b, "packages of … = %s\n", r.common)
	}
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PACKAGE\tPEAK\tSESSIONS\tAT END\tLEFT\tTESTS AT THE PEAK")
	for _, g := range r.Groups {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%d\t%s\n", g.title(), g.Peak, g.Sessions, g.atEnd(), g.Left, enumerate(g.Tests))
	}
	fmt.Fprintf(table, "%s\t%d\t%d\t\t%d\t\n", r.Total.Name, r.Total.Peak, r.Total.Sessions, r.Total.Left)
	if err := table.Flush(); err != nil {
		return err
	}
	b.WriteByte('\n')
	lines := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, line := range append(r.lines(), r.origins()...) {
		fmt.Fprintf(lines, "%s\t%s\n", line.subject, line.text)
	}
	if err := lines.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// line is one statement of the report about one subject.
type line struct{ subject, text string }

// lines returns what is said below the table, most important first.
func (r *report) lines() []line {
	var lines []line
	add := func(subject, format string, args ...any) {
		lines = append(lines, line{subject, fmt.Sprintf(format, args...)})
	}
	add("peak", "%d connections at %.2f s; -limit %d: %s. The server takes %d (%s), %d were in use before",
		r.Total.Peak, r.Total.PeakAt, r.Limits.Limit, verdict(r.Total.Peak, r.Limits.Limit),
		r.Server.Usable(), r.Server.Allowance, r.Server.Before)
	if r.Budget != nil {
		add("budget", "%s by static analysis%s", r.Budget, r.beyond())
	}
	add("opened", "%d sessions by the server's count, %.1f a second", r.Opened, float64(r.Opened)/max(r.Seconds, 0.001))
	if r.blind() {
		add("left", "not known: the server was out of sight at the end")
	} else {
		add("left", "%d connections after the run; -after %d: %s", r.Total.Left, r.Limits.After, verdict(r.Total.Left, r.Limits.After))
	}
	if r.Refused.Count > 0 {
		add("refused", "%d times the server took no more connections: %s", r.Refused.Count, enumerate(r.Refused.Tests))
	}
	if r.Restarts > 0 {
		add("server", "restarted during the run: %d times", r.Restarts)
	}
	for _, g := range r.Gaps {
		if g.To != nil {
			add("gap", "not seen from %.2f s to %.2f s: %s", g.From, *g.To, g.Reason)
		} else {
			add("gap", "not seen from %.2f s until the end: %s", g.From, g.Reason)
		}
	}
	if r.Stopped {
		add("stopped", "by a signal: what comes after it was not seen")
	}
	for _, note := range r.Notes {
		add("note", "%s", note)
	}
	return lines
}

// origins returns in which tests the connections of the largest packages were opened.
func (r *report) origins() []line {
	var lines []line
	for _, g := range r.Groups {
		if len(g.OpenedIn) > 0 && len(lines) < shownOrigins {
			lines = append(lines, line{"origin", fmt.Sprintf("of the %d of %s at its peak %s", g.Peak, g.title(), enumerateCounts(g.OpenedIn))})
		}
	}
	return lines
}

func (g groupReport) title() string {
	if g.Package {
		return cmp.Or(g.short, g.Name)
	}
	return "other: " + g.Name
}

func (g groupReport) atEnd() string {
	if g.AtEnd == nil {
		return "-"
	}
	return fmt.Sprint(*g.AtEnd)
}

// String says how many connections the budget allows for.
func (b *Budget) String() string {
	if b.Unbounded {
		because := ""
		if len(b.Reasons) > 0 {
			because = ", because " + b.Reasons[0]
		}
		if n := len(b.Reasons) - 1; n > 0 {
			because += fmt.Sprintf(" (and %d more: poollint budget lists them)", n)
		}
		return fmt.Sprintf("no bound%s; %d connections without that", because, b.Connections)
	}
	return fmt.Sprintf("at most %d connections", b.Connections)
}

// beyond says why the peak may be over the bound, where it is.
func (r *report) beyond() string {
	switch over := r.Total.Peak - r.Budget.Connections; {
	case r.Budget.Unbounded || over <= 0:
		return ""
	case r.Status != 0:
		return fmt.Sprintf("; %d more were seen: tests that fail may leave connections open, and the server counts those that are just ending", over)
	default:
		return fmt.Sprintf("; %d more were seen: the server counts connections that are just ending", over)
	}
}

func verdict(n, limit int) string {
	if n > limit {
		return "over"
	}
	return "ok"
}

// enumerate names the first few tests and counts the rest.
func enumerate(names []string) string {
	if len(names) <= shownTests {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shownTests], ", "), len(names)-shownTests)
}

func enumerateCounts(counts []testCount) string {
	var names []string
	for _, c := range counts {
		names = append(names, fmt.Sprintf("%d in %s", c.Sessions, c.Test))
	}
	return "were opened: " + enumerate(names)
}
