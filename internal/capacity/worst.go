package capacity

import (
	"cmp"
	"go/ast"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// A Worst is the most connections that a pool may take, whatever way the code goes. What is
// not certain to be set does not count as a limit, and of several numbers the largest does.
type Worst struct {
	N           int    // connections; 0 where PerCPU tells, or Unknown says why nothing does
	PerCPU, Min int    // connections for each CPU, but at least Min
	By          string // what says so: "pool_max_conns", "SetMaxOpenConns"; empty for the library's default
	Waits       bool   // what callers of the function around the call give decides
	Given       bool   // they give something that the pool is made of, such as a configuration
	Unknown     string // why there is no limit, or none that the code shows
	Servers     []string
}

// Worst returns the most connections that the pool may take which the call opens at site, as
// the function around the call sees it; ok is false if the call is not known to open a pool there.
func (p *Package) Worst(call *ast.CallExpr, site lifecycle.Place) (w Worst, ok bool) {
	if p.reader == nil {
		return w, false
	}
	c := p.reader.code.Call(call)
	if c == nil {
		return w, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.reader.pools(c)
	for _, pool := range all {
		if pool.Site != site {
			continue
		}
		of := worst(p.reader.cat.OpenerNamed(pool.Opener), &pool.From)
		of.Given = pool.From.Params != 0
		if !ok {
			w, ok = of, true
		} else {
			w = w.or(of)
		}
	}
	if ok && len(all) >= maxPools {
		w.Unknown = "more pools are opened by one call than are told apart"
	}
	return w, ok
}

// or returns what holds for both.
func (w Worst) or(v Worst) Worst {
	sum := Worst{
		N: max(w.N, v.N), PerCPU: max(w.PerCPU, v.PerCPU), Min: max(w.Min, v.Min), By: cmp.Or(w.By, v.By), Waits: w.Waits || v.Waits, Given: w.Given || v.Given,
		Unknown: cmp.Or(w.Unknown, v.Unknown),
	}
	if len(w.Servers) > 0 && len(v.Servers) > 0 { // else one of them may be any
		sum.Servers = slices.Clone(w.Servers)
		for _, s := range v.Servers {
			if !slices.Contains(sum.Servers, s) {
				sum.Servers = append(sum.Servers, s)
			}
		}
	}
	return sum
}

// Why there is no limit.
const (
	noLimit     = "nothing limits it"
	zeroLimit   = "its limit is set to zero, which is none"
	hiddenLimit = "its limit is a number that the code does not show"
	opaqueLimit = "its configuration comes from code that cannot be read"
	manyLimits  = "more is set on it than is told apart"
)

// worst judges settings by the opener's row.
func worst(row *dbapi.Opener, from *Provenance) Worst {
	l := row.Limit
	free := Worst{N: l.Fixed, PerCPU: l.PerCPU, Min: l.Min, Servers: from.Servers}
	switch {
	case len(from.Settings) >= maxSettings:
		free.Unknown = manyLimits
	case from.Opaque() && l.Field != "":
		free.Unknown = opaqueLimit
	case l.Field != "" && row.Parse == "" && from.Params != 0:
		free.Waits = true // for the configuration
	case l.Fixed == 0 && l.PerCPU == 0:
		free.Unknown = noLimit
	}
	text := free.under(from.Settings, func(key string) bool { return l.Param != "" && key == "?"+l.Param }, slices.ContainsFunc(from.Servers, isVariable))
	return text.under(from.Settings, func(key string) bool { return bounds(row, key) }, false)
}

// under returns what the settings under some keys make of a pool that would otherwise take w.
func (w Worst) under(settings []Setting, matches func(key string) bool, perhaps bool) Worst {
	var sum *Worst
	for _, s := range settings {
		if !matches(s.Key) {
			continue
		}
		of := Worst{By: s.by(), Servers: w.Servers}
		switch a := s.Amount; {
		case a.Kind == FromParam:
			of.Waits = true
		case a.Kind == PerCPU && a.N > 0:
			of.PerCPU, of.Min = a.N, 1
		case a.Kind == Number && a.N > 0:
			of.N = a.N
		case a.Kind == Number && strings.HasSuffix(s.Key, "()"):
			of.Unknown = zeroLimit
		case a.Kind == Number:
			of = w // a field that is left as it was
		default:
			of.Unknown = hiddenLimit
		}
		perhaps = perhaps || s.Perhaps
		if sum == nil {
			sum = &of
		} else {
			both := sum.or(of)
			sum = &both
		}
	}
	switch {
	case sum == nil:
		return w
	case perhaps:
		both := sum.or(w)
		return both
	}
	return *sum
}
