package ruledoc

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

const source = `// Package sample reports samples,
// whatever they are. More follows.
//
// A second paragraph with [a link].
//
// # Bad
//
//	func TestOne(t *testing.T) {}
//
// # Options
//
//	pool:
//	  max_conns: 3
//
// For tables:
//
//	SELECT 1;
//
// Items:
//   - one
//   - two
//
// [a link]: https://example.com/
package sample

func notRead() {
`

func sample() *analysis.Analyzer {
	return &analysis.Analyzer{Name: "sample", Doc: MustExtract(source), URL: URL("sample")}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	if got, want := Summary(sample()), "sample reports samples, whatever they are. More follows."; got != want {
		t.Errorf("Summary = %q, want %q", got, want)
	}
}

func TestDescription(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		sample().Doc: "sample reports samples, whatever they are. More follows. A second paragraph with a link.",
		"sample reports samples.\n\n# What is wrong\n\nThey are\nsamples.\n\nMore.": "sample reports samples. They are samples.",
		"sample reports samples.\n": "sample reports samples.",
	} {
		if got := Description(&analysis.Analyzer{Doc: doc}); got != want {
			t.Errorf("Description = %q, want %q", got, want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	const want = "<!-- Generated from analyzers/sample/doc.go by go generate; edit that. -->\n" + `
# sample

sample reports samples, whatever they are. More follows.

A second paragraph with [a link](https://example.com/).

## Bad

` + "```go\nfunc TestOne(t *testing.T) {}\n```" + `

## Options

` + "```yaml\npool:\n  max_conns: 3\n```\n\nFor tables:\n\n```sql\nSELECT 1;\n```" + `

Items:

  - one
  - two
`
	if got := string(Markdown(sample())); got != want {
		t.Errorf("Markdown:\n%s\nwant:\n%s", got, want)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	text := string(Text(sample(), 40))
	for _, want := range []string{"sample reports samples, whatever they\nare.", "# Bad\n", "\tfunc TestOne", "https://example.com/"} {
		if !strings.Contains(text, want) {
			t.Errorf("Text lacks %q:\n%s", want, text)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	if got := Code(sample(), "Bad"); len(got) != 1 || got[0] != "func TestOne(t *testing.T) {}\n" {
		t.Errorf("Code(Bad) = %q", got)
	}
	if got := Code(sample(), "Good"); got != nil {
		t.Errorf("Code(Good) = %q", got)
	}
}

func TestListed(t *testing.T) {
	t.Parallel()
	if got := Listed(sample(), "Options"); len(got) != 2 || got[0] != "one" || got[1] != "two" {
		t.Errorf("Listed(Options) = %q", got)
	}
	if got := Listed(sample(), "Bad"); got != nil {
		t.Errorf("Listed(Bad) = %q", got)
	}
}

func TestMustExtractPanics(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"no comment":    "package p\n",
		"other opening": "// Rule p.\npackage p\n",
		"not Go":        "hello",
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			MustExtract(source)
		}()
	}
}
