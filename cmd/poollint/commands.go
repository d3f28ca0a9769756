package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/budget"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/completion"
	"github.com/poollint/poollint/internal/doctor"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/queries"
	"github.com/poollint/poollint/internal/ruledoc"
	"github.com/poollint/poollint/internal/watch"
)

// program lists the subcommands in the order of the help.
func program() command.Program {
	return command.Program{Command: linting, Commands: []command.Command{
		{
			Name: "poollint help", Args: "[COMMAND | RULE]", Summary: "print this, the help of a command, or a rule's page",
			New: plain(help), Words: func() []string { return append(program().Names(), ruleNames()...) },
		},
		{
			Name: "poollint explain", Args: "[RULE]…", Summary: "print rules' pages, or list the rules",
			New: plain(explain), Words: ruleNames,
		},
		{
			Name: "poollint version", Summary: "print the version",
			New: plain(printVersion),
		},
		{
			Name: "poollint cache", Args: "[clean]", Summary: "say where results are kept between runs, or remove them",
			New: plain(manageCache), Words: func() []string { return []string{"clean"} },
		},
		{
			Name: "poollint init", Summary: "write a commented .poollint.yml from what the module holds",
			New: plain(initialise),
		},
		serving, schema, tenants, adopting,
		budget.Command, watch.New(bound), queries.Command, doctor.Command,
		completion.New(program),
		{
			Name: "poollint man", Summary: "print the manual page, for man -l -",
			New: plain(printMan),
		},
	}}
}

// plain is New of a command without flags.
func plain(run command.Run) func(*flag.FlagSet) command.Run {
	return func(*flag.FlagSet) command.Run { return run }
}

// bound returns the budget of a command that is watched: that of the server
// with the largest, and the packages that open connections to any.
func bound(ctx context.Context, command []string) (*watch.Budget, error) {
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

func help(ctx context.Context, args []string, stdout, stderr io.Writer) (status int, err error) {
	p := program()
	if len(args) == 0 {
		p.WriteHelp(stdout)
		return command.Clean, nil
	}
	if err := command.None(args[1:]); err != nil {
		return 0, err
	}
	if c := p.Named(args[0]); c != nil {
		c.WriteHelp(stdout)
		return command.Clean, nil
	}
	if ruleNamed(args[0]) != nil {
		return explain(ctx, args, stdout, stderr)
	}
	return 0, unknown("command or rule", args[0], append(p.Names(), ruleNames()...))
}

func explain(_ context.Context, args []string, stdout, _ io.Writer) (status int, err error) {
	if len(args) == 0 {
		for _, rule := range poollint.Analyzers() {
			fmt.Fprintf(stdout, "%-16s %s\n", rule.Name, strings.TrimPrefix(ruledoc.Summary(rule), rule.Name+" "))
		}
		return command.Clean, nil
	}
	for i, name := range args {
		rule := ruleNamed(name)
		if rule == nil {
			return 0, unknown("rule", name, ruleNames())
		}
		if i > 0 {
			fmt.Fprintln(stdout)
		}
		stdout.Write(ruledoc.Text(rule, 80))
		fmt.Fprintf(stdout, "\n%s\n", rule.URL)
	}
	return command.Clean, nil
}

func ruleNames() []string {
	var names []string
	for _, rule := range poollint.Analyzers() {
		names = append(names, rule.Name)
	}
	return names
}

func ruleNamed(name string) *analysis.Analyzer {
	for _, rule := range poollint.Analyzers() {
		if rule.Name == name {
			return rule
		}
	}
	return nil
}

// unknown says which name was meant by one that there is not, or which there are.
func unknown(kind, name string, names []string) error {
	if guess := nearest.Of(name, names); guess != "" {
		return fmt.Errorf("there is no %s %s; did you mean %s?", kind, name, guess)
	}
	return fmt.Errorf("there is no %s %s; there are %s", kind, name, strings.Join(names, ", "))
}

// version returns the version that the go command has recorded in the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}

func printVersion(_ context.Context, args []string, stdout, _ io.Writer) (status int, err error) {
	if err := command.None(args); err != nil {
		return 0, err
	}
	_, err = fmt.Fprintf(stdout, "poollint %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return command.Clean, err
}
