package ownership

import (
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// dialed returns the pools that a function returns and that dial by literals of it. No call obtains
// one: the call that dials stands for it.
func (p *pkg) dialed(f *flow.Func) (pools []*Handle) {
	for _, lit := range f.Lits {
		pool, ok := p.lifecycle.Dialing(lit)
		if !ok {
			continue
		}
		fate := p.fate(p.code.FateOf(pool), true)
		if fate.By != f {
			continue
		}
		for _, call := range lit.Calls {
			for _, gift := range p.gifts(call) {
				gift.Kind = dbapi.Pool
				h := p.handle(call, gift)
				h.Holder, h.Fate = nil, fate
				pools = append(pools, h)
			}
		}
	}
	return pools
}
