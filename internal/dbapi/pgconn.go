package dbapi

// pgconn is what lies beneath version 4 of pgx.
var pgconn = &Library{
	Paths:  []string{"github.com/jackc/pgconn"},
	Shapes: []Shape{{"", "PgConn", "ExecParams Prepare"}},
	Packages: []Package{{
		Paths:    "github.com/jackc/pgconn",
		Opens:    []openers{conn("Connect ConnectConfig", 1)},
		Releases: "PgConn.Close PgConn.Hijack",
		Postgres: true,
		Queries:  []QueryRow{{"PgConn", "Exec", 1, None, 0}},
	}},
	Executes: []Methods{{"PgConn", "CopyFrom CopyTo ExecBatch ExecParams Prepare"}},
}
