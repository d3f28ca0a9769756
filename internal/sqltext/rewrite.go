package sqltext

import (
	"go/token"
	"slices"
	"strings"
)

// rewrite returns v with f applied to every leaf and every inner node whose
// parts changed, from the leaves up. Shared parts are visited once.
func rewrite(v *value, f func(*value) *value) *value {
	if v.isLeaf() {
		return f(v)
	}
	return (&rewriter{f: f, done: map[*value]*value{}}).rewrite(v)
}

type rewriter struct {
	f    func(*value) *value
	done map[*value]*value
}

func (r *rewriter) rewrite(v *value) *value {
	if v == nil {
		return nil
	}
	if w, ok := r.done[v]; ok {
		return w
	}
	w := v
	kids, changed := r.all(v.Kids)
	cond := r.rewrite(v.Cond)
	queries := v.Queries
	for i, q := range v.Queries {
		if s := r.rewrite(q.SQL); s != q.SQL {
			if &queries[0] == &v.Queries[0] {
				queries = slices.Clone(queries)
			}
			queries[i].SQL = s
			changed = true
		}
	}
	if changed || cond != v.Cond {
		w = new(value)
		*w = *v
		w.Kids, w.Cond, w.Queries = kids, cond, queries
		switch w.Kind {
		case chain, record:
			w = bounded(flatten(w))
		case list:
			w.Kids = laidOpen(w.Kids)
			w = bounded(w)
		case sequence:
			w = concat(kids...)
		case member:
			w = w.resolve()
		case formatted:
			w = format(w.Kids[0], w.Kids[1:], w.pos)
		}
	}
	w = r.f(w)
	r.done[v] = w
	return w
}

func (r *rewriter) all(kids []*value) ([]*value, bool) {
	changed := false
	for i, kid := range kids {
		k := r.rewrite(kid)
		if k == kid {
			continue
		}
		if !changed {
			kids, changed = slices.Clone(kids), true
		}
		kids[i] = k
	}
	return kids, changed
}

// flatten puts the steps of a chain that starts from a chain behind its steps, and
// the entries of a record that changes a record behind its entries.
func flatten(v *value) *value {
	if len(v.Kids) == 0 || v.Kids[0].Kind != v.Kind {
		return v
	}
	if v.Kind == chain {
		w := *v
		w.Kids = slices.Concat(v.Kids[0].Kids, v.Kids[1:])
		if w.Lib == "" { // a step out of sight
			w.Lib, w.Text = v.Kids[0].Lib, v.Kids[0].Text
		}
		return &w
	}
	changed := v.Kids[0]
	for _, kid := range v.Kids[1:] {
		if kid.Kind == entry {
			changed = changed.with(kid.Text, kid.Kids[0])
			continue
		}
		w := *changed
		w.Kids = append(slices.Clip(changed.Kids), kid)
		changed = &w
	}
	return changed
}

// laidOpen puts the elements of spliced lists in their places.
func laidOpen(kids []*value) []*value {
	spliced := func(v *value) bool { return v.Kind == either && len(v.Kids) == 1 && v.Kids[0].Kind == list }
	if !slices.ContainsFunc(kids, spliced) {
		return kids
	}
	var open []*value
	for _, kid := range kids {
		if spliced(kid) {
			open = append(open, kid.Kids[0].Kids...)
		} else {
			open = append(open, kid)
		}
	}
	return open
}

// resolve returns what a member is once what it is a member of is known.
func (v *value) resolve() *value {
	if found := v.Kids[0].field(v.Text); found != nil {
		return found
	}
	return &value{Kind: hole, pos: v.pos, via: v.via}
}

// field returns the named field of a struct, nil if it is not known.
func (v *value) field(name string) *value {
	switch v.Kind {
	case param, member:
		return &value{Kind: member, Text: name, Kids: []*value{v}, pos: v.pos}
	case record:
		return v.lookup(name)
	case either:
		alternatives := make([]*value, len(v.Kids))
		for i, kid := range v.Kids {
			if alternatives[i] = kid.field(name); alternatives[i] == nil {
				return nil
			}
		}
		return choose(v.Key, v.Cond, alternatives...)
	}
	return nil
}

// substitute puts args in for the parameters of the level that begins with number
// base; a parameter without an argument becomes a hole. What has no position, as
// it comes from another package, gets pos; with a call, everything but args notes
// that it came by pos.
func substitute(v *value, base int, args map[int]*value, pos token.Pos, call bool) *value {
	return rewrite(v, func(v *value) *value {
		switch v.Kind {
		case param:
			i := v.Index - base
			if i < 0 || i >= lambdaParam {
				return v
			}
			if a := args[i]; a != nil {
				return a
			}
			return &value{Kind: hole, Hole: v.Hole, pos: pos, typ: v.typ}
		}
		if (call || !v.pos.IsValid()) && pos.IsValid() && v != empty {
			w := *v
			if call {
				w.via = pos
			}
			if !v.pos.IsValid() {
				w.moveTo(pos)
			}
			return &w
		}
		return v
	})
}

// moveTo makes v stand for pos.
func (v *value) moveTo(pos token.Pos) {
	v.pos = pos
	if v.Kind == text {
		v.segments = []segment{{pos: pos}}
	}
}

// relocate moves what other functions made to the calls that brought it, unless
// one call brought the whole query: then its own place is what has to change.
func relocate(v *value) *value {
	if broughtWhole(v) {
		return v
	}
	return rewrite(v, func(v *value) *value {
		if !v.via.IsValid() {
			return v
		}
		w := *v
		w.moveTo(v.via)
		return &w
	})
}

// broughtWhole reports whether everything that says which rows a query reaches
// came by one call.
func broughtWhole(v *value) bool {
	if v.isLeaf() {
		return v.via.IsValid()
	}
	via := token.NoPos
	whole := true
	walk(v, map[*value]bool{}, func(v *value) {
		switch {
		case v.Kind == step && !limits[v.Text] || v.Kind != text && v.Kind != step && v.Kind != param:
		case v.Kind == text && strings.TrimSpace(v.Text) == "":
		case !via.IsValid():
			via = v.via
			whole = whole && via.IsValid()
		default:
			whole = whole && v.via == via
		}
	})
	return whole && via.IsValid()
}

// limits are the steps of chains that decide which rows a query reaches.
var limits = names(`Where WhereOr WhereGroup WherePK And Or Not Having Join Joins InnerJoin LeftJoin JoinOn JoinClause
	Scopes Apply From FromSelect Table TableExpr Model Insert Into Update Delete With entRoot`)
