package parity

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/drivertest"
)

// wrong are words that, in the place of a name, leave code that parses and
// whose types are not what an analyzer expects of it.
var wrong = []string{"missing", "nil", "0", `""`, "string", "len", "new", "func() {}", "struct{}{}"}

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
				if _, report, crashed := strings.Cut(out.Stderr, "internal error"); crashed || out.Status != 2 {
					t.Fatalf("seed %d: exit status %d: %.4000s", seed, out.Status, report)
				}
			}
		})
	}
}

// breakFiles puts a wrong word in the place of one name in twenty, or so, of
// every other file.
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
		return os.WriteFile(path, []byte(broken(string(text), random)), 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func broken(text string, random *rand.Rand) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return text
	}
	var b strings.Builder
	done := 0
	for _, decl := range file.Decls {
		ast.Inspect(decl, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok && random.IntN(20) == 0 {
				start := fset.Position(name.Pos()).Offset
				fmt.Fprint(&b, text[done:start], wrong[random.IntN(len(wrong))])
				done = start + len(name.Name)
			}
			return true
		})
	}
	return b.String() + text[done:]
}
