package flow

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
)

// Deeds says what a function does with what it is given: with its parameters, or with
// what they hold. It is the object fact of every function of the user's modules that does
// something with one. What it may do counts, on whichever way.
type Deeds struct {
	Closes   Params   // closes it, or sees to it that it is closed
	Settles  Params   // ends a transaction that it is, or holds
	Calls    Params   // calls it, now or later, or what it holds and may close it
	Asks     Params   // calls a function that it holds, which does not close it
	Frees    Params   // calls it, and closes what that returns first
	Loses    Params   // calls it, and only works with what that returns first
	Keeps    Params   // stores it where others can reach it
	HandsOn  Params   // hands it to code that cannot be followed
	Later    Params   // works with it in a cleanup function that it registers
	Stores   []Params // by parameter: stores it in there
	Lists    Params   // does so in a list or map
	Returns  []Params // by result: it is the parameter, or holds it
	Undoes   []Params // by result: a function that closes the parameter
	Supplies []Params // by result: a function that returns the parameter, or what holds it, first
	Applies  []Apply  // parameters that it gives to functions which are others
	Only     []Only   // parameters that it ends where they have one of some types alone
	Spares   []Spare  // fields of parameters that it does not end, though it ends others
	Mixes    Params   // puts what a field of it holds into others

	NeverReturns bool // ends the goroutine, or the process, on every way
	Exits        bool // and that is the process, whose deferred calls are skipped
}

// AFact marks Deeds as a fact.
func (*Deeds) AFact() {}

func (d *Deeds) String() string {
	var parts []string
	add := func(verb string, set Params) {
		if set != 0 {
			parts = append(parts, verb+" "+set.String())
		}
	}
	add("closes", d.Closes)
	add("settles", d.Settles)
	add("calls", d.Calls)
	add("asks", d.Asks)
	add("closes what it gets from", d.Frees)
	add("loses what it gets from", d.Loses)
	add("keeps", d.Keeps)
	add("hands on", d.HandsOn)
	add("later uses", d.Later)
	for i, set := range d.Stores {
		add(fmt.Sprintf("parameter %d keeps", i), set)
	}
	add("lists", d.Lists)
	for i, set := range d.Returns {
		add(fmt.Sprintf("result %d holds", i), set)
	}
	for i, set := range d.Undoes {
		add(fmt.Sprintf("result %d closes", i), set)
	}
	for i, set := range d.Supplies {
		add(fmt.Sprintf("result %d gives", i), set)
	}
	for _, a := range d.Applies {
		parts = append(parts, a.String())
	}
	for _, only := range d.Only {
		parts = append(parts, only.String())
	}
	for _, spared := range d.Spares {
		parts = append(parts, spared.String())
	}
	add("mixes", d.Mixes)
	switch {
	case d.Exits:
		parts = append(parts, "exits")
	case d.NeverReturns:
		parts = append(parts, "never returns")
	}
	return strings.Join(parts, ", ")
}

// Ends reports whether the function closes a parameter, or calls it.
func (d *Deeds) Ends(i int) bool { return d.Closes.Has(i) || d.Calls.Has(i) }

func (d *Deeds) none() bool {
	return d.Closes|d.Settles|d.Calls|d.Asks|d.Keeps|d.HandsOn|d.Later|d.Mixes == 0 && len(d.Stores) == 0 && len(d.Returns) == 0 && len(d.Undoes) == 0 && len(d.Supplies) == 0 && !d.NeverReturns
}

func (d *Deeds) equal(other *Deeds) bool { return d.String() == other.String() }

// note adds what becomes of parameter i of a function.
func (d *Deeds) note(f *Func, i int, fate *Fate) {
	for _, s := range fate.Sinks {
		if s.By != nil && s.By != f {
			s.Kind = Kept // a function around this one returns it
		}
		switch {
		case s.OnError:
		case s.Kind == Closed:
			d.Closes.Add(i)
		case s.Kind == Settled:
			d.Settles.Add(i)
		case s.Kind == Called:
			d.Calls.Add(i)
		case s.Kind == Asked:
			d.Asks.Add(i)
		case s.Kind == Kept && s.Into != nil:
			d.Stores = addTo(d.Stores, s.Into.I, i)
			if fate.Listed {
				d.Lists.Add(i)
			}
		case s.Kind == Kept:
			d.Keeps.Add(i)
		case s.Kind == HandedOn:
			d.HandsOn.Add(i)
			if a := (Apply{i, -1, s.Arg}); s.To != nil && s.To.Of == f {
				if a.By = s.To.I; !slices.Contains(d.Applies, a) {
					d.Applies = append(d.Applies, a)
				}
			}
		case s.Kind == Returned:
			d.Returns = addTo(d.Returns, s.Result, i)
		case s.Kind == Undone:
			d.Undoes = addTo(d.Undoes, s.Result, i)
		case s.Kind == Supplied:
			d.Supplies = addTo(d.Supplies, s.Result, i)
		}
	}
	if len(fate.Later) > 0 {
		d.Later.Add(i)
	}
	if fate.Mixed {
		d.Mixes.Add(i)
	}
	d.noteTypes(i, fate)
}

// noteGiven adds what becomes of what parameter i returns when it is called.
func (d *Deeds) noteGiven(i int, fate *Fate) {
	switch {
	case len(fate.Sinks) == 0 && len(fate.Later) == 0:
		d.Loses.Add(i)
	case len(fate.Ended()) > 0:
		d.Frees.Add(i)
	}
}

func addTo(sets []Params, result, i int) []Params {
	for len(sets) <= result {
		sets = append(sets, 0)
	}
	sets[result].Add(i)
	return sets
}

// merge adds what another function does that the same call may run. What closes or
// calls a parameter in one of them alone may do so: somebody else is left to.
func (d *Deeds) merge(other *Deeds) {
	d.Keeps |= other.Keeps | d.Closes ^ other.Closes | d.Calls ^ other.Calls
	d.Closes &= other.Closes
	d.Calls &= other.Calls
	d.Settles |= other.Settles
	d.Asks |= other.Asks
	d.Frees &= other.Frees
	d.Loses &= other.Loses
	d.HandsOn |= other.HandsOn
	d.Later |= other.Later
	d.Lists |= other.Lists
	for i, set := range other.Stores {
		for p := range set.All {
			d.Stores = addTo(d.Stores, i, p)
		}
	}
	for i, set := range other.Returns {
		for p := range set.All {
			d.Returns = addTo(d.Returns, i, p)
		}
	}
	for i, set := range other.Undoes {
		for p := range set.All {
			d.Undoes = addTo(d.Undoes, i, p)
		}
	}
	for i, set := range other.Supplies {
		for p := range set.All {
			d.Supplies = addTo(d.Supplies, i, p)
		}
	}
	d.Mixes |= other.Mixes
	d.Only, d.Applies, d.Spares = nil, nil, nil
	d.NeverReturns = d.NeverReturns && other.NeverReturns
	d.Exits = d.Exits && other.Exits
}

// summarize finds out what all functions of the package do, and exports it.
func (p *Package) summarize() {
	c := p.code()
	p.BottomUp(func(f *Func) bool {
		if f.Sig == nil {
			return false
		}
		deeds := c.summary(f)
		before := c.deeds[f]
		c.deeds[f] = deeds
		return before == nil || !before.equal(deeds)
	})
	for _, f := range c.funcs {
		if deeds := c.deeds[f]; f.Obj != nil && !deeds.none() {
			c.pass.ExportObjectFact(f.Obj, deeds)
		}
	}
}

// summary finds out what a function does, once that is known of those that it calls.
func (c *code) summary(f *Func) *Deeds {
	deeds := &Deeds{NeverReturns: c.neverReturns(f)}
	deeds.Exits = deeds.NeverReturns && slices.ContainsFunc(f.Calls, (*Call).Exits)
	for i := range ParamCount(f.Sig) {
		v := ParamOf(f.Sig, i)
		if v == nil || len(c.mentions[v]) == 0 || !mayHold(v.Type()) {
			continue
		}
		deeds.note(f, i, c.fateOf(f, v))
		if deeds.Closes.Has(i) || deeds.Settles.Has(i) || deeds.Calls.Has(i) {
			if spared := c.spared(f, i, v); len(spared.Fields) > 0 {
				deeds.Spares = append(deeds.Spares, spared)
			}
		}
		if (deeds.Calls | deeds.Asks).Has(i) && maySupply(v.Type()) {
			deeds.noteGiven(i, c.fateBy(f, v, giver))
		}
	}
	return deeds
}

// Deeds returns what a function of the user's modules does; nil if that cannot be known:
// it is of another module, or a method of an interface.
func (p *Package) Deeds(fn *types.Func) *Deeds { return p.code().deedsOf(fn) }

func (c *code) deedsOf(fn *types.Func) *Deeds {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return nil
	}
	fn = fn.Origin()
	if f := c.byObj[fn]; f != nil {
		if c.deeds[f] == nil {
			return new(Deeds) // of a function that calls it and is called by it
		}
		return c.deeds[f]
	}
	if !config.Ours(c.pass, fn.Pkg()) {
		return nil
	}
	deeds := new(Deeds)
	c.pass.ImportObjectFact(fn, deeds)
	return deeds
}

// literalDeeds returns what all do that a call of a func value may run, as far as they are
// functions of the package; nil if none is.
func (c *Call) literalDeeds() *Deeds {
	if c.Fn != nil {
		return nil
	}
	return agree(c.Targets(), func(f *Func) *Deeds { return c.code.deeds[f] })
}

// givenDeeds returns which of its parameters any function closes or calls that callers in the
// package give for the parameter that is called; nil if none does, or that is not known yet.
func (c *code) givenDeeds(call *Call) *Deeds {
	sum := new(Deeds)
	for _, f := range c.search(call.Expr.Fun, true).found {
		if deeds := c.deeds[f]; deeds != nil {
			sum.Closes |= deeds.Closes
			sum.Settles |= deeds.Settles
			for i := range deeds.Calls.All {
				if _, ok := ParamOf(f.Sig, i).Type().Underlying().(*types.Signature); ok {
					sum.Calls.Add(i)
				}
			}
		}
	}
	if sum.none() {
		return nil
	}
	return sum
}

// methodDeeds returns what a function does; of an interface's method, what all its
// implementations do.
func (c *code) methodDeeds(fn *types.Func) *Deeds {
	if deeds := c.deedsOf(fn); deeds != nil {
		return deeds
	}
	return agree(c.implementations(fn), func(fn *types.Func) *Deeds {
		if f := c.byObj[fn]; f != nil {
			return c.deeds[f] // nil if it is summarized later
		}
		return c.deedsOf(fn)
	})
}

func agree[F any](all []F, deedsOf func(F) *Deeds) *Deeds {
	var sum *Deeds
	for _, f := range all {
		deeds := deedsOf(f)
		switch {
		case deeds == nil:
		case sum == nil:
			sum = deeds.clone()
		default:
			sum.merge(deeds)
		}
	}
	return sum
}

func (d *Deeds) clone() *Deeds {
	c := *d
	c.Stores = append([]Params(nil), d.Stores...)
	c.Returns = append([]Params(nil), d.Returns...)
	c.Undoes = append([]Params(nil), d.Undoes...)
	c.Supplies = append([]Params(nil), d.Supplies...)
	c.Only, c.Applies, c.Spares = slices.Clone(d.Only), slices.Clone(d.Applies), slices.Clone(d.Spares)
	return &c
}

// mayHold reports whether a value of the type may be or hold something that is to be
// closed, or a function that closes it.
func mayHold(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return mayHold(u.Elem())
	case *types.Array:
		return mayHold(u.Elem())
	case *types.Map:
		return mayHold(u.Key()) || mayHold(u.Elem())
	case *types.Pointer, *types.Interface, *types.Struct, *types.Signature:
		return !plain[dbapi.TypeName(t)] && !IsError(t)
	}
	return false
}

// plain are types of the standard library whose values, and what pointers to them lead to, hold
// nothing that is to be closed.
var plain = map[string]bool{
	"context.Context": true, "time.Time": true, "time.Location": true, "math/big.Int": true, "math/big.Float": true,
	"math/big.Rat": true, "net/url.URL": true, "regexp.Regexp": true, "sync.Mutex": true, "sync.RWMutex": true,
}

// maySupply reports whether a value of the type may be, or hold, a function whose first result may
// hold something.
func maySupply(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return !ok || sig.Results().Len() > 0 && mayHold(sig.Results().At(0).Type())
}

// IsError reports whether a type is error itself.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
