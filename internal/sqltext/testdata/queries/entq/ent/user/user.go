// Package user has the shape of what ent generates for an entity.
package user

import "example.com/queries/entq/ent/predicate"

const (
	FieldID        = "id"
	FieldTenantID  = "tenant_id"
	FieldName      = "name"
	FieldLegalName = "company"
	Table          = "users"

	PostsTable        = "posts"
	PostsInverseTable = "posts"
	PostsColumn       = "user_posts"
)

func ValidColumn(column string) bool { return false }

func TenantID(v int) predicate.User { return nil }

func NameIn(v ...string) predicate.User { return nil }

func Or(p ...predicate.User) predicate.User { return nil }

func HasPosts() predicate.User { return nil }

func HasPostsWith(p ...predicate.Post) predicate.User { return nil }
