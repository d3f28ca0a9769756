package parity

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
)

func TestVetFix(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	t.Parallel()
	service := filepath.Join(drivertest.Root(t), "testdata", "service")
	byCommand, byVet := drivertest.Copy(t, service), drivertest.Copy(t, service)
	before := drivertest.Read(t, byVet)

	diff := drivertest.Run(t, byVet, "go", "vet", "-vettool="+drivertest.Poollint, "-fix", "-diff", "./...")
	if !strings.Contains(diff.Stdout, "\n+") || !strings.Contains(diff.Stdout, "_test.go") {
		t.Errorf("go vet -diff prints\n%s%s", diff.Stdout, diff.Stderr)
	}
	if !maps.Equal(drivertest.Read(t, byVet), before) {
		t.Error("go vet -diff changes files")
	}

	drivertest.Run(t, byCommand, drivertest.Poollint, "-fix", "./...")
	after := drivertest.Read(t, byCommand)
	if maps.Equal(after, before) {
		t.Error("poollint -fix changes nothing")
	}
	fix := drivertest.Run(t, byVet, "go", "vet", "-vettool="+drivertest.Poollint, "-fix", "./...")
	if fix.Status != 0 {
		t.Errorf("go vet -fix: exit status %d\n%s", fix.Status, fix.Stderr)
	}
	for name, got := range drivertest.Read(t, byVet) {
		if got != after[name] {
			t.Errorf("go vet -fix leaves %s as\n%s\nand poollint -fix as\n%s", name, got, after[name])
		}
	}
	if out := drivertest.Run(t, byVet, "go", "vet", "./..."); out.Status != 0 {
		t.Errorf("what is fixed does not compile:\n%s", out.Stderr)
	}
}
