package tenantfilter

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testscope"
)

// notService matches names of files and directories with code that serves no tenant's
// request: migrations, seeds, and code that only tests use.
var notService = regexp.MustCompile(`(?i)^(e2e|tests?|testing|test[_-]?(utils?|helpers?|support|data|db|fixtures?|kit|harness|env|repo)|harness|fixtures?|` +
	`(demo|dev)?[_-]?seed(s|er|ers|ing|data)?|mocks?|\w*migrations?|migrat(e|or))$|_test$`)

// leftOut reports whether queries in the file are left alone.
func (c *checker) leftOut(pos token.Pos) bool {
	name, ok := c.config.Files.Rel(c.pass.Fset.PositionFor(pos, false).Filename)
	if !ok {
		return true // generated elsewhere, as by cgo
	}
	parent := ""
	for part := range strings.SplitSeq(strings.TrimSuffix(name, ".go"), "/") {
		if notService.MatchString(part) || parent != "" && part == parent+"test" {
			return true
		}
		parent = part
	}
	return c.exemptPath(pos) != "" || c.helpers()[c.pass.Fset.PositionFor(pos, false).Filename]
}

// helpersOfTests returns the names of the files whose functions take what package testing
// gives to tests; of a package that is named for tests, all if one does.
func helpersOfTests(pass *analysis.Pass) map[string]bool {
	files := map[string]bool{}
	for _, f := range pass.Files {
		if slices.ContainsFunc(f.Decls, func(d ast.Decl) bool { return takesTest(pass.TypesInfo, d) }) {
			files[pass.Fset.PositionFor(f.Pos(), false).Filename] = true
		}
	}
	if len(files) > 0 && strings.HasSuffix(pass.Pkg.Name(), "test") {
		for _, f := range pass.Files {
			files[pass.Fset.PositionFor(f.Pos(), false).Filename] = true
		}
	}
	return files
}

// takesTest reports whether a declaration is a function that takes *testing.T, testing.TB or
// the like.
func takesTest(info *types.Info, d ast.Decl) bool {
	fn, ok := d.(*ast.FuncDecl)
	if !ok {
		return false
	}
	obj, ok := info.Defs[fn.Name].(*types.Func)
	return ok && testscope.TakesTB(obj.Signature())
}

// exemptPath returns the configured pattern that the file matches, empty if none does.
func (c *checker) exemptPath(pos token.Pos) string {
	name, _ := c.config.Files.Rel(c.pass.Fset.PositionFor(pos, false).Filename)
	return c.config.Rules.TenantFilter.Exempts(name)
}

// agreedNames are patterns of names which say that a query crosses tenants on purpose, migrates
// the database, or that only tests run it.
var agreedNames = []string{
	"*AllTenant*", "*AcrossTenant*", "*CrossTenant*",
	"[mM]igrate", "*[mM]igrations",
	"*ForTest", "*ForTests", "*ForTesting",
}

// crosses reports whether a name says that something is for the rows of any tenant, by whatever word:
// GetByEmailAnyWorkspace, countAcrossOrgs.
func crosses(name string) bool {
	words := tenantname.Split(name)
	for i := range words[:max(0, len(words)-1)] {
		if slices.Contains([]string{"any", "across", "cross"}, words[i]) && tenantname.Means(words[i+1]) {
			return true
		}
	}
	return false
}

// exemption says why the query may cross tenants: the function around it, or the query
// itself, has a name that exempts it, or all its texts go through functions that add the
// predicate, as the configuration says; empty if nothing does.
func (c *checker) exemption(site *sqltext.Site) string {
	names := []string{site.Name}
	if site.Func != nil {
		names = append(names, site.Func.Name.Name)
	}
	for _, pattern := range slices.Concat(agreedNames, c.config.Tenant.ExemptNames) {
		for _, name := range names {
			if ok, _ := path.Match(pattern, name); ok && name != "" {
				return "named " + pattern
			}
		}
	}
	if slices.ContainsFunc(names, crosses) {
		return "named for any tenant"
	}
	return c.scoped(site)
}

// scoped returns a configured scoper that the query's texts go through, empty if one does not.
func (c *checker) scoped(site *sqltext.Site) (by string) {
	scopers := c.config.Tenant.Scopers
	if len(scopers) == 0 {
		return ""
	}
	if site.Method != "" && isScoper(scopers, site.Method) {
		return "scoper " + string(site.Method)
	}
	for _, text := range site.Texts {
		i := slices.IndexFunc(text.Through, func(name dbapi.Name) bool { return isScoper(scopers, name) })
		if i < 0 {
			return ""
		}
		by = "scoper " + string(text.Through[i])
	}
	return by
}

// isScoper reports whether the list names the function, the method or its type.
func isScoper(scopers []string, name dbapi.Name) bool {
	full := string(name)
	receiver, _, _ := strings.Cut(strings.TrimPrefix(full, "("), ")")
	return slices.Contains(scopers, full) || slices.Contains(scopers, receiver)
}
