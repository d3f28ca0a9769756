package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lsp"
)

// lspFlags are the flags of the subcommand, besides those of rules.
var lspFlags = []string{"cache", "config", "load", "rules", "tags", "test", "v"}

// serveEditor is a language server on standard input and output. The flags are the settings of
// clients that set nothing.
func serveEditor(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return strings.TrimLeft(arg, "-") == "stdio" }) // some clients add it
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(ctx, nil, stdout, stderr)
	case err != nil:
		return fail(stderr, "%v", err)
	case len(o.patterns) != 1 || o.behind > 0:
		return fail(stderr, "lsp takes no packages: it runs on the modules whose files are open")
	}
	for _, name := range o.given {
		if !slices.Contains(lspFlags, name) && !strings.Contains(name, ".") {
			return fail(stderr, "flag -%s has nothing to do with lsp; it takes -%s and -RULE.KEY", name, strings.Join(lspFlags, ", -"))
		}
	}
	settings := lsp.Settings{Rules: o.rules, Tags: o.tags}
	if o.verbose {
		settings.Severity = finding.Info
	}
	return lsp.Serve(ctx, os.Stdin, unclosed{stdout}, lsp.Options{
		Version: version(), Settings: settings, Rules: chosen,
		Analyse: func(ctx context.Context, r lsp.Run) (*driver.Result, error) {
			r.Session.Renew()
			asked := *o
			asked.tags = r.Tags
			run, err := asked.request(r.Dir, r.Rules)
			if err != nil {
				return nil, err
			}
			run.Overlay, run.Session, run.Unsaved = r.Texts, r.Session, !r.Saved
			return driver.Run(ctx, run)
		},
	})
}

// unclosed is a writer that others must not close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
