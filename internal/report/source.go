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
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/regular"
)

// sources has the content of files with findings, by name. A file that cannot be read is
// empty.
type sources map[string]*source

type source struct {
	text  []byte
	lines []int // offset of each line
	chars []int // the number of characters before each block, so that findings in a long line are cheap
}

// block is the number of bytes between the entries of chars.
const block = 1 << 10

func (s sources) of(file string) *source {
	src := s[file]
	if src == nil {
		text, _ := regular.ReadFile(file) // without it no source line is shown
		src = newSource(text)
		s[file] = src
	}
	return src
}

func newSource(text []byte) *source {
	s := &source{text: text, lines: []int{0}}
	chars := 0
	for i, c := range text {
		if i%block == 0 {
			s.chars = append(s.chars, chars)
		}
		if utf8.RuneStart(c) {
			chars++
		}
		if c == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// charsIn returns how many characters begin in the bytes [from, to).
func (s *source) charsIn(from, to int) int { return s.charsBefore(to) - s.charsBefore(from) }

func (s *source) charsBefore(offset int) int {
	if offset == 0 {
		return 0
	}
	first := (offset - 1) / block
	chars := s.chars[first]
	for _, c := range s.text[first*block : offset] {
		if utf8.RuneStart(c) {
			chars++
		}
	}
	return chars
}

// line returns the text of a line, counted from 1, without its end.
func (s *source) line(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	end := len(s.text)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return bytes.TrimSuffix(s.text[s.lines[n-1]:end], []byte("\r"))
}

// An excerpt is some lines of a source, without passwords. It is empty if there are no such
// lines, or they are too long or not to be shown.
type excerpt struct {
	first, last int
	text        string
}

// margin is how many lines of source are shown before and behind a place.
const margin = 2

// around returns some lines of a source, with the margin as far as there is one.
func (s *source) around(first, last int) excerpt {
	first, last = max(first-margin, 1), min(last+margin, len(s.lines))
	if last > 1 && s.lines[last-1] == len(s.text) {
		last-- // what follows the last line end is no line
	}
	if first > last {
		return excerpt{}
	}
	end := len(s.text)
	if last < len(s.lines) {
		end = s.lines[last]
	}
	text := s.text[s.lines[first-1]:end]
	if len(text) > maxLine || !utf8.Valid(text) {
		return excerpt{}
	}
	return excerpt{first, last, redact.Text(string(text))}
}

// between returns the text from one position to another, both in the lines of the excerpt.
func (e excerpt) between(s *source, from, to token.Position) string {
	at := func(pos token.Position) int { // in characters, whose number redaction does not change
		return s.charsIn(s.lines[e.first-1], s.lines[min(pos.Line, e.last)-1]) + s.column(pos) - 1
	}
	text := []rune(e.text)
	start := min(at(from), len(text))
	return string(text[start:max(start, min(at(to), len(text)))])
}

// size returns the number of bytes of all files.
func (s sources) size() (n int) {
	for _, src := range s {
		n += len(src.text)
	}
	return n
}

// column returns the column of a position in characters; Go counts bytes.
func (s *source) column(pos token.Position) int {
	line := len(s.line(pos.Line))
	if line == 0 {
		return 1
	}
	start := s.lines[pos.Line-1]
	return 1 + s.charsIn(start, start+min(line, max(0, pos.Column-1)))
}

// position returns the position of an offset, its column in characters.
func (s *source) position(offset int) (line, column int) {
	offset = min(offset, len(s.text))
	line, _ = slices.BinarySearch(s.lines, offset+1)
	return line, 1 + s.charsIn(s.lines[line-1], offset)
}

// fingerprints returns a fingerprint of each finding: of its rule, the path of its file, the
// text of its line, and the number of equal ones before it in the file. The message is not part
// of it, since it may say how many tests are concerned.
func fingerprints(findings []finding.Located, sources sources, path func(file string) string) []string {
	prints := make([]string, len(findings))
	states := map[place]hash.Cloner{} // many findings may share a long line
	type line struct{ file, state string }
	seen := map[line]int{}
	for i, f := range findings {
		at := place{f.Rule, f.Pos.Filename, f.Pos.Line}
		if states[at] == nil {
			text := bytes.Join(bytes.Fields(sources.of(f.Pos.Filename).line(f.Pos.Line)), []byte(" "))
			states[at] = sha256.New().(hash.Cloner)
			fmt.Fprintf(states[at], "%s\x00%s\x00%s", f.Rule, path(f.Pos.Filename), text)
		}
		key := line{f.Pos.Filename, string(states[at].Sum(nil))}
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
