package dbapi

var dbr = &Library{
	Paths:  []string{"github.com/gocraft/dbr", "github.com/mailru/dbr"},
	Shapes: []Shape{{"", "SelectStmt", "From Load Where"}},
	Packages: []Package{{
		Paths:  "github.com/gocraft/dbr github.com/gocraft/dbr/v2",
		Opens:  []openers{sqlOpen("Open", 0, 1)},
		Begins: "Session.Begin Session.BeginTx",
		Queries: []QueryRow{
			{"Session Tx SessionRunner", "SelectBySql InsertBySql UpdateBySql DeleteBySql", 0, 1, 0},
			{"", "SelectBySql InsertBySql UpdateBySql DeleteBySql", 0, 1, 0},
		},
	}},
	Executes: []Methods{
		{"SelectBuilder SelectStmt InsertBuilder InsertStmt UpdateBuilder UpdateStmt DeleteBuilder DeleteStmt loader typesLoader Executer", `Exec ExecContext Iterate IterateContext Load LoadContext LoadOne LoadOneContext LoadStruct LoadStructs LoadValue LoadValues
			LoadStructContext LoadStructsContext LoadValueContext LoadValuesContext GetRows GetRowsContext Rows RowsContext ReturnInt64 ReturnInt64Context ReturnInt64s ReturnInt64sContext ReturnString ReturnStringContext
			ReturnStrings ReturnStringsContext ReturnUint64 ReturnUint64Context ReturnUint64s ReturnUint64sContext`},
	},
}
