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
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// Analyzer finds the queries of a package; its result is a *Result. What
// functions and variables give to other packages are its facts.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintsqltext",
	Doc:              "find the SQL that a package hands to databases",
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer},
	FactTypes:        []analysis.Fact{(*summary)(nil)},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Result](),
}

func run(pass *analysis.Pass) (any, error) {
	if len(pass.Files) == 0 || config.Dependency(pass) || builder.Generated(pass.Pkg) { // what libraries do is in the catalogue
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
// without databases and files, names the table of a model, adds to a text in a field, or
// seems to have SQL in a literal or to call what takes it.
func mayHoldSQL(pass *analysis.Pass) bool {
	for _, imported := range pass.Pkg.Imports() {
		if path := imported.Path(); path == "embed" || path == "database/sql" || !config.Standard(path) {
			return true
		}
	}
	grows := !config.Standard(pass.Pkg.Path()) // what the standard library's do is known
	for _, file := range pass.Files {
		found := false
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl: // a model says what its table is called
				found = found || n.Name.Name == "TableName"
			case *ast.BasicLit:
				found = found || n.Kind == token.STRING && sqlast.MayHold(n.Value)
			case *ast.SelectorExpr:
				found = found || dbapi.IsShape(n.Sel.Name) || grows && addsToField(n)
			case *ast.AssignStmt: // a builder of texts, whose callers have all the SQL
				found = found || grows && n.Tok == token.ADD_ASSIGN && isField(n.Lhs[0]) && value.IsText(pass.TypesInfo.TypeOf(n.Lhs[0]))
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// addsToField reports whether a selector names what writes a text into a field:
// x.f.WriteString.
func addsToField(sel *ast.SelectorExpr) bool {
	return sel.Sel.Name == "WriteString" && isField(sel.X)
}

func isField(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok
}

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
func (r *reader) embedded(v *types.Var, name string) value.Value {
	if !value.IsText(v.Type()) {
		if s, ok := v.Type().Underlying().(*types.Slice); !ok || !types.Identical(s.Elem(), types.Typ[types.Byte]) {
			return nil
		}
	}
	return r.embeddedFile(v, name)
}

// embeddedFile returns the content of a file that is named from the directory of a variable.
func (r *reader) embeddedFile(v *types.Var, name string) value.Value {
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
	return value.Static(string(data), v.Pos())
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
	if s, ok := value.Plain(v); !ok || !queryName.MatchString(s) {
		return
	}
	s := &site{owner: obj}
	s.Pos, s.End, s.Form = init.Pos(), init.End(), Constant
	s.add(v)
	r.sites[s.Pos] = s
	r.order = append(r.order, s)
}

// export makes facts of what other packages can call.
func (r *reader) export() {
	for fn, s := range r.done {
		if s == nil || !fn.Exported() {
			continue
		}
		if s = s.forOthers(); (s.Results != nil || s.Queries != nil || s.Changes != nil) && s.small() {
			r.pass.ExportObjectFact(fn, s)
		}
	}
	for obj := range r.values {
		if v, ok := obj.(*types.Var); ok && v.Exported() {
			if g := r.global(v); g != nil {
				if s := (&summary{Results: []value.Value{value.Bare(g)}}); s.small() {
					r.pass.ExportObjectFact(v, s)
				}
			}
		}
	}
}
