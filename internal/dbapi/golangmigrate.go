package dbapi

var golangMigrate = &Library{
	Paths: []string{"github.com/golang-migrate/migrate"},
	Packages: []Package{{
		Paths: "github.com/golang-migrate/migrate/v4 github.com/golang-migrate/migrate/v3 github.com/golang-migrate/migrate",
		Migrates: map[string]int{
			"Migrate.Up": Receiver, "Migrate.Down": Receiver, "Migrate.Steps": Receiver, "Migrate.Migrate": Receiver, "Migrate.Drop": Receiver,
		},
	}},
}
