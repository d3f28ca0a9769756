package dbapi

var jet = &Library{
	Paths:  []string{"github.com/go-jet/jet"},
	Shapes: []Shape{{"", "Statement", "DebugSql QueryContext Sql"}},
	Executes: []Methods{
		{"*", "Query QueryContext Exec ExecContext Rows"},
		{"", "Query QueryJsonArr QueryJsonObj"},
	},
}
