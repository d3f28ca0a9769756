package manpage

import (
	"context"
	"flag"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/command"
)

// program has words that roff would take for its own.
var program = command.Program{
	Command: command.Command{
		Name: "tool", Args: "[packages]", Summary: "find things - and more", About: "First.\n\n.config is a file, 'so' no request, \\fB no font.\n\n  a  b\n  .c d",
		Status: "0 or 1.",
		New: func(flags *flag.FlagSet) command.Run {
			flags.String("file", "", "`FILE` .rc is read, "+strings.Repeat("and so is ... ", 20))
			return nothing
		},
	},
	Commands: []command.Command{{Name: "tool watch", Args: "-- go test …", Summary: "run tests", Status: "2 it failed.", New: func(*flag.FlagSet) command.Run { return nothing }}},
}

func nothing(context.Context, []string, io.Writer, io.Writer) (int, error) { return 0, nil }

func TestPage(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	if err := Write(&page, program, "v1.2.3", "2026-01-02", Section{"FILES", []Entry{{".toolrc", "'settings'"}}}); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		".TH TOOL 1 \"2026-01-02\" \"tool v1.2.3\" ",
		"\ntool \\- find things \\- and more\n",
		"\n.B tool\n[flags] [packages]\n.br\n.B tool watch\n\\-\\- go test ...\n",
		"\nFirst.\n.PP\n\\&.config is a file, 'so' no request, \\efB no font.\n.PP\n.nf\n  a  b\n  .c d\n.fi\n",
		"\n.TP\n.B \\-file FILE\n\\&.rc is read, and so is ... and",
		"\n.SS tool watch \\-\\- go test ...\nRun tests.\n.PP\nExit status: 2 it failed.\n",
		"\n.SH EXIT STATUS\n0 or 1.\n",
		"\n.B .toolrc\n\\&'settings'\n",
	} {
		if !strings.Contains(page.String(), part) {
			t.Errorf("%q is missing", part)
		}
	}
	lint, err := exec.LookPath("mandoc")
	if err != nil {
		t.Logf("without mandoc: %v\n%s", err, &page)
		return
	}
	mandoc := exec.Command(lint, "-Tlint")
	mandoc.Stdin = strings.NewReader(page.String())
	if out, err := mandoc.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, &page)
	}
}
