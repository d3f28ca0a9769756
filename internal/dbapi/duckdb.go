package dbapi

// duckdb is a database in a file or in memory.
var duckdb = &Library{
	Paths:   []string{"github.com/duckdb/duckdb-go", "github.com/marcboeker/go-duckdb"},
	Drivers: "duckdb",
}
