package finding

import (
	"cmp"
	"go/token"
	"slices"
	"strings"
)

// A Note says what a run did not look at, and why: a file that could not be
// read, a bound that cut something off, a rule that has nothing to judge by. It
// fails no run. It is plain data, so that it can be cached with a package.
type Note struct {
	Pos  token.Position // no file name where it concerns the run as a whole; no line where it concerns a file
	Text string         // lower case, one line
}

// Note records what the rule did not look at. Equal notes of several packages
// are told once.
func (r *Reporter) Note(pos token.Position, text string) {
	r.result.Notes = append(r.result.Notes, Note{pos, text})
}

// SortNotes returns the notes by position and text, each once.
func SortNotes(notes []Note) []Note {
	slices.SortFunc(notes, func(a, b Note) int {
		return cmp.Or(strings.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column), strings.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(notes, func(a, b Note) bool { return a == b })
}
