// Package mongo stands in for the library's.
package mongo

import "context"

type (
	Client     struct{}
	Database   struct{}
	Collection struct{}
)

func Connect(ctx context.Context, uri string) (*Client, error) { return &Client{}, nil }

func (*Client) Database(name string) *Database { return &Database{} }

func (*Client) Disconnect(ctx context.Context) error { return nil }

func (*Database) Collection(name string) *Collection { return &Collection{} }

func (*Database) Drop(ctx context.Context) error { return nil }

func (*Collection) Drop(ctx context.Context) error { return nil }

func (*Collection) DeleteMany(ctx context.Context, filter any) (int, error) { return 0, nil }

func (*Collection) InsertOne(ctx context.Context, document any) (any, error) { return nil, nil }
