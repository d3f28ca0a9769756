package watch

import (
	"testing"

	"github.com/poollint/poollint/internal/pgtest"
	"github.com/poollint/poollint/internal/testdb"
)

// Behind PgBouncer in transaction mode a sampler gets sessions that others have used.
func TestSamplerThroughPgBouncer(t *testing.T) {
	t.Parallel()
	url := pgtest.StartPgBouncer(t, pgtest.Start(t).URL())
	for range 3 {
		config, err := testdb.Database{URL: url, Source: "-dsn"}.Config(ownApplication)
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := newSampler(t.Context(), config, "pooled", false)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.close)
		if _, err := s.read(); err != nil {
			t.Error(err)
		}
		if err := s.readChurn(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
