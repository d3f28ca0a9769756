package lifecycle

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/flow"
)

// values are the variables that a value is made of, with what is asked for of each: nothing
// where it only stands beside that.
type values map[*types.Var][]flow.Path

func (v values) has(x *types.Var) bool {
	_, is := v[x]
	return is
}

func (v values) add(more values) {
	for x, asked := range more {
		v.ask(x, asked...)
	}
}

// union returns what is in any of them.
func union(sets ...values) values {
	all := values{}
	for _, s := range sets {
		all.add(s)
	}
	return all
}

// maxPaths bounds what is asked for of one variable: beyond that it is all of it.
const maxPaths = 16

func (v values) ask(x *types.Var, asked ...flow.Path) {
	paths := v[x]
	for _, p := range asked {
		if !slices.Contains(paths, p) {
			paths = append(slices.Clip(paths), p)
		}
	}
	if len(paths) > maxPaths {
		paths = []flow.Path{""}
	}
	v[x] = paths
}

// params returns which parameters of the signature are among the variables, and what is
// asked for of them.
func (v values) params(sig *types.Signature) (p flow.Params, of parts) {
	if sig == nil {
		return p, of
	}
	var all []string
	for i := range flow.ParamCount(sig) {
		if x := flow.ParamOf(sig, i); x != nil && v.has(x) {
			p.Add(i)
			for _, asked := range v[x] {
				all = append(all, strconv.Itoa(i)+"."+string(asked))
			}
		}
	}
	slices.Sort(all)
	return p, parts(strings.Join(all, " "))
}

// parts says what is asked for of parameters: "1.Host 2." is a field of the first, and all
// of the second.
type parts string

func (p parts) of(param int) (asked []flow.Path) {
	for part := range strings.FieldsSeq(string(p)) {
		if i, path, _ := strings.Cut(part, "."); i == strconv.Itoa(param) {
			asked = append(asked, flow.Path(path))
		}
	}
	return asked
}

// arguments follows what is asked for of the arguments of a call.
func (t *tracer) arguments(c *flow.Call, sig *types.Signature, params flow.Params, of parts) {
	for i := range params.All {
		asked := of.of(i)
		for _, p := range asked {
			t.FollowAt(p, c.Args(sig, i)...)
		}
		if len(asked) == 0 {
			t.FollowBeside(c.Args(sig, i)...)
		}
	}
}
