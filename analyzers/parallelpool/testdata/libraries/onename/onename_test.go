// Package onename has them on one database.
package onename

import (
	"context"
	"os"
	"testing"

	"go.mongodb.org/mongo-driver/mongo"
)

type order struct{ TenantID string }

var client, _ = mongo.Connect(context.Background(), os.Getenv("MONGO"))

func add(o order) {
	_, _ = client.Database("shop").Collection("orders").InsertOne(context.Background(), o)
}

func TestAdd(t *testing.T) {
	t.Parallel()
	add(order{TenantID: "acme"}) // want `share the tenant "acme" of one database`
}

func TestAddAgain(t *testing.T) {
	t.Parallel()
	add(order{TenantID: "acme"}) // want `share the tenant "acme" of one database`
}
