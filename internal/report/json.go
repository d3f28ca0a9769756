package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/poollint/poollint/internal/finding"
)

// jsonFinding is the format of a finding in -format=json, on which users rely.
type jsonFinding struct {
	Rule        string           `json:"rule"`
	Message     string           `json:"message"`
	Severity    finding.Severity `json:"severity"`
	Tier        string           `json:"tier,omitempty"`
	Path        string           `json:"path"`
	Line        int              `json:"line"`
	Column      int              `json:"column"`
	EndLine     int              `json:"end_line"`
	EndColumn   int              `json:"end_column"`
	Package     string           `json:"package"`
	URL         string           `json:"url"`
	Fingerprint string           `json:"fingerprint"`
	Suppressed  bool             `json:"suppressed"`
	Reason      string           `json:"reason,omitempty"` // why it is suppressed
	New         []jsonWitness    `json:"new,omitempty"`    // what is new of a finding in old lines
	Fixes       []jsonFix        `json:"fixes"`
}

// jsonWitness is a place that a finding rests on too.
type jsonWitness struct {
	Function string `json:"function,omitempty"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
}

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits"`
}

// jsonEdit replaces the bytes [start, end) of a file.
type jsonEdit struct {
	Path  string `json:"path"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// jsonUnread is a query that a rule could not judge.
type jsonUnread struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// jsonNote says what the run did not look at, and why, or what is wrong with the configuration.
type jsonNote struct {
	Message string `json:"message"`
	Path    string `json:"path,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// jsonSkipped is a build tag without which test files were left out.
type jsonSkipped struct {
	Tag   string `json:"tag"`
	Files int    `json:"files"`
}

// writeError writes, as writeJSON does a report, why nothing could be analysed.
func writeError(w io.Writer, message string) error {
	return encode(w, jsonReport{Findings: []jsonFinding{}, Errors: []string{message}})
}

func writeJSON(w io.Writer, r *Report) error {
	findings := make([]jsonFinding, len(r.Findings))
	for i, f := range r.Findings {
		end := f.End
		if !end.IsValid() {
			end = f.Pos
		}
		findings[i] = jsonFinding{
			Rule: f.Rule, Message: f.Message, Severity: f.Severity, Tier: f.Tier,
			Path: r.Path(f.Pos.Filename), Line: f.Pos.Line, Column: f.Pos.Column, EndLine: end.Line, EndColumn: end.Column,
			Package: f.Package, URL: f.URL, Fingerprint: r.prints[i],
			Suppressed: f.Suppressed != "", Reason: f.Suppressed,
			New:   r.jsonWitnesses(f.New),
			Fixes: r.jsonFixes(f.Fixes),
		}
	}
	var unread []jsonUnread
	for _, u := range r.Result.Unread {
		unread = append(unread, jsonUnread{u.Rule, u.Why, r.Path(u.Pos.Filename), u.Pos.Line, u.Pos.Column})
	}
	var skipped []jsonSkipped
	for _, s := range r.Result.Skipped {
		skipped = append(skipped, jsonSkipped(s))
	}
	var errors []string
	for _, f := range r.Result.Failures {
		errors = append(errors, Line(r.Base(), f))
	}
	return encode(w, jsonReport{findings, r.queries(), unread, r.jsonNotes(r.Result.Notes), r.jsonNotes(r.Result.Warnings), skipped, errors})
}

func (r *Report) jsonNotes(notes []finding.Note) (all []jsonNote) {
	for _, n := range notes {
		note := jsonNote{Message: n.Text, Line: n.Pos.Line, Column: n.Pos.Column}
		if n.Pos.Filename != "" {
			note.Path = r.Path(n.Pos.Filename)
		}
		all = append(all, note)
	}
	return all
}

type jsonReport struct {
	Findings []jsonFinding `json:"findings"`
	Queries  queries       `json:"queries,omitzero"`
	Unread   []jsonUnread  `json:"not_read,omitempty"`
	Notes    []jsonNote    `json:"notes,omitempty"`
	Warnings []jsonNote    `json:"warnings,omitempty"` // about the configuration
	Skipped  []jsonSkipped `json:"test_files_left_out,omitempty"`
	Errors   []string      `json:"errors,omitempty"` // why packages, or all, could not be analysed
}

func encode(w io.Writer, r jsonReport) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Version int `json:"version"`
		jsonReport
	}{1, r})
}

func (r *Report) jsonWitnesses(witnesses []finding.Witness) (all []jsonWitness) {
	for _, w := range witnesses {
		all = append(all, jsonWitness{w.In, r.Path(w.Pos.Filename), w.Pos.Line})
	}
	return all
}

func (r *Report) jsonFixes(fixes []finding.Fix) []jsonFix {
	all := make([]jsonFix, len(fixes))
	for i, fix := range fixes {
		all[i] = jsonFix{fix.Message, make([]jsonEdit, len(fix.Edits))}
		for j, edit := range fix.Edits {
			all[i].Edits[j] = jsonEdit{r.Path(edit.Path), edit.Start, edit.End, edit.New}
		}
	}
	return all
}

func writeCSV(w io.Writer, r *Report) error {
	table := csv.NewWriter(w)
	table.Write([]string{"rule", "severity", "path", "line", "column", "package", "message"})
	for _, f := range r.open {
		table.Write([]string{
			f.Rule, string(f.Severity), cell(r.Path(f.Pos.Filename)), strconv.Itoa(f.Pos.Line), strconv.Itoa(f.Pos.Column), f.Package, cell(f.Message),
		})
	}
	table.Flush()
	return table.Error()
}

// cell escapes text that a spreadsheet would take for a formula.
func cell(text string) string {
	if text != "" && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@') {
		return "'" + text
	}
	return text
}
