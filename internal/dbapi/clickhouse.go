package dbapi

var clickhouse = &Library{
	Paths: []string{"github.com/ClickHouse/clickhouse-go"},
	Packages: []Package{
		{
			Paths: "github.com/ClickHouse/clickhouse-go/v2",
			Opens: []openers{
				pool("Open", 0, &Limit{Fixed: 10, Param: "max_open_conns", Field: "MaxOpenConns"}),
				sqlOpen("OpenDB", None, 0),
			},
		},
		{
			Paths:    "github.com/ClickHouse/clickhouse-go/v2/lib/driver",
			Releases: "Conn.Close",
			Queries: []QueryRow{
				{"Conn", "Exec Query QueryRow", 1, 2, 0},
				{"Conn", "Select", 2, 3, 0},
				{"Conn", "AsyncInsert PrepareBatch", 1, None, 0},
			},
		},
	},
	Executes: []Methods{{"Conn", "AsyncInsert Exec InsertFormat PrepareBatch Query QueryFormat QueryRow Select"}},
}
