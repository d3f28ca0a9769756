package sqltext

import (
	"bytes"
	"encoding/gob"
)

// Facts are written to files by drivers that see one package at a time. gob
// writes trees, and no nil among the elements of a slice, but values are shared
// and results may be nil: so a summary is written as a table of its values, that
// name each other by number. Number 0 is nil.
type (
	savedSummary struct {
		Values  []savedValue
		Results []int
		Queries []savedQuery
		Changes []savedChange
	}
	savedChange struct{ Param, To int }
	savedValue  struct {
		Value   value // without what follows
		Kids    []int
		Cond    int
		Queries []savedQuery
	}
	savedQuery struct {
		Query query // without SQL
		SQL   int
	}
)

// GobEncode writes the summary.
func (s *summary) GobEncode() ([]byte, error) {
	saver := &saver{numbers: map[*value]int{nil: 0}}
	saved := savedSummary{Results: saver.all(s.Results), Queries: saver.queries(s.Queries)}
	for _, c := range s.Changes {
		saved.Changes = append(saved.Changes, savedChange{c.Param, saver.number(c.To)})
	}
	saved.Values = saver.values
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
	values := make([]*value, len(saved.Values)+1)
	for i := range saved.Values {
		values[i+1] = &saved.Values[i].Value
	}
	for i, v := range saved.Values {
		values[i+1].Kids, values[i+1].Cond = numbered(values, v.Kids), values[v.Cond]
		values[i+1].Queries = restored(values, v.Queries)
	}
	s.Results, s.Queries = numbered(values, saved.Results), restored(values, saved.Queries)
	for _, c := range saved.Changes {
		s.Changes = append(s.Changes, change{c.Param, values[c.To]})
	}
	return nil
}

type saver struct {
	numbers map[*value]int
	values  []savedValue
}

func (s *saver) number(v *value) int {
	if n, ok := s.numbers[v]; ok {
		return n
	}
	s.values = append(s.values, savedValue{})
	n := len(s.values)
	s.numbers[v] = n
	saved := savedValue{Value: *v, Kids: s.all(v.Kids), Cond: s.number(v.Cond), Queries: s.queries(v.Queries)}
	saved.Value.Kids, saved.Value.Cond, saved.Value.Queries = nil, nil, nil
	s.values[n-1] = saved
	return n
}

func (s *saver) all(values []*value) []int {
	var numbers []int
	for _, v := range values {
		numbers = append(numbers, s.number(v))
	}
	return numbers
}

func (s *saver) queries(queries []query) []savedQuery {
	var saved []savedQuery
	for _, q := range queries {
		n := s.number(q.SQL)
		q.SQL = nil
		saved = append(saved, savedQuery{q, n})
	}
	return saved
}

func numbered(values []*value, numbers []int) []*value {
	var some []*value
	for _, n := range numbers {
		some = append(some, values[n])
	}
	return some
}

func restored(values []*value, saved []savedQuery) []query {
	var queries []query
	for _, q := range saved {
		q.Query.SQL = values[q.SQL]
		queries = append(queries, q.Query)
	}
	return queries
}
