// Package schema says what ent generates.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// An Order is a row of orders.
type Order struct{ ent.Schema }

// Fields of an Order.
func (Order) Fields() []ent.Field {
	return []ent.Field{field.String("number").Unique(), field.Int("total")}
}
