package genericslug

import (
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// Finish raises findings whose name stands in tests of two packages: one package
// alone cannot see that.
func Finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	packages := map[string][]string{}
	for _, e := range evidence {
		path := strings.TrimSuffix(e.Text, "_test")
		if !slices.Contains(packages[e.Key], path) {
			packages[e.Key] = append(packages[e.Key], path)
		}
	}
	for i := range findings {
		f := &findings[i]
		paths := packages[f.Key]
		if len(paths) < 2 {
			continue
		}
		slices.Sort(paths)
		quoted := strconv.Quote(f.Key)
		head, rest, _ := strings.Cut(f.Message, quoted)
		_, remedy, _ := strings.Cut(rest, remedyMark)
		f.Message = head + quoted + " is shared by the packages " + enumerate(apart(paths)) + remedyMark + remedy
		f.Severity = finding.Error
	}
	return findings
}

// apart cuts off the directories that all paths begin with.
func apart(paths []string) []string {
	common := paths[0][:strings.LastIndexByte(paths[0], '/')+1]
	for _, path := range paths {
		for !strings.HasPrefix(path, common) {
			common = common[:strings.LastIndexByte(strings.TrimSuffix(common, "/"), '/')+1]
		}
	}
	rest := make([]string, len(paths))
	for i, path := range paths {
		rest[i] = strings.TrimPrefix(path, common)
	}
	return rest
}
