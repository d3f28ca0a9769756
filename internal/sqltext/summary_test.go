package sqltext

import (
	"bytes"
	"encoding/gob"
	"testing"

	"github.com/poollint/poollint/internal/sqltext/value"
)

func TestSummarySurvivesGob(t *testing.T) {
	t.Parallel()
	shared := value.Value(&value.Text{S: "SELECT 1"})
	before := &summary{
		Results: []value.Value{nil, &value.Choice{Alternatives: []value.Value{shared, value.Elements()}, Cond: shared}, shared},
		Queries: []value.Query{{SQL: &value.Param{Index: 2}, Method: "example.com/p.Query", Named: true}},
		Changes: []value.Change{{Param: value.Receiver, To: shared}},
	}
	deep := shared // a tree of 2⁶⁴ leaves
	for range 64 {
		deep = &value.Sequence{Parts: []value.Value{deep, deep}}
	}
	before.Results = append(before.Results, &value.Func{Results: []value.Value{nil}, Queries: []value.Query{{SQL: deep}}})

	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(before); err != nil {
		t.Fatal(err)
	}
	var after summary
	if err := gob.NewDecoder(&b).Decode(&after); err != nil {
		t.Fatal(err)
	}
	if got, want := after.String(), before.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r := after.Results
	c := r[1].(*value.Choice)
	if len(r) != 4 || r[0] != nil || c.Alternatives[0] != r[2] || c.Cond != r[2] {
		t.Errorf("results %+v", r)
	}
	if c := after.Changes; len(c) != 1 || c[0] != (value.Change{Param: value.Receiver, To: r[2]}) {
		t.Errorf("changes %+v", c)
	}
	if q := after.Queries[0]; q.Method != "example.com/p.Query" || !q.Named {
		t.Errorf("query %+v", q)
	}
	f := r[3].(*value.Func)
	if s := f.Queries[0].SQL.(*value.Sequence); f.Results[0] != nil || s.Parts[0] != s.Parts[1] {
		t.Errorf("function %+v", f)
	}
}
