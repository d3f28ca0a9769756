package lsp

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/poollint/poollint/internal/brokencode"
	"github.com/poollint/poollint/internal/driver"
)

// A typed is a document as an editor has it: in UTF-16.
type typed []uint16

// position counts as editors do.
func (t typed) position(at int) (p position) {
	for _, unit := range t[:at] {
		if p.Character++; unit == '\n' {
			p.Line, p.Character = p.Line+1, 0
		}
	}
	return p
}

// Whatever is typed, the server has the text that the editor has, and finds what a run of its own
// finds in it.
func TestRandomEdits(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	file := filepath.Join(dir, "store/store_test.go")
	var seen driver.Overlay
	c := connect(t, setup{analyse: func(ctx context.Context, r Run) (*driver.Result, error) {
		seen = r.Texts
		return analyseAll(ctx, r)
	}})
	original := c.openFile(file)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	text, version := typed(utf16.Encode([]rune(original))), 1
	for step := range 12 {
		for range 1 + r.IntN(5) {
			version++
			if r.IntN(3) == 0 {
				broken := brokencode.Break(original, 5+r.IntN(50), r)
				text = utf16.Encode([]rune(strings.ToValidUTF8(broken, "?")))
				c.replace(file, version, string(utf16.Decode(text)))
				continue
			}
			text = c.splice(file, version, text, r)
		}
		var report diagnosticReport
		c.call("textDocument/diagnostic", document1(file), &report)
		want := string(utf16.Decode(text))
		if got := string(seen[file]); got != want {
			t.Fatalf("seed %d, step %d: the server has\n%q\nnot\n%q", seed, step, got, want)
		}
		if got := encoded(*report.Items); got != afresh(t, dir, file, want) {
			t.Fatalf("seed %d, step %d: %s\nnot %s\nin %s", seed, step, got, afresh(t, dir, file, want), want)
		}
	}
}

// splice replaces a part of the text, also beyond ends of lines, and tells the server.
func (c *client) splice(file string, version int, text typed, r *rand.Rand) typed {
	from := r.IntN(len(text) + 1)
	to := from + r.IntN(min(40, len(text)-from)+1)
	for _, at := range []*int{&from, &to} {
		if *at < len(text) && utf16.IsSurrogate(rune(text[*at])) && 0xdc00 <= text[*at] {
			*at-- // within a character
		}
	}
	word := []string{"", "x", "\n", "𝄞é", "sql.Open(", "}\n", "\"", "/* ", "\tdb.SetMaxOpenConns(3)\n"}[r.IntN(9)]
	c.note("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uriOf(file), "version": version},
		"contentChanges": []any{map[string]any{"range": textRange{text.position(from), text.position(to)}, "text": word}},
	})
	return append(append(text[:from:from], utf16.Encode([]rune(word))...), text[to:]...)
}

// afresh is what a server that has just started answers for a text that is not saved.
func afresh(t *testing.T, dir, file, content string) string {
	t.Helper()
	c := connect(t, setup{})
	defer c.Close()
	c.open(file, content)
	var report diagnosticReport
	c.call("textDocument/diagnostic", document1(file), &report)
	return encoded(*report.Items)
}
