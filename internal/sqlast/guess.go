package sqlast

import (
	"regexp"
	"strings"
)

var (
	createDatabase = regexp.MustCompile("(?i)\\bcreate\\s+database\\b|^[\"`]?createdb\\b") // the statement, PostgreSQL's program
	createSchema   = regexp.MustCompile(`(?i)\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?("?)([\w%$]*)`)
)

// MakesDatabase reports whether the statement, or the constant part of one,
// creates a database, or a schema whose name the constant does not fix.
func MakesDatabase(sql string) bool {
	if createDatabase.MatchString(sql) {
		return true
	}
	for _, m := range createSchema.FindAllStringSubmatchIndex(sql, -1) {
		name, end := sql[m[4]:m[5]], strings.TrimRight(sql[m[5]:], "`\"")
		if name == "" || strings.ContainsAny(name, "%$") || end == "" && strings.HasSuffix(name, "_") {
			return true
		}
	}
	return false
}

var changesTables = regexp.MustCompile(`(?i)\b(?:create|alter|drop)\s+(?:table|type|view|materialized)\b`)

// ChangesTables reports whether the statement changes the form of tables.
func ChangesTables(sql string) bool { return changesTables.MatchString(sql) }
