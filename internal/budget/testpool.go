package budget

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
)

// testpoolPath is the path of testpool, whose functions are known without analysing them.
const testpoolPath dbapi.Name = "github.com/poollint/poollint/testpool"

// takes is the fact that a function takes pools of testpool, directly or through other
// functions.
type takes struct {
	Shared  bool // the process's pool
	Private bool // one of the test's own beside it
}

func (*takes) AFact()         {}
func (*takes) String() string { return "takes pools of testpool" }

func (t *takes) add(u takes) {
	t.Shared, t.Private = t.Shared || u.Shared, t.Private || u.Private
}

// testpoolTakes says what the functions of testpool take.
var testpoolTakes = map[dbapi.Name]takes{
	testpoolPath + ".Get":        {Shared: true},
	testpoolPath + ".DB":         {Shared: true},
	testpoolPath + ".Tx":         {Shared: true},
	testpoolPath + ".TxDB":       {Shared: true},
	testpoolPath + ".Schema":     {Shared: true, Private: true},
	testpoolPath + ".SchemaDB":   {Shared: true, Private: true},
	testpoolPath + ".Database":   {Shared: true, Private: true},
	testpoolPath + ".DatabaseDB": {Shared: true, Private: true},
}

// The places of testpool's pools: one of each serves a binary or a test.
const (
	sharedPlace  lifecycle.Place = "testpool:1"
	privatePlace lifecycle.Place = "testpool, private:1"
)

// testpools are the pools at these places, with the limits that they have unless
// an option of testpool sets others.
var testpools = map[lifecycle.Place]pool{
	sharedPlace:  {At: sharedPlace, Opener: testpoolPath + ".Get", Conns: 3, By: "testpool", Servers: []string{"$DATABASE_URL_TEST"}},
	privatePlace: {At: privatePlace, Opener: testpoolPath + ".Schema", Conns: 2, By: "testpool", Servers: []string{"$DATABASE_URL_TEST"}},
}

// limitOptions are the options that set a limit of the pool at a place.
var limitOptions = map[dbapi.Name]lifecycle.Place{
	testpoolPath + ".MaxConns":     sharedPlace,
	testpoolPath + ".PrivateConns": privatePlace,
}

// exportTakes marks the functions of the package that take pools of testpool.
func (r *reader) exportTakes() {
	known := map[*flow.Func]takes{}
	r.code.BottomUp(func(f *flow.Func) (changed bool) {
		all := known[f]
		for _, lit := range f.Lits {
			all.add(known[lit])
		}
		for _, call := range f.Calls {
			all.add(r.takes(call.Fn))
			r.limitOf(call.Expr)
		}
		if all == known[f] {
			return false
		}
		known[f] = all
		if f.Obj != nil {
			r.pass.ExportObjectFact(f.Obj, &all)
		}
		return true
	})
}

// takes returns what a call of fn takes.
func (r *reader) takes(fn *types.Func) takes {
	var t takes
	if fn == nil {
		return t
	}
	if known, ok := testpoolTakes[dbapi.NameOf(fn)]; ok {
		return known
	}
	r.pass.ImportObjectFact(fn.Origin(), &t)
	return t
}

// limitOf notes the number that an option of testpool sets.
func (r *reader) limitOf(call *ast.CallExpr) {
	fn := dbapi.Callee(r.pass.TypesInfo, call)
	if fn == nil || len(call.Args) != 1 {
		return
	}
	place, ok := limitOptions[dbapi.NameOf(fn)]
	if value := r.pass.TypesInfo.Types[call.Args[0]].Value; ok && value != nil {
		if n, exact := constant.Int64Val(value); exact {
			r.record.Limits[place] = max(r.record.Limits[place], int(n))
		}
	}
}

// fromTestpool returns what a call takes of testpool, and records the pools.
func (r *reader) fromTestpool(call *ast.CallExpr) []lifecycle.Open {
	t := r.takes(dbapi.Callee(r.pass.TypesInfo, call))
	var opens []lifecycle.Open
	for _, taken := range []struct {
		is bool
		lifecycle.Open
	}{
		{t.Shared, lifecycle.Open{At: sharedPlace, Once: true}},
		{t.Private, lifecycle.Open{At: privatePlace}},
	} {
		if taken.is {
			opens = append(opens, taken.Open)
			r.add(testpools[taken.At])
		}
	}
	return opens
}

// limited returns the pool with the limit that an option of testpool sets in some
// package: it is set in one place for all.
func (p pool) limited(records []*record) pool {
	if _, ok := testpools[p.At]; !ok {
		return p
	}
	n := 0
	for _, r := range records {
		n = max(n, r.Limits[p.At])
	}
	if n > 0 {
		p.Conns = n
	}
	return p
}
