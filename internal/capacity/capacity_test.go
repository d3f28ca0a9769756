package capacity_test

import (
	"fmt"
	"go/types"
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ruletest"
)

// Beside facts, which name parameters, the cases want, where tests open a pool,
// bound: how many connections it may take, what says so and of which server; in one package the
// worst of it; at a call that configures pools to come, configured.
func TestFunctions(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(capacity.Analyzer, describe, func(pass *analysis.Pass, result any, say ruletest.Say) {
		pools := result.(*capacity.Package)
		for _, site := range pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package).Sites {
			for _, open := range site.Opens {
				if b, ok := pools.Of(site.Call, open.Site); ok {
					say(site.Call.Pos(), "bound", bound(b))
				}
				if pass.Pkg.Name() == "worst" {
					sayWorst(pass, pools, open.Site, say)
				}
			}
		}
		for _, l := range pools.Configured() {
			say(l.Call.Pos(), "configured", l.Opener.Short()+" "+bound(l.Bound))
		}
	})
	rule.Requires = append(rule.Requires, lifecycle.Analyzer, flow.Analyzer)
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/*.txtar")
}

func bound(b capacity.Bound) string {
	s := [...]string{"default", "CPUs", fmt.Sprint(b.N), "given"}[b.State]
	if b.By != "" {
		s += " by " + b.By
	}
	if b.Misused != "" {
		s += ", not " + b.Misused
	}
	if b.Timeout {
		s += ", timeout"
	}
	if len(b.Servers) > 0 {
		s += ", on " + strings.Join(b.Servers, ", ")
	}
	return s
}

// sayWorst says of each call that leads to a pool what is the most that it may take.
func sayWorst(pass *analysis.Pass, pools *capacity.Package, site lifecycle.Place, say ruletest.Say) {
	for _, f := range flow.Of(pass).Funcs() {
		for _, c := range f.Calls {
			if w, ok := pools.Worst(c.Expr, site); ok {
				say(c.Expr.Pos(), "worst", worst(w))
			}
		}
	}
}

func worst(w capacity.Worst) string {
	var parts []string
	if w.Unknown != "" {
		parts = append(parts, w.Unknown)
	}
	if w.Waits {
		parts = append(parts, "waits")
	}
	if w.N > 0 {
		parts = append(parts, fmt.Sprint(w.N))
	}
	if w.PerCPU > 0 {
		parts = append(parts, fmt.Sprintf("%d a CPU, at least %d", w.PerCPU, w.Min))
	}
	s := strings.Join(parts, ", ")
	if w.By != "" {
		s += " by " + w.By
	}
	if len(w.Servers) > 0 {
		s += " on " + strings.Join(w.Servers, ", ")
	}
	return s
}

// describe says what a function other than a test has to do with limits, parameters
// by name.
func describe(o types.Object, fact analysis.Fact) string {
	f, ok := fact.(*capacity.Func)
	if !ok || strings.HasPrefix(o.Name(), "Test") {
		return ""
	}
	fn := o.(*types.Func)
	var parts []string
	for _, p := range f.Pools {
		parts = append(parts, "opens "+p.Opener.Short()+provenance(fn, &p.From))
	}
	for _, s := range f.Onto {
		parts = append(parts, setting(fn, s)+" on "+parameter(fn, s.On))
	}
	if text := provenance(fn, &f.Result); text != "" {
		parts = append(parts, "returns"+text)
	}
	return strings.Join(parts, "; ")
}

func provenance(fn *types.Func, from *capacity.Provenance) (s string) {
	for _, set := range from.Settings {
		if set.Key == "*" {
			continue
		}
		s += " " + setting(fn, set)
	}
	for i := range from.Params.All {
		s += " of " + parameter(fn, i)
	}
	for _, server := range from.Servers {
		s += " on " + server
	}
	if from.Timeout {
		s += " timeout"
	}
	if from.Opaque() {
		s += " opaque"
	}
	return s
}

func setting(fn *types.Func, s capacity.Setting) string {
	amount := s.Amount.String()
	if s.Amount.Kind == capacity.FromParam {
		amount = parameter(fn, s.Amount.N)
		if s.Amount.Key != "" {
			amount += "." + s.Amount.Key[strings.LastIndexByte(s.Amount.Key, '.')+1:]
		}
	}
	return path.Base(s.Key) + "=" + amount
}

func parameter(fn *types.Func, i int) string { return flow.ParamOf(fn.Signature(), i).Name() }
