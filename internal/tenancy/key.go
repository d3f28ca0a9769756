package tenancy

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/tenantname"
)

// isID reports whether the column's name is that of an artificial key.
func isID(name string) bool {
	switch strings.ToLower(name) {
	case "id", "uuid", "guid", "uid", "ctid", "rowid":
		return true
	}
	return false
}

// refersByID reports whether the column's name is that of a reference: user_id,
// userId, user_uuid.
func refersByID(name string) bool {
	return referred(name) != ""
}

// referred returns what a reference by id refers to: "user" for user_id, userId.
func referred(name string) string {
	for _, suffix := range []string{"_id", "_uuid", "_ids", "_uuids", "_guid"} {
		if s, ok := strings.CutSuffix(strings.ToLower(name), suffix); ok {
			return s
		}
	}
	for _, suffix := range []string{"Id", "ID", "Uuid", "UUID", "Ids", "IDs"} {
		if s, ok := strings.CutSuffix(name, suffix); ok && s != "" {
			return s
		}
	}
	return ""
}

// refersBy reports whether the column is part of a foreign key.
func refersBy(t *schema.Table, column string) bool {
	for _, fk := range t.ForeignKeys {
		if indexFold(fk.Columns, column) >= 0 {
			return true
		}
	}
	return false
}

func indexFold(names []string, name string) int {
	for i, n := range names {
		if strings.EqualFold(n, name) {
			return i
		}
	}
	return -1
}

// worldwide are names of columns that no other row of any table shares a value of, if they
// are unique.
var worldwide = map[string]bool{"urn": true, "arn": true, "ulid": true, "ksuid": true, "xid": true, "nanoid": true}

// ownKey reports whether the column alone is an artificial key of its table.
func (c *column) ownKey() bool {
	if isID(c.origin) {
		return true
	}
	switch {
	case c.table == nil:
		return false
	case worldwide[strings.ToLower(c.origin)] && c.table.UniqueAlone(c.origin):
		return true
	case !refersByID(c.origin):
		return false
	}
	if c.isPrimaryKey() {
		return true
	}
	return (c.table.UniqueAlone(c.origin) || c.namesOwnTable()) && !refersBy(c.table, c.origin)
}

// isPrimaryKey reports whether the column alone is the primary key of its table.
func (c *column) isPrimaryKey() bool {
	return c.table != nil && len(c.table.PrimaryKey) == 1 && strings.EqualFold(c.table.PrimaryKey[0], c.origin)
}

// namesOwnTable reports whether the column is named for the rows of its own table, as
// invoice_id in invoices, and no other column is said to be their key.
func (c *column) namesOwnTable() bool {
	key := c.table.PrimaryKey
	return c.table.IsNamed(referred(c.origin)) && (len(key) == 0 || indexFold(key, c.origin) >= 0)
}

// secrets are parts of the names of columns with secrets, such as tokens.
var secrets = []string{"token", "secret", "nonce", "api_key", "apikey", "masked", "mask", "hash"}

// contents are words for what has a hash that whoever has the thing can make.
var contents = []string{"blob", "block", "body", "commit", "content", "data", "document", "file", "image", "object", "payload", "schema", "transaction", "tx", "url"}

// credentials are parts of the names of tables whose rows show who somebody is, plainly what the
// secret is called there: tokens.value, invitations.code.
var (
	credentials = []string{"token", "secret", "api_key", "apikey", "access_key", "accesskey", "credential", "invite", "invitation", "session", "hash", "nonce"}
	plainly     = []string{"value", "key", "code", "digest"}
)

// findsOne reports whether a value of the column identifies the row: the column is the
// primary key, be it a natural one, or holds a secret.
func (c *column) findsOne() bool {
	return c.soleKey() || c.holdsSecret()
}

// soleKey reports whether the column is the key of its table's rows, and of no others.
func (c *column) soleKey() bool {
	return c.ownKey() || c.isPrimaryKey() && !c.tenant() && !refersBy(c.table, c.origin)
}

// holdsSecret reports whether the column holds a secret that is unique over all tenants. Of an
// owned table no key has to say so, nor of what nobody would find a second time.
func (c *column) holdsSecret() bool {
	switch {
	case c.table == nil:
		return false
	case c.proves():
		return true
	case !c.table.UniqueAlone(c.origin) && !isOwned(c.table):
		return false
	}
	if has(c.origin, secrets) {
		return !slices.ContainsFunc(tenantname.Split(c.origin), func(w string) bool { return slices.Contains(contents, w) })
	}
	return has(c.table.Name, credentials) && slices.Contains(plainly, strings.ToLower(c.origin))
}

// What shows who somebody is, or may do: reset_token, api_key, and digests of it. Such a value is
// random, so that a key has no need to say that it is unique.
var (
	proofs  = []string{"access", "activation", "api", "auth", "confirmation", "invitation", "invite", "magic", "password", "recovery", "refresh", "reset", "session", "unsubscribe", "verification", "verify"}
	digests = []string{"digest", "hash", "sha"} // names are cut without digits

	// What proves that a request belongs to another: the state of a login elsewhere.
	logins     = []string{"cas", "oauth", "oidc", "pkce", "saml", "sso"}
	handshakes = []string{"nonce", "state", "ticket", "verifier"}
)

// proves reports whether the name of the column is that of a random proof: a token, key or signature
// of such a purpose, which the column or its table is named for, the state of a login, or the
// digest of any token, or of a key that a table of credentials has.
func (c *column) proves() bool {
	words := tenantname.Split(c.origin)
	if len(words) == 1 && words[0] != "key" {
		words = append(purposeOf(c.table.Name), words...)
	}
	last := func() string { return words[max(0, len(words)-1)] }
	hashed := false
	switch {
	case len(words) < 2:
	case slices.Contains(digests, last()):
		hashed, words = true, words[:len(words)-1]
	case words[0] == "hashed":
		hashed, words = true, words[1:]
	}
	of := len(words) > 1 && slices.Contains(proofs, words[len(words)-2])
	switch {
	case len(words) == 0:
		return false
	case last() == "token":
		return hashed || of
	case last() == "signature":
		return of
	case slices.Contains(handshakes, last()):
		return len(words) > 1 && slices.Contains(logins, words[len(words)-2])
	case last() == "key":
		return of && slices.Contains([]string{"api", "access"}, words[len(words)-2]) || hashed && has(c.table.Name, credentials)
	}
	return false
}

// purposeOf returns what a table is named for, as the word of a column's name would say it:
// oauth_states, password_resets, invitations.
func purposeOf(table string) []string {
	for _, word := range tenantname.Split(table) {
		for _, w := range []string{word, strings.TrimSuffix(word, "s")} {
			if slices.Contains(proofs, w) || slices.Contains(logins, w) {
				return []string{w}
			}
		}
	}
	return nil
}

func has(name string, parts []string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
}

// findsByParent reports whether the column refers to another table, so that a value of
// it selects the rows that belong to one row of that table.
func (c *column) findsByParent() bool {
	return refersByID(c.origin) || c.table != nil && refersBy(c.table, c.origin)
}

// findsOwner reports whether the column refers to what the rows of its table belong to; those
// with a tenant of their own belong to whatever they refer to.
func (c *column) findsOwner() bool {
	if !isOwned(c.table) {
		return c.table != nil && refersBy(c.table, c.origin)
	}
	return slices.ContainsFunc(c.table.Owners, func(o schema.Owner) bool { return indexFold(o.Key.Columns, c.origin) >= 0 })
}

// rootKeys are names of columns of the tenants table that identify a tenant, though no
// unique key says so and the names do not tell.
var rootKeys = map[string]bool{"external_id": true, "externalid": true, "workspace": true}

// findsTenant reports whether the column of the tenants table identifies a tenant. A
// tenant that belongs to another one is identified by its id alone.
func (c *column) findsTenant() bool {
	if c.table == nil || c.table.Role != schema.Root {
		return false
	}
	if len(c.table.TenantColumns) > 0 {
		return c.ownKey()
	}
	name := strings.ToLower(c.origin)
	return rootKeys[name] || tenantname.IsKey(name) || c.table.UniqueAlone(c.origin) || refersByID(c.origin)
}

// keyed reports whether equality of the two columns is a join by a key: one column
// refers to the other or may, or both refer to the same table.
func (b *builder) keyed(x, y *column) bool {
	if x.table != nil && y.table != nil && (refersTo(x, y) || refersTo(y, x)) {
		return true
	}
	if x.soleKey() || y.soleKey() {
		return x.table == y.table || !x.counted() || !y.counted()
	}
	return b.siblings(x, y)
}

// counted reports whether the column is a primary key that its table gives to new rows itself, so
// that equal keys of two tables are chance.
func (c *column) counted() bool {
	if !c.isPrimaryKey() {
		return false
	}
	def := c.table.Column(c.origin)
	return def != nil && def.Default == schema.FunctionDefault
}

// refersTo reports whether the foreign key that x is in points to y.
func refersTo(x, y *column) bool {
	for _, fk := range x.table.ForeignKeys {
		i := indexFold(fk.Columns, x.origin)
		if i < 0 || !strings.EqualFold(fk.RefTable, y.table.Name) {
			continue
		}
		key := fk.RefColumns
		if len(key) == 0 {
			key = y.table.PrimaryKey
		}
		if i < len(key) && strings.EqualFold(key[i], y.origin) && !y.tenant() {
			return true
		}
	}
	return false
}

// siblings reports whether both columns refer to the same table, and its rows belong to
// a tenant each.
func (b *builder) siblings(x, y *column) bool {
	px, py := b.parent(x), b.parent(y)
	if px != nil || py != nil {
		return (px == nil || py == nil || px == py) && px != none && py != none &&
			(px != nil && py != nil || strings.EqualFold(x.origin, y.origin))
	}
	return (x.table == nil || y.table == nil) && refersByID(x.origin) && strings.EqualFold(x.origin, y.origin)
}

// none stands for a parent whose rows belong to no tenant.
var none = &schema.Table{}

// parent returns the table that the column refers to, none if its rows belong
// to no tenant, nil if it is not known.
func (b *builder) parent(c *column) *schema.Table {
	if c.table == nil {
		return nil
	}
	for _, fk := range c.table.ForeignKeys {
		if len(fk.Columns) <= 2 && indexFold(fk.Columns, c.origin) >= 0 && !c.tenant() {
			return owned(b.db.Lookup(fk.RefSchema, fk.RefTable))
		}
	}
	if name := referred(c.origin); name != "" && !c.tenant() {
		return owned(b.db.Named(name))
	}
	return nil
}

func owned(t *schema.Table) *schema.Table {
	if t != nil && (t.Role == schema.Global || t.Role == schema.Shared) {
		return none
	}
	return t
}
