package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/report"
	"github.com/poollint/poollint/internal/showschema"
)

// schemaFlags are the flags of the subcommand, besides those of tenantfilter.
var schemaFlags = []string{"cache", "config", "load", "progress", "tags", "test", "v"}

// printSchema prints the tables that tenantfilter would use in a run with the same
// arguments. The status is 2 if something could not be analysed.
func printSchema(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	return tell(ctx, o, err, telling{
		command: "schema", flags: schemaFlags, rules: []poollint.Rule{showschema.Rule},
		write: func(tables []showschema.Database, _ []finding.Located) error { return showschema.Write(stdout, tables) },
	}, stdout, stderr)
}

// A telling is a subcommand that prints what rules of its own find in a run.
type telling struct {
	command string
	flags   []string // that it takes, besides those of tenantfilter
	rules   []poollint.Rule
	write   func(tables []showschema.Database, found []finding.Located) error
}

// tell runs the rules with the options, unless there is an error in them, and prints what
// they find.
func tell(ctx context.Context, o *options, err error, t telling, stdout, stderr io.Writer) int {
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(ctx, nil, stdout, stderr)
	case err != nil:
		return fail(stderr, "%v", err)
	}
	for _, name := range o.given {
		if !slices.Contains(t.flags, name) && !strings.HasPrefix(name, "tenantfilter.") {
			return fail(stderr, "flag -%s has nothing to do with %s; it takes -%s and -tenantfilter.KEY", name, t.command, strings.Join(t.flags, ", -"))
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return fail(stderr, "%v", err)
	}
	result, err := o.drive(ctx, dir, t.rules, stderr)
	if errors.Is(err, driver.ErrNoPackages) { // there may be DDL without code
		result, err = &driver.Result{}, nil
	}
	if err == nil {
		var tables []showschema.Database
		if tables, err = o.tables(dir, result.Findings); err == nil {
			err = t.write(tables, result.Findings)
		}
	}
	if err != nil {
		return fail(stderr, "%v", report.Line(dir, err))
	}
	printWarnings(dir, result, stderr)
	if len(result.Failures) > 0 {
		o.printFailures(dir, result.Failures, stderr)
		return failed
	}
	return clean
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
