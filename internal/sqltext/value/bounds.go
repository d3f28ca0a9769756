package value

import "go/token"

// The bounds of values, for code that nobody writes by hand.
const (
	maxParts  = 4096 // parts of a text, elements of a list, steps of a chain
	maxLookup = 64   // records that one look-up goes through
	maxSets   = 6    // nesting of alternatives that a look-up sees
	maxSame   = 4    // depth to which values are compared
	maxLoose  = 30   // choices that are looked through for what code out of sight may add
	maxWeight = 5000 // nodes of what a call returns

	maxWeights = 300_000 // nodes of what the calls of a package return
	maxPieces  = 100_000 // parts of the queries of a package: each may be the one before and more
)

// A Budget bounds what the calls and the queries of one package cost.
type Budget struct{ weight, pieces int }

// Bring returns what a call brings with its arguments put in, see Substitute. It is
// a hole if that has too many nodes to be handed around, or too many were before.
func (b *Budget) Bring(v Value, base int, args map[int]Value, pos token.Pos, call bool) Value {
	if b.weight > maxWeights && v != nil && !IsLeaf(v) {
		v = Cut(v.At())
	}
	v = Substitute(v, base, args, pos, call)
	if v == nil || IsLeaf(v) {
		return v
	}
	seen := map[Value]bool{}
	few := weigh(v, seen)
	if b.weight += len(seen); !few || b.weight > maxWeights {
		return Cut(v.At())
	}
	return v
}

// Spend counts the parts of a query and reports whether there may be that many.
func (b *Budget) Spend(sql Value) bool {
	b.pieces += parts(sql)
	return b.pieces <= maxPieces
}

// weigh notes the nodes of v, queries of functions included, and reports whether
// they are few enough.
func weigh(v Value, seen map[Value]bool) bool {
	few := true
	var visit func(Value)
	visit = func(v Value) {
		if !few || v == nil || seen[v] {
			return
		}
		seen[v] = true
		few = len(seen) <= maxWeight
		v.each(visit)
		if f, ok := v.(*Func); ok {
			for _, q := range f.Queries {
				visit(q.SQL)
			}
			for _, c := range f.Changes {
				visit(c.To)
			}
		}
	}
	visit(v)
	return few
}

// bounded returns v, or a hole if it has too many parts.
func bounded(v Value) Value {
	if parts(v) > maxParts {
		return Cut(v.At())
	}
	return v
}

// parts returns the number of parts of v.
func parts(v Value) int {
	switch v := v.(type) {
	case *Sequence:
		return len(v.Parts)
	case *List:
		return len(v.Elems)
	case *Record:
		return len(v.Parts)
	case *Chain:
		return 1 + len(v.Steps)
	case *Step:
		return len(v.Args)
	}
	n := 0
	v.each(func(Value) { n++ })
	return n
}
