package dbapi

var dotsql = &Library{
	Paths: []string{"github.com/qustavo/dotsql", "github.com/gchaincl/dotsql"},
	Executes: []Methods{
		{"DotSql", "Exec ExecContext Prepare PrepareContext Query QueryContext QueryRow QueryRowContext"},
	},
}
