// Package ownname has parallel tests on databases that they name for themselves.
package ownname

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.mongodb.org/mongo-driver/mongo"
)

type order struct{ TenantID string }

type store struct {
	client *mongo.Client
	name   string
}

func (s store) add(o order) {
	_, _ = s.client.Database(s.name).Collection("orders").InsertOne(context.Background(), o)
}

var client, _ = mongo.Connect(context.Background(), os.Getenv("MONGO"))

func TestAdd(t *testing.T) {
	t.Parallel()
	const tenant = "acme"
	for i := range 2 {
		name := fmt.Sprintf("%s-%d", t.Name(), i)
		t.Run("add", func(t *testing.T) {
			t.Parallel()
			defer client.Database(name).Drop(context.Background())
			store{client, name}.add(order{TenantID: tenant})
		})
	}
}

func TestAddAgain(t *testing.T) {
	t.Parallel()
	name := t.Name()
	defer client.Database(name).Drop(context.Background())
	store{client, name}.add(order{TenantID: "acme"})
}
