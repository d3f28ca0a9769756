package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/showschema"
	"github.com/poollint/poollint/internal/tenantmap"
)

// printTenants prints the map of a module: its tables, and what its packages do with them.
// The status is 2 if something could not be analysed.
func printTenants(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	format := tenantmap.Formats[0]
	o, err := parseWith(args, func(name string) error {
		var names []string
		for _, f := range tenantmap.Formats {
			if f.Name == name {
				format = f
				return nil
			}
			names = append(names, f.Name)
		}
		return fmt.Errorf("the formats are %s", strings.Join(names, ", "))
	})
	return tell(ctx, o, err, telling{
		command: "tenants", flags: append([]string{"format"}, schemaFlags...), rules: []poollint.Rule{showschema.Rule, tenantfilter.Map},
		write: func(tables []showschema.Database, found []finding.Located) error {
			return format.Write(tenantmap.New(tables, found), stdout)
		},
	}, stdout, stderr)
}
