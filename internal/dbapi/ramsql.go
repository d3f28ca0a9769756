package dbapi

// ramsql is a database in memory.
var ramsql = &Library{
	Paths:   []string{"github.com/proullon/ramsql"},
	Origin:  Fake,
	Drivers: "ramsql",
}
