// Package imports keeps in go.mod what the code on the pages imports.
package imports

import (
	_ "github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/poollint/poollint/testpool"
	_ "github.com/stretchr/testify/require"
)
