package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/term"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/adopt"
	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/changed"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/fix"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/report"
)

// linting is poollint without a subcommand.
var linting = command.Command{
	Name:    "poollint",
	Args:    "[packages]",
	Summary: "find tests that exhaust SQL databases and queries that cross tenants",
	About:   "The packages are ./... unless given.\n" + aboutKeys("RULE"),
	Status:  "0 nothing found, 1 findings of severity error or warning,\n2 something could not be analysed.",
	New: func(flags *flag.FlagSet) command.Run {
		var o options
		o.declare(flags)
		return o.lint
	},
}

// lint analyses the packages and reports what it finds.
func (o *options) lint(ctx context.Context, args []string, stdout, stderr io.Writer) (status int, err error) {
	if o.version {
		return printVersion(ctx, args, stdout, stderr)
	}
	if err := o.check(args); err != nil {
		return 0, err
	}
	rules, err := chosen(o.rules)
	if err != nil {
		return 0, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	for round := 1; ; round++ {
		r, err := o.analyse(ctx, dir, rules, stderr)
		if err != nil {
			return 0, o.nothing(ctx, located(dir, err), stdout)
		}
		status, again, err := o.finish(ctx, r, stdout, stderr, round < maxRounds)
		if !again || err != nil {
			return status, err
		}
	}
}

// located is an error with paths as a report has them, and with each mistake in the configuration.
func located(dir string, err error) error {
	var lines command.Several
	for _, mistake := range config.MistakesOf(err) {
		lines = append(lines, report.Line(dir, mistake))
	}
	if lines == nil {
		return errors.New(report.Line(dir, err))
	}
	return lines
}

// maxRounds bounds how often a run begins anew because it has fixed something: a fix may
// have to wait for another, and may mend what others have found.
const maxRounds = 6

// analyse runs the rules on the packages.
func (o *options) analyse(ctx context.Context, dir string, rules []poollint.Rule, stderr io.Writer) (*report.Report, error) {
	start := time.Now()
	result, err := o.drive(ctx, dir, rules, stderr)
	if err != nil {
		return nil, err
	}
	r := report.New(dir, config.Root(dir), result.Findings)
	r.Result = result
	r.Version = version()
	r.Started, r.Elapsed = start, time.Since(start)
	r.Floor = finding.Severity(o.severity)
	r.Verbose, r.Info = o.verbose, o.verbose || r.Floor == finding.Info
	r.NoTests = !o.test
	for _, rule := range rules {
		r.Rules = append(r.Rules, rule.Analyzer)
	}
	return r, nil
}

// nothing says why nothing could be analysed in the reports that can: a reader of the others
// would take one for a clean run. It returns that reason, and what went wrong besides.
func (o *options) nothing(ctx context.Context, why error, stdout io.Writer) error {
	for _, output := range o.outputs {
		format := report.FormatNamed(output.Format)
		if format.WriteError == nil || ctx.Err() != nil {
			continue
		}
		err := output.Write(stdout, func(w io.Writer) error { return format.WriteError(w, why.Error()) })
		if err != nil {
			why = fmt.Errorf("%w; %w", why, err)
		}
	}
	return why
}

// drive runs the rules on the packages and shows the progress.
func (o *options) drive(ctx context.Context, dir string, rules []poollint.Rule, stderr io.Writer) (*driver.Result, error) {
	return o.driveOver(ctx, nil, dir, rules, stderr)
}

// driveOver is drive for files whose texts, by path, are not the disk's.
func (o *options) driveOver(ctx context.Context, texts map[string][]byte, dir string, rules []poollint.Rule, stderr io.Writer) (*driver.Result, error) {
	run, err := o.request(dir, rules)
	if err != nil {
		return nil, err
	}
	progress := newProgress(o.progress, stderr)
	run.Overlay, run.Progress = texts, progress.step
	result, err := driver.Run(ctx, run)
	progress.finish()
	if run.Cache != nil {
		run.Cache.Trim()
	}
	return result, err
}

// request is what the driver is to run in a directory.
func (o *options) request(dir string, rules []poollint.Rule) (driver.Options, error) {
	settings, err := config.Load(dir, false)
	if err != nil {
		return driver.Options{}, err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(150) // saves an eighth of the time and costs a quarter more memory
	}
	store, tool := o.openCache()
	return driver.Options{
		Dir:       dir,
		Patterns:  o.patterns,
		Tests:     o.test,
		Tags:      o.tags,
		Load:      driver.Load(o.load),
		Rules:     rules,
		Libraries: libraries(settings),
		Cache:     store,
		Tool:      tool,
	}, nil
}

// openCache returns the cache; nil if there is none, with which a run only takes longer.
func (o *options) openCache() (*cache.Cache, string) {
	if o.cache == "off" {
		return nil, ""
	}
	return driver.OpenCache()
}

// libraries returns the database packages: only packages that reach one are analysed.
func libraries(c *config.Config) []string {
	return dbapi.Libraries(slices.Concat(c.API.Openers, c.API.Queries)...)
}

// finish applies baseline and fixes as the options say, writes the report and returns the
// exit status. If fixes have changed files and more may come, it reports nothing.
func (o *options) finish(ctx context.Context, r *report.Report, stdout, stderr io.Writer, more bool) (status int, again bool, err error) {
	if ctx.Err() != nil {
		return command.Failed, false, nil // nothing is to be written
	}
	status = command.Clean
	if o.baseline != "" {
		changes, err := r.ApplyBaseline(o.baseline, o.writeBaseline)
		if err != nil {
			return 0, false, err
		}
		status = o.tellBaseline(changes, stderr)
	}
	r.Keep(r.Reaches)
	if err := o.newFrom.keep(ctx, r); err != nil {
		return 0, false, err
	}
	if o.fix || o.diff {
		applied, changed := o.applyFixes(ctx, r, stdout, stderr, more)
		if ctx.Err() != nil {
			return command.Failed, false, nil // a report would be of the files before they were changed
		}
		if status = max(status, applied); more && changed && applied == command.Clean {
			return command.Clean, true, nil
		}
	}
	printWarnings(r.Dir, r.Result, stderr)
	if !o.diff {
		r.Hint = adopt.Hint(r.Findings)
		if err := o.write(r, stdout); err != nil {
			return 0, false, err
		}
	}
	if slices.ContainsFunc(r.Findings, report.Fails) {
		status = max(status, command.Found)
	}
	if failures := r.Result.Failures; len(failures) > 0 {
		o.printFailures(r.Base(), failures, stderr)
		status = command.Failed
	}
	return status, false, nil
}

// tellBaseline tells how the baseline changes, or has to, which fails the run.
func (o *options) tellBaseline(changes report.BaselineChanges, stderr io.Writer) (status int) {
	for _, entry := range changes.Accepted {
		fmt.Fprintf(stderr, "poollint: %s accepts %s\n", o.baseline, printable.Line(entry))
	}
	for _, entry := range changes.Gone {
		if o.writeBaseline {
			fmt.Fprintf(stderr, "poollint: %s lists no more what is gone: %s\n", o.baseline, printable.Line(entry))
			continue
		}
		fmt.Fprintf(stderr, "poollint: %s lists what is gone: %s; -write-baseline takes it out\n", o.baseline, printable.Line(entry))
		status = command.Found
	}
	return status
}

// keep drops what is not new from the report.
func (n newFrom) keep(ctx context.Context, r *report.Report) error {
	flag, since, revision := "-new-from-rev", changed.Since, n.rev
	if n.mergeBase != "" {
		flag, since, revision = "-new-from-merge-base", changed.SinceMergeBase, n.mergeBase
	}
	if revision == "" {
		return nil
	}
	lines, err := since(ctx, r.Dir, revision)
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	r.KeepNew(lines)
	return nil
}

// printWarnings prints what is wrong with the configuration, and fails nothing.
func printWarnings(dir string, result *driver.Result, stderr io.Writer) {
	for _, line := range report.Warnings(dir, result.Warnings) {
		fmt.Fprintln(stderr, line)
	}
}

// applyFixes changes the files, or prints a diff, and reports which fixes were made and,
// unless more are to come, which were not. It returns the exit status, and whether a file
// has changed.
func (o *options) applyFixes(ctx context.Context, r *report.Report, stdout, stderr io.Writer, more bool) (status int, changed bool) {
	plan := fix.New(r.Findings, r.Result.Modules, r.Started)
	if o.diff {
		tellLeft(plan, r, stderr)
		if _, err := io.WriteString(stdout, plan.Diff(r.PathHere)); err != nil {
			return command.Fail(stderr, "poollint", err), false
		}
		return command.Clean, false
	}
	stderr = despiteEnd(stderr)
	err := plan.Write(ctx, func(file string) {
		changed = true
		fmt.Fprintf(stderr, "poollint: %s fixed\n", printable.Line(r.Path(file)))
	})
	if ctx.Err() == nil && (err != nil || !changed || !more) {
		tellLeft(plan, r, stderr) // err, too
	}
	fixed, i := 0, -1
	r.Keep(func(finding.Located) bool {
		i++
		if plan.Fixed(i) {
			fixed++
		}
		return !plan.Fixed(i)
	})
	if fixed > 0 {
		fmt.Fprintf(stderr, "poollint: findings fixed: %d\n", fixed)
	}
	if err != nil {
		return command.Failed, changed
	}
	return command.Clean, changed
}

// tellLeft prints the fixes that are not made, with the reasons.
func tellLeft(plan *fix.Plan, r *report.Report, stderr io.Writer) {
	for f, err := range plan.Left {
		fmt.Fprintf(stderr, "poollint: %s:%d: not fixed (%s): %v\n", printable.Line(r.Path(f.Pos.Filename)), f.Pos.Line, f.Rule, report.Line(r.Base(), err))
	}
}

// write writes the report in each of the formats.
func (o *options) write(r *report.Report, stdout io.Writer) error {
	for _, output := range o.outputs.Or("text") {
		r.Source = output.File == "" && isTerminal(stdout)
		r.Color = r.Source && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		err := output.Write(stdout, func(w io.Writer) error { return report.FormatNamed(output.Format).Write(w, r) })
		if err != nil {
			return err
		}
	}
	return nil
}

// shownFailures is how many failures are printed without -v.
const shownFailures = 3

func (o *options) printFailures(dir string, failures []driver.Failure, stderr io.Writer) {
	for i, f := range failures {
		if i == shownFailures && !o.verbose {
			fmt.Fprintf(stderr, "poollint: and %d more (-v lists them)\n", len(failures)-i)
			return
		}
		fmt.Fprintf(stderr, "poollint: %v\n", report.Line(dir, f))
		if o.verbose && f.Stack != nil {
			stderr.Write(f.Stack)
		}
	}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	file, ok := w.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(file.Fd()))
}
