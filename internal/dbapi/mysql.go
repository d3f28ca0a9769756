package dbapi

// mysql is a driver of database/sql, which opens its pools.
var mysql = &Library{
	Paths: []string{"github.com/go-sql-driver/mysql"},
	Packages: []Package{{
		Paths:      "github.com/go-sql-driver/mysql",
		Configures: "NewConfig ParseDSN NewConnector Config.FormatDSN",
	}},
}
