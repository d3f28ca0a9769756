package ruletest

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	textscanner "text/scanner"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// A line is one of the copy's.
type line struct {
	file   string
	number int
}

func (l line) compare(other line) int {
	return cmp.Or(strings.Compare(l.file, other.file), cmp.Compare(l.number, other.number))
}

// A remark is what a run says of a line: a finding, a note, a fact.
type remark struct {
	name     string // that an expectation of it begins with; empty for a finding
	text     string
	optional bool // it need not be wanted
}

func (r remark) String() string { return labelled(r.name, strconv.Quote(r.text)) }

// An expectation is what a line wants to be said of it.
type expectation struct {
	name   string
	regexp *regexp.Regexp
}

func (e expectation) String() string { return labelled(e.name, fmt.Sprintf("%#q", e.regexp)) }

func (e expectation) met(r remark) bool { return e.name == r.name && e.regexp.MatchString(r.text) }

func labelled(name, text string) string { return strings.TrimPrefix(name+":", ":") + text }

// compare returns what was said and is not wanted, and what is wanted and was not said.
func (m *module) compare(result *driver.Result) []error {
	wanted, errs := m.wanted()
	said := remarks(result)
	lines := slices.AppendSeq(slices.Collect(maps.Keys(said)), maps.Keys(wanted))
	slices.SortFunc(lines, line.compare)
	for _, at := range slices.Compact(lines) {
		missing, place := wanted[at], m.place(at.file, at.number)
		for _, r := range said[at] {
			i := slices.IndexFunc(missing, func(e expectation) bool { return e.met(r) })
			if i >= 0 {
				missing = slices.Delete(missing, i, i+1)
			} else if !r.optional {
				errs = append(errs, fmt.Errorf("%s: unexpected %v", place, r))
			}
		}
		for _, e := range missing {
			errs = append(errs, fmt.Errorf("%s: nothing matches %v", place, e))
		}
	}
	return errs
}

// remarks returns what a run says of each line.
func remarks(result *driver.Result) map[line][]remark {
	all := map[line][]remark{}
	add := func(pos token.Position, r remark) {
		at := line{pos.Filename, pos.Line}
		all[at] = append(all[at], r)
	}
	for _, f := range result.Findings {
		add(f.Pos, remarkOf(f))
	}
	for _, n := range result.Notes {
		if n.Pos.Line > 0 {
			add(n.Pos, remark{name: "note", text: n.Text})
		}
	}
	return all
}

func remarkOf(f finding.Located) remark {
	switch name, isFact := strings.CutPrefix(f.Key, factKey); {
	case isFact:
		return remark{name: name, text: f.Message, optional: name == "package"}
	case f.Suppressed != "":
		return remark{name: "suppressed", text: f.Suppressed}
	case f.Severity == finding.Info:
		return remark{name: "info", text: f.Message}
	}
	return remark{text: f.Message}
}

// wanted returns what the Go files that the patterns match want.
func (m *module) wanted() (map[line][]expectation, []error) {
	wanted := map[line][]expectation{}
	var errs []error
	for _, path := range slices.Sorted(maps.Keys(m.origins)) {
		if filepath.Ext(path) != ".go" || !m.matches(path) {
			continue
		}
		errs = append(errs, m.wantedBy(path, wanted)...)
	}
	return wanted, errs
}

// matches reports whether a pattern matches the folder of the file.
func (m *module) matches(path string) bool {
	folder := filepath.Dir(path)
	return slices.ContainsFunc(m.patterns, func(pattern string) bool {
		tree, all := strings.CutSuffix(pattern, "...")
		tree = filepath.Join(m.dir, tree)
		return folder == tree || all && strings.HasPrefix(folder, tree+string(filepath.Separator))
	})
}

// wantedBy reads the comments of a file.
func (m *module) wantedBy(path string, into map[line][]expectation) (errs []error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return []error{err}
	}
	file := token.NewFileSet().AddFile(path, -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return errs
		}
		if tok != token.COMMENT {
			continue
		}
		at := line{path, file.Line(pos)}
		expected, below, err := parse(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: in a want comment: %w", m.place(at.file, at.number), err))
		}
		at.number += below
		into[at] = append(into[at], expected...)
	}
}

// parse returns what a comment wants, and how many lines below. It may begin with
// other comments.
func parse(comment string) (expected []expectation, below int, err error) {
	text := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(comment, "//"), "/*"), "*/")
	if i := strings.Index(text, "// want"); i >= 0 {
		text = text[i+len("// "):]
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(text), "want ")
	if !ok {
		return nil, 0, nil
	}
	var s textscanner.Scanner
	s.Init(strings.NewReader(text))
	s.Mode = textscanner.ScanIdents | textscanner.ScanStrings | textscanner.ScanRawStrings | textscanner.ScanInts
	s.Error = func(_ *textscanner.Scanner, message string) { err = fmt.Errorf("%s", message) }
	next := func(expected ...rune) string {
		tok := s.Scan()
		if err == nil && !slices.Contains(expected, tok) {
			err = fmt.Errorf("%s where %s is due", textscanner.TokenString(tok), textscanner.TokenString(expected[0]))
		}
		return s.TokenText()
	}
	for err == nil {
		var e expectation
		switch tok := s.Scan(); tok {
		case textscanner.EOF:
			return expected, below, err
		case '+':
			below, _ = strconv.Atoi(next(textscanner.Int))
			continue
		case textscanner.Ident:
			e.name = s.TokenText()
			next(':')
			next(textscanner.String, textscanner.RawString)
		case textscanner.String, textscanner.RawString:
		default:
			err = fmt.Errorf("%s where a string is due", textscanner.TokenString(tok))
		}
		if err != nil {
			break
		}
		pattern, _ := strconv.Unquote(s.TokenText())
		if e.regexp, err = regexp.Compile(pattern); err == nil {
			expected = append(expected, e)
		}
	}
	return nil, 0, err
}
