package command

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Usage returns how the command is called.
func (c Command) Usage() string {
	words := []string{c.Name}
	if len(c.Flags()) > 0 {
		words = append(words, "[flags]")
	}
	if c.Args != "" {
		words = append(words, c.Args)
	}
	return strings.Join(words, " ")
}

// WriteHelp writes the command's help.
func (c Command) WriteHelp(w io.Writer) {
	fmt.Fprintf(w, "%s: %s.\n\nUsage: %s\n", c.Name, c.Summary, c.Usage())
	if c.About != "" {
		fmt.Fprintf(w, "\n%s\n", c.About)
	}
	c.writeFlags(w)
}

// WriteHelp writes the program's help.
func (p Program) WriteHelp(w io.Writer) {
	fmt.Fprintf(w, "%s: %s.\n\nUsage: %s\n", p.Name, p.Summary, p.Usage())
	for _, c := range p.Commands {
		form := fmt.Sprintf("       %-34s", p.Name+" "+strings.TrimSpace(c.Word()+" "+c.Args))
		if utf8.RuneCountInString(form) > summaryColumn {
			form += "\n" + strings.Repeat(" ", summaryColumn)
		}
		fmt.Fprintf(w, "%s %s\n", form, c.Summary)
	}
	if p.About != "" {
		fmt.Fprintf(w, "\n%s\n", p.About)
	}
	p.writeFlags(w)
}

const (
	summaryColumn = 41 // where the summary of a command begins, behind a space
	usageColumn   = 26 // where the usage of a flag begins
	lineWidth     = 100
)

// wrapped breaks the usage of a flag into lines.
func wrapped(usage string) string {
	var b strings.Builder
	column := usageColumn
	for i, word := range strings.Fields(usage) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+length > lineWidth:
			b.WriteString("\n" + strings.Repeat(" ", usageColumn))
			column = usageColumn
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}

func (c Command) writeFlags(w io.Writer) {
	flags := c.Flags()
	if len(flags) > 0 {
		fmt.Fprint(w, "\nFlags:\n")
	}
	for _, f := range flags {
		if strings.Contains(f.Name, ".") { // About speaks of those of the rules
			continue
		}
		form := fmt.Sprintf("  %-*s", usageColumn-3, f.Form())
		if len(form) >= usageColumn {
			form += "\n" + strings.Repeat(" ", usageColumn-1)
		}
		fmt.Fprintf(w, "%s %s\n", form, wrapped(f.Usage))
	}
	if c.Status != "" {
		fmt.Fprintf(w, "\nExit status: %s\n", c.Status)
	}
}
