package dbapi

var upper = &Library{
	Paths: []string{"github.com/upper/db", "upper.io/db"},
	Executes: []Methods{
		{"*", `All Count Delete Exec ExecContext Exists Get Insert InsertReturning Iterator IteratorContext One Query QueryContext QueryRow
			QueryRowContext Save Update UpdateReturning`},
	},
}
