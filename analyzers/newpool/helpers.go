package newpool

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// helpers are the functions of pool.helpers: they hand out the shared pool.
type helpers []dbapi.Name

func parseHelpers(names []string) helpers {
	var all helpers
	for _, n := range names {
		all = append(all, dbapi.Name(n))
	}
	return all
}

// contain reports whether the site stands in one of the helpers, or calls one.
func (h helpers) contain(pass *analysis.Pass, site *lifecycle.Site) bool {
	var around *types.Func
	if site.Func != nil {
		around, _ = pass.TypesInfo.Defs[site.Func.Name].(*types.Func)
	}
	for _, name := range h {
		if around != nil && dbapi.NameOf(around) == name || site.Callee != nil && dbapi.NameOf(site.Callee) == name {
			return true
		}
	}
	return false
}

// statementCaches are libraries whose connections cache statement plans, which
// DDL invalidates.
var statementCaches = []string{"github.com/jackc/pgx"}

// remedy says what to use instead.
func (h helpers) remedy(site *lifecycle.Site) string {
	text := "share one a process: open it in TestMain or behind sync.Once"
	if len(h) > 0 {
		text = "take the shared one from " + h[0].Short()
	}
	if site.DDL {
		for _, path := range statementCaches {
			if strings.HasPrefix(site.Opens[0].Opener.Package(), path) {
				return text + ", with statement caches off since the tests run DDL (default_query_exec_mode=exec)"
			}
		}
	}
	return text
}
