package dbapi

var pgxmock = &Library{
	Paths:   []string{"github.com/pashagolub/pgxmock"},
	Origin:  Fake,
	Drivers: "pgxmock",
}
