package value

import "encoding/gob"

// A Table holds values for facts, which drivers that see one package at a time
// write to files. gob writes trees, and no nil among the elements of a slice; but
// values are shared, and some are nil. So a table has every value once, behind
// those that it is made of, which it names by their numbers. Number 0 is nil.
type Table struct {
	Values  []Value
	numbers map[Value]int
}

// A ref stands for the value with a number in the parts of another.
type ref struct {
	Origin
	N int
}

func (v *ref) placed(Origin) Value          { return v }
func (v *ref) each(func(Value))             {}
func (v *ref) swap(func(Value) Value) Value { return v }

func init() {
	for name, v := range map[string]Value{
		"ref": (*ref)(nil), "text": (*Text)(nil), "hole": (*Hole)(nil), "seq": (*Sequence)(nil), "list": (*List)(nil),
		"splice": (*Splice)(nil), "choice": (*Choice)(nil), "param": (*Param)(nil), "record": (*Record)(nil),
		"entry": (*Entry)(nil), "member": (*Member)(nil), "lent": (*Lent)(nil), "join": (*Join)(nil), "format": (*Format)(nil), "func": (*Func)(nil),
		"chain": (*Chain)(nil), "step": (*Step)(nil), "unseen": (*Unseen)(nil), "object": (*Object)(nil), "mention": (*Mention)(nil),
	} {
		gob.RegisterName("poollint."+name, v)
	}
}

// Number puts v, which has to be bare, into the table unless it is there, and
// returns its number.
func (t *Table) Number(v Value) int {
	if v == nil {
		return 0
	}
	if n, ok := t.numbers[v]; ok {
		return n
	}
	if t.numbers == nil {
		t.numbers = map[Value]int{}
	}
	packed := v.swap(t.pack) // what it is made of stands before it
	t.Values = append(t.Values, packed)
	t.numbers[v] = len(t.Values)
	return len(t.Values)
}

// Numbers returns the numbers of several values.
func (t *Table) Numbers(values []Value) []int {
	var numbers []int
	for _, v := range values {
		numbers = append(numbers, t.Number(v))
	}
	return numbers
}

// Queries returns the queries with numbers in the place of their texts.
func (t *Table) Queries(queries []Query) []Query {
	packed, _ := swapQueries(queries, t.pack)
	return packed
}

func (t *Table) pack(v Value) Value { return &ref{N: t.Number(v)} }

// Restore makes values of a table that was read.
func (t *Table) Restore() {
	for i, v := range t.Values {
		t.Values[i] = v.swap(t.unpack)
	}
}

// Value returns the value with a number in a table that was restored.
func (t *Table) Value(n int) Value {
	if n == 0 {
		return nil
	}
	return t.Values[n-1]
}

// RestoredQueries returns the queries with their texts.
func (t *Table) RestoredQueries(queries []Query) []Query {
	restored, _ := swapQueries(queries, t.unpack)
	return restored
}

func (t *Table) unpack(v Value) Value { return t.Value(v.(*ref).N) }
