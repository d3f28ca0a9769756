package schema

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

// downFile matches files that undo a migration: those of golang-migrate and others.
var downFile = regexp.MustCompile(`(?i)([._-](down|undo|rollback|revert)\.(\w+\.)?(sql|ddl|pgsql|psql|mysql)|(^|/)(down|rollback|undo)\.sql|(^|/)U\d[^/]*__[^/]*\.sql)(\.\w+)?$`)

// notSchema matches files that hold rows, not tables.
var notSchema = regexp.MustCompile(`(?i)(^|[/._-])(seeds?|fixtures?|testdata|dumps?|samples?)([/._-]|$)`)

// A marker begins a part of a migration file.
type marker struct {
	line *regexp.Regexp
	down bool
}

// markers are those of goose, sql-migrate, dbmate, rambler and tern. No real file mixes
// them.
var markers = []marker{
	{regexp.MustCompile(`(?i)^\s*--\s*\+goose\s+up\b`), false},
	{regexp.MustCompile(`(?i)^\s*--\s*\+goose\s+down\b`), true},
	{regexp.MustCompile(`(?i)^\s*--\s*\+migrate\s+up\b`), false},
	{regexp.MustCompile(`(?i)^\s*--\s*\+migrate\s+down\b`), true},
	{regexp.MustCompile(`(?i)^\s*--\s*migrate:up\b`), false},
	{regexp.MustCompile(`(?i)^\s*--\s*migrate:down\b`), true},
	{regexp.MustCompile(`(?i)^\s*--\s*rambler\s+up\b`), false},
	{regexp.MustCompile(`(?i)^\s*--\s*rambler\s+down\b`), true},
	{regexp.MustCompile(`(?i)^----\s*create above / drop below\s*----`), true},
}

// upPart blanks the parts of a migration file that undo it. Line numbers stay.
func upPart(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	down := false
	for line := range strings.Lines(text) {
		for _, m := range markers {
			if m.line.MatchString(line) {
				down = m.down
				break
			}
		}
		if down {
			b.WriteByte('\n')
		} else {
			b.WriteString(line)
		}
	}
	return b.String()
}

// hasMarker is a quick test for files that markers may split.
func hasMarker(text string) bool {
	return strings.Contains(text, "--") &&
		(strings.Contains(text, "goose") || strings.Contains(text, "migrate") || strings.Contains(text, "rambler") || strings.Contains(text, "create above"))
}

// sortMigrations puts files in the order in which tools run them: by leading
// number where all have one, else by name.
func sortMigrations(names []string) {
	slices.SortFunc(names, func(a, b string) int {
		x, y := path.Base(a), path.Base(b)
		if isUnnamed(x) && isUnnamed(y) { // one directory a migration
			x, y = path.Base(path.Dir(a)), path.Base(path.Dir(b))
		}
		return cmp.Or(compareNumbers(x, y), strings.Compare(x, y), strings.Compare(a, b))
	})
}

// isUnnamed reports whether the directory around a file has the name of the migration.
func isUnnamed(base string) bool {
	return base == "up.sql" || base == "down.sql" || base == "migration.sql"
}

// compareNumbers compares the numbers that the names begin with; 0 unless both do.
func compareNumbers(x, y string) int {
	a, b := leadingNumber(x), leadingNumber(y)
	if a == "" || b == "" {
		return 0
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func leadingNumber(name string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "V"), "v")
	end := 0
	for end < len(name) && '0' <= name[end] && name[end] <= '9' {
		end++
	}
	number := strings.TrimLeft(name[:end], "0")
	if number == "" && end > 0 {
		return "0"
	}
	return number
}
