// Package post has the shape of what ent generates for an entity with edges.
package post

import "example.com/queries/entq/ent/predicate"

const (
	FieldID            = "id"
	FieldTenantID      = "tenant_id"
	FieldTitle         = "title"
	Table              = "posts"
	AuthorTable        = "posts"
	AuthorInverseTable = "users"
	AuthorColumn       = "user_posts"
	TagsTable          = "post_tags"
	TagsInverseTable   = "tags"
)

var TagsPrimaryKey = []string{"post_id", "tag_id"}

func ValidColumn(column string) bool { return false }

func TenantID(v int) predicate.Post { return nil }

func TitleEQ(v string) predicate.Post { return nil }

func HasAuthor() predicate.Post { return nil }

func HasAuthorWith(...predicate.User) predicate.Post { return nil }

func HasTagsWith(...predicate.Tag) predicate.Post { return nil }
