package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
)

// Analyzer finds the queries of a package; its result is a *Result. What
// functions and variables give to other packages are its facts.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintsqltext",
	Doc:              "find the SQL that a package hands to databases",
	Requires:         []*analysis.Analyzer{config.Analyzer},
	FactTypes:        []analysis.Fact{(*summary)(nil)},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Result](),
}

func run(pass *analysis.Pass) (any, error) {
	if len(pass.Files) == 0 || config.Dependency(pass) || isEnt(pass.Pkg) { // what libraries do is in the catalogue
		return &Result{}, nil
	}
	if !mayHoldSQL(pass) {
		return &Result{}, nil
	}
	r := newReader(pass)
	r.index()
	for _, file := range pass.Files {
		if isTest(pass, file) {
			continue
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				if obj, ok := r.info.Defs[fn.Name].(*types.Func); ok {
					r.summaryOf(obj)
				}
			}
		}
	}
	r.generated()
	r.export()
	return r.finish(), nil
}

// mayHoldSQL reports whether the package imports more than the standard library
// without databases and files, or seems to have SQL in a literal or to call what
// takes it.
func mayHoldSQL(pass *analysis.Pass) bool {
	for _, imported := range pass.Pkg.Imports() {
		if path := imported.Path(); path == "embed" || path == "database/sql" || !config.Standard(path) {
			return true
		}
	}
	for _, file := range pass.Files {
		found := false
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				found = found || n.Kind == token.STRING && sqlWord.MatchString(n.Value)
			case *ast.SelectorExpr:
				found = found || dbapi.IsShape(n.Sel.Name)
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// sqlWord is a word of SQL, in capital letters or at the beginning of a literal.
var sqlWord = regexp.MustCompile("\\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|AND|OR|JOIN|ORDER|GROUP|LIMIT)\\b|^[\"`]\\s*(select|insert|update|delete|from|where|and|or|join|order|group|limit)\\b")

func isTest(pass *analysis.Pass, file *ast.File) bool {
	return strings.HasSuffix(pass.Fset.PositionFor(file.Package, false).Filename, "_test.go")
}

// index notes the package's functions, constants and variables.
func (r *reader) index() {
	for _, file := range r.pass.Files {
		if isTest(r.pass, file) {
			continue
		}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if fn, ok := r.info.Defs[decl.Name].(*types.Func); ok {
					r.decls[fn] = decl
				}
				if decl.Body != nil {
					r.noteAssigned(decl.Body)
				}
			case *ast.GenDecl:
				r.indexValues(file, decl)
			}
		}
	}
}

func (r *reader) indexValues(file *ast.File, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range spec.Names {
			obj := r.info.Defs[name]
			if i < len(spec.Values) && len(spec.Values) == len(spec.Names) {
				r.values[obj] = spec.Values[i]
			}
			for _, doc := range []*ast.CommentGroup{decl.Doc, spec.Doc} {
				if file := embedFile(doc); file != "" {
					r.embeds[obj] = file
				}
			}
		}
	}
}

var embedDirective = regexp.MustCompile(`^//go:embed\s+("?)([^\s"*?\[]+)("?)\s*$`)

// embedFile returns the one file that a go:embed directive names, "" if there is none.
func embedFile(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	for _, c := range doc.List {
		if m := embedDirective.FindStringSubmatch(c.Text); m != nil {
			return m[2]
		}
	}
	return ""
}

// embedded returns the content of an embedded file; its bytes stand for the
// variable.
func (r *reader) embedded(v *types.Var, name string) *value {
	if !isText(v.Type()) {
		if s, ok := v.Type().Underlying().(*types.Slice); !ok || !types.Identical(s.Elem(), types.Typ[types.Byte]) {
			return nil
		}
	}
	files := config.Of(r.pass).Files
	if files == nil {
		return nil
	}
	dir := filepath.Dir(r.pass.Fset.PositionFor(v.Pos(), false).Filename)
	rel, ok := files.Rel(dir)
	if !ok {
		return nil
	}
	data, err := files.ReadFile(path.Join(rel, name))
	if err != nil {
		return nil
	}
	return static(string(data), v.Pos())
}

// noteAssigned notes which package-level variables a function changes.
func (r *reader) noteAssigned(body ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, lhs := range n.Lhs {
					if obj := rootObject(r.info, lhs); obj != nil && !isLocal(obj) {
						r.assigned[obj] = true
					}
				}
			}
		case *ast.UnaryExpr:
			if obj := rootObject(r.info, n.X); n.Op == token.AND && obj != nil && obj.Pkg() != nil && !isLocal(obj) {
				r.assigned[obj] = true
			}
		}
		return true
	})
}

var sqlcHeader = regexp.MustCompile(`^// Code generated by sqlc\b`)

// generated makes sites of the constants of sqlc's files that no call here uses.
func (r *reader) generated() {
	for _, file := range r.pass.Files {
		if len(file.Comments) == 0 || !sqlcHeader.MatchString(file.Comments[0].List[0].Text) {
			continue
		}
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				continue
			}
			for _, spec := range decl.Specs {
				spec := spec.(*ast.ValueSpec)
				for i := range min(len(spec.Names), len(spec.Values)) { // broken code may have more of one
					r.generatedConstant(r.info.Defs[spec.Names[i]], spec.Values[i])
				}
			}
		}
	}
}

func (r *reader) generatedConstant(obj types.Object, init ast.Expr) {
	if r.sites[init.Pos()] != nil {
		return
	}
	v := r.constantText(init, 0)
	if v == nil {
		return
	}
	if s, ok := plain(v); !ok || !queryName.MatchString(s) {
		return
	}
	s := &site{owner: obj}
	s.Pos, s.End, s.Form = init.Pos(), init.End(), Constant
	s.add(v, false)
	r.sites[s.Pos] = s
	r.order = append(r.order, s)
}

// export makes facts of what other packages can call.
func (r *reader) export() {
	for fn, s := range r.done {
		if s == nil || !fn.Exported() {
			continue
		}
		if s = s.forOthers(); (s.Results != nil || s.Queries != nil || s.Changes != nil) && small(s) {
			r.pass.ExportObjectFact(fn, s)
		}
	}
	for obj := range r.values {
		if v, ok := obj.(*types.Var); ok && v.Exported() {
			if g := r.global(v); g != nil {
				if s := (&summary{Results: []*value{bare(g)}}); small(s) {
					r.pass.ExportObjectFact(v, s)
				}
			}
		}
	}
}

// forOthers returns the summary as other packages see it, whether a driver keeps
// facts in memory or in files: without positions and types, and without queries
// that have a site here, which is theirs whatever callers give.
func (s *summary) forOthers() *summary {
	others := &summary{Queries: open(s.Queries)}
	for _, v := range s.Results {
		others.Results = append(others.Results, bare(v))
	}
	for _, c := range s.Changes {
		others.Changes = append(others.Changes, change{c.Param, bare(c.To)})
	}
	return others
}

func open(queries []query) []query {
	var some []query
	for _, q := range queries {
		if q.site == nil {
			q.SQL = bare(q.SQL)
			some = append(some, q)
		}
	}
	return some
}

// bare returns the value without what means nothing to another package.
func bare(v *value) *value {
	return rewrite(v, func(v *value) *value {
		if v == nil || v == empty {
			return v
		}
		w := *v
		w.segments, w.pos, w.via, w.expr, w.typ = nil, token.NoPos, token.NoPos, nil, nil
		w.Queries = open(v.Queries)
		return &w
	})
}

// small reports whether a summary is small enough for a fact.
func small(s *summary) bool {
	n := 0
	seen := map[*value]bool{}
	for _, v := range s.Results {
		walk(v, seen, func(v *value) { n += 1 + len(v.Text)/64 })
	}
	for _, c := range s.Changes {
		walk(c.To, seen, func(v *value) { n += 1 + len(v.Text)/64 })
	}
	for _, q := range s.Queries {
		walk(q.SQL, seen, func(v *value) { n += 1 + len(v.Text)/64 })
	}
	return n < 2000
}
