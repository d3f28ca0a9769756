package newpool

import (
	"cmp"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
)

// test is the evidence: a test that reaches the opener at the key's place, on a database of
// its own or not; Single and Binary as in lifecycle, Serial as in parallel.
type test struct {
	Name                    string
	Private, Single, Serial bool
	Binary                  string
}

// Attests reports whether a finding of the opener rests on the test.
func (t test) Attests() bool { return !t.Private }

// hook is evidence that something that runs for each test reaches the opener, a spec or hook too.
type hook struct{}

// lead is evidence of a call on the way from a test to the opener.
type lead struct{}

// Attests reports that a finding of the opener rests on each call on the way to it.
func (lead) Attests() bool { return true }

// attest records which tests reach openers, and by which calls.
func (c *checker) attest(answers map[lifecycle.Place]lifecycle.Place) {
	key := func(at lifecycle.Place) string { return string(cmp.Or(answers[at], at)) }
	for _, at := range c.pkg.Reached {
		c.report.Evidence(key(at), c.pass.Files[0].Package, hook{})
	}
	for _, l := range c.pkg.Leads {
		c.report.Evidence(key(l.To), l.Call.Pos(), lead{})
	}
	for _, t := range c.pkg.Tests {
		if t.Decl == nil {
			continue
		}
		for _, open := range t.Opens {
			if !open.Once {
				c.report.Evidence(key(open.At), t.Decl.Name.Pos(), test{t.Name, open.Private, t.Single, c.order.Serial([]string{t.Name}), t.Binary})
			}
		}
	}
}

// reach is what the tests of a run say of an opener.
type reach struct {
	tests    []string // those that share its database
	private  bool     // a test gives it a database of its own
	several  bool     // a binary opens more than this, or this more than once
	together bool     // some of the tests run in parallel
	hooked   bool     // something that runs for each test reaches it
}

// reaches returns what the evidence says of each opener, by its key.
func reaches(evidence []finding.Evidence) map[string]reach {
	crowded, by := crowds(evidence), map[string]reach{}
	for _, e := range evidence {
		r := by[e.Key]
		switch t := e.Data.(type) {
		case hook:
			r.hooked = true
		case test:
			r.several = r.several || !t.Single || crowded[t.Binary]
			if t.Private {
				r.private = true
				break
			}
			r.tests = append(r.tests, t.Name)
			r.together = r.together || !t.Serial
		}
		by[e.Key] = r
	}
	return by
}

// crowds returns the test binaries in which more than one test opens something.
func crowds(evidence []finding.Evidence) map[string]bool {
	first, crowded := map[string]string{}, map[string]bool{}
	for _, e := range evidence {
		if t, ok := e.Data.(test); ok {
			first[t.Binary] = cmp.Or(first[t.Binary], t.Name)
			crowded[t.Binary] = crowded[t.Binary] || first[t.Binary] != t.Name
		}
	}
	return crowded
}
