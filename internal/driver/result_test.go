package driver

import (
	"fmt"
	"go/token"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// What two variants of a package tell comes once, whatever its type is.
func TestSortedEvidence(t *testing.T) {
	t.Parallel()
	at := func(line int) token.Position { return token.Position{Filename: "a.go", Line: line} }
	variant := []finding.Evidence{
		{Key: "k", Pos: at(2), Data: []string{"x"}},
		{Key: "k", Pos: at(2), Data: finding.Text("x")},
		{Key: "j", Pos: at(2), Data: []string{"x"}},
		{Key: "k", Pos: at(1), Data: map[string]int{"x": 1}},
	}
	got := sortedEvidence(append(append([]finding.Evidence{}, variant...), variant...))
	want := []finding.Evidence{variant[3], variant[2], variant[0], variant[1]}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// A whole-run step changes data; the words follow.
func TestFinishedIsWorded(t *testing.T) {
	t.Parallel()
	rule := finding.Rule{Analyzer: opens, Finish: func(found []finding.Located, _ []finding.Evidence) []finding.Located {
		found[0].Data = finding.Text("changed")
		return append(found, finding.Located{Data: finding.Text("added"), Pos: token.Position{Filename: "b.go"}})
	}}
	got := finished(rule, []finding.Located{{Rule: opens.Name, Data: finding.Text("found"), Message: "found"}}, nil)
	if len(got) != 2 || got[0].Message != "changed" || got[1].Message != "added" || got[1].Rule != opens.Name || got[1].URL != opens.URL {
		t.Errorf("got %+v", got)
	}
}
