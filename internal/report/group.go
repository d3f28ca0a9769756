package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// most is how many findings that can be grouped stand without headings.
const most = 20

// A group is findings that are listed below a heading.
type group struct {
	heading  string // empty for those without one, which come first
	findings []finding.Located
}

// groups returns the findings to list: in their order if few can be grouped, else those
// by what they are about, the largest group first.
func (r *Report) groups() []group {
	groups, at, grouped := []group{{}}, map[string]int{"": 0}, 0
	var all []finding.Located
	for _, f := range r.shown {
		heading := ""
		if g, ok := f.Data.(finding.Grouped); ok {
			heading = g.Group()
			grouped++
		}
		i, ok := at[heading]
		if !ok {
			i = len(groups)
			at[heading] = i
			groups = append(groups, group{heading: heading})
		}
		groups[i].findings = append(groups[i].findings, f)
		all = append(all, f)
	}
	if grouped <= most {
		return []group{{findings: all}}
	}
	slices.SortStableFunc(groups[1:], func(a, b group) int {
		return cmp.Or(len(b.findings)-len(a.findings), strings.Compare(a.heading, b.heading))
	})
	return groups
}

// counts says how many findings the group has, and of which tiers.
func (g group) counts() string {
	text := count(len(g.findings), "finding")
	if tiers := g.tiers(); len(tiers) > 0 {
		text += " (" + strings.Join(tiers, ", ") + ")"
	}
	return text
}

// tiers says how many findings of each tier the group has.
func (g group) tiers() (tiers []string) {
	of := map[string]int{}
	for _, f := range g.findings {
		if of[f.Tier]++; of[f.Tier] == 1 && f.Tier != "" {
			tiers = append(tiers, f.Tier)
		}
	}
	slices.Sort(tiers)
	for i, t := range tiers {
		tiers[i] = fmt.Sprintf("%s %d", t, of[t])
	}
	return tiers
}
