package dbapi

// chbun is bun's sibling for ClickHouse.
var chbun = &Library{
	Paths:    []string{"github.com/uptrace/go-clickhouse"},
	Executes: []Methods{{"SelectQuery InsertQuery RawQuery", "Exec Scan Rows Count Exists ScanAndCount"}},
}
