package queries

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// A report is what the command prints.
type report struct {
	Version    int      `json:"version"`
	Statements int      `json:"statements"` // distinct ones that read or change tables
	Tests      int      `json:"tests"`
	Places     int      `json:"places"`
	Judged     int      `json:"judged"`
	LeftOut    int      `json:"left_out"`   // run by tests, migrations and what else the rule leaves alone
	Elsewhere  int      `json:"elsewhere"`  // run by no code of the module
	Findings   []result `json:"findings"`   // what crosses tenants
	Unseen     []result `json:"unseen"`     // judged, and not seen by reading the code
	NotJudged  []result `json:"not_judged"` // what cannot be read as SQL
	Notes      []string `json:"notes,omitempty"`
}

// A result is about the statements of one place.
type result struct {
	Message    string           `json:"message"`
	Severity   finding.Severity `json:"severity,omitempty"`
	Tier       string           `json:"tier,omitempty"`
	Suppressed string           `json:"suppressed,omitempty"`
	Seen       bool             `json:"seen"` // by reading the code, too
	Path       string           `json:"path"`
	Line       int              `json:"line"`
	Tests      []string         `json:"tests"`
	SQL        []string         `json:"sql"` // the first few
	Count      int              `json:"statements"`
}

// fails reports whether the result fails the run.
func (r result) fails() bool { return r.Suppressed == "" && r.Severity != finding.Info }

// shownTexts is how many texts of one place are shown.
const shownTexts = 3

func newReport(r *record, at []*tenantfilter.Seen, shown func(file string) string) *report {
	p := &report{Version: version, Tests: r.tests, Findings: []result{}, Unseen: []result{}, NotJudged: []result{}}
	if r.cut {
		p.Notes = append(p.Notes, "more statements were run than are recorded: narrow the run down to some packages")
	}
	places, known, judges := map[string]bool{}, map[string]bool{}, false
	for i, s := range r.statements {
		if !asks(s.SQL) {
			continue
		}
		seen := at[i]
		if seen == nil {
			p.Statements++
			p.Elsewhere++
			continue
		}
		judges = judges || seen.Judged
		one := result{Path: shown(seen.Path), Line: s.Calls[seen.Call].Line, Seen: seen.Reading == tenantfilter.Read, Tests: s.tests, SQL: []string{s.SQL}}
		place := fmt.Sprintf("%s:%d", one.Path, one.Line)
		places[place] = true
		if again := place + " " + s.SQL; !known[again] {
			known[again] = true
			one.Count = 1
		}
		p.Statements += one.Count
		if seen.LeftOut {
			p.LeftOut += one.Count
			continue
		}
		if seen.Partly {
			p.NotJudged = add(p.NotJudged, one, "a part of the statement cannot be read")
			continue
		}
		p.Judged += one.Count
		for _, j := range seen.Found {
			found := one
			found.Severity, found.Tier, found.Suppressed = j.Severity, j.Tier, j.Suppressed
			p.Findings = add(p.Findings, found, j.Data.Message())
		}
		if !one.Seen {
			p.Unseen = add(p.Unseen, one, cmp.Or(seen.Why, "no query is read on this line"))
		}
	}
	p.Places = len(places)
	if !judges && p.Statements > p.Elsewhere {
		p.Notes = append(p.Notes, "no table has a known tenant column: poollint schema tells why")
	}
	for _, results := range [][]result{p.Findings, p.Unseen, p.NotJudged} {
		slices.SortStableFunc(results, func(a, b result) int {
			return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
		})
	}
	return p
}

// add adds a result, to one that says the same of the place if there is one.
func add(all []result, r result, message string) []result {
	r.Message = message
	for i := range all {
		old := &all[i]
		if old.Path != r.Path || old.Line != r.Line || old.Message != r.Message || old.Suppressed != r.Suppressed {
			continue
		}
		old.Count += r.Count
		if r.Count > 0 && len(old.SQL) < shownTexts {
			old.SQL = append(old.SQL, r.SQL...)
		}
		for _, test := range r.Tests {
			if !slices.Contains(old.Tests, test) {
				old.Tests = append(old.Tests[:len(old.Tests):len(old.Tests)], test)
			}
		}
		return all
	}
	return append(all, r)
}

// asks reports whether a text reads or changes tables that are no catalogue's.
func asks(sql string) bool {
	for _, stmt := range sqlast.Read(sql, sqlast.Options{}).Stmts {
		switch stmt.(type) {
		case *sqlast.Select, *sqlast.Insert, *sqlast.Update, *sqlast.Delete, *sqlast.Merge, *sqlast.Copy:
		default:
			continue
		}
		if slices.ContainsFunc(sqlast.Tables(stmt), func(use sqlast.TableUse) bool {
			name := use.Ref.Name
			return !strings.HasPrefix(name.Last().Text, "pg_") && !schema.Catalogue(name.Qualifier().Text)
		}) {
			return true
		}
	}
	return false
}

func (p *report) writeJSON(out io.Writer, _ bool) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(p)
}

func (p *report) writeText(out io.Writer, verbose bool) error {
	var b strings.Builder
	crossing, unlisted := 0, 0
	for _, r := range p.Findings {
		if r.fails() {
			crossing++
		} else if !verbose {
			unlisted++
			continue
		}
		r.write(&b, string(r.Severity))
	}
	for _, r := range p.Unseen {
		r.write(&b, "not seen by reading the code")
	}
	for _, r := range p.NotJudged {
		r.write(&b, "not judged")
	}
	for _, note := range p.Notes {
		fmt.Fprintln(&b, "note:", note)
	}
	unseen := 0
	for _, r := range p.Unseen {
		unseen += r.Count
	}
	fmt.Fprintf(&b, "%s at %s, run by %s: %d judged, %d of them not seen by reading the code", counted(p.Statements, "statement"),
		counted(p.Places, "place"), counted(p.Tests, "test"), p.Judged, unseen)
	if p.LeftOut > 0 {
		fmt.Fprintf(&b, "; %d of tests, migrations and the like", p.LeftOut)
	}
	if p.Elsewhere > 0 {
		fmt.Fprintf(&b, "; %d of no code in this module", p.Elsewhere)
	}
	fmt.Fprintln(&b)
	fmt.Fprintf(&b, "%s cross tenants", counted(crossing, "place"))
	if unlisted > 0 {
		fmt.Fprintf(&b, "; %d of severity info or silenced (-v lists them)", unlisted)
	}
	fmt.Fprintln(&b)
	_, err := io.WriteString(out, b.String())
	return err
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shownTests is how many tests are named.
const shownTests = 3

func (r result) write(b *strings.Builder, label string) {
	if r.Suppressed != "" {
		label = "silenced: " + r.Suppressed
	}
	fmt.Fprintln(b, printable.Line(fmt.Sprintf("%s:%d: %s [%s]", r.Path, r.Line, r.Message, label)))
	tests := r.Tests
	if len(tests) > shownTests {
		tests = append(slices.Clone(tests[:shownTests]), fmt.Sprintf("%d more", len(tests)-shownTests))
	}
	fmt.Fprintln(b, printable.Line("    in "+strings.Join(tests, ", ")))
	fmt.Fprintln(b, "    "+printable.Line(short(redact.Text(r.SQL[0]))))
	if r.Count > 1 {
		fmt.Fprintf(b, "    and %s like it\n", counted(r.Count-1, "statement"))
	}
}

// short makes a statement one line of at most 160 characters.
func short(sql string) string {
	const most = 160
	line := []rune(strings.Join(strings.Fields(sql), " "))
	if len(line) > most {
		line = append(line[:most-1], '…')
	}
	return string(line)
}
