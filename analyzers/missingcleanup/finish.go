package missingcleanup

import (
	"go/token"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ownership"
)

// A caller is the evidence that a helper hands its handle to code of another package. The key
// is the place where the helper obtains it.
type caller struct{ Forgets bool }

// helperOf returns the place where a helper of another package, or of production code named for tests,
// obtains a handle for whoever calls it; "" if it does not, or obtains several.
func (c *check) helperOf(h *ownership.Handle) string {
	opens := c.life.Func(h.Call.Fn).Opens
	switch {
	case h.Direct || len(opens) != 1 || strings.HasPrefix(string(opens[0].At), c.pass.Pkg.Path()+"/"):
		return ""
	case opens[0].At == "":
		return string(opens[0].Helper)
	}
	return string(opens[0].At)
}

// finish reports a helper in place of its callers in other packages: where these cannot release
// what it hands out, or most of several do not. What a function returns that cannot release it is told
// once, whatever packages call it.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	known := map[string]callers{}
	for _, e := range evidence {
		n := known[e.Key]
		n.All++
		if e.Data.(caller).Forgets {
			n.Forget++
		}
		known[e.Key] = n
	}
	unable := map[string]bool{}
	for i, f := range findings {
		l, ok := f.Data.(leak)
		n := known[f.Helper]
		switch {
		case !ok || f.Helper == "":
		case l.inside():
			unable[f.Helper] = true
		case n.Forget == 1 || n.Forget <= n.All-n.Forget:
			findings[i].Helper = ""
		}
	}
	findings, gathered := finding.Gather(findings)
	for i, f := range findings {
		l, ok := f.Data.(leak)
		if !ok || gathered[f.Key] == nil {
			continue
		}
		if unable[f.Key] {
			l.Remedy, l.Callers = closeHere, callers{}
		} else {
			l.Callers = known[f.Key]
		}
		findings[i].Data = l
	}
	told := map[token.Position]bool{}
	for i, others := range finding.Join(findings, nil) {
		if l, ok := findings[i].Data.(leak); ok {
			for _, f := range others {
				l.More += 1 + f.Data.(leak).More
				told[f.Pos] = true
			}
			findings[i].Data = l
		}
	}
	// The remedy is one for all: in the function that they call.
	return slices.DeleteFunc(findings, func(f finding.Located) bool { return f.Cause != "" && told[f.Pos] })
}
