package tenantfilter

import (
	"cmp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/tenancy"
)

// An asking is the evidence of where a change by id is asked for; its key is the change.
type asking struct {
	In     string // the function
	Loaded bool   // see byid.Step
	Load   string
	Holder string
	On     string

	Methods, Implements string

	at finding.Witness // of the evidence
}

func askingOf(s byid.Step) asking {
	return asking{In: s.In, Loaded: s.Loaded, Load: s.Load, Holder: s.Holder, On: s.On, Methods: s.Methods, Implements: s.Implements}
}

// askings records where changes by id are asked for, other than by code that is left out.
func (c *checker) askings() {
	for _, s := range c.byID.Steps {
		if !c.leftOut(s.Pos) {
			c.report.Evidence(s.Change, s.Pos, askingOf(s))
		}
	}
}

// Callers are who asks for changes.
type callers map[string][]asking // by change

// maxHands bounds the functions that hand an id on.
const maxHands = 20

// outcome says what is done before a change.
type outcome struct {
	Loaded  bool   // some caller loads the row for its tenant first
	Earlier string // by this query, if it has a name
	Holder  string // some caller has the row from this function
	Without string // a caller that does not
}

func (a callers) outcome(change string, hands int) outcome {
	return a.outcomeOf(a.asked(change, hands), hands)
}

// asked returns who asks for a change; a method of an interface does if somebody calls it.
func (a callers) asked(change string, hands int) []asking {
	var all []asking
	for _, by := range a[change] {
		if by.Implements == "" || hands > 0 && len(a.through(by, hands-1)) > 0 {
			all = append(all, by)
		}
	}
	return all
}

// through returns who asks whoever asks for a change.
func (a callers) through(by asking, hands int) []asking {
	all := a.asked(by.On, hands)
	if by.Implements == "" {
		return all
	}
	has := strings.Fields(by.Implements)
	lacks := func(name string) bool { return !slices.Contains(has, name) }
	return slices.DeleteFunc(all, func(b asking) bool { return slices.ContainsFunc(strings.Fields(b.Methods), lacks) })
}

func (a callers) outcomeOf(askings []asking, hands int) (all outcome) {
	for _, by := range askings {
		one := outcome{Loaded: by.Loaded, Earlier: by.Load, Holder: by.Holder}
		switch {
		case by.Loaded, by.Holder != "":
		case by.On != "" && hands > 0 && len(a.through(by, hands-1)) > 0:
			one = a.outcomeOf(a.through(by, hands-1), hands-1)
		default:
			one.Without = by.In
		}
		all.Loaded = all.Loaded || one.Loaded
		all.Earlier, all.Without = cmp.Or(all.Earlier, one.Earlier), cmp.Or(all.Without, one.Without)
		all.Holder = cmp.Or(all.Holder, one.Holder)
	}
	return all
}

// unvouched adds to found who asks for a change without a load, and who hands that on.
func (a callers) unvouched(askings []asking, hands int, found map[asking]bool) {
	for _, by := range askings {
		if found[by] || by.Loaded || by.Holder != "" {
			continue
		}
		var next []asking
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

// finish holds the findings to what the callers in all packages do.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	callersIn(evidence).settle(findings)
	tellUpkeep(findings, evidence)
	return findings
}

func callersIn(evidence []finding.Evidence) callers {
	all := callers{}
	for _, e := range evidence {
		if by, ok := e.Data.(asking); ok {
			by.at = e.Witness()
			all[e.Key] = append(all[e.Key], by)
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
		found := map[asking]bool{}
		a.unvouched(a.asked(f.Key, maxHands), maxHands, found)
		for by := range found {
			findings[i].Witnesses = append(findings[i].Witnesses, by.at)
		}
	}
}

// known returns what the package itself shows: what others may call stands for a caller
// without a load.
func (c *checker) known() callers {
	all := callers{}
	for _, s := range c.byID.Steps {
		if !c.leftOut(s.Pos) && s.Implements == "" {
			all[s.Change] = append(all[s.Change], askingOf(s))
			if s.On != "" && s.Exported {
				all[s.On] = append(all[s.On], asking{In: s.In})
			}
		}
	}
	return all
}
