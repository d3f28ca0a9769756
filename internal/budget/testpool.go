package budget

import (
	"go/ast"
	"go/constant"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
)

// testpoolPath is the path of testpool, whose functions are known without analysing them.
const testpoolPath dbapi.Name = "github.com/poollint/poollint/testpool"

// The places of what testpool opens: a pool for each binary, one connection beside it while that
// is set up and looked after, and a pool for each test that asks for a private one.
const (
	sharedPlace  lifecycle.Place = "testpool:1"
	besidePlace  lifecycle.Place = "testpool, set up:1"
	privatePlace lifecycle.Place = "testpool, private:1"
)

// testpools are what testpool opens, with the limits that hold unless an option sets others.
var testpools = map[lifecycle.Place]open{
	sharedPlace:  {At: sharedPlace, Opener: testpoolPath + ".Get", Limit: limit{N: 3, By: "testpool"}},
	besidePlace:  {At: besidePlace, Opener: testpoolPath + ".Main", Limit: limit{N: 1}},
	privatePlace: {At: privatePlace, Opener: testpoolPath + ".Schema", Limit: limit{N: 2, By: "testpool"}},
}

var (
	sharedPool  = []lifecycle.Place{sharedPlace, besidePlace}
	privatePool = []lifecycle.Place{sharedPlace, besidePlace, privatePlace}
)

// testpoolTakes says what the functions of testpool open.
var testpoolTakes = map[dbapi.Name][]lifecycle.Place{
	testpoolPath + ".Get":        sharedPool,
	testpoolPath + ".DB":         sharedPool,
	testpoolPath + ".Tx":         sharedPool,
	testpoolPath + ".TxDB":       sharedPool,
	testpoolPath + ".Schema":     privatePool,
	testpoolPath + ".SchemaDB":   privatePool,
	testpoolPath + ".Database":   privatePool,
	testpoolPath + ".DatabaseDB": privatePool,
}

// limitOptions are the options that set a limit of the pool at a place.
var limitOptions = map[dbapi.Name]lifecycle.Place{
	testpoolPath + ".MaxConns":     sharedPlace,
	testpoolPath + ".PrivateConns": privatePlace,
}

// testpoolOpens returns the places of what a call takes of testpool.
func testpoolOpens(c *flow.Call) []lifecycle.Place {
	if c.Fn.Pkg() == nil || c.Fn.Pkg().Path() != string(testpoolPath) {
		return nil
	}
	return testpoolTakes[dbapi.NameOf(c.Fn)]
}

// fromTestpool adds what a call takes of testpool.
func (b *builder) fromTestpool(c *flow.Call, places []lifecycle.Place) {
	for _, at := range places {
		o := testpools[at]
		o.Times, o.Servers = 1, []string{"$DATABASE_URL_TEST"}
		if at != privatePlace {
			b.out.once(once{Key: at, Demand: &demand{Opens: []open{o}}})
		} else if len(c.Expr.Args) > 0 {
			b.hold(c, o, b.testOf(c.Expr.Args[0]))
		}
	}
}

// An option is a limit of testpool's that code sets.
type option struct {
	At   lifecycle.Place
	N    int // 0 where it does not show
	Spot spot
}

// options returns the limits of testpool's that the package sets.
func (r *reader) options() (all []option) {
	for _, f := range r.code.Funcs() {
		for _, c := range f.Calls {
			if c.Fn == nil || len(c.Expr.Args) != 1 {
				continue
			}
			if at, ok := limitOptions[dbapi.NameOf(c.Fn)]; ok {
				all = append(all, option{at, r.constant(c.Expr.Args[0]), r.spot(c.Expr)})
			}
		}
	}
	return all
}

func (r *reader) constant(e ast.Expr) int {
	if value := r.info.Types[e].Value; value != nil {
		if n, exact := constant.Int64Val(constant.ToInt(value)); exact {
			return int(n)
		}
	}
	return 0
}

// limited returns the pool of testpool's with the limit that options set, in whatever package:
// it is set in one place for all.
func (o open) limited(options []option) open {
	if _, ok := testpools[o.At]; !ok {
		return o
	}
	n := 0
	for _, set := range options {
		switch {
		case set.At != o.At:
		case set.N == 0:
			o.Spot = set.Spot
			o.Limit.Unknown, o.Limit.Remedy = "testpool's limit is a number that the code does not show", "give its option a constant"
		default:
			n = max(n, set.N)
		}
	}
	if n > 0 {
		o.Limit.N = n
	}
	return o
}
