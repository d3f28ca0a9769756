// Package postgres stands in for the library's.
package postgres

import "context"

type PostgresContainer struct{}

func Run(ctx context.Context, image string) (*PostgresContainer, error) {
	return &PostgresContainer{}, nil
}

func (*PostgresContainer) MustConnectionString(ctx context.Context) string { return "" }
