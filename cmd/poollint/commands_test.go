package main

import (
	"flag"
	"io"
	"regexp"
	"strings"
	"testing"
)

// A flag means one thing: what it takes is the same in all commands. Find relies on that.
func TestFlagsAreAlike(t *testing.T) {
	t.Parallel()
	first := map[string]string{}
	p := program()
	for _, c := range append(p.Commands, p.Command) {
		for _, f := range c.Flags() {
			takes, known := first[f.Name]
			if known && takes != f.Arg {
				t.Errorf("%s takes -%s %s, another command -%[2]s %[4]s", c.Name, f.Name, f.Arg, takes)
			}
			first[f.Name] = f.Arg
		}
	}
	if len(first) < 20 {
		t.Errorf("only %d flags", len(first))
	}
}

// Help tells every flag, in lines that fit a terminal.
func TestHelp(t *testing.T) {
	t.Parallel()
	p := program()
	writers := map[string]func(io.Writer){p.Name: p.WriteHelp}
	for _, c := range p.Commands {
		writers[c.Name] = c.WriteHelp
	}
	for name, write := range writers {
		var text strings.Builder
		write(&text)
		if long := regexp.MustCompile(`(?m)^.{101,}$`).FindString(text.String()); long != "" {
			t.Errorf("%s: long line %q", name, long)
		}
		if !strings.Contains(text.String(), "\nUsage: "+name) {
			t.Errorf("%s: no usage:\n%s", name, &text)
		}
	}
	for _, c := range p.Commands {
		flags := flag.NewFlagSet(c.Name, flag.ContinueOnError)
		c.New(flags)
		var text strings.Builder
		c.WriteHelp(&text)
		flags.VisitAll(func(f *flag.Flag) {
			if listed := f.Usage != "" && !strings.Contains(f.Name, "."); listed != strings.Contains(text.String(), "\n  -"+f.Name) {
				t.Errorf("%s: -%s, of usage %q, in\n%s", c.Name, f.Name, f.Usage, &text)
			}
		})
	}
}
