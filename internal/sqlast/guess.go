package sqlast

// This file judges text by its words, without parsing it: text that may not be SQL at all
// or is only the constant part of a statement, and text that often need not be parsed.

import (
	"regexp"
	"strings"
)

// Bare returns the text without its comments and strings, read as PostgreSQL reads them,
// but with what MySQL runs of comments, /*! … */. A string that nothing closes is none.
func Bare(text string) string {
	l := lexer{src: text}
	bare := []byte(text)
	for t := l.next(); t.kind != tEOF; t = l.next() {
		if t.kind == tString && len(l.problems) == 0 {
			blank(bare[t.start:t.end])
		}
	}
	for _, c := range l.comments {
		if !strings.HasPrefix(c.Text, "/*!") {
			blank(bare[c.Start:c.End])
		}
	}
	return string(bare)
}

func blank(b []byte) {
	for i := range b {
		b[i] = ' '
	}
}

var (
	createDatabase = regexp.MustCompile("(?i)\\bcreate\\s+database\\b|(?:^[\"`]?|/)(?:createdb|initdb|pg_ctl)\\b") // the statement, PostgreSQL's programs
	createUser     = regexp.MustCompile(`(?i)\bcreate\s+(?:user|login)\b`)
	createSchema   = regexp.MustCompile(`(?i)\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?("?)([\w%$]*)`)
)

// MakesDatabase reports whether the statement, or the constant part of one,
// creates a database, a user who connects to one, or a schema whose name the constant does
// not fix.
func MakesDatabase(sql string) bool {
	if createDatabase.MatchString(sql) || createUser.MatchString(sql) {
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

var keepsExisting = regexp.MustCompile(`(?i)\bif\s+not\s+exists\b`)

// KeepsExisting reports whether the statement makes nothing where it is already there.
func KeepsExisting(sql string) bool { return keepsExisting.MatchString(sql) }

var existing = regexp.MustCompile(`(?i)\balready exists\b|\b42P0[46]\b`)

// SaysExisting reports whether a text is of the error that a database, or a schema, is already
// there: what a server says, or PostgreSQL's codes duplicate_database and duplicate_schema.
func SaysExisting(text string) bool { return existing.MatchString(text) }

var (
	asksExisting  = regexp.MustCompile(`(?i)\bfrom\s+(?:pg_catalog\.)?(?:pg_database|pg_namespace|information_schema\.schemata)\b`)
	dropsDatabase = regexp.MustCompile(`(?i)\bdrop\s+(?:database|schema)\b`)
)

// AsksExisting reports whether a text asks the catalogue which databases, or schemas, there are.
func AsksExisting(text string) bool { return asksExisting.MatchString(text) }

// DropsDatabase reports whether a text drops a database or a schema.
func DropsDatabase(text string) bool { return dropsDatabase.MatchString(text) }

var (
	administersDatabase = regexp.MustCompile(`(?i)\b(?:create|alter|drop)\s+database\b`)
	administersOthers   = regexp.MustCompile(`(?i)\b(?:create|alter|drop)\s+(?:role|user)\b|\bpg_terminate_backend\b`)
)

// AdministersDatabase reports whether the statement, or the constant part of one, makes, changes or
// drops a database.
func AdministersDatabase(sql string) bool { return administersDatabase.MatchString(sql) }

// Administers reports whether the statement, or the constant part of one, is an administrator's:
// it makes, changes or drops a database or a role, or ends connections.
func Administers(sql string) bool {
	return AdministersDatabase(sql) || administersOthers.MatchString(sql)
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

// verb matches the beginning of a statement.
var verb = regexp.MustCompile(`(?i)^(\s|--[^\n]*(\n|$)|/\*.*?\*/|\()*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|REPLACE|UPSERT|VALUES|TRUNCATE|COPY|SET|RESET|DISCARD|CREATE|ALTER|DROP|CALL|EXPLAIN|LOCK|REFRESH|GRANT|REVOKE|PRAGMA|SHOW|VACUUM|ANALYZE|COMMENT|DO|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|LISTEN|NOTIFY|UNLISTEN|DECLARE|FETCH|CLOSE|REINDEX|TABLE)\b`)

// IsStatement reports whether the text begins as a statement does.
func IsStatement(text string) bool { return verb.MatchString(text) }

var explains = regexp.MustCompile(`(?i)^\s*(EXPLAIN|DECLARE)\b`)

// Explains reports whether the text begins with words that a statement of its own
// follows: EXPLAIN, DECLARE.
func Explains(text string) bool { return explains.MatchString(text) }

// word matches a word of SQL, in capital letters or at the beginning of a literal.
var word = regexp.MustCompile("\\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|AND|OR|JOIN|ORDER|GROUP|LIMIT)\\b|^[\"`]\\s*(select|insert|update|delete|from|where|and|or|join|order|group|limit)\\b")

// MayHold reports whether a literal of Go may hold a part of a statement.
func MayHold(literal string) bool { return word.MatchString(literal) }

var definesTable = regexp.MustCompile(`(?i)\b(create|alter)\s+table\b`)

// DefinesTable reports whether the text creates or alters a table.
func DefinesTable(text string) bool { return definesTable.MatchString(text) }
