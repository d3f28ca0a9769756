package driver

import (
	"bytes"
	"encoding/gob"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
)

type fuzzFact struct{ Text string }

func (*fuzzFact) AFact() {}

// A damaged entry of the cache is an error, and its facts are those of objects that
// there are.
func FuzzEntries(f *testing.F) {
	gob.Register(&fuzzFact{})
	register(nil)
	at := token.Position{Filename: "/module/p.go", Offset: 10, Line: 2, Column: 3}
	outcome := Outcome{
		Findings: []finding.Located{{Rule: "newpool", Data: finding.Text("opens"), Pos: at, Fixes: []finding.Fix{{Edits: []finding.Edit{{Path: "/module/p.go", Start: 1, End: 2, New: "x"}}}}}},
		Evidence: []finding.Evidence{{Key: "k", Pos: at, Data: finding.Text("TestX")}},
	}
	for _, kept := range []any{
		entry{Outcome: map[string]Outcome{"newpool": outcome}, Facts: []savedFact{{Object: "F", Fact: &fuzzFact{"x"}}, {Fact: &fuzzFact{"package"}}}},
		replay{Reads: map[string][]config.Read{"/module": {{Op: "read", Name: "schema.sql", Digest: "absent"}}}, Result: &Result{Findings: outcome.Findings}},
		listed{},
	} {
		var data bytes.Buffer
		if err := gob.NewEncoder(&data).Encode(kept); err != nil {
			f.Fatal(err)
		}
		f.Add(data.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, into := range []any{new(replay), new(listed), new([]config.Read)} {
			_ = decode(data, into) // what counts is that it ends
		}
		e := new(entry)
		if decode(data, e) != nil {
			return
		}
		pkg := types.NewPackage("example.com/p", "p")
		pkg.Scope().Insert(types.NewVar(token.NoPos, pkg, "F", types.Typ[types.Int]))
		u := &unit{Package: &packages.Package{PkgPath: "example.com/p"}, checked: checked{types: pkg}, entry: e}
		r := &run{store: new(factStore)}
		if r.restore(u) {
			u.facts.object(pkg.Scope().Lookup("F"), new(fuzzFact))
			u.facts.pkg(pkg, new(fuzzFact))
		}
	})
}
