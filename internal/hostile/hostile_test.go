// Package hostile holds code that is made to cost the command as much as it can,
// and holds the command to a cost that grows with the size of its input alone:
//
//	go test ./internal/hostile                          # each shape once, small
//	go test ./internal/hostile -run=^$ -bench=. -benchtime=1x -timeout=1h
//
// The benchmark prints what a run costs beyond one without the shape, at one, two
// and four times its size, and by which factors that grew: 2 is linear. A shape is
// a row of the table of its family, a file each.
package hostile

import (
	"cmp"
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

// lint runs the command on the neighbour and the files, within limits that end
// it before it harms the machine.
func lint(t testing.TB, files map[string]string) run {
	t.Helper()
	module := maps.Clone(neighbour)
	maps.Copy(module, files)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -t 20; ulimit -v 8000000; exec "$@"`, "sh",
		drivertest.Poollint, "-cache=off", "-progress=off", "-format=json", "./...")
	cmd.Dir = drivertest.Write(t, module)
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("the run was cut off or could not analyse all: %v\n%.2000s", err, stderr(err))
	}
	var report struct {
		Findings []place
		Notes    []note
	}
	drivertest.Decode(t, string(out), &report)
	return run{
		cpu:    cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		memory: cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10,
		notes:  report.Notes,
		told: slices.DeleteFunc(report.Findings, func(p place) bool {
			return !strings.HasPrefix(p.Path, "neighbour")
		}),
	}
}

func stderr(err error) []byte {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.Stderr
	}
	return nil
}

// misses returns the findings of the neighbour that only the other run tells.
func (r run) misses(other run) []place {
	return slices.DeleteFunc(slices.Clone(other.told), func(p place) bool { return slices.Contains(r.told, p) })
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

func TestNeighbourIsTold(t *testing.T) {
	t.Parallel()
	empty := lint(t, nil)
	if len(empty.told) < 3 {
		t.Fatalf("alone, the neighbour has the findings %v", empty.told)
	}
	for _, s := range slices.Concat(families...) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := lint(t, s.files(min(s.size, 20)))
			if lost := r.misses(empty); len(lost) > 0 {
				t.Errorf("not told: %v", lost)
			}
		})
	}
}

func BenchmarkShapes(b *testing.B) {
	empty := lint(b, nil)
	for _, s := range slices.Concat(families...) {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				before := time.Duration(0)
				for _, times := range []int{1, 2, 4} {
					at := "@" + strconv.Itoa(times) + "x"
					r := lint(b, s.files(times*s.size))
					cpu, memory := r.cpu-empty.cpu, r.memory-empty.memory
					b.ReportMetric(cpu.Seconds(), "s"+at)
					b.ReportMetric(float64(memory>>20), "MiB"+at)
					if before > 0 {
						growth := measurable(cpu) / measurable(before)
						b.ReportMetric(growth, "growth"+at)
						if growth > maxGrowth {
							b.Logf("%d: grew by %.1f", times*s.size, growth)
						}
					}
					if before = cmp.Or(cpu, 1); cpu > maxCPU || memory > maxMemory {
						b.Errorf("%d: %v and %d MiB beyond an empty run", times*s.size, cpu, memory>>20)
					}
					if lost := r.misses(empty); len(lost) > 0 {
						b.Errorf("%d: not told: %v", times*s.size, lost)
					}
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// measurable returns a time in seconds, and what is too short to be compared as
// the least that is not.
func measurable(d time.Duration) float64 { return max(d, 200*time.Millisecond).Seconds() }
