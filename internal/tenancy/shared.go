package tenancy

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenantname"
)

// sharing are the words in the names of flags that mark rows which every tenant may read:
// is_system, is_global. That of a default is not among them: each tenant may have its own.
var sharing = []string{"system", "builtin", "global", "public", "shared", "official", "predefined"}

// markShared records that the rows of a branch of OR are everybody's, if a flag says so. They
// may be read beside a tenant's own. Who changes them changes those of all, and what refers to
// them may be anybody's.
func (b *builder) markShared(e sqlast.Expr, sc *scope, in int) {
	if !sc.outermost || len(sc.relations) != 1 {
		return
	}
	for _, part := range conjuncts(e) {
		v := b.value(flagOf(part), sc)
		if v.kind != ofRow || !isSharing(b.columns[v.column].origin) || b.columns[v.column].table == nil {
			continue
		}
		for _, name := range b.columns[v.column].table.TenantColumns {
			tenant := b.columnOf(b.columns[v.column].relation, name)
			b.facts = append(b.facts, fact{kind: bindsTo, in: in, a: tenant})
			b.shared = true
		}
	}
}

func conjuncts(e sqlast.Expr) []sqlast.Expr {
	if and, ok := bare(e).(*sqlast.And); ok {
		return and.Exprs
	}
	return []sqlast.Expr{e}
}

// flagOf returns what a condition wants to be true: flag, flag = TRUE, flag IS TRUE. It is the
// condition itself if that is none of these.
func flagOf(e sqlast.Expr) sqlast.Expr {
	switch x := bare(e).(type) {
	case *sqlast.Binary:
		if l, ok := bare(x.Right).(*sqlast.Literal); ok && x.Op == "=" && (l.Kind == sqlast.TrueLit || l.Value == "1") {
			return x.Left
		}
	case *sqlast.Is:
		if x.Test == "true" && !x.Not {
			return x.Expr
		}
	}
	return e
}

func isSharing(column string) bool {
	words := tenantname.Split(column)
	if len(words) > 1 && words[0] == "is" {
		words = words[1:]
	}
	return slices.Contains(sharing, strings.Join(words, "")) // is_built_in
}
