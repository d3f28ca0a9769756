package sqlast

// This file tells what text is by its words, without reading it: where it may be no
// SQL at all, or only the constant part of it, or where a quick look saves the rest.

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

// tableChange is a statement on a table within other text; a semicolon in quotes does
// not end it.
var tableChange = regexp.MustCompile(`(?i)\b(?:CREATE|ALTER|DROP)\s+TABLE\b[^;']*(?:'[^']*'[^;']*)*;`)

// TableChanges returns where the body of a routine changes tables by plain statements:
// the beginning and the end of each.
func TableChanges(body string) [][]int { return tableChange.FindAllStringIndex(body, -1) }

var (
	execute = regexp.MustCompile(`(?i)\bEXECUTE\b`)
	table   = regexp.MustCompile(`(?i)table`)
)

// BuildsTables reports whether the body of a routine seems to change tables by
// statements that it makes from strings.
func BuildsTables(body string) bool { return execute.MatchString(body) && table.MatchString(body) }
