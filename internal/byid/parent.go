package byid

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
)

// A row that was loaded by its id alone is as good as its parent: whoever has loaded that for
// its tenant, by the key in the row or before the keys are compared, may have the row. The same
// holds for a parent that was loaded by its id alone, once its tenant has been compared. The other
// way round, a key in a row that was loaded for its tenant leads to a row of the same tenant.

// A Parent is a table that rows belong to, by a column.
type Parent struct{ Column, Table string }

// parentsIn returns the parents of the rows of a table: of one with a tenant, whatever they refer
// to that has one as well.
func parentsIn(t *schema.Table, db *schema.Database) (all []Parent) {
	for _, o := range t.Owners {
		if len(o.Key.Columns) == 1 {
			all = append(all, Parent{o.Key.Columns[0], o.Name})
		}
	}
	for _, key := range t.ForeignKeys {
		if of := db.Lookup(key.RefSchema, key.RefTable); t.Role == schema.Scoped && len(key.Columns) == 1 && of != nil && of != t && (of.Role == schema.Scoped || of.Role == schema.Owned) {
			all = append(all, Parent{key.Columns[0], of.Name})
		}
	}
	return all
}

// parents reports whether the row of a table that an id is of has been loaded for its tenant.
type parents func(table string, ids []source) bool

func nobodys(string, []source) bool { return false }

// parentsBefore knows what has been loaded on every way to a place, or the node of one.
func (r *reader) parentsBefore(f *flow.Func, change event, to inspector.Cursor, then ast.Node) parents {
	return func(table string, ids []source) bool {
		parent := event{Deed: Deed{Tables: []string{table}}, call: change.call, ids: ids}
		return r.anyLoad(f, func(load event) bool {
			return (!load.Any || parent.counts(load)) && r.beforeNode(f, load, parent, to, then)
		})
	}
}

// parentsOnEveryWay knows what has been loaded wherever the function ends without an error.
func (r *reader) parentsOnEveryWay(f *flow.Func) parents {
	return func(table string, ids []source) bool {
		parent := event{Deed: Deed{Tables: []string{table}}}
		return r.anyLoad(f, func(load event) bool {
			if !parent.counts(load) || !r.onEveryWay(f, false, load) || load.Any && !r.compares(f, load) {
				return false
			}
			rows := r.rowsOf(f, load, r.code.Ways(f).Node(load.call.At))
			return slices.ContainsFunc(ids, func(id source) bool {
				return rows[id.root] && id.isID(load.Key) || slices.ContainsFunc(load.ids, id.equal)
			})
		})
	}
}

// maxClimbs bounds the steps from a row to the parents of its parents.
const maxClimbs = 6

// anyLoad reports whether one of the loads of a function is such a one.
func (r *reader) anyLoad(f *flow.Func, is func(load event) bool) bool {
	if r.climbs == maxClimbs {
		return false
	}
	r.climbs++
	defer func() { r.climbs-- }()
	return slices.ContainsFunc(r.loads[f], func(load event) bool { return !load.Made && is(load) })
}

// parentIsLoaded reports whether the parent of one of the rows is loaded: by the key in the row, or
// by that which the row was asked for with.
func (r *reader) parentIsLoaded(f *flow.Func, load event, rows map[*types.Var]bool, has parents) bool {
	return slices.ContainsFunc(load.Parents, func(p Parent) bool {
		if len(load.within) > 0 && has(p.Table, load.within) {
			return true
		}
		return r.anyLoad(f, func(parent event) bool {
			return slices.ContainsFunc(parent.ids, func(id source) bool { return p.isKey(id, rows) && has(p.Table, []source{id}) })
		})
	})
}

// isPart reports whether one of two values is the key of a row's parent, and the other one that
// has been loaded.
func (r *reader) isPart(load event, rows map[*types.Var]bool, has parents, a, b ast.Expr) bool {
	return slices.ContainsFunc(load.Parents, func(p Parent) bool {
		is := func(key, other ast.Expr) bool {
			return slices.ContainsFunc(r.sourcesOf(key, nil), func(s source) bool { return p.isKey(s, rows) }) && has(p.Table, r.sourcesOf(other, nil))
		}
		return is(a, b) || is(b, a)
	})
}

// isReferred reports whether an id is the key, in one of the rows of a load, of what a change is
// about: attempt.OrderID. Of what is out of sight the key's name says so.
func (r *reader) isReferred(id source, load, change event, rows map[*types.Var]bool) bool {
	switch {
	case load.Made || !rows[id.root]:
		return false
	case len(load.Tables) == 0:
		return len(change.Tables) == 0 && id.isKey()
	}
	return slices.ContainsFunc(load.Parents, func(p Parent) bool {
		return p.isKey(id, rows) && (len(change.Tables) == 0 || slices.Contains(change.Tables, p.Table))
	})
}

// isKey reports whether a source is the parent's key in one of the rows.
func (p Parent) isKey(s source, rows map[*types.Var]bool) bool {
	return rows[s.root] && len(s.path) > 0 && s.isID([]string{p.Column})
}
