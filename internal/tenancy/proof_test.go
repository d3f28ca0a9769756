package tenancy_test

import (
	"fmt"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// A random proof finds its row whether or not an index says that it is unique; other names and
// numbers need the key.
func TestProofs(t *testing.T) {
	t.Parallel()
	for _, table := range []struct {
		name   string
		proofs []string
		others []string
	}{
		{
			"accounts_of_users",
			[]string{"token_hash", "token_digest", "resetToken", "reset_token_hash", "hashed_token", "email_verification_token", "refresh_token", "session_token", "invite_token", "api_key", "api_key_hash", "access_key", "unsubscribe_token"},
			[]string{"token", "push_token", "device_token", "token_count", "token_type", "token_hash_version", "password_hash", "key", "key_hash", "idempotency_key", "idempotency_key_hash", "hashed_password", "hashed_key", "content_hash", "hash", "reset_key", "api_key_name", "email"},
		},
		{"api_keys", []string{"key_hash", "keyDigest", "api_key", "hashed_key"}, []string{"key", "hashed", "hashed_name", "hash", "name", "prefix", "key_prefix"}},
		{"oauth_states", []string{"state", "nonce", "code_token_hash"}, []string{"status", "key", "provider"}},
		{"orders", []string{"oauth_state", "google_oauth_state_sha256", "secret_token_sha256", "invite_signature"}, []string{"state", "nonce", "signature", "order_state", "state_sha256", "file_sha256", "signature_kind"}},
		{"sso_tickets", []string{"ticket", "sso_ticket"}, []string{"ticket_number", "user_ticket"}},
		{"tickets", []string{"cas_ticket"}, []string{"ticket"}},
		{"invitations", []string{"token", "signature"}, []string{"state", "hash", "key", "email"}},
		{"password_resets", []string{"token"}, []string{"code"}},
		{"caches", nil, []string{"key_hash", "hash"}},
	} {
		for want, columns := range map[string][]string{"by-id secret": table.proofs, "unrestricted": table.others} {
			for _, column := range columns {
				ddl := fmt.Sprintf("CREATE TABLE tenants (id int PRIMARY KEY); CREATE TABLE %s (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants(id), %q text);", table.name, column)
				db := schema.Parse(ddl, sqlast.Postgres, config.Default().Tenant)
				file := sqlast.Read(fmt.Sprintf("SELECT * FROM %s WHERE %q = $1", table.name, column), sqlast.Options{})
				v := tenancy.Judge(file.Stmts[0], db, tenancy.Options{})[0]
				got := string(v.Tier)
				if v.Secret {
					got += " secret"
				}
				if got != want {
					t.Errorf("%s.%s: %s, want %s", table.name, column, got, want)
				}
			}
		}
	}
}
