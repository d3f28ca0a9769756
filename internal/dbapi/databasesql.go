package dbapi

var databaseSQL = &Library{
	Paths: []string{"database/sql"},
	Packages: []Package{
		{
			Paths:    "database/sql",
			Opens:    []openers{sqlOpen("Open", 0, 1), sqlOpen("OpenDB", None, 0)},
			Acquires: "DB.Conn",
			Begins:   "DB.Begin DB.BeginTx Conn.BeginTx",
			Prepares: "DB.Prepare DB.PrepareContext Conn.PrepareContext",
			Releases: "DB.Close Conn.Close Stmt.Close Tx.Commit Tx.Rollback",
			Prepared: "Stmt",
			Queries: []QueryRow{
				{"DB Tx Conn", "Exec Query QueryRow", 0, 1, 0},
				{"DB Tx Conn", "ExecContext QueryContext QueryRowContext", 1, 2, 0},
				{"DB Tx", "Prepare", 0, None, 0},
				{"DB Tx Conn", "PrepareContext", 1, None, 0},
			},
		},
		{
			Paths:    "database/sql/driver",
			Releases: "Conn.Close Tx.Commit Tx.Rollback",
		},
	},
}
