package parity

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
)

// pools is a module whose tests open pools, through a function of another package.
var pools = map[string]string{
	"go.mod": "module example.com/pools\n\ngo 1.26\n",
	"store/store.go": `package store

import "database/sql"

func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) }
`,
	"orders/orders_test.go": `package orders

import (
	"os"
	"testing"

	"example.com/pools/store"
)

func TestOrders(t *testing.T) {
	db, err := store.Open(os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
}
`,
}

// A counted vettool notes the units that go vet has it analyse.
type counted struct{ tool, log string }

func count(t *testing.T) counted {
	dir := t.TempDir()
	c := counted{filepath.Join(dir, "poollint"), filepath.Join(dir, "log")}
	script := "#!/bin/sh\ncase \"$*\" in *.cfg) pwd >>" + c.log + ";; esac\nexec " + drivertest.Poollint + " \"$@\"\n"
	if err := os.WriteFile(c.tool, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	return c
}

// vet returns the findings and the number of units that were analysed for them.
func (c counted) vet(t *testing.T, env drivertest.Env, dir string) (findings []drivertest.Finding, units int) {
	t.Helper()
	out := env.Run(t, dir, "go", "vet", "-vettool="+c.tool, "-json", "./...")
	if out.Status != 0 {
		t.Fatalf("go vet: %s", out.Stderr)
	}
	log, err := os.ReadFile(c.log)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	os.Remove(c.log)
	return drivertest.VetFindings(t, dir, out.Stdout), strings.Count(string(log), "\n")
}

// go vet keeps what a tool said, by what the tool says of itself and by the Go files. A change
// of any other input must bring a new answer, and no change the old one. Each change has go vet
// vet all dependencies anew: so for each alone the tool is asked, and go vet for all at once.
func TestVetCacheSeesOtherFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	t.Parallel()
	dir, tool := drivertest.Copy(t, filepath.Join(drivertest.Root(t), "testdata", "service")), count(t)
	before, _ := tool.vet(t, nil, dir)
	if again, units := tool.vet(t, nil, dir); units > 0 || !slices.Equal(again, before) {
		t.Errorf("nothing changed, and %d units are analysed again", units)
	}
	identity := func() string { return drivertest.Run(t, dir, tool.tool, "-V=full").Stdout }
	was := identity()
	for _, change := range drivertest.Changes {
		undo := change.Make(t, dir)
		if identity() == was {
			t.Errorf("%s changed: the tool calls itself what it was", change.File)
		}
		undo()
	}
	if now := identity(); now != was {
		t.Errorf("nothing is changed any more: the tool calls itself %q, not %q", now, was)
	}
	drivertest.Freshness(t, "go vet", dir, drivertest.Changes, func(t *testing.T) []drivertest.Finding {
		t.Helper()
		findings, _ := tool.vet(t, nil, dir)
		return findings
	})
}

// Two checkouts that share a build cache through GOCACHEPROG: the second has
// nothing to analyse. Without -trimpath the go command keys a package by its
// directory; with it the second checkout is told the paths of the first.
func TestSharedCache(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tool := count(t)
	local := strings.TrimSpace(drivertest.Run(t, ".", "go", "env", "GOCACHE").Stdout)
	env := drivertest.Env{"GOCACHE=" + local, "GOCACHEPROG=" + self, cacheDir + "=" + t.TempDir(), "CGO_ENABLED=0", "GOFLAGS=-trimpath"}

	first, units := tool.vet(t, env, drivertest.Write(t, pools))
	if units == 0 || len(first) == 0 {
		t.Fatalf("the first checkout: %d units, %d findings", units, len(first))
	}
	clean := drivertest.Write(t, pools)
	_, units = tool.vet(t, env, clean)
	if units != 0 {
		t.Errorf("the second checkout: %d units analysed", units)
	}
	if err := os.WriteFile(filepath.Join(clean, "orders/more.go"), []byte("package orders\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	changed, units := tool.vet(t, env, clean)
	if units != 1 {
		t.Errorf("one package changed: %d units analysed", units)
	}
	if !slices.Equal(changed, first) {
		t.Errorf("one package changed: %v instead of %v", changed, first)
	}
}
