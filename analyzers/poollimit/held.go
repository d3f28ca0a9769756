package poollimit

import (
	"go/ast"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// held returns how many connections goroutines take at once out of a site's pool, as far as
// the code around it shows: with a smaller limit they would wait for each other.
func (f fixer) held() int {
	if !f.site.At.Valid() {
		return 0
	}
	handle, _ := f.assigned(f.site.At)
	around := flow.Of(f.pass).Around(f.site.At)
	if handle == nil || around == nil {
		return 0
	}
	pool := flow.Var(f.pass.TypesInfo, handle)
	if pool == nil {
		return 0
	}
	cat := dbapi.NewCatalogue(nil)
	most, together := 0, map[ast.Node]int{} // by the code that starts the goroutines
	var count func(in *flow.Func)
	count = func(in *flow.Func) {
		for _, c := range in.Calls {
			recv := c.Receiver()
			if recv == nil || flow.Root(f.pass.TypesInfo, recv) != pool {
				continue
			}
			if row := cat.Opener(c.Fn); row != nil && (row.Kind == dbapi.Acquired || row.Kind == dbapi.Tx) {
				n, by := flow.AtOnce(f.pass.TypesInfo, c.At, config.Decided)
				together[by] += n
				most = max(most, together[by])
			}
		}
		for _, lit := range in.Lits {
			count(lit)
		}
	}
	count(around)
	return most
}
