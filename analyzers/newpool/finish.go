package newpool

import (
	"slices"

	"github.com/poollint/poollint/internal/finding"
)

// clears reports whether there is nothing to tell: all tests give the opener a database of their
// own, or it is production code that no test of the run reaches.
func (r reach) clears(f finding.Located) bool {
	o, ok := f.Data.(opened)
	return ok && !f.Candidate && (r.private || o.Waits && !r.hooked) && len(o.Tests)+len(r.tests) == 0
}

// severity returns the severity of a finding in the light of all packages: one that each calls
// once, as the only test of its package that opens anything, is info, as are connections that
// tests open in turn.
func (r reach) severity(f finding.Located) finding.Severity {
	o, ok := f.Data.(opened)
	switch {
	case !ok || f.Candidate || len(r.tests) == 0:
		return f.Severity
	case o.Turns && !r.together:
		return finding.Info
	case r.several && (o.Single || o.Turns):
		return finding.Warning
	case !r.several && f.Helper == "":
		return finding.Info
	}
	return f.Severity
}

// finish adds the tests of all packages that reach an opener: tests of other packages may
// call a helper. One constructor is told once, whatever packages call it. A helper that does not
// take the running test is reported in place of the tests that call it, since only here it is
// known that there are any.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	by := reaches(evidence)
	findings = slices.DeleteFunc(findings, func(f finding.Located) bool { return by[f.Key].clears(f) })
	for i, f := range findings {
		findings[i].Severity = by[f.Key].severity(f)
	}
	findings, gathered := finding.Gather(findings)
	for i, f := range findings {
		names := by[f.Key].tests
		if f.Candidate {
			names = nil
			for _, key := range gathered[f.Key] {
				names = append(names, by[key].tests...)
			}
		}
		if o, ok := f.Data.(opened); ok && len(names) > 0 {
			o.Tests = names
			findings[i].Data = o
		}
	}
	for i, others := range finding.Join(findings, weight) {
		if o, ok := findings[i].Data.(opened); ok {
			o.Elsewhere = elsewhere(findings[i], o.Call, others)
			findings[i].Data = o
		}
	}
	return findings
}

// weight is the number of tests that a finding tells of.
func weight(d finding.Data) int {
	o, _ := d.(opened)
	return len(o.Tests)
}

// elsewhere counts the packages of other findings that say the same of the same call.
func elsewhere(first finding.Located, same call, others []finding.Located) int {
	packages := map[string]bool{}
	for _, f := range others {
		if o, ok := f.Data.(opened); ok && o.Call == same && f.Tested() != first.Tested() {
			packages[f.Tested()] = true
		}
	}
	return len(packages)
}
