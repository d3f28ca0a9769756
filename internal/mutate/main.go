// Mutate measures how much the tests of a package notice: it changes one line, runs
// the tests that cover the package and sees whether one fails.
//
//	go run ./internal/mutate [-n MUTANTS] [-seed N] [-min PERCENT] [PACKAGE…]
//
// It prints how many of the mutants of each package were killed, and which were
// not, and fails where fewer were killed than -min says. The working tree stays as it
// is: the go command is told of the change by an overlay. A mutant that does not
// compile does not count. The same seed gives the same mutants of the same code.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
)

// targets are the packages to measure, with those whose tests cover them beside their
// own, in the order in which they are run.
var targets = []target{
	{"flow", []string{"internal/lifecycle", "internal/ownership", "internal/capacity", "internal/parallel"}},
	{"lifecycle", []string{"analyzers/newpool", "analyzers/missingcleanup", "analyzers/poollimit"}},
	{"ownership", []string{"analyzers/missingcleanup"}},
	{"capacity", []string{"analyzers/poollimit"}},
	{"sqltext", []string{"analyzers/tenantfilter"}},
	{"sqltext/value", []string{"internal/sqltext", "internal/sqltext/builder", "analyzers/tenantfilter"}},
	{"sqltext/builder", []string{"internal/sqltext", "analyzers/tenantfilter"}},
	{"tenancy", []string{"analyzers/tenantfilter"}},
	{"schema", []string{"analyzers/tenantfilter"}},
	{"driver", nil},
}

type target struct {
	name  string   // below internal/
	tests []string // folders
}

func main() {
	n := flag.Int("n", 20, "how many `mutants` to make of each package")
	seed := flag.Uint64("seed", 1, "chooses the mutants")
	least := flag.Int("min", 85, "how many `percent` of the mutants of a package must be killed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, flag.Args(), *n, *seed, *least); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, names []string, n int, seed uint64, least int) error {
	const row = "%-15s  %6v  %8v  %7v\n"
	fmt.Fprintf(out, row, "package", "killed", "survived", "percent")
	var failed []error
	for _, t := range targets {
		if len(names) > 0 && !slices.Contains(names, t.name) {
			continue
		}
		killed, alive, err := t.measure(ctx, n, seed)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", t.name, err))
			continue
		}
		percent := 100 * killed / max(1, killed+len(alive))
		fmt.Fprintf(out, row, t.name, killed, len(alive), percent)
		for _, m := range alive {
			fmt.Fprintln(out, "   ", m)
		}
		if percent < least {
			failed = append(failed, fmt.Errorf("%s: less than %d percent were killed", t.name, least))
		}
	}
	return errors.Join(failed...)
}

func (t target) dir() string { return filepath.Join("internal", t.name) }

// measure makes n mutants and returns how many were killed, and the others.
func (t target) measure(ctx context.Context, n int, seed uint64) (killed int, alive []mutant, err error) {
	all, err := mutants(t.dir())
	if err != nil {
		return 0, nil, err
	}
	name := fnv.New64a()
	name.Write([]byte(t.name))
	random := rand.New(rand.NewPCG(seed, name.Sum64()))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	tests := append([]string{t.dir()}, t.tests...)
	for _, dir := range tests {
		if v, output := test(ctx, dir, ""); v != survived {
			return 0, nil, fmt.Errorf("the tests fail without a change:\n%s", output)
		}
	}
	for _, m := range all {
		if killed+len(alive) == n || ctx.Err() != nil {
			break
		}
		v, err := m.run(ctx, tests)
		switch {
		case err != nil:
			return 0, nil, err
		case v == dead:
			killed++
		case v == survived:
			alive = append(alive, m)
		}
	}
	return killed, alive, ctx.Err()
}

type verdict int

const (
	survived verdict = iota
	dead
	uncompiled
)

// run tests the mutant in one folder after the other until it is killed.
func (m mutant) run(ctx context.Context, tests []string) (verdict, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	source, err := os.ReadFile(m.pos.Filename)
	if err != nil {
		return 0, err
	}
	path, err := filepath.Abs(m.pos.Filename)
	if err != nil {
		return 0, err
	}
	changed, overlay := filepath.Join(dir, filepath.Base(m.pos.Filename)), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if err != nil {
		return 0, err
	}
	if err := errors.Join(os.WriteFile(changed, m.apply(source), 0o666), os.WriteFile(overlay, list, 0o666)); err != nil {
		return 0, err
	}
	for _, dir := range tests {
		if v, _ := test(ctx, dir, overlay); v != survived {
			return v, nil
		}
	}
	return survived, nil
}

// test runs the tests of a folder. What takes too long has found an endless loop.
func test(ctx context.Context, dir, overlay string) (verdict, []byte) {
	args := []string{"test", "-short", "-run=^Test", "-vet=off", "-failfast", "-timeout=2m"}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+dir)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	output, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return survived, output
	case bytes.Contains(output, []byte("[build failed]")):
		return uncompiled, output
	}
	return dead, output
}
