// Package hostile holds code that is made to cost the command as much as it can,
// and holds the command to a cost that grows with the size of its input alone:
//
//	go test ./internal/hostile                          # each shape once, small
//	go test ./internal/hostile -run=^$ -bench=. -benchtime=1x -timeout=1h
//
// The benchmark prints what a run costs beyond one without the shape, at one, two
// and four times its size, and by which factor that grew: 2 is linear. It fails
// where a run costs too much, or where a second and more grew by too much. A shape
// is a row of the table of its family, a file each.
package hostile

import (
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/drivertest"
)

func TestMain(m *testing.M) { drivertest.Main(m) }

// A shape is a way to write code that may cost more than its size.
type shape struct {
	name  string
	size  int // how many of what it repeats make it costly
	files func(n int) map[string]string
}

// families lists the tables of shapes.
var families = [][]shape{calls, flows, tests, texts, syntax, reports, queries, schemas, yamls}

// The bounds of a run beyond an empty one.
const (
	maxCPU    = 5 * time.Second
	maxMemory = 500 << 20
	maxGrowth = 2.3 // when the size doubles
)

// neighbour is code with a finding of several rules, in the package of the shape.
var neighbour = map[string]string{
	"go.mod":           "module example.com/app\n\ngo 1.26\n",
	"migrations/1.sql": "CREATE TABLE orders (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total int);\n",
	"neighbour.go": `package app

import "database/sql"

func clean(db *sql.DB) error {
	_, err := db.Exec("DELETE FROM orders WHERE total = 0")
	return err
}
`,
	"neighbour_test.go": `package app

import (
	"database/sql"
	"testing"
)

func TestNeighbour(t *testing.T) {
	db, err := sql.Open("postgres", "postgres://localhost/app")
	if err != nil {
		t.Fatal(err)
	}
	if err := clean(db); err != nil {
		t.Error(err)
	}
}
`,
}

// A place is where a finding of the neighbour stands.
type place struct {
	Rule, Path string
	Line       int
}

// A run is what one run of the command told of the neighbour, and cost.
type run struct {
	cpu    time.Duration
	memory int64 // bytes at its peak
	told   []place
	notes  []note
}

// A note is what the run did not look at.
type note struct{ Path, Message string }

// lint runs the command on packages of the files, all by default, within limits
// that end it before it harms the machine.
func lint(t testing.TB, files map[string]string, patterns ...string) (run, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -t 20; ulimit -v 8000000; exec "$@"`, "sh",
		drivertest.Poollint, "-cache=off", "-progress=off", "-format=json")
	cmd.Args = append(cmd.Args, patterns...)
	cmd.Dir = drivertest.Write(t, files)
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		return run{}, fmt.Errorf("the run was cut off or could not analyse all: %v\n%.2000s", err, stderr(err))
	}
	var report struct {
		Findings []place
		Notes    []note
	}
	drivertest.Decode(t, string(out), &report)
	return run{
		cpu:    cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		memory: cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10,
		told:   report.Findings,
		notes:  report.Notes,
	}, nil
}

// beside returns the neighbour with the files of a shape.
func beside(files map[string]string) map[string]string {
	module := maps.Clone(neighbour)
	maps.Copy(module, files)
	return module
}

// lintAll runs the command once on modules, in directories of their names, and
// returns what it told of each.
func lintAll(t testing.TB, modules map[string]map[string]string) (map[string]run, error) {
	t.Helper()
	files := map[string]string{"go.work": "go 1.26\n"}
	var patterns []string
	for name, module := range modules {
		patterns = append(patterns, "./"+name+"/...")
		files["go.work"] += "use ./" + name + "\n"
		for file, text := range module {
			files[name+"/"+file] = strings.ReplaceAll(text, "example.com/app", "example.com/"+name)
		}
	}
	all, err := lint(t, files, patterns...)
	runs := map[string]run{}
	for _, p := range all.told {
		name, file, _ := strings.Cut(p.Path, "/")
		r := runs[name]
		r.told = append(r.told, place{p.Rule, file, p.Line})
		runs[name] = r
	}
	for _, n := range all.notes {
		name, file, _ := strings.Cut(n.Path, "/")
		r := runs[name]
		r.notes = append(r.notes, note{file, n.Message})
		runs[name] = r
	}
	return runs, err
}

func stderr(err error) []byte {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.Stderr
	}
	return nil
}

// ofNeighbour returns the findings in the neighbour.
func (r run) ofNeighbour() []place {
	return slices.DeleteFunc(slices.Clone(r.told), func(p place) bool { return !strings.HasPrefix(p.Path, "neighbour") })
}

// misses returns the findings of the neighbour that only the other run tells.
func (r run) misses(other run) []place {
	return slices.DeleteFunc(other.ofNeighbour(), func(p place) bool { return slices.Contains(r.told, p) })
}

// each writes a text n times.
func each(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(nth(i, text))
	}
	return b.String()
}

// nth writes a text with the number for # and the next one for @.
func nth(i int, text string) string {
	return strings.NewReplacer("#", strconv.Itoa(i), "@", strconv.Itoa(i+1)).Replace(text)
}

// small is how many of what it repeats a shape has in the test.
const small = 20

func TestNeighbourIsTold(t *testing.T) {
	t.Parallel()
	empty, err := lint(t, neighbour)
	if err != nil {
		t.Fatal(err)
	}
	if len(empty.ofNeighbour()) < 3 {
		t.Fatalf("alone, the neighbour has the findings %v", empty.told)
	}
	together, runs := map[string]map[string]string{}, map[string]run{}
	for _, s := range slices.Concat(families...) {
		module := beside(s.files(min(s.size, small)))
		if module["go.mod"] == neighbour["go.mod"] {
			together[s.name] = module
		} else if runs[s.name], err = lint(t, module); err != nil { // what modules replace must not differ in a workspace
			t.Errorf("%s: %v", s.name, err)
		}
	}
	all, err := lintAll(t, together)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(runs, all)
	for _, s := range slices.Concat(families...) {
		if lost := runs[s.name].misses(empty); len(lost) > 0 {
			t.Errorf("%s: not told: %v", s.name, lost)
		}
	}
}

func BenchmarkShapes(b *testing.B) {
	empty, err := lint(b, neighbour)
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range slices.Concat(families...) {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				grow(b, s, empty)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// grow runs a shape at one, two and four times its size.
func grow(b *testing.B, s shape, empty run) {
	before := time.Duration(0)
	for _, n := range []int{s.size, 2 * s.size, 4 * s.size} {
		r, err := lint(b, beside(s.files(n)))
		if err != nil {
			b.Errorf("%d: %v", n, err)
			return
		}
		cpu, memory := r.cpu-empty.cpu, r.memory-empty.memory
		growth := 0.0
		if before > 0 {
			growth = measurable(cpu) / measurable(before)
		}
		b.Logf("%d: %.2f s, %d MiB, growth %.1f", n, cpu.Seconds(), memory>>20, growth)
		if cpu > maxCPU || memory > maxMemory || growth > maxGrowth && cpu > time.Second {
			b.Errorf("%d: too much", n)
		}
		if lost := r.misses(empty); len(lost) > 0 {
			b.Errorf("%d: not told: %v", n, lost)
		}
		before = max(cpu, 1)
	}
}

// measurable returns a time in seconds, and what is too short to be compared as
// the least that is not.
func measurable(d time.Duration) float64 { return max(d, 200*time.Millisecond).Seconds() }
