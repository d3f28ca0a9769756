// Package lent hands the method that opens to a pool of databases.
package lent

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"
)

type Manager struct {
	config    *pgxpool.Config
	databases *puddle.Pool[*pgxpool.Pool]
}

func NewManager(config *pgxpool.Config) (*Manager, error) {
	m := &Manager{config: config}
	databases, err := puddle.NewPool(&puddle.Config[*pgxpool.Pool]{Constructor: m.open, MaxSize: 8})
	m.databases = databases
	return m, err
}

func (m *Manager) open(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.NewWithConfig(ctx, m.config.Copy())
}
