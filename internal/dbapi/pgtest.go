package dbapi

var pgtest = &Library{
	Paths:  []string{"github.com/rubenv/pgtest"},
	Origin: Private | Started,
}
