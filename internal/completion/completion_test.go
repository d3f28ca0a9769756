package completion

import (
	"context"
	"flag"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/command"
)

// program has a flag of each kind, and a subcommand.
var program = command.Program{
	Command: command.Command{Name: "tool", New: func(flags *flag.FlagSet) command.Run {
		var text string
		var outputs command.Outputs
		command.Some(flags, &text, "rules", "`LIST` rules", []string{"newpool", "tenantfilter"})
		command.Format(flags, &outputs, "text", "json")
		flags.Bool("test", true, "`=false` leave tests out")
		flags.Bool("v", false, "more")
		flags.Bool("hidden", false, "")
		return nothing
	}},
	Commands: []command.Command{
		{Name: "tool help", Summary: "print help", Words: func() []string { return []string{"newpool"} }, New: func(*flag.FlagSet) command.Run { return nothing }},
		{Name: "tool watch", Summary: "run tests", New: func(flags *flag.FlagSet) command.Run {
			flags.String("dsn", "", "`URL` the database")
			return nothing
		}},
	},
}

func nothing(context.Context, []string, io.Writer, io.Writer) (int, error) { return 0, nil }

func TestWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		line []string
		want string
	}{
		{nil, ""},
		{[]string{""}, "help watch"},
		{[]string{"w"}, "watch"},
		{[]string{"-"}, "-format -rules -test=false -v"},
		{[]string{"-v", ""}, "help watch"},
		{[]string{"-f"}, "-format"},
		{[]string{"-format", ""}, "text json"},
		{[]string{"-format", "json", "w"}, "watch"},
		{[]string{"-format=j"}, "-format=json"},
		{[]string{"--format=j"}, "--format=json"},
		{[]string{"-format=json=f"}, ""},
		{[]string{"-rules", "newpool,t"}, "newpool,tenantfilter"},
		{[]string{"-rules", "-n"}, "-newpool"},
		{[]string{"-rules=newpool,-t"}, "-rules=newpool,-tenantfilter"},
		{[]string{"-test=false", "he"}, "help"},
		{[]string{"-none=x"}, ""},
		{[]string{"help", ""}, "newpool"},
		{[]string{"watch", "-"}, "-dsn"},
		{[]string{"watch", "-dsn", ""}, ""},
		{[]string{"-dsn", "postgres:", "watch", "-"}, "-dsn"},
		{[]string{"watch", "--", "-"}, ""},
		{[]string{"watch", ""}, ""},
	} {
		var got []string
		for _, w := range Words(program, test.line) {
			got = append(got, w.Text)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: %q, want %q", test.line, got, test.want)
		}
	}
	about := Words(program, []string{"-v"})
	if !slices.Equal(about, []Word{{"-v", "more"}}) {
		t.Errorf("%v", about)
	}
}
