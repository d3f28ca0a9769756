package queries

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/regular"
)

// Limits on what is read.
const (
	maxFiles      = 10_000
	maxBytes      = 256 << 20
	maxLine       = 2 << 20
	maxStatements = 100_000
)

// version is that of the files.
const version = 1

// A statement is a text that was run at one place, in some tests.
type statement struct {
	tenantfilter.Ran
	tests []string
}

// A record is what tests have run.
type record struct {
	statements []*statement
	tests      int
	cut        bool // some of what was run is left out
}

// A line is one of a recorder's file. The first has version and package, each other one a
// statement, or says that there were more.
type line struct {
	Version int
	Package string
	SQL     string
	Test    string
	Calls   []string
	Cut     bool
}

// read reads the files of a directory.
func read(dir string) (*record, error) {
	names, err := filepath.Glob(filepath.Join(quoteGlob(dir), "*.jsonl"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	r := reader{byKey: map[string]*statement{}, tests: map[string]bool{}}
	for i, name := range names {
		if i == maxFiles || r.bytes > maxBytes {
			r.cut = true
			break
		}
		if err := r.file(name); err != nil {
			return nil, err
		}
	}
	r.record.tests = len(r.tests)
	return &r.record, nil
}

func quoteGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

type reader struct {
	record
	byKey map[string]*statement
	tests map[string]bool
	bytes int
}

func (r *reader) file(name string) error {
	file, err := regular.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	pkg, number := "", 1
	for ; lines.Scan(); number++ {
		if r.bytes += len(lines.Bytes()); r.bytes > maxBytes {
			r.cut = true
			return nil
		}
		l, err := parse(lines.Bytes(), number == 1)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
		if number == 1 {
			pkg = l.Package
			continue
		}
		if err := r.add(l, pkg); err != nil {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("%s:%d: a line of more than %d bytes", name, number, maxLine)
	} else if err != nil {
		return err
	}
	return nil
}

func parse(text []byte, first bool) (line, error) {
	var l line
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&l); err != nil {
		return l, fmt.Errorf("no line of a record: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return l, errors.New("no line of a record: more than one value")
	}
	switch {
	case first && l.Version != version:
		return l, fmt.Errorf("a record of version %d, not %d: use the testpool of this poollint's version", l.Version, version)
	case !first && !l.Cut && l.SQL == "":
		return l, errors.New("no line of a record: it has no sql")
	}
	return l, nil
}

// add adds a line's statement, or its test to one that is known.
func (r *reader) add(l line, pkg string) error {
	if l.Cut {
		r.cut = true
		return nil
	}
	test := pkg
	if l.Test != "" {
		test += ": " + l.Test
		r.tests[test] = true
	}
	key := l.SQL + "\x00" + strings.Join(l.Calls, "\x00")
	s := r.byKey[key]
	if s == nil {
		if len(r.statements) == maxStatements {
			r.cut = true
			return nil
		}
		s = &statement{Ran: tenantfilter.Ran{SQL: l.SQL}}
		for _, text := range l.Calls {
			call, err := parseCall(text)
			if err != nil {
				return err
			}
			s.Calls = append(s.Calls, call)
		}
		r.byKey[key] = s
		r.statements = append(r.statements, s)
	}
	if !slices.Contains(s.tests, test) {
		s.tests = append(s.tests, test)
	}
	return nil
}

func parseCall(text string) (tenantfilter.Call, error) {
	colon := strings.LastIndex(text, ":")
	if number, err := strconv.Atoi(text[colon+1:]); colon > 0 && err == nil {
		return tenantfilter.Call{File: text[:colon], Line: number}, nil
	}
	return tenantfilter.Call{}, fmt.Errorf("no line of a record: %q is no file:line", text)
}
