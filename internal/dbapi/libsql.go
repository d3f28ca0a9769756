package dbapi

// libsql is SQLite with a protocol for replicas.
var libsql = &Library{
	Paths:   []string{"github.com/tursodatabase/libsql-client-go", "github.com/tursodatabase/go-libsql"},
	Drivers: "libsql turso",
}
