package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// An action is what a template has between {{ and }}.
var action = regexp.MustCompile(`(?s)\{\{-?\s*(.*?)\s*-?\}\}`)

// expandTemplate returns the DDL of a template: of each if its first branch, values as holes, and
// helpers that change columns, whatever they are called, as the statements that they stand for.
// Lines stay where they are.
func expandTemplate(text string) string {
	var out strings.Builder
	var branches []bool // whether the innermost blocks are in an else
	put := func(s string) {
		if slices.Contains(branches, true) {
			s = strings.Repeat("\n", strings.Count(s, "\n"))
		}
		out.WriteString(s)
	}
	at := 0
	for _, m := range action.FindAllStringSubmatchIndex(text, -1) {
		put(text[at:m[0]])
		at = m[1]
		what := text[m[2]:m[3]]
		word, _, _ := strings.Cut(what, " ")
		switch word {
		case "if", "range", "with", "define", "block":
			branches = append(branches, false)
		case "else":
			if n := len(branches); n > 0 {
				branches[n-1] = true
			}
		case "end":
			if n := len(branches); n > 0 {
				branches = branches[:n-1]
			}
		default:
			put(standsFor(what))
		}
		out.WriteString(strings.Repeat("\n", strings.Count(text[m[0]:m[1]], "\n")))
	}
	put(text[at:])
	return out.String()
}

var (
	quoted = regexp.MustCompile("\"([^\"]*)\"|`([^`]*)`")

	// helpers are what the names of functions say, and the statements that they stand for.
	helpers = []struct {
		name *regexp.Regexp
		args int
		sql  string
	}{
		{regexp.MustCompile(`(?i)^rename_?table`), 2, "ALTER TABLE %s RENAME TO %s;"},
		{regexp.MustCompile(`(?i)^rename_?column`), 3, "ALTER TABLE %s RENAME COLUMN %s TO %s;"},
		{regexp.MustCompile(`(?i)^(add|create)_?column`), 3, "ALTER TABLE %s ADD COLUMN %s %s;"},
		{regexp.MustCompile(`(?i)^(drop|remove)_?column`), 2, "ALTER TABLE %s DROP COLUMN %s;"},
	}
)

// standsFor returns what an action that is no block stands for: a value is a hole.
func standsFor(what string) string {
	if strings.HasPrefix(what, ".") || strings.HasPrefix(what, "$") && !strings.Contains(what, ":=") {
		return sqlast.HoleMark
	}
	for _, h := range helpers {
		if !h.name.MatchString(what) {
			continue
		}
		var args []any
		for _, m := range quoted.FindAllStringSubmatch(what, h.args) {
			args = append(args, m[1]+m[2])
		}
		if len(args) == h.args {
			return fmt.Sprintf(h.sql, args...)
		}
	}
	return ""
}
