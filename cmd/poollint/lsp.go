package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lsp"
)

// serving is a language server on standard input and output.
var serving = command.Command{
	Name:    "poollint lsp",
	Summary: "serve an editor: findings and fixes as you type",
	About: `It speaks the language server protocol on standard input and output, and runs on the
modules whose files are open. The flags are the settings of clients that set nothing.
` + aboutKeys("RULE"),
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		command.Some(flags, &o.rules, "rules", "`LIST` run only these, or all but those written -RULE", ruleNames())
		o.declareRun(flags)
		o.declareTest(flags)
		declareRules(flags, ruleNames()...)
		flags.Bool("stdio", true, "") // some clients add it
		return o.serveEditor
	},
}

func (o *options) serveEditor(ctx context.Context, args []string, stdout, stderr io.Writer) (status int, err error) {
	if len(args) > 0 {
		return 0, errors.New("takes no packages: it runs on the modules whose files are open")
	}
	if err := o.check(args); err != nil {
		return 0, err
	}
	settings := lsp.Settings{Rules: o.rules, Tags: o.tags}
	if o.verbose {
		settings.Severity = finding.Info
	}
	return lsp.Serve(ctx, os.Stdin, unclosed{stdout}, lsp.Options{
		Version: version(), Settings: settings, Rules: chosen, Stderr: stderr,
		Analyse: func(ctx context.Context, r lsp.Run) (*driver.Result, error) {
			r.Session.Renew()
			asked := *o
			asked.tags = r.Tags
			run, err := asked.request(r.Dir, r.Rules)
			if err != nil {
				return nil, err
			}
			run.Overlay, run.Session, run.Unsaved, run.Early = r.Texts, r.Session, !r.Saved, r.Early
			return driver.Run(ctx, run)
		},
	}), nil
}

// unclosed is a writer that others must not close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
