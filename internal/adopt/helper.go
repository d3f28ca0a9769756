package adopt

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/poollint/poollint/internal/share"
)

// A helper is the package that hands out the pools of a module: one function for each source.
type helper struct {
	before  []byte // what the file holds; nil if there is none
	pools   []*pool
	mode    Mode
	primary string // the connection string, as source, of the pool that testpool opens
}

// A pool is one source of the module's tests.
type pool struct {
	source  share.Source
	name    string // of the function
	ddl     bool
	uses    int
	skips   bool // in some test
	tests   int  // uses that have the running test at hand
	managed bool // testpool opens it
	written bool // the helper has it already
}

// names are the functions by the type that they hand out.
var names = map[string]string{"*pgxpool.Pool": "Pool", "*sql.DB": "DB", "*sqlx.DB": "SQLX", "*gorm.DB": "Gorm", "*bun.DB": "Bun"}

// choose gives each pool its function's name, and says which pools testpool opens: those on the
// connection string that most tests use, where pgx connects. What skips tests, or stands where
// no test is at hand, cannot go there.
func (h *helper) choose() {
	uses := map[string]int{}
	for _, p := range h.pools {
		if h.mode == Testpool && p.fitsTestpool() {
			uses[p.source.DSN] += p.uses
		}
	}
	settled := bytes.Contains(h.before, []byte("testpool.URL("))
	for _, dsn := range slices.Sorted(maps.Keys(uses)) {
		if bytes.Contains(h.before, []byte("testpool.URL("+dsn+")")) || !settled && uses[dsn] > uses[h.primary] {
			h.primary = dsn
		}
	}
	slices.SortStableFunc(h.pools, func(a, b *pool) int { return b.uses - a.uses })
	ddl, conns := false, 0
	for _, p := range h.pools {
		if p.managed = h.primary != "" && p.source.DSN == h.primary && p.fitsTestpool(); p.managed {
			ddl, conns = ddl || p.ddl, max(conns, p.source.MaxConns)
		}
	}
	used := map[string]bool{}
	for _, m := range declared.FindAllSubmatch(h.before, -1) {
		used[string(m[1])] = true
	}
	for _, p := range h.pools {
		if p.managed { // they are one
			p.ddl, p.source.MaxConns = ddl, conns
		}
		if m := p.pattern().FindSubmatch(h.before); m != nil {
			p.name, p.written = string(m[1]), true
			continue
		}
		p.name = p.free(used)
		used[p.name] = true
	}
}

// pattern finds the pool in a helper, under whatever name.
func (p *pool) pattern() *regexp.Regexp {
	named := *p
	named.name = "poollintName"
	first := strings.Replace(regexp.QuoteMeta(named.decisive()), named.name, `(\w+?)`, 1)
	return regexp.MustCompile(strings.ReplaceAll(first, named.name, `\w+?`))
}

// declared are the functions of a helper.
var declared = regexp.MustCompile(`(?m)^func (\w+)\(`)

// fitsTestpool reports whether the pool is one that testpool can open.
func (p *pool) fitsTestpool() bool {
	return !p.skips && p.tests > 0 && p.source.Before == "" && p.source.DSN != "" &&
		(p.source.Kind == share.Configured || strings.HasPrefix(p.source.Call, `sql.Open("pgx",`))
}

// free returns a name for the pool's function: by its type, and where that is taken by the
// variable of the environment that says where it connects.
func (p *pool) free(used map[string]bool) string {
	name := names[p.source.Type]
	if name == "" {
		name = strings.ToUpper(p.source.Type[strings.LastIndexAny(p.source.Type, "*.")+1:][:1]) + p.source.Type[strings.LastIndexAny(p.source.Type, "*.")+2:]
	}
	if used[name] && p.defaulted() && !used[name+"OrDefault"] {
		return name + "OrDefault"
	}
	if used[name] {
		for word := range strings.SplitSeq(p.source.Variable(), "_") {
			if word != "" {
				name += word[:1] + strings.ToLower(word[1:])
			}
		}
	}
	try := name
	for i := 2; used[try]; i++ {
		try = fmt.Sprint(name, i)
	}
	return try
}

// testpoolConns is how many connections testpool takes unless it is told.
const testpoolConns = 3

// TestpoolModule is the import path of the runtime module.
const TestpoolModule = "github.com/poollint/poollint/testpool"

// text writes the package, or adds to it what it lacks.
func (h *helper) text() ([]byte, error) { return h.write((*pool).text) }

// model writes it as the analyses after read it: they see what opens a pool only where that is
// done in the code, not in testpool.
func (h *helper) model() ([]byte, error) {
	visible := *h
	visible.before = nil
	return visible.write((*pool).modelled)
}

func (h *helper) write(written func(*pool, map[string]string) string) ([]byte, error) {
	imports := map[string]string{}
	var body strings.Builder
	uncached := bytes.Contains(h.before, []byte(uncachedFunc))
	for _, p := range slices.SortedFunc(slices.Values(h.pools), func(a, b *pool) int { return strings.Compare(a.name, b.name) }) {
		if p.written && h.before != nil {
			continue
		}
		body.WriteString("\n" + written(p, imports))
		if p.managed && p.ddl && !uncached {
			uncached = true
			body.WriteString("\n// uncached keeps no plans: tests change tables, which plans of before would not fit.\n" + uncachedFunc)
		}
	}
	if h.before != nil {
		return withImports(append(slices.Clip(h.before), body.String()...), imports)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Package %s has the database pools that the tests of a process share: each is opened at its\n// first use, takes few connections, and stays open until the process ends. Nobody closes one.\n// Written by %s; it is yours to change.\npackage %s\n\nimport (\n", packageName, mark, packageName)
	for _, standard := range []bool{true, false} {
		for _, path := range slices.Sorted(maps.Keys(imports)) {
			if root, _, _ := strings.Cut(path, "/"); strings.Contains(root, ".") != standard {
				fmt.Fprintf(&b, "\t%s\n", importOf(path, imports[path]))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString(")\n" + body.String())
	return format.Source(b.Bytes())
}

// importOf writes an import.
func importOf(path, name string) string {
	if name == lastOf(path) {
		return strconv.Quote(path)
	}
	return name + " " + strconv.Quote(path)
}

const uncachedFunc = "func uncached(config *pgxpool.Config) {\n\tconfig.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec\n}\n"

// withImports adds the imports to a file, and formats it.
func withImports(text []byte, imports map[string]string) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		name := imports[path]
		if name == lastOf(path) {
			name = ""
		}
		astutil.AddNamedImport(fset, file, name, path)
	}
	ast.SortImports(fset, file)
	var b bytes.Buffer
	if err := format.Node(&b, fset, file); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

var major = regexp.MustCompile(`/v[0-9]+$`)

func lastOf(path string) string {
	path = major.ReplaceAllString(path, "")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// text writes the function that hands out the pool, and notes the imports that it needs.
func (p *pool) text(imports map[string]string) string {
	handle := strings.TrimPrefix(p.source.Type, "*")
	if p.managed {
		maps.Copy(imports, p.source.Imports)
		imports[TestpoolModule], imports["testing"] = "testpool", "testing"
		if !strings.Contains(p.source.DSN, "context.") {
			delete(imports, "context")
		}
		if p.ddl {
			imports["github.com/jackc/pgx/v5"], imports["github.com/jackc/pgx/v5/pgxpool"] = "pgx", "pgxpool"
		}
		return fmt.Sprintf("// %s returns the shared %s%s.\n%s", p.name, handle, p.on(), p.decisive())
	}
	_, needs := p.source.Once("", p.ddl)
	maps.Copy(imports, needs)
	results := p.source.Type
	if p.source.Error {
		results = "(" + results + ", error)"
	}
	return fmt.Sprintf("// %s returns the shared %s%s.\nfunc %s() %s { return open%s() }\n\n%s\n", p.name, handle, p.on(), p.name, results, p.name, p.decisive())
}

// modelled is text, with what testpool does in the open.
func (p *pool) modelled(imports map[string]string) string {
	if !p.managed {
		return p.text(imports)
	}
	plain := *p
	plain.managed, plain.name = false, p.name+"Modelled"
	imports["testing"] = "testing"
	return plain.text(imports) + fmt.Sprintf("\nfunc %s(t testing.TB) %s {\n\tdb, err := %s()\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\treturn db\n}\n", p.name, p.source.Type, plain.name)
}

// decisive is the part of the text that says what is opened, and how.
func (p *pool) decisive() string {
	if !p.managed {
		once, _ := p.source.Once("open"+p.name, p.ddl)
		return once
	}
	get := "Get"
	if p.source.Kind != share.Configured {
		get = "DB"
	}
	options := "testpool.URL(" + p.source.DSN + ")"
	if p.source.MaxConns != testpoolConns {
		options += fmt.Sprintf(", testpool.MaxConns(%d)", p.source.MaxConns)
	}
	if p.ddl {
		options += ", testpool.Configure(uncached)"
	}
	return fmt.Sprintf("func %s(t testing.TB) %s {\n\tt.Helper()\n\treturn testpool.%s(t, %s)\n}\n", p.name, p.source.Type, get, options)
}

// defaulted reports whether the pool connects somewhere where the environment says nothing.
func (p *pool) defaulted() bool { return strings.HasPrefix(p.source.DSN, "cmp.Or(") }

// on says where a pool connects, if a variable of the environment does.
func (p *pool) on() string {
	name := p.source.Variable()
	switch {
	case name == "":
		return ""
	case p.defaulted():
		return " on " + name + " or its default"
	}
	return " on " + name
}
