package main

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/config"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	p := config.Proposal{YAML: "team_id", Doubt: "2 tables have it", Or: []config.Proposal{{YAML: "space_id", Doubt: "1 table has it"}}}
	for in, want := range map[string]string{
		"1\n": "team_id sure", " 2 \n": "space_id sure", "2": "space_id sure",
		"\n": "team_id", "": "team_id", "0\n": "team_id", "3\n": "team_id", "space_id\n": "team_id", strings.Repeat("1", 1000): "team_id",
	} {
		var out strings.Builder
		got := ask(strings.NewReader(in), &out, p)
		answer := got.YAML
		if got.Doubt == "" {
			answer += " sure"
		}
		if answer != want {
			t.Errorf("%q: %s, want %s", in, answer, want)
		}
		if !strings.Contains(out.String(), "  2  space_id: 1 table has it\n") {
			t.Errorf("asked %q", out.String())
		}
	}
}
