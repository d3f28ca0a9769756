package dbapi

var postgrestest = &Library{
	Paths:  []string{"github.com/stapelberg/postgrestest", "zombiezen.com/go/postgrestest"},
	Origin: Private | Started,
}
