package documents

import (
	"context"
	"os"
	"strings"
	"testing"

	"example.com/libraries/documents/dbtest"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

var (
	ctx    = context.Background()
	client *mongo.Client
	items  *mongo.Collection
)

func TestMain(m *testing.M) {
	client, _ = mongo.Connect(ctx, os.Getenv("MONGO"))
	items = client.Database("shop").Collection("items")
	os.Exit(m.Run())
}

func orders() *mongo.Collection { return client.Database("shop").Collection("orders") }

func TestDrop(t *testing.T) {
	t.Parallel()
	_ = orders().Drop(ctx) // want `TestDrop empties a table of the shared database`
}

func TestDeletes(t *testing.T) {
	t.Parallel()
	name := os.Getenv("NAME")
	coll := client.Database(name).Collection("orders")
	_, _ = coll.DeleteMany(ctx, bson.M{}) // want `TestDeletes empties a table`
}

func TestPackage(t *testing.T) {
	t.Parallel()
	all := bson.D{{}}
	t.Cleanup(func() { _, _ = items.DeleteMany(ctx, all) }) // want `TestPackage empties a table`
}

type fixture struct{ db *mongo.Database }

func newFixture() *fixture { return &fixture{db: client.Database("shop")} }

func TestField(t *testing.T) {
	t.Parallel()
	f := newFixture()
	_ = f.db.Drop(ctx) // want `TestField empties a table`
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	dbtest.Empty(t, orders()) // want `TestElsewhere empties a table`
	dbtest.Orders(t, client)  // want `TestElsewhere empties a table`
	dbtest.Forget(t, client)  // a database of the test's own
	dbtest.Empty(t, own(t))   // the same
}

func own(t *testing.T) *mongo.Collection { return client.Database(t.Name()).Collection("orders") }

func TestSome(t *testing.T) {
	t.Parallel()
	_, _ = items.DeleteMany(ctx, bson.M{"tenant": t.Name()})
	_, _ = items.DeleteMany(ctx, bson.D{{"tenant", t.Name()}})
}

func TestOwnCollection(t *testing.T) {
	t.Parallel()
	own := client.Database("shop").Collection(t.Name())
	t.Cleanup(func() { _ = own.Drop(ctx) })
}

func TestOwn(t *testing.T) {
	t.Parallel()
	name := strings.ToLower("test_" + t.Name())
	db := client.Database(name)
	t.Cleanup(func() { _ = db.Drop(ctx) })
	_ = db.Collection("orders").Drop(ctx)
}
