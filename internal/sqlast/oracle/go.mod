module github.com/poollint/poollint/internal/sqlast/oracle

go 1.26.0

replace github.com/poollint/poollint => ../../..

require (
	github.com/pganalyze/pg_query_go/v6 v6.2.5
	github.com/poollint/poollint v0.0.0
	github.com/sqlc-dev/marino v0.3.1
	google.golang.org/protobuf v1.33.0
)

require (
	github.com/google/go-cmp v0.6.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
