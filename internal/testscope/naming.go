package testscope

import (
	"path"
	"regexp"
	"strings"
	"unicode"
)

// NamedForTests reports whether a function outside test files says by its name, its
// file's or its package's that it serves tests: NewTestDB, testing.go, dbtest.
func NamedForTests(pkgPath, filename, function string) bool {
	if testWord.MatchString(function) {
		return true
	}
	words := strings.FieldsFunc(pkgPath+"/"+strings.TrimSuffix(path.Base(filename), ".go"), func(r rune) bool {
		return !unicode.IsLetter(r)
	})
	for _, w := range words {
		if !noTest[w] && (strings.HasPrefix(w, "test") || strings.HasSuffix(w, "test") || strings.HasSuffix(w, "tests")) {
			return true
		}
	}
	return false
}

// testWord matches Test as a word of a name, though not as its first: that one
// says what the function does.
var testWord = regexp.MustCompile(`[a-z0-9](?:Test|Tests|Testing)(?:[A-Z0-9_]|$)`)

// noTest are words that end in test by chance.
var noTest = map[string]bool{
	"latest": true, "attest": true, "contest": true, "protest": true, "backtest": true, "fastest": true, "greatest": true,
}
