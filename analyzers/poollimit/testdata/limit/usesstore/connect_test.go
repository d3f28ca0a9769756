package usesstore

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/pools/limit/store"
)

func TestLimits(t *testing.T) {
	few, err := store.Connect(store.Settings{DSN: os.Getenv("SHOP_DSN"), Limits: &store.Limits{Open: 3}})
	require.NoError(t, err)
	defer few.Close()

	many, err := store.Connect(store.Settings{DSN: os.Getenv("SHOP_DSN"), Limits: &store.Limits{Open: 4}}) // want info:`store.Connect opens a pool \(sql.Open\) of 4 connections \(SetMaxOpenConns\), more than 3`
	require.NoError(t, err)
	defer many.Close()
}
