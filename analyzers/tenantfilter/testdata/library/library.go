// Package library exports queries, whose callers may be out of sight, and has others that are internal.
package library

import (
	"example.test/shop/library/internal/queries"
	exported "example.test/shop/library/queries"
)

type Library struct {
	own *queries.Queries
	All *exported.Queries
}
