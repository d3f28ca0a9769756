package dbapi

var pgxLimit = &Limit{PerCPU: 1, Min: 4, Param: "pool_max_conns", Field: "MaxConns"}

var pgx = &Library{
	Paths:       []string{"github.com/jackc/pgx"},
	CachesPlans: true,
	Packages: []Package{
		{
			Paths: "github.com/jackc/pgx/v5/pgxpool github.com/jackc/pgx/v4/pgxpool",
			Opens: []openers{
				pool("NewWithConfig ConnectConfig", 1, pgxLimit).waits(),
				pool("New", 1, pgxLimit).parsed("ParseConfig", "NewWithConfig").waits(),
				pool("Connect", 1, pgxLimit).parsed("ParseConfig", "ConnectConfig").waits(),
				detach("Conn.Hijack"),
			},
			Acquires:   "Pool.Acquire",
			Configures: "ParseConfig",
			Begins:     "Pool.Begin Pool.BeginTx Conn.Begin Conn.BeginTx",
			Releases:   "Pool.Close Conn.Release Conn.Hijack Tx.Commit Tx.Rollback",
			Postgres:   true,
			Queries: []QueryRow{
				{"Pool Conn Tx", "Exec Query QueryRow QueryFunc", 1, 2, 0},
				{"Pool Conn Tx", "CopyFrom", 1, None, copies},
				{"Tx", "Prepare", 2, None, 0},
			},
		},
		{
			Paths:      "github.com/jackc/pgx/v5 github.com/jackc/pgx/v4",
			Configures: "ParseConfig",
			Opens:      []openers{conn("Connect ConnectConfig ConnectWithOptions", 1)},
			Begins:     "Conn.Begin Conn.BeginTx",
			Releases:   "Conn.Close Tx.Commit Tx.Rollback",
			Postgres:   true,
			Queries: []QueryRow{
				{"Conn Tx", "Exec Query QueryRow QueryFunc", 1, 2, 0},
				{"Conn Tx", "Prepare", 2, None, 0},
				{"Conn Tx", "CopyFrom", 1, None, copies},
				{"Batch", "Queue", 0, 1, 0},
			},
			Texts: map[string]Text{"Identifier.Sanitize": {QualifiedName, Receiver}},
		},
		{
			Paths:    "github.com/jackc/pgx/v5/pgconn",
			Opens:    []openers{conn("Connect ConnectConfig ConnectWithOptions", 1)},
			Releases: "PgConn.Close PgConn.Hijack",
			Postgres: true,
			Queries:  []QueryRow{{"PgConn", "Exec", 1, None, 0}},
		},
		{
			Paths:      "github.com/jackc/pgx/v5/stdlib github.com/jackc/pgx/v4/stdlib github.com/jackc/pgx/stdlib",
			Opens:      []openers{sqlOpen("OpenDB", None, 0), wrap("OpenDBFromPool", 0).leavesOpen(), acquire("AcquireConn", 0)},
			Configures: "RegisterConnConfig GetConnector",
			TakeBack:   map[string]int{"ReleaseConn": 1},
			Origins:    map[string]Origin{"GetPoolConnector": Existing},
		},
		{ // version 3
			Paths:      "github.com/jackc/pgx",
			Opens:      []openers{conn("Connect", 0), pool("NewConnPool", 0, &Limit{Fixed: 5, Field: "MaxConnections"})},
			Configures: "ParseConnectionString ParseDSN ParseURI",
			Acquires:   "ConnPool.Acquire",
			Begins:     "ConnPool.Begin ConnPool.BeginEx",
			Releases:   "Conn.Close ConnPool.Close Tx.Commit Tx.Rollback",
			TakeBack:   map[string]int{"ConnPool.Release": 0},
			Postgres:   true,
			Queries: []QueryRow{
				{"Conn ConnPool Tx", "Exec Query QueryRow", 0, 1, 0},
				{"Conn ConnPool Tx", "ExecEx QueryEx QueryRowEx", 1, 3, 0},
			},
			Texts: map[string]Text{"Identifier.Sanitize": {QualifiedName, Receiver}},
		},
	},
	Executes: []Methods{
		{"PgConn", "CopyFrom CopyTo ExecBatch ExecParams Prepare"},
		{"Conn ConnPool Tx", "CopyFrom CopyFromReader CopyToWriter QueryFunc"},
	},
}
