package watch

import (
	"fmt"
	"io"
	"strings"
)

// printer shows the events of go test -json as go test itself prints them: the
// output of failed tests, or of all with -v.
type printer struct {
	out     io.Writer
	verbose bool
	pkgs    map[string]*pkgOutput
}

// pkgOutput is what a package has printed so far.
type pkgOutput struct {
	lines []string // that belong to no test
	tests []string // in the order of their start, so that a test precedes its subtests
	text  map[string][]string
	fails map[string]bool
}

func newPrinter(out io.Writer, verbose bool) *printer {
	return &printer{out: out, verbose: verbose, pkgs: map[string]*pkgOutput{}}
}

func (p *printer) print(e event) error {
	if e.Action == "build-output" || p.verbose {
		_, err := io.WriteString(p.out, e.Output)
		return err
	}
	pkg := p.pkgs[e.Package]
	if pkg == nil {
		pkg = &pkgOutput{text: map[string][]string{}, fails: map[string]bool{}}
		p.pkgs[e.Package] = pkg
	}
	switch {
	case e.Test == "" && (e.Action == "pass" || e.Action == "fail" || e.Action == "skip"):
		delete(p.pkgs, e.Package)
		return pkg.print(p.out, e.Action == "fail")
	case e.Action == "run":
		pkg.tests = append(pkg.tests, e.Test)
	case e.Action == "fail":
		pkg.fails[e.Test] = true
	case e.Action == "output" && e.Test == "":
		pkg.lines = append(pkg.lines, e.Output)
	case e.Action == "output" && !strings.HasPrefix(e.Output, "=== "):
		pkg.text[e.Test] = append(pkg.text[e.Test], e.Output)
	}
	return nil
}

// flush prints the output of packages that did not end, as if they had failed.
func (p *printer) flush() error {
	for _, pkg := range p.pkgs {
		if err := pkg.print(p.out, true); err != nil {
			return err
		}
	}
	return nil
}

func (o *pkgOutput) print(out io.Writer, failed bool) error {
	var b strings.Builder
	if failed {
		for _, test := range o.tests {
			if o.fails[test] {
				printTest(&b, test, o.text[test])
			}
		}
	}
	for _, line := range o.lines {
		if failed || strings.HasPrefix(line, "ok  ") || strings.HasPrefix(line, "?   ") {
			b.WriteString(line)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// printTest prints the "--- FAIL" line of a test first and indents a subtest.
func printTest(b *strings.Builder, test string, lines []string) {
	indent := strings.Repeat("    ", strings.Count(test, "/"))
	for _, isHeader := range []bool{true, false} {
		for _, line := range lines {
			if strings.HasPrefix(line, "--- ") == isHeader {
				fmt.Fprint(b, indent, line)
			}
		}
	}
}
