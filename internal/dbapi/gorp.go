package dbapi

var gorp = &Library{
	Paths:  []string{"github.com/go-gorp/gorp", "gopkg.in/gorp", "github.com/coopernurse/gorp"},
	Shapes: []Shape{{"", "DbMap", "AddTable SelectOne"}},
	Executes: []Methods{
		{"DbMap Transaction SqlExecutor", `Delete Exec ExecContext Get Insert Query QueryContext QueryRow QueryRowContext Select SelectFloat SelectInt SelectNullFloat
			SelectNullInt SelectNullStr SelectOne SelectStr Update UpdateColumns`},
	},
}
