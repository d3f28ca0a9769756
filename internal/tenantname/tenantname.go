// Package tenantname is the one list of the names that tenants go by, in columns,
// parameters and fields.
package tenantname

import (
	"slices"
	"strings"
	"unicode"
)

// words mean a tenant, from the most telling.
var words = []string{"tenant", "organization", "organisation", "org", "workspace", "account"}

// alone are words that name a tenant without another one.
var alone = []string{"slug", "subdomain"}

// perhaps are words for what may be the tenant where the schema says so.
var perhaps = []string{"company", "team", "project", "customer", "merchant"}

// rarely are words for what may be the tenant where the schema leaves nothing else.
var rarely = []string{"app", "application", "namespace", "space"}

// keys are words for what identifies something.
var keys = []string{"id", "slug", "name", "key", "code", "domain", "subdomain", "uuid", "uid", "identifier", "handle"}

// qualifiers may stand in a tenant's name without changing what it is; x is that of
// HTTP headers.
var qualifiers = []string{"test", "my", "default", "the", "new", "email", "x"}

// Columns returns the names that tenant columns have, without case and underscores,
// from the most telling: tenantid, tenant, organizationid and so on; those of
// Natural last.
func Columns() []string {
	columns := []string{"tenantid", "tenant"}
	for _, word := range slices.Concat(words[1:], perhaps, rarely) {
		columns = append(columns, word+"id")
	}
	columns = append(columns, words[1:]...)
	for _, word := range words {
		for _, key := range natural {
			columns = append(columns, word+key)
		}
	}
	return columns
}

// ids are words that stand for id in names of columns.
var ids = []string{"uuid", "uid", "id"}

// Spellings returns a name of Columns as schemas write it: organizationid, organizationuuid.
func Spellings(column string) []string {
	of, ok := strings.CutSuffix(column, "id")
	if !ok {
		return []string{column}
	}
	var all []string
	for _, id := range ids {
		all = append(all, of+id)
	}
	return all
}

// natural are words for keys that other columns of the kind are called by as well:
// organization_name may be that of the row, unless it refers to organizations.
var natural = []string{"name", "slug", "key", "code"}

// Natural returns what a name of Columns calls by a natural key: organization for
// organizationname. It is empty if the name is that of an id.
func Natural(column string) (of string) {
	for _, key := range natural {
		if of, ok := strings.CutSuffix(column, key); ok {
			return of
		}
	}
	return ""
}

// Often counts the leading names of Columns that are a tenant's in many schemas.
func Often() int { return 2 + len(words[1:]) + len(perhaps) }

// parts are words for what a tenant may be divided into.
var parts = []string{"workspace", "project", "app", "application", "namespace", "space"}

// Divides reports whether a spelling of a name of Columns is that of a part of a tenant.
func Divides(column string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(parts, strings.TrimSuffix(column, id)) })
}

// IsKey reports whether the word, lower case, says what identifies something.
func IsKey(word string) bool { return slices.Contains(keys, word) }

// Means reports whether the word, lower case, means a tenant.
func Means(word string) bool {
	return slices.Contains(alone, word) || slices.Contains(words, word) || slices.Contains(words, strings.TrimSuffix(word, "s"))
}

// May reports whether the word, lower case, means a tenant, or what may be one where the
// schema says so.
func May(word string) bool { return Means(word) || slices.Contains(perhaps, word) }

// Identifies reports whether the name is that of a tenant's identity, such as
// TenantID, org_slug or subdomain, but not orgRole. more are words that
// mean a tenant too.
func Identifies(name string, more []string) bool {
	tenant := false
	for _, word := range Split(name) {
		switch {
		case Means(word), runTogether(word), slices.ContainsFunc(more, func(w string) bool { return strings.EqualFold(w, word) }):
			tenant = true
		case !IsKey(word) && !slices.Contains(qualifiers, word):
			return false
		}
	}
	return tenant
}

// IsKeys reports whether the name is that of something's identity: ID, Slug.
func IsKeys(name string) bool {
	words := Split(name)
	if len(words) > 1 && words[0] == "email" && words[1] == "domain" {
		words = words[1:]
	}
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !IsKey(w) })
}

// suffixes follow the noun in names of types and functions.
var suffixes = []string{"params", "request", "req", "input", "options", "opts", "model", "row", "entity", "dto", "args", "arg", "config", "spec"}

// Speaks reports whether the name of a type, table or function is about tenants: its last
// noun means a tenant. more are words that mean a tenant too.
func Speaks(name string, more []string) bool {
	words := Split(name)
	for len(words) > 0 && slices.Contains(suffixes, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return false
	}
	noun := words[len(words)-1]
	return Means(noun) || slices.ContainsFunc(more, func(w string) bool { return strings.EqualFold(w, noun) })
}

// runTogether reports whether the word is a tenant's and a key's: tenantid.
func runTogether(word string) bool {
	return slices.ContainsFunc(words, func(tenant string) bool {
		key, ok := strings.CutPrefix(word, tenant)
		return ok && IsKey(key)
	})
}

// Split cuts a name into its words, lower case: camelCase, snake_case,
// kebab-case; digits are dropped.
func Split(name string) []string {
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
