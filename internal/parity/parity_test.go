// Package parity holds the ways in which poollint runs to one answer: the
// command itself, go vet, and any build system that speaks go vet's protocol.
package parity

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(cacheDir); dir != "" {
		serveCache(dir, os.Stdin, os.Stdout)
		return
	}
	drivertest.Main(m)
}

// eachModule runs a test for each module, one at a time: each uses all CPUs.
func eachModule(t *testing.T, test func(t *testing.T, dir string)) {
	if testing.Short() {
		t.Skip("runs the go command on every module of examples/ and testdata/")
	}
	root := drivertest.Root(t)
	for _, module := range drivertest.Modules(t) {
		name, err := filepath.Rel(root, module)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) { test(t, module) })
	}
}

func TestVet(t *testing.T) {
	eachModule(t, func(t *testing.T, dir string) {
		drivertest.Compare(t, "go vet", drivertest.Vet(t, dir, "./..."), "poollint", drivertest.Standalone(t, dir, "./..."))
	})
}

// A build system other than go vet speaks its protocol. One module does: TestVet has them all.
func TestUnits(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the command for each package, the standard library's too")
	}
	dir := filepath.Join(drivertest.Root(t), "testdata", "service")
	drivertest.Compare(t, "unit by unit", drivertest.Units(t, dir), "poollint", drivertest.Standalone(t, dir, "./..."))
}
