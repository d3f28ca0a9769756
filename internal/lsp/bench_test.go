package lsp

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/driver"
)

// BenchmarkSave is how long an editor waits for the diagnostics of a file that it saves, each time
// with another line in it: POOLLINT_BENCH_FILE in the module POOLLINT_BENCH_DIR. The run before has ended, also
// on the packages that import the file's. It prints the median and the 99th percentile in milliseconds. The file is written, and is in the end as it was.
func BenchmarkSave(b *testing.B) {
	dir, file := os.Getenv("POOLLINT_BENCH_DIR"), os.Getenv("POOLLINT_BENCH_FILE")
	if dir == "" {
		dir = tree(b, moduleFiles)
		file = dir + "/store/store_test.go"
	}
	original, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	defer os.WriteFile(file, original, 0o666)
	store, err := cache.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	c := dial(b, func(ctx context.Context, r Run) (*driver.Result, error) { return analyseIn(ctx, store, r) })
	c.initialize(setup{params: map[string]any{"initializationOptions": map[string]any{"severity": "info"}}})
	version := 1
	save := func() time.Duration {
		version++
		text := fmt.Sprintf("%s\n// edit %d\n", original, version)
		c.replace(file, version, text)
		write(b, file, text)
		start := time.Now()
		c.save(file)
		c.within(long, "the diagnostics", func() bool { return c.versions[file] == version })
		took := time.Since(start)
		c.ended(file)
		return took
	}
	c.open(file, string(original))
	c.within(long, "the first diagnostics", func() bool { return c.versions[file] == 1 })
	for range 3 {
		save() // loads all that there is
	}
	var took []time.Duration
	for b.Loop() {
		took = append(took, save())
	}
	slices.Sort(took)
	at := func(share int) float64 { return float64(took[(len(took)-1)*share/100].Microseconds()) / 1000 }
	b.ReportMetric(at(50), "median-ms")
	b.ReportMetric(at(99), "p99-ms")
}
