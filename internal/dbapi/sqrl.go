package dbapi

// sqrl is a fork of squirrel whose builders change in place.
var sqrl = &Library{
	Paths: []string{"github.com/elgris/sqrl"},
	Executes: []Methods{
		{"SelectBuilder InsertBuilder UpdateBuilder DeleteBuilder", "Exec ExecContext Query QueryContext QueryRow QueryRowContext Scan ScanContext"},
		{"", "ExecWith ExecWithContext QueryWith QueryWithContext QueryRowWith QueryRowWithContext"},
	},
}
