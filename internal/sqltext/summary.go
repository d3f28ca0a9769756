package sqltext

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// A summary is what callers know of a function or a package-level variable. It
// is a fact, so that it crosses packages.
type summary struct {
	Results []value.Value  // as far as they are text or builders; else nil
	Queries []value.Query  // what the function hands to databases and gets from its callers
	Changes []value.Change // what it makes of what its parameters point to
}

func (*summary) AFact() {}

func (s *summary) String() string {
	out := ""
	for i, r := range s.Results {
		if i > 0 {
			out += ", "
		}
		out += value.Sketch(r)
	}
	for _, q := range s.Queries {
		out += " query(" + value.Sketch(q.SQL) + ")"
	}
	for _, c := range s.Changes {
		out += fmt.Sprintf(" $%d=%s", c.Param, value.Sketch(c.To))
	}
	return out
}

// all calls f for every value of the summary that is known.
func (s *summary) all(f func(value.Value)) {
	for _, v := range s.Results {
		if v != nil {
			f(v)
		}
	}
	for _, q := range s.Queries {
		f(q.SQL)
	}
	for _, c := range s.Changes {
		f(c.To)
	}
}

// forOthers returns the summary as other packages see it, whether a driver keeps
// facts in memory or in files: without positions and types, and without queries
// that have a site here, which is theirs whatever callers give.
func (s *summary) forOthers() *summary {
	others := &summary{Queries: value.Open(s.Queries)}
	for _, v := range s.Results {
		others.Results = append(others.Results, value.Bare(v))
	}
	for _, c := range s.Changes {
		others.Changes = append(others.Changes, value.Change{Param: c.Param, To: value.Bare(c.To)})
	}
	return others
}

// small reports whether a summary is small enough for a fact.
func (s *summary) small() bool {
	const most, line = 2000, 64
	n := 0
	seen := map[value.Value]bool{}
	s.all(func(v value.Value) {
		value.Walk(v, seen, func(v value.Value) {
			n++
			if t, ok := v.(*value.Text); ok {
				n += len(t.S) / line
			}
		})
	})
	return n < most
}

// uses reports whether a function makes something of a parameter.
func (s *summary) uses(i int) bool {
	if s == nil {
		return false
	}
	used := false
	s.all(func(v value.Value) {
		used = used || value.Has(v, func(v value.Value) bool {
			p, ok := v.(*value.Param)
			return ok && p.Index == i
		})
	})
	return used
}

// A savedSummary is a summary in gob: values are numbers in a table.
type savedSummary struct {
	Table   value.Table
	Results []int
	Queries []value.Query
	Changes []savedChange
}

type savedChange struct{ Param, To int }

// GobEncode writes the summary, which has to be for others.
func (s *summary) GobEncode() ([]byte, error) {
	var saved savedSummary
	saved.Results, saved.Queries = saved.Table.Numbers(s.Results), saved.Table.Queries(s.Queries)
	for _, c := range s.Changes {
		saved.Changes = append(saved.Changes, savedChange{c.Param, saved.Table.Number(c.To)})
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(saved)
	return b.Bytes(), err
}

// GobDecode reads what GobEncode wrote.
func (s *summary) GobDecode(data []byte) error {
	var saved savedSummary
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&saved); err != nil {
		return err
	}
	saved.Table.Restore()
	for _, n := range saved.Results {
		s.Results = append(s.Results, saved.Table.Value(n))
	}
	s.Queries = saved.Table.RestoredQueries(saved.Queries)
	for _, c := range saved.Changes {
		s.Changes = append(s.Changes, value.Change{Param: c.Param, To: saved.Table.Value(c.To)})
	}
	return nil
}
