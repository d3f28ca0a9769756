package dbapi

// chgo is the low-level client of ClickHouse.
var chgo = &Library{
	Paths:    []string{"github.com/ClickHouse/ch-go"},
	Executes: []Methods{{"Client Pool", "Do"}},
}
