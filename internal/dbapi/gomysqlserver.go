package dbapi

// gomysqlserver is MySQL in memory.
var gomysqlserver = &Library{
	Paths:  []string{"github.com/dolthub/go-mysql-server"},
	Origin: Fake,
}
