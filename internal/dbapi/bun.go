package dbapi

var bun = &Library{
	Paths:  []string{"github.com/uptrace/bun"},
	Shapes: []Shape{{"", "SelectQuery", "Model Scan Where"}},
	Packages: []Package{{
		Paths:    "github.com/uptrace/bun",
		Opens:    []openers{wrap("NewDB", 0)},
		Acquires: "DB.Conn",
		Begins:   "DB.Begin DB.BeginTx Conn.BeginTx IDB.BeginTx",
		Prepares: "DB.Prepare DB.PrepareContext",
		Releases: "DB.Close Conn.Close Tx.Commit Tx.Rollback",
		Queries: []QueryRow{
			{"DB Tx Conn IDB", "NewRaw Exec Query QueryRow", 0, 1, 0},
			{"DB Tx Conn IDB IConn", "ExecContext QueryContext QueryRowContext", 1, 2, 0},
			{"", "NewRawQuery", 1, 2, 0},
			{"DB Tx", "Prepare", 0, None, 0},
			{"DB Tx Conn", "PrepareContext", 1, None, 0},
		},
		Drops:    "DB.NewTruncateTable Conn.NewTruncateTable", // a chain begins with what it will do
		Migrates: map[string]int{"DB.ResetModel": Receiver, "DB.NewDropTable": Receiver, "Conn.NewDropTable": Receiver},
	}},
	Executes: []Methods{{
		"SelectQuery InsertQuery UpdateQuery DeleteQuery MergeQuery RawQuery TruncateTableQuery",
		"Exec Scan Rows Count Exists ScanAndCount",
	}},
}
