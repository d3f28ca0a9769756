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
	"one", "two", "three", "first", "second", "other", "another", "main", "primary", "dev", "local", "tmp", "temp")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// A vocabulary recognises names that mean a tenant, and generic words.
type vocabulary struct {
	names []string // more parts of names that mean a tenant, lower case
	words []string // more generic words, lower case
}

func (v vocabulary) meansTenant(word string) bool {
	return tenantname.Means(word) || contains(v.names, word)
}

// namesTenant reports whether the name is that of a tenant's identity, such as
// TenantID, org_slug or subdomain, but not orgRole.
func (v vocabulary) namesTenant(name string) bool { return tenantname.Identifies(name, v.names) }

// namesKey reports whether the name is that of something's identity: ID, Slug.
func namesKey(name string) bool {
	words := tenantname.Split(name)
	for _, w := range words {
		if !tenantname.IsKey(w) {
			return false
		}
	}
	return len(words) > 0
}

// mentionsTenant reports whether the name of a type, table or function is about tenants:
// its last noun means a tenant.
func (v vocabulary) mentionsTenant(name string) bool {
	words := tenantname.Split(name)
	for len(words) > 0 && suffixes[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return len(words) > 0 && v.meansTenant(words[len(words)-1])
}

// suffixes follow the noun in names of types and functions.
var suffixes = set("params", "request", "req", "input", "options", "opts", "model", "row", "entity", "dto", "args", "arg", "config", "spec")

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$`)

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
	return known
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
