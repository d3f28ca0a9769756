package capacity

import (
	"cmp"
	"go/types"
	"math"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
)

// A Bound is how many connections a pool may take.
type Bound struct {
	State   State
	N       int    // Limited: connections
	By      string // what says so: "pool_max_conns", "MaxConns", "SetMaxOpenConns"
	From    string // and what that is given, see Amount
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
func (r *reader) bound(c *flow.Call, p Pool, depth int) Bound {
	row := r.cat.OpenerNamed(p.Opener)
	own := decide(row, &p.From)
	f, waits := r.whole[c.In], dependsOnParams(&p.From)
	open := p.From.Params != 0 || p.Result || waits
	if own.State == Limited || own.State == Given && !waits || !open || depth == 0 {
		return own
	}
	if b := r.boundBy(giving{f, p.Site, depth - 1}); b != nil {
		return *b
	}
	if own.State != Given && takesConfig(f.Sig, p.From.Params) {
		own.State = Given // other packages' code decides
	}
	return own
}

// giving is a function that opens a pool, so many calls away from the one asked about.
type giving struct {
	f     *flow.Func
	site  lifecycle.Place
	depth int
}

// boundBy returns the loosest bound that the callers of a function give; nil if
// there are none.
func (r *reader) boundBy(g giving) *Bound {
	loosest, known := r.bounds[g]
	if known {
		return loosest
	}
	for _, caller := range g.f.Callers {
		if loosest != nil && loosest.State == Default {
			break // nothing is looser
		}
		for _, p := range r.pools(caller) {
			if p.Site != g.site {
				continue
			}
			if b := r.bound(caller, p, g.depth); loosest == nil || b.Looser(*loosest) {
				loosest = &b
			}
		}
	}
	r.bounds[g] = loosest
	return loosest
}

// dependsOnParams reports whether a setting waits for what the caller gives.
func dependsOnParams(from *Provenance) bool {
	return slices.ContainsFunc(from.Settings, func(s Setting) bool { return s.Amount.Kind == FromParam })
}

// takesConfig reports whether one of the parameters is a configuration, which
// may have a limit, rather than a DSN or a part of one.
func takesConfig(sig *types.Signature, params flow.Params) bool {
	for i := range params.All {
		v := flow.ParamOf(sig, i)
		if v == nil || i == flow.Receiver {
			continue
		}
		t := flow.Pointee(v.Type())
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem() // options
			if types.IsInterface(t) && !isAny(t) {
				return true
			}
		}
		switch t.Underlying().(type) {
		case *types.Struct, *types.Signature:
			if !strings.HasPrefix(dbapi.TypeName(t), "net/url.") {
				return true
			}
		}
	}
	return false
}

// decide judges the settings by the opener's row.
func decide(row *dbapi.Opener, from *Provenance) Bound {
	b := Bound{Timeout: from.Timeout, Servers: from.Servers, Limit: row.Limit}
	l := row.Limit
	for _, s := range from.Settings {
		if param, ok := strings.CutPrefix(s.Key, "?"); ok && param != l.Param {
			b.Misused = param
		}
	}
	best := heaviest(from.Settings, func(key string) bool { return bounds(row, key) || key == filledKey && l.Field != "" })
	if best == nil || weight(best.Amount) == weight(Amount{}) { // what code sets overrides the DSN
		if dsn := heaviest(from.Settings, func(key string) bool { return l.Param != "" && key == "?"+l.Param }); dsn != nil {
			best = dsn
		}
	}
	if best == nil {
		return b
	}
	b.By = best.by()
	switch a := best.Amount; {
	case a.Kind == Number && a.N > 0:
		b.State, b.N, b.From = Limited, a.N, a.From
		if strings.HasPrefix(best.Key, "?") && slices.ContainsFunc(from.Servers, isVariable) {
			b.State = Given // the default of a variable of the environment
		}
	case a.Kind == PerCPU:
		b.State = CPUs
	case a.Kind == Unknown || a.Kind == FromParam:
		b.State = Given
	}
	return b
}

// bounds reports whether what is set under a key is the limit of the opener's pools.
func bounds(row *dbapi.Opener, key string) bool {
	l := row.Limit
	return l.Field != "" && key == row.Name.Package()+"."+l.Field || l.Setter != "" && key == l.Setter+"()" ||
		l.Option != "" && key == l.Option+"()"
}

// heaviest returns the setting that bounds the pool, of those with such a key: one that
// stands, there the one that bounds it the least. A number that holds where nothing else gives
// one counts last.
func heaviest(settings []Setting, matches func(key string) bool) *Setting {
	var best *Setting
	for _, s := range standing(settings, matches) {
		if best == nil || outweighs(s.Amount, best.Amount) {
			best = &s
		}
	}
	return best
}

// standing returns the settings with such a key that are not overridden: what outer code
// certainly puts there comes after what it calls. Where that waits for what a caller gives, the
// others hold if that is nothing.
func standing(settings []Setting, matches func(key string) bool) (all []Setting) {
	certain, waiting := math.MaxInt, math.MaxInt // how far below
	for _, s := range settings {
		switch {
		case !matches(s.Key) || !s.bounds() || s.Perhaps:
		case s.Amount.Kind == FromParam:
			waiting = min(waiting, s.Depth)
		default:
			certain = min(certain, s.Depth)
		}
	}
	for _, s := range settings {
		if matches(s.Key) && s.Depth <= certain {
			s.Amount.Else = s.Amount.Else || s.Depth > waiting
			all = append(all, s)
		}
	}
	return all
}

func (s Setting) bounds() bool { return weight(s.Amount) > weight(Amount{}) }

func isVariable(server string) bool { return strings.HasPrefix(server, "$") }

func outweighs(a, b Amount) bool {
	if bounds := weight(Amount{}); a.Else != b.Else && weight(a) > bounds && weight(b) > bounds {
		return b.Else
	}
	return weight(a) > weight(b)
}

// weight orders amounts by what they say of the bound: a number that cannot be read may be any,
// of two numbers the larger counts, then comes one that grows with the CPUs, then zero, which
// bounds nothing.
func weight(a Amount) int {
	const big = 1 << 30
	switch {
	case a.Kind == Unknown || a.Kind == FromParam:
		return 2 * big
	case a.Kind == Number && a.N > 0:
		return big + min(a.N, big-1)
	case a.Kind == PerCPU:
		return 2
	}
	return 1
}
