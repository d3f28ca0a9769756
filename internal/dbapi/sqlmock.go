package dbapi

var sqlmock = &Library{
	Paths:   []string{"github.com/DATA-DOG/go-sqlmock", "gopkg.in/DATA-DOG/go-sqlmock"},
	Origin:  Fake,
	Drivers: "sqlmock",
}
