package genericslug

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// user is the evidence: the import path of a package whose tests use the key as a name.
type user string

// finish raises the severity of findings whose name is used by tests of several packages,
// which only the whole run shows.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	users := map[string][]string{} // packages by name
	for _, e := range evidence {
		path := strings.TrimSuffix(string(e.Data.(user)), "_test")
		if !slices.Contains(users[e.Key], path) {
			users[e.Key] = append(users[e.Key], path)
		}
	}
	for _, paths := range users {
		slices.Sort(paths)
	}
	for i := range findings {
		f := &findings[i]
		if paths := users[f.Key]; len(paths) > 1 {
			g := f.Data.(generic)
			g.Packages = paths
			f.Data, f.Severity = g, finding.Error
		}
	}
	return findings
}
