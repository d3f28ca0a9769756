package newpool

import (
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// few is how many pools the tests of a package may open, one after another, before it is worth
// the change to share one.
const few = 3

// fewOf reports whether tests open no more than a few pools, by what each of them opens.
func fewOf(tests map[string]int) bool {
	n := 0
	for _, pools := range tests {
		n += pools
	}
	return n <= few
}

// few reports whether the tests of the package open no more than a few pools.
func (c *checker) few() bool {
	tests := map[string]int{}
	for _, t := range c.pkg.Tests {
		tests[t.Name] = t.Pools
	}
	return fewOf(tests)
}

// takeTurns reports whether the functions around sites close again what those open, in tests that
// run one after another, as far as those are of this package: one is open at a time.
func (c *checker) takeTurns(sites []*lifecycle.Site) bool {
	return len(sites) > 0 && !slices.ContainsFunc(sites, func(s *lifecycle.Site) bool {
		return s.Verdict != lifecycle.PerTest || !c.owners.Closes(s.Call) || s.InTest && !c.order.Serial(s.Tests)
	})
}

// pool reports whether a site opens a pool of a server that allows few connections.
func pool(s *lifecycle.Site) bool {
	open := s.Named()
	return open.Kind != dbapi.Conn && open.Opener.SQL()
}

// spared reports whether a site opens a client of a server that allows thousands, once, and in test
// code that one test alone reaches.
func spared(sites []*lifecycle.Site) bool {
	return len(sites) == 1 && sites[0].Verdict == lifecycle.PerTest && sites[0].InTest && sites[0].Alone && !sites[0].Named().Opener.SQL()
}
