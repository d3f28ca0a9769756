package genericslug

import (
	"regexp"
	"strings"

	"github.com/poollint/poollint/internal/tenantname"
)

// genericWords are words that anyone may choose as a name.
var genericWords = set("test", "tests", "testing", "tester", "tenant", "org", "organization", "organisation",
	"workspace", "account", "company", "customer", "client", "slug", "acme", "corp", "inc", "default", "foo", "bar",
	"baz", "qux", "example", "sample", "demo", "dummy", "fake", "mock", "my", "some", "abc", "xyz", "name", "id",
	"one", "two", "three", "first", "second", "other", "another", "main", "primary", "dev", "local", "tmp", "temp", "sandbox", "playground", "placeholder")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// A vocabulary recognises generic words.
type vocabulary struct {
	words []string // besides the built-in ones, lower case
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$`)

// initial matches a letter with a number: t1, org's o-2.
var initial = regexp.MustCompile(`^[A-Za-z][-_]?[0-9]{1,2}$`)

// generic reports whether a tenant's name is one that others may choose too.
func (v vocabulary) generic(name string) bool {
	if uuid.MatchString(name) {
		digits := map[rune]bool{}
		for _, r := range strings.ReplaceAll(name, "-", "") {
			digits[r] = true
		}
		return len(digits) <= 2
	}
	if host, _, found := strings.Cut(name, "."); found && !strings.ContainsAny(name, " /") {
		name = host // acme.example.com
	}
	known := false
	for _, w := range tenantname.Split(name) {
		switch {
		case genericWords[w] || contains(v.words, w):
			known = true
		case len(w) > 1:
			return false // a letter beside a generic word is a number: tenant-a
		}
	}
	return known || initial.MatchString(name)
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
