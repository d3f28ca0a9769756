// Command bench measures poollint beside its yardsticks on a Go module: wall
// time, CPU and peak memory of whole runs, as a Markdown table and an SVG chart.
//
//	bench [-n ROUNDS] [-run REGEXP] [-cold] [-svg FILE] MODULE-DIRECTORY
//	bench [-n ROUNDS] -growth
//
// The module is copied first: some states edit a file of it. With -growth it
// is generated, in several sizes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
)

func main() {
	rounds := flag.Int("n", 5, "rounds: how often each subject runs")
	cold := flag.Bool("cold", false, "also measure the states with an empty build cache; takes minutes")
	svg := flag.String("svg", "", "draw the chart to this file")
	run := flag.String("run", "", "measure only what has a name that matches")
	generated := flag.Bool("growth", false, "measure generated modules of growing size")
	flag.Parse()
	modules := 1
	if *generated {
		modules = 0
	}
	if flag.NArg() != modules || *rounds < 1 {
		fmt.Fprintln(os.Stderr, "usage: bench [-n ROUNDS] [-run REGEXP] [-cold] [-svg FILE] MODULE-DIRECTORY\n       bench [-n ROUNDS] -growth")
		os.Exit(2)
	}
	wanted, err := regexp.Compile(*run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: -run:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx, flag.Arg(0), wanted, *rounds, *cold, *svg); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func bench(ctx context.Context, source string, wanted *regexp.Regexp, rounds int, cold bool, svg string) (err error) {
	tmp, err := os.MkdirTemp("", "poollint-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()

	tools := filepath.Join(tmp, "tools")
	log := func(line string) { fmt.Fprintln(os.Stderr, line) }
	log("building the yardsticks")
	if err := buildTools(ctx, tools); err != nil {
		return err
	}
	if source == "" {
		return growth(ctx, os.Stdout, tools, tmp, rounds, log)
	}
	b, err := newWorkbench(source, tmp, tools)
	if err != nil {
		return err
	}
	subjects, err := b.subjects(cold)
	if err != nil {
		return err
	}
	subjects = slices.DeleteFunc(subjects, func(s *Subject) bool { return !wanted.MatchString(s.Name) })
	log("warming up: one round that is not counted")
	warm := make([]*Subject, 0, len(subjects))
	for _, s := range subjects {
		if s.Runs == 0 && !s.Warm {
			warm = append(warm, s)
		}
	}
	if _, err := measure(ctx, b.dir, warm, 1, log); err != nil {
		return err
	}
	figures, err := measure(ctx, b.dir, subjects, rounds, log)
	if err != nil {
		return err
	}
	size, err := b.size(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n\n%s, %d CPUs, %s/%s\n\n", size, runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	writeTable(os.Stdout, subjects, figures)
	fmt.Println()
	writeRatios(os.Stdout, subjects, figures)
	if svg != "" {
		return writeChart(svg, subjects, figures)
	}
	return nil
}

// buildTools builds what is measured, at the versions that go.mod pins.
func buildTools(ctx context.Context, dir string) error {
	for _, pkg := range []string{
		"github.com/poollint/poollint/cmd/poollint",
		"github.com/poollint/poollint/bench/multichecker",
		"github.com/poollint/poollint/bench/golangci",
		"honnef.co/go/tools/cmd/staticcheck",
	} {
		cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
		}
	}
	return nil
}
