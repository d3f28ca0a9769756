package capacity

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// maxPools bounds what is remembered of one function.
const maxPools = 32

// A summary is a Func with what only the package itself needs.
type summary struct {
	Func
	pools map[*flow.Call][]Pool // that the function's calls open, as it sees them
}

// A scope is a function that is being summarized.
type scope struct {
	*reader
	f      *flow.Func
	counts map[number][]Amount // that are known
	depth  int                 // of numbers that are being counted
}

// summarize finds out what a function, with the literals that are a part of it, has to do
// with limits.
func (r *reader) summarize(f *flow.Func) *summary {
	s := &scope{reader: r, f: f, counts: map[number][]Amount{}}
	sum := &summary{pools: map[*flow.Call][]Pool{}}
	for _, part := range r.parts[f] {
		for _, c := range part.Calls {
			if pools := s.pools(c); len(pools) > 0 {
				sum.pools[c] = pools
				sum.open(pools)
			}
		}
	}
	for _, part := range r.parts[f] {
		for _, ref := range part.Refs {
			sum.open(s.poolsLater(ref))
		}
	}
	if f.Sig != nil && f.Sig.Results().Len() > 0 {
		sum.Result = *s.provenance(s.results()...)
		for _, ret := range s.f.Returns {
			for i, e := range ret.Results {
				if len(ret.Results) == s.f.Sig.Results().Len() {
					sum.Result.set(s.byMethods(e, s.f.Sig.Results().At(i).Type())...)
				}
			}
		}
	}
	sum.Onto = s.onto()
	return sum
}

// open adds pools, but for those of a call that leads to itself.
func (f *Func) open(pools []Pool) {
	for _, p := range pools {
		if len(f.Pools) < maxPools && !slices.ContainsFunc(f.Pools, p.like) {
			f.Pools = append(f.Pools, p)
		}
	}
}

// results returns what the function returns and may tell something.
func (s *scope) results() []ast.Expr {
	var all []ast.Expr
	for _, e := range s.f.Results() {
		if t := s.info.TypeOf(e); t != nil && !silent(t) {
			all = append(all, e)
		}
	}
	return all
}

// A callee is a function that a call may run, with what is known of it.
type callee struct {
	sig  *types.Signature
	does *Func // nil if it cannot be read
}

// callees returns the functions that a call may run. Of literals, those are left out that
// are a part of another function, which opens what they open.
func (r *reader) callees(c *flow.Call) []callee {
	if c.Fn != nil {
		return []callee{{c.Fn.Signature(), r.lookup(c.Fn)}}
	}
	var all []callee
	for _, f := range c.Targets() {
		if r.whole[f] == f && f.Sig != nil {
			all = append(all, callee{f.Sig, r.summary(f)})
		}
	}
	return all
}

// summary returns what a function of the package has to do with limits.
func (r *reader) summary(f *flow.Func) *Func {
	if s := r.summaries.Of(f); s != nil {
		return &s.Func
	}
	return new(Func)
}

// lookup returns what fn has to do with limits; nil if it cannot be read.
func (r *reader) lookup(fn *types.Func) *Func {
	if f := r.code.Func(fn); f != nil {
		return r.summary(f)
	}
	imported, known := r.imported[fn]
	if !known {
		imported = r.fact(fn)
		r.imported[fn] = imported
	}
	return imported
}

// fact returns what the fact of another package's function says; nil if the
// package was not read.
func (r *reader) fact(fn *types.Func) *Func {
	imported := new(Func)
	if r.pass.ImportObjectFact(fn, imported) {
		return imported
	}
	if fn.Pkg() != nil && r.pass.ImportPackageFact(fn.Pkg(), new(read)) && !isInterface(fn) {
		return new(Func) // read, and found to be nothing
	}
	return nil
}

func isInterface(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// pools returns the pools that a call opens, as the function sees them.
func (s *scope) pools(c *flow.Call) []Pool {
	var all []Pool
	if row := s.opener(c); row != nil {
		if row.Kind != dbapi.Pool || row.Limit == nil {
			return nil
		}
		all = []Pool{{Opener: row.Name, Site: s.place(c.Expr), Result: true, From: *s.provenance(c.Expr.Args...)}}
	} else {
		for _, callee := range s.callees(c) {
			if callee.does == nil {
				continue
			}
			for _, p := range callee.does.Pools {
				if len(all) < maxPools {
					all = append(all, s.through(c, callee.sig, p))
				}
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	held, returned := s.holdersOf(c)
	settings := s.settings(held, false)
	for i := range all {
		if all[i].Result {
			all[i].Result = returned
			all[i].From.set(settings...)
		}
	}
	return all
}

func (r *reader) opener(c *flow.Call) *dbapi.Opener {
	if c.Fn == nil {
		return nil
	}
	return r.cat.Opener(c.Fn)
}

// through returns the pool of a function that the call runs.
func (s *scope) through(c *flow.Call, sig *types.Signature, p Pool) Pool {
	var settings []Setting
	for _, set := range p.From.Settings {
		settings = append(settings, s.substitute(c, sig, set.below())...)
	}
	return p.seen(settings, s.given(c, sig, p.From.Params))
}

// given returns what a call gives for parameters of a function that it runs.
func (s *scope) given(c *flow.Call, sig *types.Signature, params flow.Params) *Provenance {
	var args []ast.Expr
	var put []Setting
	for i := range params.All {
		for _, arg := range c.Args(sig, i) {
			args = append(args, arg)
			put = append(put, s.byMethods(arg, elemOf(flow.ParamOf(sig, i).Type()))...)
		}
	}
	given := s.provenance(args...)
	given.set(put...)
	return given
}

// elemOf returns the type of what a list holds; the type itself if it is none.
func elemOf(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return t
}

// byMethods returns what the methods by which an interface takes a value put on what they are given: an
// option may be a number of a type that has one.
func (s *scope) byMethods(e ast.Expr, as types.Type) (all []Setting) {
	i, ok := as.Underlying().(*types.Interface)
	t := s.info.TypeOf(e)
	if !ok || t == nil || types.IsInterface(t) {
		return nil
	}
	for m := range i.Methods() {
		obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name())
		fn, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		does := s.lookup(fn)
		if does == nil {
			continue
		}
		for _, set := range does.Onto {
			if set.On == flow.Receiver || set.Key == filledKey {
				continue
			}
			for _, a := range s.ofReceiver(set.Amount, e) {
				all = append(all, Setting{Key: set.Key, Amount: a, Depth: callDepth, Perhaps: set.Perhaps})
			}
		}
	}
	return all
}

// ofReceiver returns what an amount of a method is where the method is called on a value.
func (s *scope) ofReceiver(a Amount, recv ast.Expr) []Amount {
	switch {
	case a.Kind != FromParam:
		return []Amount{a}
	case a.N != flow.Receiver:
		return []Amount{{Kind: Unknown}}
	case a.Key == "":
		return s.amounts(recv)
	}
	return s.counted(number{recv, a}, func(n *counter) { n.under(a.Key, s.provenance(recv)) })
}

// seen returns the pool as another function sees it: with these settings of its own, and
// what is given for parameters.
func (p Pool) seen(settings []Setting, given *Provenance) Pool {
	own := p.From
	p.From = Provenance{Params: given.Params}
	p.From.set(settings...)
	p.From.add(given)
	own.Settings = nil
	p.From.add(&own)
	return p
}

// poolsLater returns what a method will open that is handed to code which calls it
// when it likes, such as the constructor of a pool of databases. Only what its
// receiver brings is known.
func (s *scope) poolsLater(ref flow.Use) []Pool {
	method := s.code.Func(ref.Of)
	if method == nil || ref.At.ParentEdgeKind() != edge.SelectorExpr_Sel {
		return nil
	}
	recv := ref.At.Parent().Node().(*ast.SelectorExpr).X
	var all []Pool
	for _, p := range s.summary(method).Pools {
		given := new(Provenance)
		if p.From.Params.Has(flow.Receiver) {
			given = s.provenance(recv)
		}
		settings := slices.DeleteFunc(slices.Clone(p.From.Settings), func(set Setting) bool { return set.Amount.Kind == FromParam })
		p = p.seen(settings, given)
		p.Result, p.Later = false, true
		all = append(all, p)
	}
	return all
}
