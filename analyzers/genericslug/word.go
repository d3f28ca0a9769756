package genericslug

import (
	"regexp"
	"strings"
	"unicode"
)

// tenantWords are the parts of names that mean a tenant.
var tenantWords = set("tenant", "tenants", "org", "orgs", "organization", "organizations",
	"organisation", "organisations", "workspace", "workspaces", "account", "accounts", "slug", "subdomain")

// keyWords are the parts that a tenant's name may have besides: what identifies it.
var keyWords = set("id", "slug", "name", "key", "code", "domain", "subdomain", "uuid", "uid", "identifier", "handle")

// genericWords come to everybody's mind.
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

// A vocabulary tells tenants' names and generic words.
type vocabulary struct {
	names []string // lower case: further parts of names that mean a tenant
	words []string // lower case: further generic words
}

func (v vocabulary) meansTenant(word string) bool {
	return tenantWords[word] || contains(v.names, word)
}

// namesTenant reports whether the name is that of a tenant's identity, such as
// TenantID, org_slug or subdomain, but not orgRole.
func (v vocabulary) namesTenant(name string) bool {
	tenant := false
	for _, w := range split(name) {
		switch {
		case v.meansTenant(w):
			tenant = true
		case !keyWords[w] && !qualifiers[w]:
			return false
		}
	}
	return tenant
}

// qualifiers may stand in a tenant's name without changing what it is.
var qualifiers = set("test", "my", "default", "the", "new", "email")

// namesKey reports whether the name is that of something's identity: ID, Slug.
func namesKey(name string) bool {
	words := split(name)
	for _, w := range words {
		if !keyWords[w] {
			return false
		}
	}
	return len(words) > 0
}

// mentionsTenant reports whether the name of a type, table or function speaks
// of tenants themselves: its last noun is one.
func (v vocabulary) mentionsTenant(name string) bool {
	words := split(name)
	for len(words) > 0 && suffixes[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return len(words) > 0 && v.meansTenant(words[len(words)-1])
}

// suffixes follow the noun in names of types and functions.
var suffixes = set("params", "request", "req", "input", "options", "opts", "model", "row", "entity", "dto", "args", "arg", "config", "spec")

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$`)

// generic reports whether a tenant's name is one that others pick too.
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
	for _, w := range split(name) {
		switch {
		case genericWords[w] || contains(v.words, w):
			known = true
		case len(w) > 1:
			return false // a letter beside a generic word is a number: tenant-a
		}
	}
	return known
}

// split cuts a name into its words, lower case: camelCase, snake_case,
// kebab-case; digits are dropped.
func split(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) {
			flush()
			continue
		}
		if unicode.IsUpper(r) && i > 0 {
			lowerBefore := unicode.IsLower(runes[i-1])
			lowerBehind := i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])
			if lowerBefore || lowerBehind && !plural(runes[i+1:]) {
				flush()
			}
		}
		word = append(word, r)
	}
	flush()
	return words
}

// plural reports whether the runes behind a capital are the s of an initialism: IDs.
func plural(rest []rune) bool {
	return rest[0] == 's' && (len(rest) == 1 || !unicode.IsLower(rest[1]))
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
