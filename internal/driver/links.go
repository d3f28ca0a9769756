package driver

import (
	"path/filepath"
	"slices"

	"github.com/poollint/poollint/internal/finding"
)

// spot is a place of a file, whatever links lead there, that a rule has something to say of.
type spot struct {
	file         string
	line, column int
	rule         string
}

// toldOnce leaves out findings in a file that a symbolic link leads to where the file itself, or
// another link to it, has the same.
func toldOnce(found []finding.Located) []finding.Located {
	files := map[string]string{} // by the path of a finding
	spotOf := func(f finding.Located) spot {
		file, known := files[f.Pos.Filename]
		if !known {
			var err error
			if file, err = filepath.EvalSymlinks(f.Pos.Filename); err != nil {
				file = f.Pos.Filename // only an editor has it
			}
			files[f.Pos.Filename] = file
		}
		return spot{file, f.Pos.Line, f.Pos.Column, f.Rule}
	}
	tellers := map[spot]string{} // by the place: the path that it is told under
	for _, f := range found {
		if at := spotOf(f); tellers[at] == "" || f.Pos.Filename == at.file {
			tellers[at] = f.Pos.Filename
		}
	}
	return slices.DeleteFunc(found, func(f finding.Located) bool { return tellers[spotOf(f)] != f.Pos.Filename })
}
