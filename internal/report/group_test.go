package report

import (
	"bytes"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// about is data with a group.
type about string

func (a about) Message() string { return "is wrong" }
func (a about) Group() string   { return string(a) }

// Many findings are listed by what they are about; each stays a line of its own.
func TestGroups(t *testing.T) {
	t.Parallel()
	var findings []finding.Located
	add := func(d finding.Data, tier string) {
		findings = append(findings, finding.Located{Rule: "r", Data: d, Message: d.Message(), Severity: finding.Error, Tier: tier,
			Pos: token.Position{Filename: "/m/a.go", Line: len(findings) + 1, Column: 1}})
	}
	for range 5 {
		add(about("table \"a\""), "by-id")
		add(about("table \"b\nx\""), "unrestricted")
		add(about("table \"b\nx\""), "by-id")
	}
	add(finding.Text("is alone"), "")
	lines := func() []string {
		var out bytes.Buffer
		if err := writeText(&out, New("/m", "/m", findings)); err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(out.String()), "\n")
	}
	if got := lines(); len(got) != len(findings)+1 || !strings.HasPrefix(got[1], "a.go:2:1: ") {
		t.Errorf("few findings are not as they were:\n%s", strings.Join(got, "\n"))
	}
	for range 6 {
		add(about("table \"a\""), "by-id")
	}
	got := lines()
	if len(got) != len(findings)+3 || !strings.HasPrefix(got[0], "a.go:16:1: is alone") ||
		got[1] != `table "a": 11 findings (by-id 11)` || got[13] != `table "b x": 10 findings (by-id 5, unrestricted 5)` {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	matcher := regexp.MustCompile(`^a\.go:\d+:\d+: `)
	n := 0
	for _, line := range got {
		if matcher.MatchString(line) {
			n++
		}
	}
	if n != len(findings) {
		t.Errorf("%d lines with a place, want %d", n, len(findings))
	}
}
