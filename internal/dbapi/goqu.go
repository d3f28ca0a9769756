package dbapi

var goqu = &Library{
	Paths: []string{"github.com/doug-martin/goqu"},
	Shapes: []Shape{
		{"", "SelectDataset", "ScanStructs ToSQL Where"},
		{"", "QueryExecutor", "ScanStructs ScanVals"},
	},
	Packages: []Package{{
		Paths: "github.com/doug-martin/goqu/v9",
		Queries: []QueryRow{
			{"Database TxDatabase", "Exec Query QueryRow", 0, 1, 0},
			{"Database TxDatabase", "ExecContext QueryContext QueryRowContext", 1, 2, 0},
			{"Database TxDatabase", "ScanStructs ScanStruct ScanVals ScanVal", 1, 2, 0},
			{"Database TxDatabase", "ScanStructsContext ScanStructContext ScanValsContext ScanValContext", 2, 3, 0},
		},
	}},
	Executes: []Methods{{"SelectDataset QueryExecutor", `Exec ExecContext Query QueryContext Count CountContext Pluck PluckContext
		Scanner ScannerContext ScanStruct ScanStructContext ScanStructs ScanStructsContext ScanVal ScanValContext ScanVals ScanValsContext`}},
}
