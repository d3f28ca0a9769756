package budget

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/pgtest"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/watch"
)

// runSuite is the first argument that makes the test binary run a suite's test binaries.
const runSuite = "run-generated-suite"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == runSuite {
		if err := runBinaries(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// suites returns how many suites to generate, and the first seed: POOLLINT_BUDGET_SUITES=200,
// POOLLINT_BUDGET_SEED=17.
func suites(t *testing.T) (n int, first uint64) {
	n, first = 3, 7
	if text := os.Getenv("POOLLINT_BUDGET_SUITES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	if text := os.Getenv("POOLLINT_BUDGET_SEED"); text != "" {
		var err error
		if first, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return n, first
}

// TestBoundHolds generates suites and runs them on a real server: no peak passes its bound. Where a
// bound is more than three times the peak, the report says why it is loose; where there is none,
// why there is none.
func TestBoundHolds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles and runs test binaries")
	}
	server := pgtest.Start(t, "max_connections=300")
	n, first := suites(t)
	var all []*suite
	for i := range n {
		all = append(all, generate(first+uint64(i)))
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	layOut(t, dir, all)
	compile(t, dir)
	records, failures, err := read(context.Background(), Analysis{Dir: dir, Patterns: []string{"./..."}}, nil, "")
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	var looseness []float64
	unbounded := 0
	shown := func(file string) string { return printable.Path(dir, file) }
	for _, s := range all {
		report := plan(Run{Packages: s.p, Parallel: s.parallel, CPUs: runtime.NumCPU(), Limit: 97, Count: s.count}, of(s, records), shown)
		peak := measure(t, server.URL(), dir, s)
		if len(report.Servers) != 1 {
			t.Errorf("%s: servers %+v, want one", s, report.Servers)
			continue
		}
		bound := report.Servers[0]
		text := &strings.Builder{}
		if err := report.WriteText(text); err != nil {
			t.Fatal(err)
		}
		switch {
		case peak == 0:
			t.Errorf("%s: no connection was seen", s)
		case bound.Unbounded:
			unbounded++
			t.Logf("%s", text)
			if len(bound.Reasons) == 0 || bound.Reasons[0].Where == "" {
				t.Errorf("%s: no bound, and no reason with its line:\n%s", s, text)
			}
		case peak > bound.Worst:
			t.Errorf("%s: the peak is %d, the bound %d:\n%s\n%s", s, peak, bound.Worst, text, s.source())
		case peak*3 < bound.Worst && len(bound.Notes) == 0:
			t.Errorf("%s: the peak is %d, the bound %d, and nothing says why it is so loose:\n%s\n%s", s, peak, bound.Worst, text, s.source())
		default:
			looseness = append(looseness, float64(bound.Worst)/float64(peak))
		}
		t.Logf("%s: peak %d, worst case %s", s, peak, bound.Need)
	}
	if slices.Sort(looseness); len(looseness) > 0 {
		t.Logf("%d suites, %d without bound; bound by peak: median %.2f, worst %.2f", len(all), unbounded, looseness[len(looseness)/2], looseness[len(looseness)-1])
	}
}

// source returns the code of a suite.
func (s *suite) source() string {
	var b strings.Builder
	for name, text := range s.files {
		fmt.Fprintf(&b, "-- %s --\n%s\n", name, strings.Replace(text, imports, "", 1))
	}
	return b.String()
}

// of returns the records of a suite's packages.
func of(s *suite, all []record) []record {
	return slices.DeleteFunc(slices.Clone(all), func(r record) bool {
		return !slices.Contains(s.packages, strings.TrimSuffix(strings.TrimPrefix(r.Package, modulePath+"/"), "_test"))
	})
}

// layOut writes the module.
func layOut(t *testing.T, dir string, all []*suite) {
	t.Helper()
	hold, err := os.ReadFile("testdata/property/hold.go")
	if err != nil {
		t.Fatal(err)
	}
	testpool, err := filepath.Abs("../../testpool")
	if err != nil {
		t.Fatal(err)
	}
	const withLibraries = "../../analyzers/missingcleanup/testdata/"
	mod, err := os.ReadFile(withLibraries + "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(withLibraries + "go.sum")
	if err != nil {
		t.Fatal(err)
	}
	mod = fmt.Appendf(mod, "\nrequire github.com/poollint/poollint/testpool v0.0.0\n\nreplace github.com/poollint/poollint/testpool => %s\n", testpool)
	files := map[string]string{
		"hold/hold.go": string(hold), "go.sum": string(sum),
		"go.mod": strings.Replace(string(mod), "module example.com/cleanup", "module "+modulePath, 1),
	}
	for _, s := range all {
		for name, text := range s.files {
			files[name] = withFrameworks(text)
		}
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// compile makes the test binaries, in the folder bin.
func compile(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "test", "-mod=mod", "-c", "-vet=off", "-ldflags=-s -w", "-o", "bin/", "./...")
	build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
}

// measure runs a suite and returns the most connections that it had at once.
func measure(t *testing.T, dsn, dir string, s *suite) int {
	t.Helper()
	result := filepath.Join(t.TempDir(), "watch.json")
	flags := fmt.Sprintf("-test.parallel=%d -test.count=%d", s.parallel, s.count)
	if s.specs {
		flags = ""
	}
	args := []string{"-dsn", dsn, "-every", "3ms", "-limit", "1000", "-after", "1000", "-format", "json=" + result, "--", os.Args[0], runSuite, dsn, strconv.Itoa(s.p), flags}
	for _, pkg := range s.packages {
		args = append(args, filepath.Join(dir, "bin", pkg+".test"))
	}
	var out strings.Builder
	if status := watch.New(nil).Main(context.Background(), args, &out, &out); status != 0 {
		t.Fatalf("%s: status %d: %s\n%s", s, status, &out, s.source())
	}
	data, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	var measured struct {
		Total struct {
			Peak int `json:"peak"`
		} `json:"total"`
	}
	if err := json.Unmarshal(data, &measured); err != nil {
		t.Fatal(err)
	}
	return measured.Total.Peak
}

// runBinaries runs test binaries as go test does, -p at once. Between two of them it waits until the
// server has ended the connections of the first, which takes it a moment.
func runBinaries(dsn string, args []string) error {
	p, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	turns := make(chan bool, p)
	var group sync.WaitGroup
	errs := make([]error, len(args))
	flags := strings.Fields(args[1])
	for i, binary := range args[2:] {
		turns <- true
		group.Go(func() {
			defer func() { <-turns }()
			log := binary + ".pids"
			defer os.Remove(log)
			cmd := exec.Command(binary, flags...)
			cmd.Env = append(os.Environ(), "DATABASE_URL="+dsn, "DATABASE_URL_TEST="+dsn, "HOLD_LOG="+log)
			if out, err := cmd.CombinedOutput(); err != nil {
				errs[i] = fmt.Errorf("%s: %w: %s", binary, err, out)
			}
			waitGone(log)
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// waitGone waits until the processes that a file lists are gone.
func waitGone(file string) {
	f, err := os.Open(file)
	if err != nil {
		return // nothing was opened
	}
	defer f.Close()
	deadline := time.Now().Add(3 * time.Second)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		for time.Now().Before(deadline) {
			if _, err := os.Stat("/proc/" + lines.Text()); err != nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
}
