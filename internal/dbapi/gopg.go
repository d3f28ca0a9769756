package dbapi

var gopg = &Library{
	Paths: []string{"github.com/go-pg/pg", "gopkg.in/pg"},
	Shapes: []Shape{
		{"pg", "DB", "Model QueryOne"},
		{"orm", "Query", "Select WherePK"},
	},
	Packages: []Package{
		{
			Paths:    "github.com/go-pg/pg/v10 github.com/go-pg/pg/v9",
			Acquires: "DB.Conn",
			Begins:   "baseDB.Begin baseDB.BeginContext",
			Releases: "baseDB.Close Conn.Close Tx.Commit Tx.Rollback Tx.Close",
			Postgres: true,
			Queries: []QueryRow{
				{"DB Tx Conn baseDB", "Exec ExecOne", 0, 1, 0},
				{"DB Tx Conn baseDB", "ExecContext ExecOneContext Query QueryOne", 1, 2, 0},
				{"DB Tx Conn baseDB", "QueryContext QueryOneContext", 2, 3, 0},
			},
		},
		{
			Paths:    "github.com/go-pg/pg/v10/orm github.com/go-pg/pg/v9/orm",
			Postgres: true,
			Queries: []QueryRow{
				{"DB", "Exec ExecOne", 0, 1, 0},
				{"DB", "ExecContext ExecOneContext Query QueryOne", 1, 2, 0},
				{"DB", "QueryContext QueryOneContext", 2, 3, 0},
			},
		},
		{
			Paths:    "github.com/go-pg/pg/v10 github.com/go-pg/pg/v9 github.com/go-pg/pg gopkg.in/pg.v5 gopkg.in/pg.v4",
			Opens:    []openers{pool("Connect", 0, &Limit{PerCPU: 10, Field: "PoolSize"})},
			Begins:   "DB.Begin",
			Releases: "DB.Close",
		},
	},
	Executes: []Methods{
		{"Query", `Select SelectAndCount SelectAndCountEstimate Count CountEstimate First Last Exists ForEach Insert SelectOrInsert
			Update UpdateNotZero Delete ForceDelete CopyFrom CopyTo Create`},
		{"DB Tx Conn baseDB", `Exec ExecContext ExecOne ExecOneContext Query QueryContext QueryOne QueryOneContext CopyFrom CopyTo
			Delete ForceDelete Insert Select Update Create`},
	},
}
