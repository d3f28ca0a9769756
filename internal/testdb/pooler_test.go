package testdb

import (
	"context"
	"fmt"
	"testing"

	"github.com/poollint/poollint/internal/pgtest"
)

// Through a pooler in transaction mode statements run, whichever session each gets.
func TestConnectThroughPooler(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	for name, test := range map[string]struct {
		url    string
		pooled bool
	}{"direct": {server.URL(), false}, "pooled": {pgtest.StartPgBouncer(t, server.URL(), "server_round_robin=1", "default_pool_size=2", "min_pool_size=2"), true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := Database{test.url, "-dsn"}.Config("testdb")
			if err != nil {
				t.Fatal(err)
			}
			conn, err := Connect(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.Background())
			if pooled, err := BehindPooler(t.Context(), conn); err != nil || pooled != test.pooled {
				t.Errorf("behind a pooler: %v, %v", pooled, err)
			}
			second, err := Connect(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close(context.Background())
			for n := range 20 {
				var got int
				query := fmt.Sprintf("select $1::int + %d", n%3)
				for _, conn := range []interface {
					Scan(...any) error
				}{conn.QueryRow(t.Context(), query, n), second.QueryRow(t.Context(), query, n)} {
					if err := conn.Scan(&got); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}
