// Package dbtest empties collections for tests.
package dbtest

import (
	"context"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

func Empty(t *testing.T, c *mongo.Collection) { _, _ = c.DeleteMany(context.Background(), bson.M{}) }

func Orders(t *testing.T, client *mongo.Client) {
	orders := client.Database("shop").Collection("orders")
	t.Cleanup(func() { _ = orders.Drop(context.Background()) })
}

func Forget(t *testing.T, client *mongo.Client) {
	t.Cleanup(func() { _ = client.Database(t.Name()).Drop(context.Background()) })
}
