package dbapi

var sqlmigrate = &Library{
	Paths:    []string{"github.com/rubenv/sql-migrate"},
	Packages: []Package{{Paths: "github.com/rubenv/sql-migrate", Migrates: map[string]int{"Exec": 0}}},
}
