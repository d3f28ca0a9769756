package dbapi

var sqlx = &Library{
	Paths:  []string{"github.com/jmoiron/sqlx", "github.com/vinovest/sqlx"}, // the second is a fork that is kept up
	Shapes: []Shape{{"sqlx", "DB", "NamedExec Select"}},
	Packages: []Package{{
		Paths: "github.com/jmoiron/sqlx",
		Opens: []openers{
			sqlOpen("Open MustOpen Connect MustConnect", 0, 1),
			sqlOpen("ConnectContext", 1, 2),
			wrap("NewDb", 0),
			wrap("DB.Unsafe", Receiver),
		},
		Acquires: "DB.Connx",
		Begins:   "DB.Beginx DB.BeginTxx DB.MustBegin DB.MustBeginTx Conn.BeginTxx",
		Prepares: "DB.Preparex DB.PreparexContext DB.PrepareNamed DB.PrepareNamedContext Conn.PreparexContext",
		Releases: "NamedStmt.Close",
		Handles:  "DB Tx Stmt Conn",
		Prepared: "Stmt NamedStmt",
		Texts: map[string]Text{
			"Rebind": {Argument, 1}, "In": {Argument, 0}, "Named": {Argument, 0},
			"DB.BindNamed": {Argument, 0}, "Tx.BindNamed": {Argument, 0},
		},
		Queries: []QueryRow{
			{"DB Tx Execer Queryer Ext", "Queryx QueryRowx MustExec", 0, 1, 0},
			{"Execer Queryer Ext", "Exec Query", 0, 1, 0},
			{"DB Tx Conn QueryerContext", "QueryxContext QueryRowxContext", 1, 2, 0},
			{"DB Tx Conn", "MustExecContext", 1, 2, 0},
			{"ExecerContext QueryerContext", "ExecContext QueryContext", 1, 2, 0},
			{"DB Tx", "Get Select", 1, 2, 0},
			{"DB Tx Conn", "GetContext SelectContext", 2, 3, 0},
			{"DB Tx", "NamedExec NamedQuery", 0, 1, named},
			{"DB Tx", "NamedExecContext NamedQueryContext", 1, 2, named},
			{"DB Tx", "Preparex", 0, None, 0},
			{"DB Tx", "PrepareNamed", 0, None, named},
			{"DB Tx Conn", "PreparexContext", 1, None, 0},
			{"DB Tx", "PrepareNamedContext", 1, None, named},
			{"", "MustExec", 1, 2, 0},
			{"", "MustExecContext", 2, 3, 0},
			{"", "Get Select", 2, 3, 0},
			{"", "GetContext SelectContext", 3, 4, 0},
			{"", "NamedExec NamedQuery", 1, 2, named},
			{"", "NamedExecContext NamedQueryContext", 2, 3, named},
			{"", "Preparex", 1, None, 0},
			{"", "PreparexContext", 2, None, 0},
		},
	}},
	Executes: []Methods{{"DB Tx Conn", "Get GetContext Select SelectContext NamedExec NamedExecContext NamedQuery NamedQueryContext"}},
}
