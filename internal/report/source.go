package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/token"
	"hash"
	"slices"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/regular"
)

// sources holds the content of files that findings are in. One that cannot be
// read is empty.
type sources map[string]*source

type source struct {
	text  []byte
	lines []int // offset of each line
}

func (s sources) of(file string) *source {
	src := s[file]
	if src == nil {
		text, _ := regular.ReadFile(file) // empty is good enough for showing
		src = &source{text: text, lines: []int{0}}
		for i, c := range text {
			if c == '\n' {
				src.lines = append(src.lines, i+1)
			}
		}
		s[file] = src
	}
	return src
}

// line returns the text of a line, counted from 1, without its end.
func (s *source) line(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	line := s.text[s.lines[n-1]:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return bytes.TrimSuffix(line, []byte("\r"))
}

// column returns the column of a position in characters; Go counts bytes.
func (s *source) column(pos token.Position) int {
	line := s.line(pos.Line)
	return 1 + utf8.RuneCount(line[:min(len(line), max(0, pos.Column-1))])
}

// position returns the position of an offset, its column in characters.
func (s *source) position(offset int) (line, column int) {
	offset = min(offset, len(s.text))
	line, _ = slices.BinarySearch(s.lines, offset+1)
	return line, 1 + utf8.RuneCount(s.text[s.lines[line-1]:offset])
}

// fingerprints identifies each finding by its rule, file and line of source, and
// by how many equal ones stand before it. Messages do not count: they may tell
// how many tests are concerned.
func fingerprints(root string, findings []finding.Located, sources sources) []string {
	prints := make([]string, len(findings))
	states := map[place]hash.Cloner{} // many findings may share a long line
	seen := map[string]int{}
	for i, f := range findings {
		at := place{f.Rule, f.Pos.Filename, f.Pos.Line}
		if states[at] == nil {
			line := bytes.Join(bytes.Fields(sources.of(f.Pos.Filename).line(f.Pos.Line)), []byte(" "))
			states[at] = sha256.New().(hash.Cloner)
			fmt.Fprintf(states[at], "%s\x00%s\x00%s", f.Rule, relative(root, f.Pos.Filename), line)
		}
		key := string(states[at].Sum(nil))
		sum, _ := states[at].Clone() // SHA-256 can always be cloned
		fmt.Fprintf(sum, "\x00%d", seen[key])
		seen[key]++
		prints[i] = hex.EncodeToString(sum.Sum(nil)[:16])
	}
	return prints
}

// A place is a line that a rule has findings in.
type place struct {
	rule, file string
	line       int
}
