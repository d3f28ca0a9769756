package driver

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// A file that links lead to is told of once: under its own name if it is among what is linted.
func TestLinkedFiles(t *testing.T) {
	t.Parallel()
	dir := tree(t, `
-- go.mod --
module example.com/m

go 1.26
-- real/open.go --
package open

import "database/sql"

func Open() { sql.Open("", ""); sql.Open("", "") }
-- other/open.go --
package open

import "database/sql"

func Open() { sql.Open("", ""); sql.Open("", "") }
-- all/doc.go --
package open
`)
	for from, to := range map[string]string{"all/open.go": "../real/open.go", "linked": "real"} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Skip(err)
		}
	}
	counted := options(dir, "./all", "./real")
	counted.Rules[0].Finish = func(found []finding.Located, _ []finding.Evidence) []finding.Located {
		for i := range found {
			found[i].Data = finding.Text(fmt.Sprintf("one of %d", len(found)))
		}
		return found
	}
	equal(t, "what a whole-run step counts", lines(dir, mustRun(t, counted)), []string{"real/open.go:5: one of 2", "real/open.go:5: one of 2"})
	for _, c := range []struct {
		patterns []string
		want     []string
	}{
		{[]string{"./all", "./real", "./other"}, []string{"other", "other", "real", "real"}},
		{[]string{"./linked", "./all"}, []string{"all", "all"}},
		{[]string{"./linked"}, []string{"linked", "linked"}},
	} {
		var got []string
		for _, f := range mustRun(t, options(dir, c.patterns...)).Findings {
			path, _ := filepath.Rel(dir, f.Pos.Filename)
			got = append(got, filepath.Dir(path))
		}
		equal(t, "findings", got, c.want)
	}
}
