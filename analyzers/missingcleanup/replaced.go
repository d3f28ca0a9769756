package missingcleanup

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
)

// replaced returns the handle as one that is lost, if its variable holds it for one test and then
// takes the next: nothing lets go of it, or only for some specs, or for
// the last of them. It returns other handles as they are.
func (c *check) replaced(h *ownership.Handle) *ownership.Handle {
	holder, releases := h.Holder, h.Fate.Releases
	if v := c.soleKeeper(h); v != nil && c.takesEach(h, v) {
		holder, releases = v, c.releasesOf(v)
	} else if h.Fate.Kept || h.Fate.Returned|h.Fate.Closers != 0 || len(releases) == 0 {
		return h
	}
	last := c.closesLast(h.Call.In, releases)
	if len(releases) > 0 && !last && !c.missesSpecs(h.Call.In, releases) {
		return h
	}
	held, fate := *h, *h.Fate
	fate.Kept, fate.Lasting, fate.Keepers, fate.Releases = false, false, nil, nil
	held.Holder, held.Fate = holder, &fate
	switch {
	case last:
		c.partly[&held] = lastTest
	case len(releases) > 0:
		c.partly[&held] = someSpecs
	}
	return &held
}

// soleKeeper returns the package variable that keeps a handle, if nothing else does and only
// code of the package can name it.
func (c *check) soleKeeper(h *ownership.Handle) *types.Var {
	if !h.Fate.Kept || h.Kept || len(h.Fate.Keepers) != 1 || len(h.Fate.Fields) > 0 || h.Fate.Returned != 0 || h.Fate.Released() {
		return nil
	}
	v := h.Fate.Keepers[0]
	if !flow.Global(v) || v.Pkg() != c.pass.Pkg || v.Exported() && !h.Call.In.File.Test || c.code.AddressTaken(v) {
		return nil
	}
	return v
}

// takesEach reports whether a package variable takes one handle after the other: of several
// tests, or at several places.
func (c *check) takesEach(h *ownership.Handle, v *types.Var) bool {
	site := c.sites[h.Expr()]
	return site != nil && site.Verdict == lifecycle.PerTest && !site.Single && (!site.Alone || len(c.code.Into(v)) > 1)
}

// releasesOf returns where what a variable holds is released, or handed to somebody who may, in code that runs.
func (c *check) releasesOf(v *types.Var) (all []inspector.Cursor) {
	for _, m := range c.code.Mentions(v) {
		if f := c.code.Around(m); f != nil && c.owners.Idle(f.Outer()) {
			continue
		}
		if slices.ContainsFunc(c.code.FateOf(m).Sinks, func(s flow.Sink) bool { return !s.OnError }) {
			all = append(all, m)
		}
	}
	return all
}
