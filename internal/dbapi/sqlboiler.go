package dbapi

var sqlboiler = &Library{
	Paths: []string{"github.com/volatiletech/sqlboiler", "github.com/aarondl/sqlboiler"},
	Executes: []Methods{
		{"Query", "Bind BindP BindG Exec ExecContext ExecP Query QueryContext QueryP QueryRow QueryRowContext"},
	},
}
