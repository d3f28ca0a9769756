package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/report"
	"github.com/poollint/poollint/internal/showschema"
)

// schema prints the tables that tenantfilter would use in a run with the same arguments.
var schema = command.Command{
	Name:    "poollint schema",
	Args:    "[packages]",
	Summary: "print the tables, their tenant column, and why",
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		o.declareTelling(flags)
		return func(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
			return o.tell(ctx, args, []poollint.Rule{showschema.Rule}, stderr, func(c *config.Config, found []finding.Located) error {
				return showschema.Write(stdout, c, found)
			})
		}
	},
}

// declareTelling declares the flags of the subcommands that tell what tenantfilter goes by.
func (o *options) declareTelling(flags *flag.FlagSet) {
	o.declareRun(flags)
	o.declareTest(flags)
	declareRules(flags, "tenantfilter")
}

// tell runs the rules, which are a subcommand's own, and writes what they find.
func (o *options) tell(ctx context.Context, args []string, rules []poollint.Rule, stderr io.Writer, write func(*config.Config, []finding.Located) error) (status int, err error) {
	if err := o.check(args); err != nil {
		return 0, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	result, err := o.drive(ctx, dir, rules, stderr)
	if errors.Is(err, driver.ErrNoPackages) { // there may be DDL without code
		result, err = &driver.Result{}, nil
	}
	if err == nil {
		var settings *config.Config
		if settings, err = config.Load(dir, false); err == nil {
			err = write(settings, result.Findings)
		}
	}
	if err != nil {
		return 0, errors.New(report.Line(dir, err))
	}
	if len(result.Failures) > 0 {
		o.printFailures(dir, result.Failures, stderr)
		return command.Failed, nil
	}
	return command.Clean, nil
}
