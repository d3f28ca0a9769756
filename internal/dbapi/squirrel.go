package dbapi

var squirrel = &Library{
	Paths:  []string{"github.com/Masterminds/squirrel"},
	Shapes: []Shape{{"", "SelectBuilder", "From ToSql Where"}},
	Executes: []Methods{
		{"SelectBuilder InsertBuilder UpdateBuilder DeleteBuilder", "Exec ExecContext Query QueryContext QueryRow QueryRowContext Scan ScanContext"},
		{"", "ExecWith ExecContextWith QueryWith QueryContextWith QueryRowWith QueryRowContextWith"},
	},
}
