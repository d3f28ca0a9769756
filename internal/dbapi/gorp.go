package dbapi

var gorp = &Library{
	Paths:  []string{"github.com/go-gorp/gorp", "gopkg.in/gorp", "github.com/coopernurse/gorp"},
	Shapes: []Shape{{"", "DbMap", "AddTable SelectOne"}},
	Packages: []Package{{
		Paths:  "github.com/go-gorp/gorp/v3 github.com/go-gorp/gorp gopkg.in/gorp.v2 gopkg.in/gorp.v1",
		Begins: "DbMap.Begin",
		Queries: []QueryRow{
			{"DbMap Transaction SqlExecutor", "Exec Query QueryRow SelectInt SelectNullInt SelectFloat SelectNullFloat SelectStr SelectNullStr", 0, 1, 0},
			{"DbMap Transaction SqlExecutor", "Select SelectOne", 1, 2, 0},
			{"DbMap Transaction", "Prepare", 0, None, 0},
			{"", "SelectInt SelectNullInt SelectFloat SelectNullFloat SelectStr SelectNullStr", 1, 2, 0},
			{"", "SelectOne", 3, 4, 0},
		},
	}},
	Rows: []Methods{{"DbMap Transaction SqlExecutor", "Update Delete"}},
	Executes: []Methods{
		{"DbMap Transaction SqlExecutor", `Delete Exec ExecContext Get Insert Query QueryContext QueryRow QueryRowContext Select SelectFloat SelectInt SelectNullFloat
			SelectNullInt SelectNullStr SelectOne SelectStr Update UpdateColumns`},
	},
}
