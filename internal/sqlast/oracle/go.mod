module github.com/poollint/poollint/internal/sqlast/oracle

go 1.26.0

replace github.com/poollint/poollint => ../../..

require (
	github.com/pganalyze/pg_query_go/v6 v6.2.5
	github.com/poollint/poollint v0.0.0
	github.com/sqlc-dev/marino v0.3.1
	github.com/wasilibs/go-pgquery v0.0.0-20260728010200-155ebad2880e
	google.golang.org/protobuf v1.36.11
)

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	github.com/wasilibs/wazero-helpers v0.0.0-20250123031827-cd30c44769bb // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
