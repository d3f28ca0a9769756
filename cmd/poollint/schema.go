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
	About:   aboutKeys("tenantfilter"),
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		o.declareTelling(flags)
		return func(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
			return o.tell(ctx, args, []poollint.Rule{showschema.Rule}, stderr, func(tables []showschema.Database, _ []finding.Located) error {
				var named []string
				if len(tables) == 0 {
					named = namedDDL()
				}
				return showschema.Write(stdout, tables, named)
			})
		}
	},
}

// namedDDL returns the paths of DDL that the configuration of the working directory names.
func namedDDL() []string {
	dir, err := os.Getwd()
	if err != nil {
		return nil
	}
	settings, err := config.Load(dir, false)
	if err != nil {
		return nil // the run has said so
	}
	return settings.Tenant.Schema
}

// declareTelling declares the flags of the subcommands that tell what tenantfilter goes by.
func (o *options) declareTelling(flags *flag.FlagSet) {
	o.declareRun(flags)
	o.declareTest(flags)
	declareRules(flags, "tenantfilter")
}

// tell runs the rules, which are a subcommand's own, and writes what they find.
func (o *options) tell(ctx context.Context, args []string, rules []poollint.Rule, stderr io.Writer, write func([]showschema.Database, []finding.Located) error) (status int, err error) {
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
		var tables []showschema.Database
		if tables, err = o.tables(dir, result.Findings); err == nil {
			err = write(tables, result.Findings)
		}
	}
	if err != nil {
		return 0, errors.New(report.Line(dir, err))
	}
	printWarnings(dir, result, stderr)
	if len(result.Failures) > 0 {
		o.printFailures(dir, result.Failures, stderr)
		return command.Failed, nil
	}
	return command.Clean, nil
}

// tables returns the tables of the module of the directory, and those that were found in its
// code.
func (o *options) tables(dir string, found []finding.Located) ([]showschema.Database, error) {
	settings, err := config.Load(dir, false)
	if err != nil {
		return nil, err
	}
	store, tool := o.openCache()
	defined, err := driver.Remember(driver.Options{Cache: store, Tool: tool}, "defined tables", settings, showschema.Defined)
	return showschema.WithCode(defined, settings, found), err
}
