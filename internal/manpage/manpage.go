// Package manpage writes a program's manual page, for man(1), of the same values as its
// help.
package manpage

import (
	"fmt"
	"io"
	"strings"

	"github.com/poollint/poollint/internal/command"
)

// A Section is one that the program's commands do not tell.
type Section struct {
	Title   string
	Entries []Entry
}

// An Entry is a term and what there is to say about it.
type Entry struct{ Term, Text string }

// Write writes the page of a version of a program; the date is that of the version, as
// 2006-01-02, or empty.
func Write(w io.Writer, p command.Program, version, date string, more ...Section) error {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"%s\" \"%s %s\" \"User Commands\"\n", strings.ToUpper(p.Name), date, escape(p.Name), escape(version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", escape(p.Name), escape(p.Summary))
	b.WriteString(".SH SYNOPSIS\n")
	synopsis(&b, p.Command)
	for _, c := range p.Commands {
		b.WriteString(".br\n")
		synopsis(&b, c)
	}
	b.WriteString(".SH DESCRIPTION\n")
	text(&b, p.About)
	b.WriteString(".SH OPTIONS\n")
	flags(&b, p.Command)
	b.WriteString(".SH COMMANDS\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, ".SS %s\n", escape(c.Usage()))
		text(&b, strings.TrimRight(sentence(c.Summary)+"\n\n"+c.About, "\n"))
		flags(&b, c)
		if c.Status != "" {
			b.WriteString(".PP\n")
			text(&b, "Exit status: "+c.Status)
		}
	}
	b.WriteString(".SH EXIT STATUS\n")
	text(&b, p.Status)
	for _, s := range more {
		fmt.Fprintf(&b, ".SH %s\n", escape(s.Title))
		for _, e := range s.Entries {
			entry(&b, e.Term, e.Text)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func synopsis(b *strings.Builder, c command.Command) {
	fmt.Fprintf(b, ".B %s\n", escape(c.Name))
	if rest := strings.TrimSpace(strings.TrimPrefix(c.Usage(), c.Name)); rest != "" {
		fmt.Fprintf(b, "%s\n", escape(rest))
	}
}

func flags(b *strings.Builder, c command.Command) {
	for _, f := range c.Flags() {
		entry(b, f.Form(), f.Usage)
	}
}

func entry(b *strings.Builder, term, about string) {
	fmt.Fprintf(b, ".TP\n.B %s\n%s\n", escape(term), fill(about))
}

// text writes paragraphs. Lines that begin with a space stay lines.
func text(b *strings.Builder, text string) {
	for i, paragraph := range strings.Split(strings.TrimRight(text, "\n"), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, " ") {
			fmt.Fprintf(b, ".nf\n%s\n.fi\n", escape(paragraph))
		} else {
			fmt.Fprintln(b, fill(paragraph))
		}
	}
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

const lineWidth = 78 // bytes

// fill breaks a paragraph into lines, as the reader does again. None is a request.
func fill(paragraph string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(paragraph) {
		word = escape(word)
		if line != "" && len(line)+1+len(word) > lineWidth {
			lines, line = append(lines, line), ""
		}
		if line == "" && strings.ContainsAny(word[:1], ".'") {
			word = `\&` + word
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return strings.Join(append(lines, line), "\n")
}

// escape makes text stand for itself in roff, dashes as those that can be copied.
var escape = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...").Replace
