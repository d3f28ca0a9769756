// Package client runs texts that structs carry.
package client

import "context"

// A Query is a text with its name, and one of its own for another server.
type Query struct{ Name, Text, Other string }

// A Named is a text alone.
type Named struct {
	Number int
	Text   string
}

// A Client runs them.
type Client interface {
	Run(ctx context.Context, q Query, args ...any) error
	Named(q *Named) error
}

// Shared is a query of another package.
var Shared = Query{Name: "shared", Text: "DELETE FROM shared"}
