package dbapi

var sqlf = &Library{
	Paths: []string{"github.com/leporo/sqlf"},
	Executes: []Methods{
		{"Stmt", "Exec ExecAndClose Query QueryAndClose QueryRow QueryRowAndClose"},
	},
}
