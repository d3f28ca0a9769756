package dbapi

var ksql = &Library{
	Paths: []string{"github.com/vingarcia/ksql"},
	Packages: []Package{{
		Paths: "github.com/vingarcia/ksql",
		Queries: []QueryRow{
			{"DB Provider", "Query QueryOne", 2, 3, 0},
			{"DB Provider", "Exec", 1, 2, 0},
		},
	}},
	Executes: []Methods{{"DB Provider", "Delete Exec Insert Patch Query QueryChunks QueryOne Update"}},
}
