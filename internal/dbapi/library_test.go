package dbapi

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/passtest"
)

// TestOneFileALibrary holds the list to the files: a literal in each, all listed.
func TestOneFileALibrary(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	literals := 0
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if n := literalsIn(file); n > 1 {
			t.Errorf("%s has %d libraries", entry.Name(), n)
		} else {
			literals += n
		}
	}
	if literals != len(libraries) {
		t.Errorf("%d libraries have a file, %d are listed", literals, len(libraries))
	}
	for i, lib := range libraries {
		if slices.Contains(libraries[:i], lib) {
			t.Errorf("%v is listed twice", lib.Paths)
		}
	}
}

func literalsIn(file *ast.File) int {
	n := 0
	ast.Inspect(file, func(x ast.Node) bool {
		if lit, ok := x.(*ast.CompositeLit); ok {
			if id, ok := lit.Type.(*ast.Ident); ok && id.Name == "Library" {
				n++
			}
		}
		return true
	})
	return n
}

var (
	pathForm = regexp.MustCompile(`^[a-z0-9.]+(/[\w.-]+)*$`)
	nameForm = regexp.MustCompile(`^([A-Za-z]\w*\.)?[A-Za-z]\w*$`)
	typeForm = regexp.MustCompile(`^([A-Za-z]\w*|\*)$`)
)

func TestNamesAreWellFormed(t *testing.T) {
	t.Parallel()
	roots, paths := map[string]bool{}, map[string]*Library{}
	for _, lib := range libraries {
		for _, root := range lib.Paths {
			if !pathForm.MatchString(root) || withoutVersion(root) != root || roots[root] {
				t.Errorf("%q is no path, has a version or is a library's already", root)
			}
			roots[root] = true
		}
		for path := range lib.packages {
			if other := paths[path]; !pathForm.MatchString(path) || other != nil && other != lib {
				t.Errorf("%q is no path, or one of another library too", path)
			}
			paths[path] = lib
		}
		for _, p := range lib.Packages {
			for kind, names := range namesOf(&p) {
				checkNames(t, p.Paths+": "+kind, names, nameForm)
			}
			for _, q := range p.Queries {
				checkNames(t, p.Paths, strings.Fields(q.Types), typeForm)
				checkNames(t, p.Paths, strings.Fields(q.Names), nameForm)
			}
		}
		for _, m := range lib.Executes {
			checkNames(t, lib.Paths[0], strings.Fields(m.Types), typeForm)
			checkNames(t, lib.Paths[0], strings.Fields(m.Names), nameForm)
		}
	}
}

// namesOf returns the functions and types of a package by what is said of them,
// but for what its methods take.
func namesOf(p *Package) map[string][]string {
	var opens []string
	for _, o := range p.Opens {
		opens = append(opens, strings.Fields(o.names)...)
	}
	all := map[string][]string{
		"opens":    slices.Concat(opens, strings.Fields(p.Acquires), strings.Fields(p.Begins), strings.Fields(p.Prepares), strings.Fields(p.Wraps)),
		"releases": strings.Fields(p.Releases),
		"handles":  strings.Fields(p.Handles),
		"prepared": strings.Fields(p.Prepared),
		"chains":   strings.Fields(p.Chains),
		"names":    strings.Fields(p.Names),
		"parts":    strings.Fields(p.Parts),

		"configures": strings.Fields(p.Configures),
	}
	for name := range p.TakeBack {
		all["releases"] = append(all["releases"], name)
	}
	for name := range p.Texts {
		all["texts"] = append(all["texts"], name)
	}
	for name := range p.Migrates {
		all["migrates"] = append(all["migrates"], name)
	}
	all["empties"] = strings.Fields(p.Drops)
	for name := range p.Deletes {
		all["empties"] = append(all["empties"], name)
	}
	return all
}

func checkNames(t *testing.T, where string, names []string, form *regexp.Regexp) {
	t.Helper()
	for i, name := range names {
		if !form.MatchString(name) {
			t.Errorf("%s: %q is no name", where, name)
		}
		if slices.Contains(names[:i], name) {
			t.Errorf("%s: %s comes twice", where, name)
		}
	}
}

func TestRowsAreWellFormed(t *testing.T) {
	t.Parallel()
	for path, rows := range byPackage() {
		for m, row := range rows.openers {
			if row.Name != m.of(path) || row.Name.Package() != path || row.Name.member() != m {
				t.Errorf("%s of %s is called %s", m, path, row.Name)
			}
			if row.Kind.Own() && row.Limit == nil || !row.Kind.Own() && row.Over == None {
				t.Errorf("%s lacks a limit or the handle beneath", row.Name)
			}
		}
	}
	c := NewCatalogue([]string{"(*example.com/db.Store).Open"})
	if c.OpenerNamed("(example.com/db.Store).Open") == nil || c.OpenerNamed("(database/sql.DB).Begin") == nil || c.OpenerNamed("database/sql.Nothing") != nil {
		t.Error("a configured opener is not in the catalogue, or a built-in one, or one that there is not")
	}
}

// A fork has every row of its library.
func TestForks(t *testing.T) {
	t.Parallel()
	forks := 0
	for _, lib := range libraries {
		for _, fork := range lib.Paths[min(1, len(lib.Paths)):] {
			forks++
			if libraryAt(fork) != lib {
				t.Errorf("%s is not known as %s", fork, lib.Paths[0])
			}
			for path, own := range byPackage() {
				forked := forkOf(path, lib.Paths[0], fork)
				if own.library != lib || forked == "" {
					continue
				}
				got := byPackage()[forked]
				if got == nil || len(got.openers) < len(own.openers) || len(got.releases) < len(own.releases) ||
					len(got.queries) < len(own.queries) || len(got.handles) < len(own.handles) {
					t.Errorf("%s lacks rows of %s", forked, path)
				}
			}
		}
	}
	if forks == 0 {
		t.Error("there are no forks")
	}
	for path, want := range map[string]string{
		"example.com/a/v2/b": "gopkg.in/a.v2/b", "example.com/a/b": "gopkg.in/a/b", "example.com/a": "gopkg.in/a", "example.com/ab": "",
	} {
		if got := forkOf(path, "example.com/a", "gopkg.in/a"); got != want {
			t.Errorf("the fork of %s is %q, want %q", path, got, want)
		}
	}
}

func TestWithoutVersion(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"github.com/jackc/pgx/v5/pgxpool": "github.com/jackc/pgx/pgxpool", "github.com/jackc/pgx/v5": "github.com/jackc/pgx",
		"gopkg.in/reform.v1": "gopkg.in/reform", "gopkg.in/pg.v10/orm": "gopkg.in/pg/orm", "example.com/v2/a/v3": "example.com/a",
		"example.com/vet": "example.com/vet", "example.com/v2a": "example.com/v2a", "v": "v", "": "",
	} {
		if got := withoutVersion(path); got != want {
			t.Errorf("%s without a version is %s, want %s", path, got, want)
		}
	}
}

// TestRows holds the rows to the libraries that modules in testdata use.
func TestRows(t *testing.T) {
	t.Parallel()
	loaded := map[string]*types.Package{}
	for dir, paths := range map[string][]string{
		"../sqltext/testdata/queries": {
			"database/sql", "database/sql/driver", "github.com/doug-martin/goqu/v9", "github.com/doug-martin/goqu/v9/exec", "github.com/Masterminds/squirrel",
			"github.com/go-gorp/gorp/v3", "github.com/gocraft/dbr/v2", "github.com/go-jet/jet/v2/postgres", "github.com/go-jet/jet/v2/qrm",
			"github.com/go-sql-driver/mysql",
		},
		"../../analyzers/tenantfilter/testdata": {
			"github.com/georgysavva/scany/v2/pgxscan", "github.com/zeromicro/go-zero/core/stores/sqlx", "github.com/zeromicro/go-zero/core/stores/sqlc",
			"github.com/ClickHouse/clickhouse-go/v2/lib/driver",
		},
		"../../analyzers/newpool/testdata": {
			"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn", "github.com/jackc/pgx/v5/pgxpool", "github.com/jackc/pgx/v5/stdlib",
			"github.com/jmoiron/sqlx", "github.com/lib/pq", "gorm.io/gorm", "github.com/uptrace/bun", "xorm.io/xorm",
			"github.com/go-pg/pg/v10", "github.com/go-pg/pg/v10/orm", "github.com/redis/go-redis/v9", "github.com/redis/rueidis", "github.com/gomodule/redigo/redis", "go.mongodb.org/mongo-driver/v2/mongo",
			"github.com/uptrace/opentelemetry-go-extra/otelsql", "github.com/uptrace/opentelemetry-go-extra/otelsqlx",
		},
	} {
		load(t, loaded, dir, paths)
	}
	for path, pkg := range loaded {
		rows := byPackage()[path]
		if rows == nil {
			continue
		}
		for m := range rows.openers {
			checkThere(t, pkg, m, rows.library)
		}
		for m := range rows.releases {
			checkThere(t, pkg, m, rows.library)
			if fn, ok := lookUp(pkg, m).(*types.Func); ok && ReleaseOf(fn) == nil {
				t.Errorf("%s: %s promotes %s, which is no release", path, m.owner, fn.FullName())
			}
		}
		for m := range rows.texts {
			checkThere(t, pkg, m, rows.library)
		}
		for m := range rows.migrations {
			checkThere(t, pkg, m, rows.library)
		}
		for m := range rows.empties {
			checkThere(t, pkg, m, rows.library)
		}
		for m := range rows.configures {
			checkThere(t, pkg, m, rows.library)
		}
		for _, names := range []map[string]bool{rows.handles, rows.prepared, rows.chains} {
			for name := range names {
				checkThere(t, pkg, member{"", name}, rows.library)
			}
		}
		for m, q := range rows.queries {
			checkQuery(t, pkg, m, q)
		}
	}
	for _, root := range []string{"gorm.io/gorm", "github.com/uptrace/bun", "github.com/doug-martin/goqu", "github.com/Masterminds/squirrel", "github.com/jmoiron/sqlx"} {
		checkExecutes(t, loaded, root)
	}
}

// load loads packages that a module in the directory requires.
func load(t *testing.T, loaded map[string]*types.Package, dir string, paths []string) {
	t.Helper()
	to := t.TempDir()
	var code strings.Builder
	code.WriteString("package loaded\n")
	for _, path := range paths {
		fmt.Fprintf(&code, "\nimport _ %q\n", path)
	}
	files := map[string][]byte{"loaded.go": []byte(code.String())}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(to, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range passtest.Analyse(t, nil, to, ".") {
		for _, pkg := range a.Pkg.Imports() {
			loaded[pkg.Path()] = pkg
		}
	}
}

// lookUp returns a member of the package; nil if it has none. What a type promotes
// counts.
func lookUp(pkg *types.Package, m member) types.Object {
	if m.owner == "" {
		return pkg.Scope().Lookup(m.name)
	}
	owner := pkg.Scope().Lookup(m.owner)
	if owner == nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(owner.Type(), true, pkg, m.name)
	return obj
}

// checkThere holds a member to the package, unless another major version of it may
// have the member.
func checkThere(t *testing.T, pkg *types.Package, m member, lib *Library) {
	t.Helper()
	if lookUp(pkg, m) != nil {
		return
	}
	for _, p := range lib.Packages {
		if paths := strings.Fields(p.Paths); len(paths) > 1 && slices.Contains(paths, pkg.Path()) {
			return
		}
	}
	t.Errorf("there is no %s", m.of(pkg.Path()))
}

// checkQuery holds a row to the method, where there is one: not every type of a
// row need have every method, and what it promotes belongs to another.
func checkQuery(t *testing.T, pkg *types.Package, m member, row *Query) {
	t.Helper()
	if m.owner != "" && pkg.Scope().Lookup(m.owner) == nil {
		t.Errorf("%s has no type %s", pkg.Path(), m.owner)
		return
	}
	fn, ok := lookUp(pkg, m).(*types.Func)
	if !ok {
		return
	}
	params := fn.Signature().Params()
	if params.Len() <= row.SQL {
		t.Errorf("%s takes %d arguments, the row says that %d is SQL", NameOf(fn), params.Len(), row.SQL)
		return
	}
	if typ := params.At(row.SQL).Type(); !isString(typ) && !holdsAny(typ) && !row.Copy {
		t.Errorf("argument %d of %s is %v", row.SQL, NameOf(fn), typ)
	}
	args := row.Args
	if fn.Signature().Variadic() {
		args = min(args, params.Len()-1)
	}
	if args != None && (params.Len() <= args || !holdsAny(params.At(args).Type())) {
		t.Errorf("argument %d of %s holds no values", row.Args, NameOf(fn))
	}
}

// checkExecutes looks for each method on some type of its row.
func checkExecutes(t *testing.T, loaded map[string]*types.Package, root string) {
	t.Helper()
	lib := byRoot()[root]
	for _, row := range lib.Executes {
		for name := range strings.FieldsSeq(row.Names) {
			found := false
			for _, pkg := range loaded {
				for _, m := range (Methods{row.Types, name}).members() {
					found = found || LibraryOf(pkg) == lib && lookUp(pkg, m) != nil
				}
			}
			if !found {
				t.Errorf("no type of %s (%s) has %s", root, row.Types, name)
			}
		}
	}
}

// function returns a function of the package.
func function(t testing.TB, pkg *types.Package, name string) *types.Func {
	t.Helper()
	fn, ok := pkg.Scope().Lookup(name).(*types.Func)
	if !ok {
		t.Fatalf("%s has no function %s", pkg.Path(), name)
	}
	return fn
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for name, want := range map[Name]struct{ sql, plans, chains bool }{
		"github.com/jackc/pgx/v5/pgxpool.New":       {sql: true, plans: true},
		"github.com/lib/pq.Open":                    {sql: true},
		"github.com/redis/go-redis/v9.NewClient":    {},
		"go.mongodb.org/mongo-driver/mongo.Connect": {},
		"(gorm.io/gorm.DB).Begin":                   {sql: true, chains: true},
		"(github.com/jinzhu/gorm.DB).Begin":         {sql: true, chains: true},
		"gorm.io/gorm.Open":                         {sql: true},
		"example.com/db.Open":                       {sql: true},
	} {
		if name.SQL() != want.sql || name.CachesPlans() != want.plans || name.Chains() != want.chains {
			t.Errorf("%s is not as %+v", name, want)
		}
	}
	for path, want := range map[string][]string{
		"gorm.io/gorm/clause": {"github.com/jinzhu/gorm/clause"}, "github.com/jmoiron/sqlx": {"github.com/vinovest/sqlx"}, "github.com/lib/pq": nil, "example.com/db": nil,
	} {
		if got := Forks(path); !slices.Equal(got, want) {
			t.Errorf("the forks of %s are %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"database/sql", "github.com/testcontainers/testcontainers-go", "github.com/cockroachdb/cockroach-go/v2/testserver"} {
		if !slices.Contains(Packages(), path) {
			t.Errorf("what imports %s is not looked at", path)
		}
	}
	if !slices.Contains(RunPackages(), "github.com/go-jet/jet") || slices.Contains(RunPackages(), "github.com/lib/pq") {
		t.Error("libraries whose queries are counted are not told from others")
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	goose := check(t, "github.com/pressly/goose/v3", "package goose\nfunc UpContext() {}\nfunc Status() {}")
	if handle, ok := Migration(function(t, goose, "UpContext")); !ok || handle != 1 {
		t.Errorf("UpContext changes the tables of argument %d, %t", handle, ok)
	}
	if _, ok := Migration(function(t, goose, "Status")); ok {
		t.Error("Status changes tables")
	}
}
