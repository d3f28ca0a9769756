// Package page declares what the code on the rules' pages uses without saying so.
package page

import (
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store is where queries stand.
type Store struct{ db *pgxpool.Pool }
