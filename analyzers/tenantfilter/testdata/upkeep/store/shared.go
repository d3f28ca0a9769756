package store

import (
	"context"
	"net/http"
	"time"
)

// What one text is used for, each use says for itself, in whatever order they stand.
const (
	cheap  = "SELECT id FROM invoices WHERE total < 1"     // want info:`across tenants by design, as it runs at intervals in watch`
	dear   = "SELECT id FROM invoices WHERE total > 100"   // want `^query on "invoices" is not limited to a tenant`
	odd    = "SELECT id FROM invoices WHERE total = 7"     // want `^query on "invoices" is not limited to a tenant`
	settle = "UPDATE invoices SET total = 0 WHERE id = $1" // want `^update on "invoices" is not limited to a tenant`
)

var even = "SELECT id FROM invoices WHERE total = 8" // want `^query on "invoices" is not limited to a tenant`

func (s *Store) first(w http.ResponseWriter, r *http.Request) {
	s.DB.QueryContext(r.Context(), odd)
	s.DB.QueryContext(r.Context(), even)
}

func (s *Store) watch(ctx context.Context) {
	for range time.Tick(time.Hour) {
		s.DB.QueryContext(ctx, cheap)
		s.DB.QueryContext(ctx, cheap)
		s.DB.QueryContext(ctx, dear)
		s.DB.QueryContext(ctx, odd)
		s.DB.QueryContext(ctx, even)
	}
}

func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.first(w, r)
	s.DB.QueryContext(r.Context(), dear)
}

func (s *Store) settleOwn(ctx context.Context, tenantID, id string) error {
	var own string
	if err := s.DB.QueryRowContext(ctx, "SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2", id, tenantID).Scan(&own); err != nil {
		return err
	}
	_, err := s.DB.ExecContext(ctx, settle, id)
	return err
}

func (s *Store) settleAny(w http.ResponseWriter, r *http.Request) {
	s.DB.ExecContext(r.Context(), settle, r.FormValue("id"))
}
