package testscope

import (
	"path"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testlib"
)

// ServesTests reports whether the package of the pass is there for tests alone, though its
// files are no test files. Its importers decide where they are seen; but others may
// import what is not internal, so that it has to say something of itself as well. Where no
// importer is seen, its name and what it imports have to agree.
func ServesTests(pass *analysis.Pass) bool {
	if len(pass.Files) == 0 || pass.Pkg.Name() == "main" || InTestFile(pass.Fset.PositionFor(pass.Files[0].Package, false).Filename) {
		return false
	}
	seen := new(config.Seen)
	known := pass.ImportPackageFact(pass.Pkg, seen)
	switch named := NamedForTests(pass.Module, pass.Pkg.Path(), "", ""); {
	case known && seen.Imported:
		return seen.ByTests && (named || internal(pass.Pkg.Path()) || writtenForTests(pass))
	default:
		return named && writtenForTests(pass)
	}
}

// internal reports whether no other module can import the package.
func internal(pkgPath string) bool {
	return strings.Contains("/"+pkgPath+"/", "/internal/")
}

// writtenForTests reports whether a file of the package that is no test file imports a library
// for tests, or one that starts servers for them.
func writtenForTests(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		if InTestFile(path.Base(pass.Fset.PositionFor(file.Package, false).Filename)) {
			continue
		}
		for _, spec := range file.Imports {
			if name := strings.Trim(spec.Path.Value, `"`); testlib.ForTests(name) || dbapi.MakesServers(name) {
				return true
			}
		}
	}
	return false
}
