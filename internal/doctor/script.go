package doctor

import (
	"bufio"
	"fmt"
	"io"

	"github.com/poollint/poollint/internal/printable"
)

// writeScript prints what mends the findings as a script for psql: each statement below
// a comment that says why. What no statement mends is a comment alone.
func writeScript(w io.Writer, results []result) error {
	out := bufio.NewWriter(w)
	mends := false
	for i, r := range results {
		switch {
		case i == 0:
			fmt.Fprintf(out, "-- for the database of %s. Read before you run it with psql.\n", r.Text)
		case r.Verdict == ok:
			continue
		case r.Fix != "" && r.Fix == printable.Line(r.Fix): // else a name would not survive a terminal
			fmt.Fprintf(out, "\n-- %s: %s\n%s;\n", r.Check, r.Text, r.Fix)
		default:
			fmt.Fprintf(out, "\n-- %s: %s\n-- no statement mends it: %s\n", r.Check, r.Text, printable.Line(r.Remedy))
		}
		mends = mends || r.Verdict != ok
	}
	if !mends {
		fmt.Fprintln(out, "-- nothing is to be mended")
	}
	return out.Flush()
}
