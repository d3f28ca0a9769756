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

	"golang.org/x/mod/modfile"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/adopt"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/regular"
	"github.com/poollint/poollint/internal/report"
)

// adopting moves tests to shared pools. The status is 1 if findings remain, 2 if something
// could not be analysed or written.
var adopting = command.Command{
	Name:    "poollint adopt",
	Args:    "[packages]",
	Summary: "move tests to shared pools: a diff, files or commits",
	About: `It moves the tests of a module to shared pools: one small pool a process. It prints what
it would do, and a diff. Production code stays as it is, and so does what is not safe to
change: that is listed with the reason.

To revert it is git's: git restore . and git clean -d, or git revert of the commits.`,
	Status: "0 nothing is left to find, 1 findings remain, 2 something could not be\nanalysed or written.",
	New: func(flags *flag.FlagSet) command.Run {
		a := adoption{options: options{test: true}}
		flags.BoolVar(&a.write, "write", false, "change the files")
		flags.BoolVar(&a.commit, "commit", false, "change the files, one git commit a step; the work tree must be clean")
		flags.BoolVar(&a.plain, "plain", false, "pools by sync.OnceValues: no dependency on testpool")
		flags.BoolVar(&a.dry, "dry-run", false, "change nothing: the default")
		a.declareRun(flags)
		return a.main
	},
}

// adoption is what the command line asks of adopt.
type adoption struct {
	options
	write, commit, plain, dry bool
}

func (a *adoption) main(ctx context.Context, args []string, stdout, stderr io.Writer) (status int, err error) {
	if a.write && a.commit || a.dry && (a.write || a.commit) {
		return 0, errors.New("-dry-run, -write and -commit exclude each other")
	}
	if err := a.check(args); err != nil {
		return 0, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	if a.commit {
		if err := adopt.Clean(ctx, dir); err != nil {
			return 0, err
		}
	}
	if !a.plain {
		if err := requiresTestpool(dir); err != nil {
			return 0, err
		}
	}
	return a.run(ctx, dir, stdout, stderr)
}

func (a *adoption) run(ctx context.Context, dir string, stdout, stderr io.Writer) (status int, err error) {
	mode := adopt.Testpool
	if a.plain {
		mode = adopt.Plain
	}
	few, err := chosen("-tenantfilter,-directive")
	if err != nil {
		return 0, err
	}
	result, err := adopt.Run(ctx, adopt.Options{Mode: mode, Analyse: func(ctx context.Context, texts map[string][]byte) (*driver.Result, error) {
		if len(texts) == 0 {
			return a.drive(ctx, dir, append(poollint.Rules(), adopt.Rule), stderr)
		}
		return a.driveOver(ctx, texts, dir, append(few, adopt.Rule), stderr)
	}})
	if err != nil {
		return 0, errors.New(report.Line(dir, err))
	}
	path := func(file string) string { return printable.Path(dir, file) }
	var diff string
	if !a.write && !a.commit {
		plan, err := result.Plan()
		if err != nil {
			return 0, errors.New(report.Line(dir, err))
		}
		diff = plan.Diff(path)
	}
	result.Print(stdout, path)
	io.WriteString(stdout, diff)
	switch {
	case a.commit:
		err = result.Commit(ctx, dir, func(message string) { fmt.Fprintf(stderr, "poollint: committed: %s\n", message) })
	case a.write:
		err = result.Write(ctx)
	}
	if err != nil {
		return command.Fail(despiteEnd(stderr), "poollint", errors.New(report.Line(dir, err))), nil
	}
	if len(result.Failures) > 0 {
		a.printFailures(dir, result.Failures, stderr)
		return command.Failed, nil
	}
	if len(result.After) > 0 {
		return command.Found, nil
	}
	return command.Clean, nil
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
