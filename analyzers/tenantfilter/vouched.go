package tenantfilter

import (
	"cmp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/routes"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/upkeep"
)

// An asking is the evidence of where a change by id is asked for; its key is the change.
type asking struct {
	In     string // the function
	Loaded bool   // see byid.Step
	Load   string
	Asked  bool
	Holder string
	On     string
	RunBy  []upkeep.Caller // of what neither loads the row nor hands on its id

	Methods, Implements string

	Func            string // see byid.Step
	Carried, Tables []string

	at finding.Witness // of the evidence
}

func (c *checker) askingOf(s byid.Step) asking {
	by := asking{In: s.In, Loaded: s.Loaded, Load: s.Load, Asked: s.Asked, Holder: s.Holder, On: s.On, Methods: s.Methods, Implements: s.Implements, Func: s.Func, Carried: s.Carried, Tables: s.Tables}
	if !s.Loaded && s.Holder == "" && s.Call != nil && c.config.Tenant.ByDesign != "error" {
		by.RunBy = c.upkeep.Callers(s.Call)
	}
	return by
}

// steps are where changes by id are asked for, and queries that are limited to a tenant only if one is given.
func (c *checker) steps() []byid.Step { return slices.Concat(c.byID.Steps, c.optional.Steps) }

// askings records the steps, other than those of code that is left out.
func (c *checker) askings() {
	for _, s := range c.steps() {
		if !c.leftOut(s.Pos) {
			c.report.Evidence(s.Change, s.Pos, c.askingOf(s))
		}
	}
}

// Callers are who asks for changes, by the change, and who calls these.
type callers struct {
	by      map[string][]*asking
	graph   upkeep.Graph
	program bool // one of the packages is a program
}

// maxHands bounds the functions that hand an id on.
const maxHands = 20

// outcome says what is done before a change.
type outcome struct {
	Loaded  bool   // some caller loads the row for its tenant first
	Earlier string // by this query, if it has a name
	Asked   bool   // that is a function which is asked if somebody may have to do with the row
	Holder  string // some caller has the row from this function
	Without string // a caller that does not
}

func (a callers) outcome(change string, hands int) outcome {
	return a.outcomeOf(a.asked(change, hands), hands)
}

// asked returns who asks for a change; a method of an interface does if somebody calls it.
func (a callers) asked(change string, hands int) []*asking {
	var all []*asking
	for _, by := range a.by[change] {
		if by.Implements == "" || hands > 0 && len(a.through(by, hands-1)) > 0 {
			all = append(all, by)
		}
	}
	return all
}

// through returns who asks whoever asks for a change.
func (a callers) through(by *asking, hands int) []*asking {
	all := a.asked(by.On, hands)
	if by.Implements == "" {
		return all
	}
	has := strings.Fields(by.Implements)
	lacks := func(name string) bool { return !slices.Contains(has, name) }
	return slices.DeleteFunc(all, func(b *asking) bool { return slices.ContainsFunc(strings.Fields(b.Methods), lacks) })
}

func (a callers) outcomeOf(askings []*asking, hands int) (all outcome) {
	for _, by := range askings {
		one := outcome{Loaded: by.Loaded, Earlier: by.Load, Asked: by.Asked, Holder: by.Holder}
		switch {
		case by.Loaded, by.Holder != "":
		case by.On != "" && hands > 0 && len(a.through(by, hands-1)) > 0:
			one = a.outcomeOf(a.through(by, hands-1), hands-1)
		case a.own(by), a.dead(by):
		default:
			one.Without = by.In
		}
		all.Loaded = all.Loaded || one.Loaded
		if all.Earlier == "" {
			all.Earlier, all.Asked = one.Earlier, one.Asked
		}
		all.Without = cmp.Or(all.Without, one.Without)
		all.Holder = cmp.Or(all.Holder, one.Holder)
	}
	return all
}

// own reports whether what asks for a change runs on its own, for nobody in particular.
func (a callers) own(by *asking) bool { return len(by.RunBy) > 0 && a.graph.Own(by.RunBy, true) != "" }

// dead reports whether nobody calls what asks for a change.
func (a callers) dead(by *asking) bool {
	return a.program && len(by.RunBy) > 0 && !slices.ContainsFunc(by.RunBy, func(c upkeep.Caller) bool {
		return !a.graph.NeverMade(c.Func) && (c.Own != "" || !c.Func.Closed || !a.graph.Dead(c.Func, true))
	})
}

// unvouched adds to found who asks for a change without a load, and who hands that on.
func (a callers) unvouched(askings []*asking, hands int, found map[*asking]bool) {
	for _, by := range askings {
		if found[by] || by.Loaded || by.Holder != "" || by.On == "" && a.own(by) || a.dead(by) {
			continue
		}
		var next []*asking
		if by.On != "" && hands > 0 {
			next = a.through(by, hands-1)
		}
		if len(next) == 0 || a.outcomeOf(next, hands-1).Without != "" {
			found[by] = true
			a.unvouched(next, hands-1, found)
		}
	}
}

// changeOf returns the name of the change that a leak is.
func (c *checker) changeOf(l *leak) string {
	if !l.writes || l.Tier != tenancy.ByID && l.Tier != tenancy.ByParent {
		return ""
	}
	return c.byID.Change(l.site, l.table)
}

// keyOf returns what the callers of a leak are known by: that it is a change, or that they may give a tenant.
func (c *checker) keyOf(l *leak) string {
	if l.optional() {
		return c.optional.Switch(l.site)
	}
	return c.changeOf(l)
}

// optional reports whether the leak is limited to a tenant if its caller gives one.
func (l *leak) optional() bool {
	return l.across == "" && l.Tier == tenancy.Unrestricted && (l.sometimes && l.Reason != tenancy.MissingColumn || l.Reason == tenancy.OptionalFilter)
}

// finish holds the findings to what the code in all packages does.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	callers := callersIn(evidence)
	callers.settle(findings)
	tellUpkeep(findings, callers.graph)
	callers.tellUncalled(findings)
	guarded(findings, evidence)
	tellHooks(findings, evidence)
	return findings
}

func callersIn(evidence []finding.Evidence) callers {
	all := callers{by: map[string][]*asking{}, graph: upkeep.Graph{}}
	router := router{map[string][]routes.Route{}, map[string][]byid.Guard{}}
	for _, e := range evidence {
		switch by := e.Data.(type) {
		case served:
			router.add(by)
		case asking:
			by.at = e.Witness()
			all.by[e.Key] = append(all.by[e.Key], &by)
		case calls:
			all.graph.Add(by.All)
			all.program = all.program || by.Program
		}
	}
	for _, askings := range all.by {
		for _, by := range askings {
			router.settle(by)
		}
	}
	return all
}

// settle holds findings to what the callers do.
func (a callers) settle(findings []finding.Located) {
	for i, f := range findings {
		u, ok := f.Data.(unpinned)
		if !ok || f.Key == "" {
			continue
		}
		u.Before = a.outcome(f.Key, maxHands)
		findings[i].Data = u
		if u.Before.vouched() {
			findings[i].Severity = finding.Info
			continue
		}
		found := map[*asking]bool{}
		a.unvouched(a.asked(f.Key, maxHands), maxHands, found)
		for by := range found {
			findings[i].Witnesses = append(findings[i].Witnesses, by.at)
		}
	}
}

// known returns what the package itself shows: what others may call stands for a caller
// without a load.
func (c *checker) known() callers {
	all := callers{by: map[string][]*asking{}, graph: c.upkeep.Graph()}
	for _, s := range c.steps() {
		if !c.leftOut(s.Pos) && s.Implements == "" {
			by := c.askingOf(s)
			all.by[s.Change] = append(all.by[s.Change], &by)
			if s.On != "" && s.Exported {
				all.by[s.On] = append(all.by[s.On], &asking{In: s.In})
			}
		}
	}
	return all
}
