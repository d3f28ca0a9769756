package tenantfilter

import (
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext"
)

// notService matches names of files and directories with code that serves no tenant's
// request: migrations, seeds, and code that only tests use.
var notService = regexp.MustCompile(`(?i)^(e2e|tests?|testing|test[_-]?(utils?|helpers?|support|data|db|fixtures?|kit|harness)|harness|fixtures?|` +
	`seed(s|er|ers|ing|data)?|mocks?|\w*migrations?|migrat(e|or))$|_test$`)

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
	return slices.ContainsFunc(c.config.Tenant.ExemptPaths, func(pattern string) bool {
		return matchPath(pattern, name)
	})
}

// matchPath reports whether the pattern matches the file or a directory that it
// is in. A trailing /... or /** is as good as none.
func matchPath(pattern, name string) bool {
	pattern = strings.TrimSuffix(strings.TrimSuffix(path.Clean(pattern), "/..."), "/**")
	for name != "." && name != "/" {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
		name = path.Dir(name)
	}
	return false
}

// agreedNames are patterns of names which say that a query crosses tenants on purpose.
var agreedNames = []string{"*AllTenants*", "*AcrossTenants*"}

// exemptName reports whether the function around the query, or the query itself,
// has a name that exempts it.
func (c *checker) exemptName(site *sqltext.Site) bool {
	names := []string{site.Name}
	if site.Func != nil {
		names = append(names, site.Func.Name.Name)
	}
	for _, pattern := range slices.Concat(agreedNames, c.config.Tenant.ExemptNames) {
		for _, name := range names {
			if ok, _ := path.Match(pattern, name); ok && name != "" {
				return true
			}
		}
	}
	return false
}

// scoped reports whether the query's text goes through a function that adds the predicate,
// as the configuration says.
func (c *checker) scoped(site *sqltext.Site) bool {
	scopers := c.config.Tenant.Scopers
	if len(scopers) == 0 {
		return false
	}
	if site.Method != "" && isScoper(scopers, site.Method) {
		return true
	}
	for _, text := range site.Texts {
		if !slices.ContainsFunc(text.Through, func(name dbapi.Name) bool { return isScoper(scopers, name) }) {
			return false
		}
	}
	return true
}

// isScoper reports whether the list names the function, the method or its type.
func isScoper(scopers []string, name dbapi.Name) bool {
	full := string(name)
	receiver, _, _ := strings.Cut(strings.TrimPrefix(full, "("), ")")
	return slices.Contains(scopers, full) || slices.Contains(scopers, receiver)
}
