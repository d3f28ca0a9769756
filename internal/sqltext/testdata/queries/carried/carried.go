// Package carried hands structs with SQL in them to methods that the configuration names.
package carried

import (
	"context"

	"example.com/queries/carried/client"
)

var all = client.Query{Name: "all", Text: "SELECT * FROM users"}

func variable(ctx context.Context, c client.Client) {
	c.Run(ctx, all)
	// constant: SELECT * FROM users
}

func elsewhere(ctx context.Context, c client.Client) {
	c.Run(ctx, client.Shared)
	// constant: DELETE FROM shared
}

func literal(ctx context.Context, c client.Client) {
	c.Run(ctx, client.Query{"drop", "DELETE FROM users WHERE id = $1", ""}, 1)
	// local: DELETE FROM users WHERE id = $1
}

func local(ctx context.Context, c client.Client) {
	q := client.Query{Name: "local"}
	q.Text = "DELETE FROM orders"
	c.Run(ctx, q)
	// local: DELETE FROM orders
}

func made() client.Query { return client.Query{Name: "made", Text: "DELETE FROM made"} }

func helped(ctx context.Context, c client.Client) {
	c.Run(ctx, made())
	// helper: DELETE FROM made
}

// each text is one that may be run.
func servers(ctx context.Context, c client.Client) {
	c.Run(ctx, client.Query{Name: "both", Text: "DELETE FROM a LIMIT 1", Other: "DELETE FROM a"})
	// local: DELETE FROM a LIMIT 1
	// local: DELETE FROM a
}

func alone(c client.Client, table string) {
	c.Named(&client.Named{Number: 1, Text: "DELETE FROM users"})
	// local: DELETE FROM users
}

func given(ctx context.Context, c client.Client, q client.Query) {
	c.Run(ctx, q) // the callers know
}

func empty(ctx context.Context, c client.Client) {
	c.Run(ctx, client.Query{Name: "none"}) // unread: the text is the value of client.Query{…}
}
