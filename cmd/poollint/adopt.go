package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/adopt"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/regular"
	"github.com/poollint/poollint/internal/report"
)

const adoptHelp = `poollint adopt moves the tests of a module to shared pools: one small pool a process.

Usage: poollint adopt [flags] [packages]       the packages are ./... unless given

It prints what it would do, and a diff. Production code stays as it is, and so does what
is not safe to change: that is listed with the reason.

  -write       change the files
  -commit      change the files, one git commit a step; the work tree must be clean
  -plain       pools by sync.OnceValues: no dependency on testpool
  -dry-run     change nothing (the default)
  -config FILE, -tags LIST, -load MODE, -cache on|off, -progress WHEN: as for poollint

To revert it is git's: git restore . and git clean -d, or git revert of the commits.
`

// adoptFlags are the flags of the subcommand that linting has too.
var adoptFlags = []string{"cache", "config", "load", "progress", "tags", "v"}

// adopting is what the command line asks of adopt.
type adopting struct{ write, commit, plain bool }

// adoptPools moves tests to shared pools. The status is 1 if findings remain, 2 if something
// could not be analysed or written.
func adoptPools(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a, rest, err := parseAdopting(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, adoptHelp)
		return clean
	}
	if err != nil {
		return fail(stderr, "%v", err)
	}
	o, err := parse(rest)
	if err != nil {
		return fail(stderr, "%v", err)
	}
	for _, name := range o.given {
		if !slices.Contains(adoptFlags, name) {
			return fail(stderr, "flag -%s has nothing to do with adopt; poollint adopt -h lists its flags", name)
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return fail(stderr, "%v", err)
	}
	if a.commit {
		if err := adopt.Clean(ctx, dir); err != nil {
			return fail(stderr, "%v", err)
		}
	}
	if !a.plain {
		if err := requiresTestpool(dir); err != nil {
			return fail(stderr, "%v", err)
		}
	}
	return a.run(ctx, o, dir, stdout, stderr)
}

func (a adopting) run(ctx context.Context, o *options, dir string, stdout, stderr io.Writer) int {
	mode := adopt.Testpool
	if a.plain {
		mode = adopt.Plain
	}
	few, err := chosen("-tenantfilter,-directive")
	if err != nil {
		return fail(stderr, "%v", err)
	}
	result, err := adopt.Run(ctx, adopt.Options{Mode: mode, Analyse: func(ctx context.Context, texts map[string][]byte) (*driver.Result, error) {
		if len(texts) == 0 {
			return o.drive(ctx, dir, append(poollint.Rules(), adopt.Rule), stderr)
		}
		return o.driveOver(ctx, texts, dir, append(few, adopt.Rule), stderr)
	}})
	if err != nil {
		return fail(stderr, "%s", report.Line(dir, err))
	}
	path := func(file string) string { return printable.Path(dir, file) }
	result.Print(stdout, path)
	switch {
	case a.commit:
		err = result.Commit(ctx, dir, func(message string) { fmt.Fprintf(stderr, "poollint: committed: %s\n", message) })
	case a.write:
		err = result.Write(ctx)
	default:
		var diff string
		if diff, err = result.Diff(path); err == nil {
			io.WriteString(stdout, diff)
		}
	}
	if err != nil {
		return fail(despiteEnd(stderr), "%s", report.Line(dir, err))
	}
	if len(result.Failures) > 0 {
		o.printFailures(dir, result.Failures, stderr)
		return failed
	}
	if len(result.After) > 0 {
		return found
	}
	return clean
}

// parseAdopting takes the flags that only adopt has from the command line.
func parseAdopting(args []string) (a adopting, rest []string, err error) {
	dry := false
	own := map[string]*bool{"write": &a.write, "commit": &a.commit, "plain": &a.plain, "dry-run": &dry}
	for i, arg := range args {
		name := strings.TrimLeft(arg, "-")
		switch {
		case name == "h" || name == "help":
			return a, nil, flag.ErrHelp
		case name == "revert":
			return a, nil, errors.New("to revert is git's: git restore ., or git revert of the commits")
		case name == arg:
			return a, append(rest, args[i:]...), a.check(dry)
		case own[name] != nil:
			*own[name] = true
		default:
			rest = append(rest, arg)
		}
	}
	return a, rest, a.check(dry)
}

func (a adopting) check(dry bool) error {
	if a.write && a.commit || dry && (a.write || a.commit) {
		return errors.New("-dry-run, -write and -commit exclude each other")
	}
	return nil
}

// requiresTestpool returns an error unless the module may import testpool.
func requiresTestpool(dir string) error {
	root, ok := config.ModuleRoot(dir)
	if !ok {
		return errors.New("there is no go.mod here or above; run poollint adopt in a module")
	}
	file := filepath.Join(root, "go.mod")
	text, err := regular.ReadFile(file)
	if err != nil {
		return err
	}
	mod, err := modfile.ParseLax(file, text, nil)
	if err != nil {
		return err
	}
	if mod.Module != nil && mod.Module.Mod.Path == adopt.TestpoolModule || slices.ContainsFunc(mod.Require, func(r *modfile.Require) bool { return r.Mod.Path == adopt.TestpoolModule }) {
		return nil
	}
	return fmt.Errorf("go.mod does not require %s: run go get %s, or poollint adopt -plain", adopt.TestpoolModule, adopt.TestpoolModule)
}
