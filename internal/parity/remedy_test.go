package parity

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/drivertest"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/passtest"
)

// libraries are what the remedies are tried on: the real ones that newpool's tests use.
var libraries = []string{
	"database/sql", "github.com/go-pg/pg/v10", "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn", "github.com/jackc/pgx/v5/pgxpool",
	"github.com/jackc/pgx/v5/stdlib", "github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/redis/go-redis/v9",
	"github.com/uptrace/bun", "go.mongodb.org/mongo-driver/v2/mongo", "gorm.io/gorm", "xorm.io/xorm",
}

// Each remedy for each opener of the catalogue, in a test that opens with it and does nothing
// else, compiles: all are made by -fix, after which nothing is left to find.
func TestRemedies(t *testing.T) {
	if testing.Short() {
		t.Skip("reads libraries")
	}
	t.Parallel()
	testdata := filepath.Join(drivertest.Root(t), "analyzers", "newpool", "testdata")
	module := drivertest.Read(t, testdata)
	files := map[string]string{"go.mod": module["go.mod"], "go.sum": module["go.sum"], "loaded.go": "package remedies\n"}
	for _, path := range libraries {
		files["loaded.go"] += fmt.Sprintf("\nimport _ %q\n", path)
	}
	dir := drivertest.Write(t, files)
	code := &openings{imports: map[string]string{}}
	packages := map[string]*types.Package{}
	for _, a := range passtest.Analyse(t, nil, dir, ".") {
		for _, pkg := range a.Pkg.Imports() {
			packages[pkg.Path()] = pkg
		}
	}
	rows := slices.SortedFunc(dbapi.Openers(), func(a, b *dbapi.Opener) int { return strings.Compare(string(a.Name), string(b.Name)) })
	for _, row := range rows {
		if pkg := packages[row.Name.Package()]; pkg != nil && row.Kind != dbapi.Wrapper {
			code.add(pkg, row)
		}
	}
	files["opening_test.go"] = code.String()
	dir = drivertest.Write(t, files)
	compiles(t, dir, "generated", files["opening_test.go"])
	fix := []string{"-cache=off", "-rules=missingcleanup,poollimit", "-fix", "."}
	out := drivertest.Run(t, dir, drivertest.Poollint, fix...)
	fixed := drivertest.Read(t, dir)["opening_test.go"]
	if out.Status != 0 || strings.Count(out.Stderr, "findings fixed") != 1 {
		t.Errorf("some remedy does not do, or takes others:\n%s%s\n%s", out.Stdout, out.Stderr, fixed)
	}
	compiles(t, dir, "fixed", fixed)
	for name, count := range map[string]int{"t.Cleanup(": code.tests, ".SetMaxOpenConns(": 8, "Rollback(": 8, ".MaxConns = ": 2, ".PoolSize = ": 1} {
		if got := strings.Count(fixed, name); got < count {
			t.Errorf("%d of %d tests have %s:\n%s", got, code.tests, name, fixed)
		}
	}
}

// compiles fails the test if a package does not type-check, and shows its text then. Our own driver says
// so without compiling the libraries.
func compiles(t *testing.T, dir, what, text string) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("what is %s:\n%s", what, text)
		}
	}()
	passtest.Analyse(t, nil, dir, ".")
}

// openings is a test file with a test for each opener.
type openings struct {
	imports map[string]string // names by path
	body    strings.Builder
	tests   int
}

// add adds a test that opens with the row's function, if its types have names.
func (o *openings) add(pkg *types.Package, row *dbapi.Opener) {
	owner, name, method := strings.Cut(strings.TrimPrefix(string(row.Name), "("+pkg.Path()+"."), ").")
	var call string
	var sig *types.Signature
	if method {
		if t, fn := exported(pkg, owner, name); fn != nil {
			call, sig = "given["+o.name(t)+"]()."+name, fn.Signature()
		}
	} else {
		name = strings.TrimPrefix(string(row.Name), pkg.Path()+".")
		if fn, ok := pkg.Scope().Lookup(name).(*types.Func); ok {
			call, sig = o.qualifier(pkg)+"."+name, fn.Signature()
		}
	}
	if sig == nil {
		return
	}
	var args []string
	var given strings.Builder // local variables: where a configuration is one, a fix can set its limit
	for i := range sig.Params().Len() {
		p := sig.Params().At(i).Type()
		switch {
		case sig.Variadic() && i == sig.Params().Len()-1:
		case i == row.Driver:
			args = append(args, `"postgres"`)
		case dbapi.TypeName(p) == "context.Context":
			args = append(args, "context.Background()")
		case types.Identical(p.Underlying(), types.Typ[types.String]):
			args = append(args, `os.Getenv("DSN")`)
		default:
			args = append(args, fmt.Sprintf("arg%d", i))
			fmt.Fprintf(&given, "\targ%d := given[%s]()\n", i, o.name(p))
		}
	}
	o.tests++
	results := make([]string, sig.Results().Len())
	for i := range results {
		results[i] = "_"
	}
	results[0] = "v"
	check := ""
	if last := len(results) - 1; flow.IsError(sig.Results().At(last).Type()) {
		results[last], check = "err", "\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n"
	}
	fmt.Fprintf(&o.body, "\nfunc TestOpening%d(t *testing.T) {\n%s\t%s := %s(%s)\n%s\t_ = v\n}\n", o.tests, given.String(), strings.Join(results, ", "), call, strings.Join(args, ", "), check)
}

// exported returns a method of a type, with an exported type that has it.
func exported(pkg *types.Package, owner, name string) (types.Type, *types.Func) {
	methodOf := func(typ string) (types.Type, *types.Func) {
		obj, ok := pkg.Scope().Lookup(typ).(*types.TypeName)
		if !ok {
			return nil, nil
		}
		t := obj.Type()
		if !types.IsInterface(t) {
			t = types.NewPointer(t)
		}
		method, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
		fn, _ := method.(*types.Func)
		return t, fn
	}
	t, fn := methodOf(owner)
	if fn == nil || token.IsExported(owner) {
		return t, fn
	}
	for _, typ := range pkg.Scope().Names() {
		if t, promoted := methodOf(typ); token.IsExported(typ) && promoted == fn {
			return t, fn
		}
	}
	return nil, nil
}

func (o *openings) name(t types.Type) string { return types.TypeString(t, o.qualifier) }

func (o *openings) qualifier(pkg *types.Package) string {
	if o.imports[pkg.Path()] == "" {
		o.imports[pkg.Path()] = "p" + strconv.Itoa(len(o.imports))
	}
	return o.imports[pkg.Path()]
}

func (o *openings) String() string {
	var b strings.Builder
	b.WriteString("package remedies\n\nimport (\n\t\"context\"\n\t\"os\"\n\t\"testing\"\n\n")
	for _, path := range slices.Sorted(maps.Keys(o.imports)) {
		fmt.Fprintf(&b, "\t%s %q\n", o.imports[path], path)
	}
	b.WriteString(")\n\nvar source func() any\n\nfunc given[T any]() T {\n\tv, _ := source().(T)\n\treturn v\n}\n")
	b.WriteString(o.body.String())
	return b.String()
}
