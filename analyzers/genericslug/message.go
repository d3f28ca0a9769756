package genericslug

import (
	"fmt"
	"strings"
)

// generic says that a test names a tenant by a word that comes to everybody's mind.
type generic struct {
	Name     string   // of the position: "Slug", "tenantID", "tenants.slug"
	Value    string   // the tenant's name
	Packages []string // whose tests share the name; empty unless several do
	Files    []string // of the package, with tests that use it
	Parallel []string // tests of the package that use it and run at once
	Instead  string   // the expression that makes a unique name
	Declared bool     // outside tests, where that cannot stand
}

func (g generic) Message() string {
	remedy := "make it unique"
	if g.Declared {
		remedy = "give each test one of its own"
	}
	return fmt.Sprintf("generic %s %q %s; %s: %s", g.Name, g.Value, g.problem(), remedy, g.Instead)
}

// problem says who shares the name, in the largest circle.
func (g generic) problem() string {
	switch {
	case len(g.Packages) > 1:
		return "is shared by the packages " + enumerate(apart(g.Packages))
	case len(g.Files) > 1:
		return "is shared by tests in " + enumerate(g.Files)
	case len(g.Parallel) > 1:
		return "is shared by the parallel tests " + enumerate(g.Parallel)
	}
	return "is used on a shared database, where the next test may pick it too"
}

const maxNames = 3 // files, tests or packages that a message names

func enumerate(names []string) string {
	if len(names) <= maxNames {
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNames], ", "), len(names)-maxNames)
}

// apart cuts off the directories that all paths begin with.
func apart(paths []string) []string {
	common := paths[0][:strings.LastIndexByte(paths[0], '/')+1]
	for _, path := range paths {
		for !strings.HasPrefix(path, common) {
			common = common[:strings.LastIndexByte(strings.TrimSuffix(common, "/"), '/')+1]
		}
	}
	rest := make([]string, len(paths))
	for i, path := range paths {
		rest[i] = strings.TrimPrefix(path, common)
	}
	return rest
}
