package dbapi

// sqldblogger opens pools of database/sql that log what they do.
var sqldblogger = &Library{
	Paths: []string{"github.com/simukti/sqldb-logger"},
	Packages: []Package{{
		Paths: "github.com/simukti/sqldb-logger",
		Opens: []openers{sqlOpen("OpenDriver", 1, 0)},
	}},
}
