module github.com/poollint/poollint/internal/sqlast/oracle

go 1.26.0

replace github.com/poollint/poollint => ../../..

require (
	github.com/pganalyze/pg_query_go/v6 v6.2.5 // indirect
	github.com/sqlc-dev/marino v0.3.1 // indirect
	google.golang.org/protobuf v1.33.0 // indirect
)
