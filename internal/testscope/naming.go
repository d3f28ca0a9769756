package testscope

import (
	"path"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"
)

// NamedForTests reports whether something declared outside test files says by its
// name, its file's or its package's in the module that it serves tests: NewTestDB,
// testing.go, dbtest. Without a module the host in the package's path does not count.
func NamedForTests(module *analysis.Module, pkgPath, filename, name string) bool {
	if testWord.MatchString(name) {
		return true
	}
	if module != nil && module.Path != "" {
		pkgPath = strings.TrimPrefix(pkgPath, module.Path)
	} else {
		_, pkgPath, _ = strings.Cut(pkgPath, "/")
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
