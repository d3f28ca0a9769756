package parity

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/brokencode"
	"github.com/poollint/poollint/internal/drivertest"
)

// Code that does not type-check is analysed as far as it goes: whatever is
// wrong in it, no analyzer panics. POOLLINT_BROKEN_STEPS sets how often each
// module is broken, in another way each time.
func TestBrokenCode(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the command on every rule's testdata")
	}
	steps := 1
	if n, err := strconv.Atoi(os.Getenv("POOLLINT_BROKEN_STEPS")); err == nil {
		steps = n
	}
	modules, err := filepath.Glob(filepath.Join(drivertest.Root(t), "analyzers/*/testdata/go.mod"))
	if err != nil || len(modules) == 0 {
		t.Fatalf("%d modules, %v", len(modules), err)
	}
	for _, module := range modules {
		module = filepath.Dir(module)
		t.Run(filepath.Base(filepath.Dir(module)), func(t *testing.T) {
			t.Parallel()
			for range steps {
				seed := uint64(time.Now().UnixNano())
				dir := drivertest.Copy(t, module)
				breakFiles(t, dir, rand.New(rand.NewPCG(seed, 0)))
				out := drivertest.Run(t, dir, drivertest.Poollint, "-cache=off", "-v", "./...")
				if at := strings.Index(out.Stderr, "goroutine "); at >= 0 || out.Status > 2 {
					t.Fatalf("seed %d: exit status %d: %.6000s", seed, out.Status, out.Stderr[max(0, at-400):])
				}
			}
		})
	}
}

// breakFiles breaks every other file.
func breakFiles(t *testing.T, dir string, random *rand.Rand) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || random.IntN(2) == 0 {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(brokencode.Break(string(text), 20<<random.IntN(6), random)), 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
}
