package main

import (
	"bytes"
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
	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/changed"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/fix"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/report"
	"github.com/poollint/poollint/internal/wholefile"
)

// lint analyses the packages and reports what it finds.
func lint(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(ctx, nil, stdout, stderr)
	case err != nil:
		return fail(stderr, "%v", err)
	case o.version:
		printVersion(stdout)
		return clean
	}
	rules, err := chosen(o.rules)
	if err != nil {
		return fail(stderr, "-rules: %v", err)
	}
	dir, err := os.Getwd()
	if err != nil {
		return fail(stderr, "%v", err)
	}
	for round := 1; ; round++ {
		r, err := o.analyse(ctx, dir, rules, stderr)
		if err != nil {
			return o.nothing(ctx, report.Line(dir, err), stdout, stderr)
		}
		status, again := o.finish(ctx, r, stdout, stderr, round < maxRounds)
		if !again {
			return status
		}
	}
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
	r.Verbose = o.verbose
	for _, rule := range rules {
		r.Rules = append(r.Rules, rule.Analyzer)
	}
	return r, nil
}

// nothing says why nothing could be analysed, in the reports too that can say so: a reader
// of the others would take one for a clean run.
func (o *options) nothing(ctx context.Context, why string, stdout, stderr io.Writer) int {
	for _, out := range o.formats {
		if out.format.WriteError == nil || ctx.Err() != nil {
			continue
		}
		err := out.put(stdout, func(w io.Writer) error { return out.format.WriteError(w, why) })
		if err != nil {
			fail(stderr, "%v", err)
		}
	}
	return fail(stderr, "%s", why)
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
	dir, ok := cache.Dir()
	if !ok || o.cache == "off" {
		return nil, ""
	}
	store, err := cache.Open(dir)
	if err != nil {
		return nil, ""
	}
	tool, err := driver.ToolID(store)
	if err != nil {
		return nil, ""
	}
	return store, tool
}

// libraries returns the database packages: only packages that reach one are analysed.
func libraries(c *config.Config) []string {
	return dbapi.Libraries(slices.Concat(c.API.Openers, c.API.Queries)...)
}

// finish applies baseline and fixes as the options say, writes the report and returns the
// exit status. If fixes have changed files and more may come, it reports nothing.
func (o *options) finish(ctx context.Context, r *report.Report, stdout, stderr io.Writer, more bool) (status int, again bool) {
	if ctx.Err() != nil {
		return failed, false // nothing is to be written
	}
	status = clean
	if o.baseline != "" {
		stale, err := r.ApplyBaseline(o.baseline, o.writeBaseline)
		if err != nil {
			return fail(stderr, "%v", err), false
		}
		for _, entry := range stale {
			fmt.Fprintf(stderr, "poollint: %s lists what is gone: %s; -write-baseline takes it out\n", o.baseline, printable.Line(entry))
			status = found
		}
	}
	if o.newFromRev != "" {
		lines, err := changed.Since(ctx, r.Dir, o.newFromRev)
		if err != nil {
			return fail(stderr, "-new-from-rev: %v", err), false
		}
		r.Keep(func(f finding.Located) bool { return lines.Touch(f.Pos.Filename, f.Pos.Line, f.End.Line) })
	}
	if o.fix || o.diff {
		applied, changed := o.applyFixes(ctx, r, stdout, stderr, more)
		if ctx.Err() != nil {
			return failed, false // a report would be of the files before they were changed
		}
		if status = max(status, applied); more && changed && applied == clean {
			return clean, true
		}
	}
	if !o.diff {
		if err := o.write(r, stdout); err != nil {
			return fail(stderr, "%v", err), false
		}
	}
	if slices.ContainsFunc(r.Findings, report.Fails) {
		status = max(status, found)
	}
	if failures := r.Result.Failures; len(failures) > 0 {
		o.printFailures(r.Dir, failures, stderr)
		status = failed
	}
	return status, false
}

// applyFixes changes the files, or prints a diff, and reports which fixes were made and,
// unless more are to come, which were not. It returns the exit status, and whether a file
// has changed.
func (o *options) applyFixes(ctx context.Context, r *report.Report, stdout, stderr io.Writer, more bool) (status int, changed bool) {
	plan := fix.New(r.Findings, r.Result.Modules, r.Started)
	if o.diff {
		tellLeft(plan, r, stderr)
		if _, err := io.WriteString(stdout, plan.Diff(r.Path)); err != nil {
			return fail(stderr, "%v", err), false
		}
		return clean, false
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
		return failed, changed
	}
	return clean, changed
}

// tellLeft prints the fixes that are not made, with the reasons.
func tellLeft(plan *fix.Plan, r *report.Report, stderr io.Writer) {
	for f, err := range plan.Left {
		fmt.Fprintf(stderr, "poollint: %s:%d: not fixed (%s): %v\n", printable.Line(r.Path(f.Pos.Filename)), f.Pos.Line, f.Rule, report.Line(r.Dir, err))
	}
}

// write writes the report in each of the formats.
func (o *options) write(r *report.Report, stdout io.Writer) error {
	for _, out := range o.formats {
		r.Source = out.file == "" && isTerminal(stdout)
		r.Color = r.Source && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if err := out.put(stdout, func(w io.Writer) error { return out.format.Write(w, r) }); err != nil {
			return err
		}
	}
	return nil
}

// put writes what write makes, whole, to where the output goes.
func (out output) put(stdout io.Writer, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("-format %s: %w", out.format.Name, err)
	}
	if out.file != "" {
		return wholefile.Write(out.file, b.Bytes())
	}
	_, err := stdout.Write(b.Bytes())
	return err
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
