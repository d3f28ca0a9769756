package capacity

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// A Bound is how many connections a pool may take.
type Bound struct {
	State   State
	N       int    // Limited: connections
	By      string // what says so: "pool_max_conns", "MaxConns", "SetMaxOpenConns"
	Timeout bool   // something bounds the time to connect
	Servers []string
	Limit   *dbapi.Limit // of the opener
	Misused string       // parameter of the DSN that another library understands
}

// Looser reports whether b may take more connections than c.
func (b Bound) Looser(c Bound) bool { return compare(b, c) < 0 }

func compare(a, b Bound) int {
	return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(b.N, a.N))
}

// State says what bounds a pool.
type State uint8

// The states, from the loosest.
const (
	Default State = iota // nothing: the library's own default holds
	CPUs                 // a number that grows with the number of CPUs
	Limited              // N
	Given                // some number that code or environment gives
)

// maxCallers bounds the calls that lead to a pool.
const maxCallers = 6

// bound judges a pool of a call, with the callers in this package if it takes
// its configuration from them or hands itself to them: the loosest decides.
func (g *graph) bound(c *call, p Pool) Bound {
	return g.boundOf(c, p, maxCallers)
}

func (g *graph) boundOf(c *call, p Pool, depth int) Bound {
	row := g.cat.OpenerNamed(p.Opener)
	own := decide(row, &p.Made)
	open := p.Made.Params != 0 || p.Result
	if own.State == Limited || own.State == Given && !dependsOnParams(&p.Made) || !open || depth == 0 || c.in.fn == nil {
		return own
	}
	if b := g.boundBy(giving{c.in.fn, p.Site, depth - 1}); b != nil {
		return *b
	}
	if own.State != Given && takesConfig(c.in.sig, p.Made.Params) {
		own.State = Given // other packages' code decides
	}
	return own
}

// giving is a function that opens a pool, so many calls away from the one asked about.
type giving struct {
	fn    *types.Func
	site  lifecycle.Place
	depth int
}

// boundBy returns the loosest bound that the callers of a function give; nil if
// there are none.
func (g *graph) boundBy(fn giving) *Bound {
	loosest, known := g.given[fn]
	if known {
		return loosest
	}
	for _, caller := range g.called[fn.fn] {
		for _, q := range g.pools(caller) {
			if q.Site != fn.site {
				continue
			}
			if b := g.boundOf(caller, q, fn.depth); loosest == nil || b.Looser(*loosest) {
				loosest = &b
			}
		}
	}
	g.given[fn] = loosest
	return loosest
}

// dependsOnParams reports whether a setting waits for what the caller gives.
func dependsOnParams(m *Makings) bool {
	return slices.ContainsFunc(m.Settings, func(s Setting) bool { return s.Amount.Kind == FromParam })
}

// takesConfig reports whether one of the parameters is a configuration, which
// may have a limit, rather than a DSN or a part of one.
func takesConfig(sig *types.Signature, params Params) bool {
	for i := range sig.Params().Len() {
		if !params.Has(i) {
			continue
		}
		t := sig.Params().At(i).Type()
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem() // options
		}
		name := dbapi.TypeName(t)
		switch t.Underlying().(type) {
		case *types.Struct, *types.Signature:
			if name != "context.Context" && !strings.HasPrefix(name, "net/url.") {
				return true
			}
		}
	}
	return false
}

// decide judges the settings by the opener's row.
func decide(row *dbapi.Opener, m *Makings) Bound {
	b := Bound{Timeout: m.Timeout, Servers: m.Servers, Limit: row.Limit}
	l := row.Limit
	for _, s := range m.Settings {
		if param, ok := strings.CutPrefix(s.Key, "?"); ok && param != l.Param {
			b.Misused = param
		}
	}
	best := heaviest(m.Settings, func(key string) bool {
		return l.Field != "" && key == row.Name.Package()+"."+l.Field || l.Setter != "" && key == l.Setter+"()" ||
			l.Option != "" && key == l.Option+"()"
	})
	if best == nil || weight(best.Amount) == weight(Amount{}) { // what code sets overrides the DSN
		if dsn := heaviest(m.Settings, func(key string) bool { return l.Param != "" && key == "?"+l.Param }); dsn != nil {
			best = dsn
		}
	}
	if best == nil {
		if m.Opaque && l.Field != "" {
			b.State = Given
		}
		return b
	}
	b.By = strings.TrimSuffix(strings.TrimPrefix(best.Key[strings.LastIndexAny(best.Key, "./")+1:], "?"), "()")
	switch a := best.Amount; {
	case a.Kind == Number && a.N > 0:
		b.State, b.N = Limited, a.N
		if strings.HasPrefix(best.Key, "?") && slices.ContainsFunc(m.Servers, isVariable) {
			b.State = Given // the default of a variable of the environment
		}
	case a.Kind == PerCPU:
		b.State = CPUs
	case a.Kind == Unknown || a.Kind == FromParam:
		b.State = Given
	}
	return b
}

// heaviest returns the setting that bounds the pool, of those with such a key:
// one of the outermost code that bounds it at all, there the one that bounds it
// the least.
func heaviest(settings []Setting, matches func(key string) bool) *Setting {
	var best *Setting
	for i, s := range settings {
		if matches(s.Key) && (best == nil || outweighs(s, *best)) {
			best = &settings[i]
		}
	}
	return best
}

func outweighs(a, b Setting) bool {
	bounds, nothing := weight(b.Amount), weight(Amount{})
	if weight(a.Amount) > nothing && bounds > nothing && a.Depth != b.Depth {
		return a.Depth < b.Depth
	}
	return weight(a.Amount) > bounds
}

func isVariable(server string) bool { return strings.HasPrefix(server, "$") }

// weight orders amounts by how much they bound: a positive number, a number that
// cannot be read, one that grows with the CPUs, zero, which bounds nothing. Of
// two numbers the larger counts.
func weight(a Amount) int {
	const big = 1 << 30
	switch {
	case a.Kind == Number && a.N > 0:
		return big + min(a.N, big-1)
	case a.Kind == Unknown || a.Kind == FromParam:
		return 3
	case a.Kind == PerCPU:
		return 2
	}
	return 1
}
