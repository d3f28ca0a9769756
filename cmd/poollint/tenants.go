package main

import (
	"context"
	"flag"
	"io"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/showschema"
	"github.com/poollint/poollint/internal/tenantmap"
)

// tenants prints the map of a module: its tables, and what its packages do with them.
var tenants = command.Command{
	Name:    "poollint tenants",
	Args:    "[packages]",
	Summary: "print what packages do with which tables",
	About: `READS and WRITES count the queries that name a table, LIMITED those limited to one
tenant, FINDINGS what a run of the linter tells, by tier. A query that is told of for
one of its tables need not be for the others.

` + aboutKeys("tenantfilter"),
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		o.declareTelling(flags)
		var names []string
		formats := map[string]func(*tenantmap.Map, io.Writer) error{}
		for _, f := range tenantmap.Formats {
			names, formats[f.Name] = append(names, f.Name), f.Write
		}
		command.Format(flags, &o.outputs, names...)
		return func(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
			return o.tell(ctx, args, []poollint.Rule{showschema.Rule, tenantfilter.Map}, stderr, func(tables []showschema.Database, found []finding.Located) error {
				tenants := tenantmap.New(tables, found)
				return o.outputs.Or("text").Write(stdout, func(format string, to io.Writer) error { return formats[format](tenants, to) })
			})
		}
	},
}
