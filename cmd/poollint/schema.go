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
	"github.com/poollint/poollint/internal/report"
	"github.com/poollint/poollint/internal/showschema"
)

// schemaFlags are the flags of the subcommand, besides those of tenantfilter.
var schemaFlags = []string{"cache", "config", "load", "progress", "tags", "test", "v"}

// printSchema prints the tables that tenantfilter would use in a run with the same
// arguments. The status is 2 if something could not be analysed.
func printSchema(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(ctx, nil, stdout, stderr)
	case err != nil:
		return fail(stderr, "%v", err)
	}
	for _, name := range o.given {
		if !slices.Contains(schemaFlags, name) && !strings.HasPrefix(name, "tenantfilter.") {
			return fail(stderr, "flag -%s has nothing to do with schema; it takes -%s and -tenantfilter.KEY", name, strings.Join(schemaFlags, ", -"))
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return fail(stderr, "%v", err)
	}
	result, err := o.drive(ctx, dir, []poollint.Rule{showschema.Rule}, stderr)
	if errors.Is(err, driver.ErrNoPackages) { // there may be DDL without code
		result, err = &driver.Result{}, nil
	}
	if err == nil {
		err = writeSchema(stdout, dir, result)
	}
	if err != nil {
		return fail(stderr, "%v", report.Line(dir, err))
	}
	if len(result.Failures) > 0 {
		o.printFailures(dir, result.Failures, stderr)
		return failed
	}
	return clean
}

func writeSchema(stdout io.Writer, dir string, result *driver.Result) error {
	settings, err := config.Load(dir, false)
	if err != nil {
		return err
	}
	return showschema.Write(stdout, settings, result.Findings)
}
