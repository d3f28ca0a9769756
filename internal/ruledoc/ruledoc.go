// Package ruledoc turns the package comment of a rule's doc.go into the rule's
// page: the analyzer's Doc, what `poollint explain` prints and docs/rules/RULE.md.
//
// The comment is in Go's doc syntax. It opens with "Package RULE reports …",
// a sentence that serves as the rule's summary, and goes on in sections.
package ruledoc

import (
	"bytes"
	"fmt"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Base is where the pages are published; a rule's page is Base + name + ".md".
const Base = "https://github.com/poollint/poollint/blob/main/docs/rules/"

// URL returns the address of a rule's page.
func URL(rule string) string { return Base + rule + ".md" }

// MustExtract returns the package comment of a doc.go, without the word
// "Package" that opens it. It panics on a file without such a comment.
func MustExtract(source string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		panic(err)
	}
	text, ok := strings.CutPrefix(file.Doc.Text(), "Package ")
	if !ok {
		panic("the package comment of " + file.Name.Name + "'s doc.go must open with \"Package\"")
	}
	return text
}

// Summary returns the first sentence of an analyzer's Doc, on one line.
func Summary(a *analysis.Analyzer) string {
	first, _, _ := strings.Cut(a.Doc, "\n\n")
	return strings.TrimSpace(strings.ReplaceAll(first, "\n", " "))
}

// Description returns an analyzer's summary and the paragraph behind it, on one line.
func Description(a *analysis.Analyzer) string {
	var first comment.Doc
	for _, block := range parse(a.Doc).Content {
		if _, ok := block.(*comment.Paragraph); ok && len(first.Content) < 2 {
			first.Content = append(first.Content, block)
		}
	}
	var printer comment.Printer
	return strings.Join(strings.Fields(string(printer.Text(&first))), " ")
}

// Text returns the page of an analyzer for a terminal of the given width.
func Text(a *analysis.Analyzer, width int) []byte {
	printer := comment.Printer{TextWidth: width}
	return printer.Text(parse(a.Doc))
}

// Markdown returns the file in docs/rules of an analyzer.
func Markdown(a *analysis.Analyzer) []byte {
	return fmt.Appendf(nil, "<!-- Generated from analyzers/%s/doc.go by go generate; edit that. -->\n\n%s", a.Name, Page(a))
}

// Page returns the page of an analyzer in Markdown.
func Page(a *analysis.Analyzer) []byte {
	printer := comment.Printer{
		HeadingLevel: 2,
		HeadingID:    func(*comment.Heading) string { return "" },
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, "# %s\n", a.Name)
	for _, block := range parse(a.Doc).Content {
		page.WriteString("\n")
		if code, ok := block.(*comment.Code); ok {
			fmt.Fprintf(&page, "```%s\n%s```\n", language(code.Text), code.Text)
			continue
		}
		page.Write(printer.Markdown(&comment.Doc{Content: []comment.Block{block}}))
	}
	return page.Bytes()
}

// Code returns the code blocks of the section with the given heading.
func Code(a *analysis.Analyzer, heading string) []string {
	var blocks []string
	var in string
	for _, block := range parse(a.Doc).Content {
		switch block := block.(type) {
		case *comment.Heading:
			in = plain(block.Text)
		case *comment.Code:
			if in == heading {
				blocks = append(blocks, block.Text)
			}
		}
	}
	return blocks
}

// Listed returns the items of the lists in the section with the given heading.
func Listed(a *analysis.Analyzer, heading string) []string {
	var items []string
	var in string
	for _, block := range parse(a.Doc).Content {
		switch block := block.(type) {
		case *comment.Heading:
			in = plain(block.Text)
		case *comment.List:
			for _, item := range block.Items {
				if in != heading {
					break
				}
				for _, paragraph := range item.Content {
					items = append(items, strings.ReplaceAll(plain(paragraph.(*comment.Paragraph).Text), "\n", " "))
				}
			}
		}
	}
	return items
}

func parse(text string) *comment.Doc {
	var parser comment.Parser
	return parser.Parse(text)
}

// languages tells what a code block is written in by how it begins.
var languages = []struct {
	name  string
	begin *regexp.Regexp
}{
	{"sql", regexp.MustCompile(`^(--|(ALTER|CREATE|DELETE|INSERT|SELECT|SET|UPDATE|WITH)\b)`)},
	{"yaml", regexp.MustCompile(`^[a-z_]+:\s`)},
	{"sh", regexp.MustCompile(`^(go|golangci-lint|poollint) `)},
}

// language names the language of a code block for a Markdown fence, or "".
func language(code string) string {
	for _, l := range languages {
		if l.begin.MatchString(code) {
			return l.name
		}
	}
	if _, err := format.Source([]byte(code)); err == nil {
		return "go"
	}
	return ""
}

func plain(texts []comment.Text) string {
	var b strings.Builder
	for _, text := range texts {
		if text, ok := text.(comment.Plain); ok {
			b.WriteString(string(text))
		}
	}
	return b.String()
}
