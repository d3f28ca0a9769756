package lsp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/regular"
)

// results are what a run has found in the texts that it was given.
type results struct {
	module  *module
	start   time.Time
	texts   driver.Overlay
	rules   []finding.Rule
	modules []string // directories whose files may be changed
	shown   []shown
	texted  map[string]*text // of files, once somebody has asked
}

func newResults(m *module, texts driver.Overlay) *results {
	return &results{module: m, start: time.Now(), texts: texts, rules: m.rules, texted: map[string]*text{}}
}

// A shown is a diagnostic, and the finding that it tells; nil if it tells what could not be analysed.
type shown struct {
	path    string
	finding *finding.Located
	diagnostic
}

// take makes the diagnostics of what a run has come to.
func (r *results) take(result *driver.Result, err error) {
	if err != nil {
		r.tellError(err)
		return
	}
	r.modules = result.Modules
	r.takeFindings(result.Findings)
	for i, f := range result.Failures {
		if i == maxFailures {
			break
		}
		at := parsePosition(f.Pos)
		if filepath.Ext(at.Filename) == ".go" {
			continue // the compiler's mistakes are told by who compiles
		}
		r.tell(at, cmp.Or(strings.TrimPrefix(f.Error(), f.Pos+": "), f.Message))
	}
}

// takeFindings makes the diagnostics of findings.
func (r *results) takeFindings(findings []finding.Located) {
	mildest := level(r.module.Settings.Severity)
	for i := range findings {
		f := &findings[i]
		if f.Suppressed == "" && level(f.Severity) <= mildest && f.Pos.Filename != "" {
			r.shown = append(r.shown, shown{f.Pos.Filename, f, r.diagnostic(f)})
		}
	}
}

// maxFailures bounds how many failures of a run are told.
const maxFailures = 20

// tellError tells why nothing could be analysed, where the mistake is or else in go.mod.
func (r *results) tellError(err error) {
	mistakes := config.MistakesOf(err)
	for _, mistake := range mistakes {
		r.tell(token.Position{Filename: mistake.Path, Line: mistake.Line, Column: mistake.Column}, mistake.Message)
	}
	if mistakes == nil {
		r.tell(token.Position{}, err.Error())
	}
}

// tell adds a diagnostic of severity error that is no finding.
func (r *results) tell(at token.Position, message string) {
	if at.Filename == "" {
		at = token.Position{Filename: filepath.Join(r.module.dir, "go.mod"), Line: 1, Column: 1}
	}
	r.shown = append(r.shown, shown{at.Filename, nil, diagnostic{
		Range: r.textRange(at, token.Position{}), Severity: levelError, Source: "poollint",
		Message: printable.Line(redact.Text(strings.Join(strings.Fields(message), " "))),
	}})
}

// parsePosition reads "file:line:column", or what there is of it.
func parsePosition(text string) token.Position {
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(text, ':')
		n, err := strconv.Atoi(text[i+1:])
		if i < 0 || err != nil {
			break
		}
		numbers, text = append(numbers, n), text[:i]
	}
	at := token.Position{Filename: text, Line: 1, Column: 1}
	if len(numbers) > 0 {
		at.Line = numbers[len(numbers)-1]
	}
	if len(numbers) == 2 {
		at.Column = numbers[0]
	}
	if !filepath.IsAbs(at.Filename) {
		return token.Position{}
	}
	return at
}

// diagnostic tells a finding.
func (r *results) diagnostic(f *finding.Located) diagnostic {
	d := diagnostic{
		Range: r.textRange(f.Pos, f.End), Severity: level(f.Severity), Code: f.Rule, Source: "poollint",
		Message: printable.Line(f.Message),
	}
	if _, ok := f.Data.(finding.Needless); ok {
		d.Tags = []int{tagUnnecessary}
	}
	if f.URL != "" {
		d.CodeDescription = &codeDescription{f.URL}
	}
	if r.module.client.related() {
		for w, words := range f.Shown() {
			d.Related = append(d.Related, related{location{uriOf(w.Pos.Filename), r.textRange(w.Pos, token.Position{})}, printable.Line(words)})
		}
	}
	return d
}

// textRange returns the range between two positions of one file, of which the second may be unknown:
// then it is the rest of the word.
func (r *results) textRange(from, to token.Position) textRange {
	t := r.text(from.Filename)
	start := t.at(max(0, from.Line-1), from.Column-1)
	if to.Filename == from.Filename && (to.Line > from.Line || to.Line == from.Line && to.Column > from.Column) {
		return textRange{start, t.at(to.Line-1, to.Column-1)}
	}
	_, line := t.line(start.Line)
	rest := line[min(max(0, from.Column-1), len(line)):]
	word := bytes.IndexFunc(rest, func(c rune) bool { return strings.ContainsRune(" \t():,;{}[]", c) })
	if word <= 0 {
		word = len(rest)
	}
	return textRange{start, t.at(start.Line, from.Column-1+word)}
}

// text returns the text of a file as the run saw it; that of one that cannot be read is empty.
func (r *results) text(path string) *text {
	if t := r.texted[path]; t != nil {
		return t
	}
	content, ok := r.texts[path]
	if !ok {
		content, _ = regular.ReadFile(path)
	}
	t := newText(content, r.module.encoding)
	r.texted[path] = t
	return t
}

// diagnostics returns all diagnostics by path, in the order of the findings.
func (r *results) diagnostics() map[string][]diagnostic {
	by := map[string][]diagnostic{}
	for _, s := range r.shown {
		by[s.path] = append(by[s.path], s.diagnostic)
	}
	return by
}

// at returns what is shown in a range of a file.
func (r *results) at(path string, within textRange) (all []shown) {
	for _, s := range r.shown {
		if s.path == path && !before(s.Range.End, within.Start) && !before(within.End, s.Range.Start) {
			all = append(all, s)
		}
	}
	return all
}

func before(a, b position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}

func sameDiagnostics(a, b map[string][]diagnostic) bool {
	return maps.EqualFunc(a, b, func(x, y []diagnostic) bool { return equalJSON(x, y) })
}

// equalJSON reports whether the client would be told the same.
func equalJSON(a, b []diagnostic) bool {
	return slices.EqualFunc(a, b, func(x, y diagnostic) bool {
		one, _ := json.Marshal(x)
		other, _ := json.Marshal(y)
		return bytes.Equal(one, other)
	})
}
