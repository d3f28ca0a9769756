package driver

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/outline"
)

// checked is the result of type-checking a unit. Files and info are dropped once the unit
// is analysed.
type checked struct {
	types    *types.Package
	files    []*ast.File
	info     *types.Info
	illTyped bool
	partial  bool // an import is missing; what does not need it is analysed
}

// A checker makes the types of units.
type checker struct {
	fset    *token.FileSet
	sizes   types.Sizes
	digests map[string]string // of files when they were listed
	overlay Overlay
	exports
}

func newChecker(overlay Overlay) *checker {
	return &checker{
		overlay: overlay,
		fset:    token.NewFileSet(),
		sizes:   types.SizesFor("gc", build.Default.GOARCH),
		exports: exports{packages: map[string]*types.Package{}},
	}
}

// check parses and type-checks a unit. If it is not to be analysed, function bodies are
// skipped and errors ignored.
func (c *checker) check(u *unit) {
	mode := parser.SkipObjectResolution
	if u.fresh() {
		mode |= parser.ParseComments
	}
	u.files = c.parse(u, mode)
	source := 0
	for _, file := range u.files {
		source += int(file.FileEnd - file.FileStart)
	}
	for _, pos := range shorten(u.files, source, importFunc(u.dependency)) {
		u.notes = append(u.notes, finding.Note{Pos: c.fset.PositionFor(pos, false), Text: "the text of a constant is too long; it is taken for empty"})
	}
	config := &types.Config{
		Importer:         importFunc(u.dependency),
		Sizes:            c.sizes,
		IgnoreFuncBodies: !u.fresh(),
		FakeImportC:      true, // cgo is not run: names of C have invalid types
		Error:            u.mistake,
	}
	if u.illTyped {
		config.Error = func(error) {} // type errors follow from the parse errors
	}
	if u.Module != nil && u.Module.GoVersion != "" {
		config.GoVersion = "go" + u.Module.GoVersion
	}
	if u.fresh() {
		u.info = &types.Info{
			Types:        map[ast.Expr]types.TypeAndValue{},
			Defs:         map[*ast.Ident]types.Object{},
			Uses:         map[*ast.Ident]types.Object{},
			Implicits:    map[ast.Node]types.Object{},
			Instances:    map[*ast.Ident]types.Instance{},
			Scopes:       map[ast.Node]*types.Scope{},
			Selections:   map[*ast.SelectorExpr]*types.Selection{},
			FileVersions: map[*ast.File]string{},
		}
	}
	u.types = types.NewPackage(u.PkgPath, u.Name)
	types.NewChecker(config, c.fset, u.types, u.info).Files(u.files) // mistakes go to Error
	u.types.MarkComplete()
	if !u.fresh() {
		u.files = nil
	}
}

// parse returns the syntax of a unit's files, as far as they can be parsed.
func (c *checker) parse(u *unit, mode parser.Mode) []*ast.File {
	files := make([]*ast.File, len(u.GoFiles))
	errs := make([]error, len(u.GoFiles))
	var changed atomic.Bool // since the file was listed
	var g errgroup.Group
	for i, name := range u.GoFiles {
		g.Go(func() error {
			text, err := c.overlay.read(name)
			if err != nil {
				errs[i] = err
				return nil
			}
			if known, ok := c.digests[name]; ok && known != digest(text) {
				changed.Store(true)
			}
			if !u.fresh() {
				outline.Blank(text)
			}
			files[i], errs[i] = parser.ParseFile(c.fset, name, text, mode)
			return nil
		})
	}
	g.Wait()
	u.unsure = u.unsure || changed.Load()
	parsed := files[:0]
	for i, file := range files {
		if errs[i] != nil {
			u.mistake(errs[i])
		}
		if file != nil {
			parsed = append(parsed, file)
		}
	}
	return parsed
}

// mistake records an error in the source of a unit that is to be analysed. Errors in
// dependencies are ignored: users cannot fix them, and they seldom matter.
func (u *unit) mistake(err error) {
	if !u.fresh() {
		return
	}
	soft := false
	defer func() { u.illTyped = u.illTyped || !soft }()
	switch err := err.(type) {
	case scanner.ErrorList:
		u.failf(err[0].Pos.String(), "%s", err[0].Msg) // the others follow from it
	case types.Error:
		if u.partial && !strings.HasPrefix(err.Msg, "could not import") {
			soft = true
			return // it may follow from the missing import
		}
		soft = err.Soft || u.partial // such as an unused variable: the types are right
		u.failf(err.Fset.PositionFor(err.Pos, false).String(), "%s", err.Msg)
	default:
		u.failf("", "%v", err)
	}
}

// dependency returns the types of a package that the unit imports.
func (u *unit) dependency(path string) (*types.Package, error) {
	pkg, err := u.imported(path)
	u.partial = u.partial || err != nil
	return pkg, err
}

func (u *unit) imported(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	listed := u.Imports[path]
	for _, dep := range u.imports {
		if dep.Package != listed {
			continue
		}
		if !dep.source && len(dep.failures) > 0 {
			return nil, dep.failures[0] // it was not found
		}
		if dep.types != nil {
			return dep.types, nil
		}
	}
	return nil, fmt.Errorf("no types for %s", path)
}

type importFunc func(path string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }
