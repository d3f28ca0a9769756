package dbapi

var jet = &Library{
	Paths:  []string{"github.com/go-jet/jet"},
	Shapes: []Shape{{"", "Statement", "DebugSql QueryContext Sql"}},
	Packages: []Package{
		{
			Paths:   "github.com/go-jet/jet/v2/qrm",
			Queries: []QueryRow{{"", "Query QueryJsonObj QueryJsonArr", 2, None, 0}},
		},
		{
			Paths:   "github.com/go-jet/jet/v2/postgres github.com/go-jet/jet/v2/mysql github.com/go-jet/jet/v2/sqlite",
			Queries: []QueryRow{{"", "RawStatement", 0, None, 0}},
		},
	},
	Executes: []Methods{
		{"*", "Query QueryContext Exec ExecContext Rows"},
		{"", "Query QueryJsonArr QueryJsonObj"},
	},
}
