package dbapi

var gocql = &Library{
	Paths:  []string{"github.com/gocql/gocql", "github.com/apache/cassandra-gocql-driver"},
	Shapes: []Shape{{"gocql", "Query", "Iter MapScan"}},
	Executes: []Methods{
		{"Query", "Exec Iter MapScan MapScanCAS Scan ScanCAS"},
	},
}
