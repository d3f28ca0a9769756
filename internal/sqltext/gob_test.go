package sqltext

import (
	"bytes"
	"encoding/gob"
	"testing"
)

func TestSummarySurvivesGob(t *testing.T) {
	t.Parallel()
	shared := &value{Kind: text, Text: "SELECT 1"}
	before := &summary{
		Results: []*value{nil, {Kind: either, Kids: []*value{shared, nil}, Cond: shared}, shared},
		Queries: []query{{SQL: &value{Kind: param, Index: 2}, Method: "example.com/p.Query", Named: true}},
		Changes: []change{{Param: receiverParam, To: shared}},
	}
	deep := shared // a tree of 2⁶⁴ leaves
	for range 64 {
		deep = &value{Kind: sequence, Kids: []*value{deep, deep}}
	}
	before.Results = append(before.Results, &value{Kind: lambda, Kids: []*value{nil}, Queries: []query{{SQL: deep}}})

	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(before); err != nil {
		t.Fatal(err)
	}
	var after summary
	if err := gob.NewDecoder(&b).Decode(&after); err != nil {
		t.Fatal(err)
	}
	r := after.Results
	if len(r) != 4 || r[0] != nil || r[1].Kids[0] != r[2] || r[1].Kids[1] != nil || r[1].Cond != r[2] || r[2].Text != "SELECT 1" {
		t.Errorf("results %+v", r)
	}
	if c := after.Changes; len(c) != 1 || c[0] != (change{receiverParam, r[2]}) {
		t.Errorf("changes %+v", c)
	}
	if q := after.Queries[0]; q.SQL.Kind != param || q.SQL.Index != 2 || q.Method != "example.com/p.Query" || !q.Named {
		t.Errorf("query %+v", q)
	}
	if l := r[3]; l.Kids[0] != nil || l.Queries[0].SQL.Kids[0] != l.Queries[0].SQL.Kids[1] {
		t.Errorf("lambda %+v", l)
	}
}
