package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/budget"
	"github.com/poollint/poollint/internal/doctor"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/queries"
	"github.com/poollint/poollint/internal/ruledoc"
	"github.com/poollint/poollint/internal/watch"
)

// A command is a subcommand: something that poollint does besides linting.
type command struct {
	name, args, summary string
	main                func(ctx context.Context, args []string, stdout, stderr io.Writer) int
}

// commands lists the subcommands in the order of the help.
func commands() []command {
	return []command{
		{"help", "", "print this", help},
		{"explain", "[RULE]", "print a rule's page, or list the rules", explain},
		{"cache", "[clean]", "say where results are kept between runs, or remove them", manageCache},
		{"init", "", "write a commented .poollint.yml from what the module holds", initialise},
		{"lsp", "[flags]", "serve an editor: findings and fixes as you type", serveEditor},
		{"schema", "[flags] [packages]", "print the tables, their tenant column, and why", printSchema},
		{"tenants", "[flags] [packages]", "print what packages do with which tables", printTenants},
		{"adopt", "[flags] [packages]", "move tests to shared pools: a diff, files or commits", adoptPools},
		{"budget", "[packages]", "add up the connections that the tests may take at once", budget.Main},
		{"watch", "-- go test …", "run tests and watch the connections that they open", watch.Command{Budget: watched}.Main},
		{"queries", "-- go test …", "run tests and judge the statements that they run", queries.Main},
		{"doctor", "", "check the tests' database and its server before a run", doctor.Main},
	}
}

// watched returns the budget of a command that is watched: that of the server
// with the largest, and the packages that open connections to any.
func watched(ctx context.Context, command []string) (*watch.Budget, error) {
	report, err := budget.OfCommand(ctx, command)
	if err != nil || len(report.Servers) == 0 {
		return nil, err
	}
	largest := report.Servers[0]
	bound := &watch.Budget{Connections: largest.Worst, Unbounded: largest.Unbounded}
	for _, r := range largest.Reasons {
		bound.Reasons = append(bound.Reasons, printable.Line(r.String()))
	}
	for _, server := range report.Servers {
		for _, pkg := range server.Packages {
			if !slices.Contains(bound.Packages, pkg.Path) {
				bound.Packages = append(bound.Packages, pkg.Path)
			}
		}
	}
	return bound, nil
}

func help(_ context.Context, _ []string, stdout, _ io.Writer) int {
	fmt.Fprint(stdout, usage())
	return clean
}

// usage fits a screen.
func usage() string {
	var b strings.Builder
	b.WriteString("poollint finds tests that exhaust SQL databases and queries that cross tenants.\n\n" +
		"Usage: poollint [flags] [packages]        the packages are ./... unless given\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "       poollint %-25s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	b.WriteString("\nFlags:\n")
	for _, f := range flagHelp {
		fmt.Fprintf(&b, "  %-22s %s\n", f.form, f.usage)
	}
	b.WriteString("  -RULE.KEY=value        override a key of the configuration for a rule: see poollint explain\n\n" +
		"Exit status: 0 nothing found, 1 findings of severity error or warning,\n2 something could not be analysed.\n")
	return b.String()
}

func explain(_ context.Context, args []string, stdout, stderr io.Writer) int {
	rules := poollint.Analyzers()
	if len(args) == 0 {
		for _, rule := range rules {
			fmt.Fprintf(stdout, "%-16s %s\n", rule.Name, strings.TrimPrefix(ruledoc.Summary(rule), rule.Name+" "))
		}
		return clean
	}
	for i, name := range args {
		rule := ruleNamed(rules, name)
		if rule == nil {
			return fail(stderr, "%s", unknownRule(name, rules))
		}
		if i > 0 {
			fmt.Fprintln(stdout)
		}
		stdout.Write(ruledoc.Text(rule, 80))
		fmt.Fprintf(stdout, "\n%s\n", rule.URL)
	}
	return clean
}

func ruleNamed(rules []*analysis.Analyzer, name string) *analysis.Analyzer {
	for _, rule := range rules {
		if rule.Name == name {
			return rule
		}
	}
	return nil
}

func unknownRule(name string, rules []*analysis.Analyzer) string {
	var names []string
	for _, rule := range rules {
		names = append(names, rule.Name)
	}
	if guess := nearest.Of(name, names); guess != "" {
		return fmt.Sprintf("there is no rule %s; did you mean %s?", name, guess)
	}
	return fmt.Sprintf("there is no rule %s; the rules are %s", name, strings.Join(names, ", "))
}

// version returns the version that the go command has recorded in the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}

func printVersion(stdout io.Writer) {
	fmt.Fprintf(stdout, "poollint %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
