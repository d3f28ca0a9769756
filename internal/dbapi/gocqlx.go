package dbapi

var gocqlx = &Library{
	Paths: []string{"github.com/scylladb/gocqlx"},
	Executes: []Methods{
		{"Queryx", `Exec Iter MapScan MapScanCAS Scan ScanCAS ExecCAS ExecCASRelease ExecRelease Get GetCAS GetCASRelease GetRelease Select
			SelectRelease`},
	},
}
