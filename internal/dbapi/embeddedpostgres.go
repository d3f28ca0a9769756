package dbapi

var embeddedpostgres = &Library{
	Paths:  []string{"github.com/fergusstrange/embedded-postgres"},
	Origin: Private | Started,
}
