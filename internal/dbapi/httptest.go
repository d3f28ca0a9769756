package dbapi

var httptest = &Library{
	Paths:  []string{"net/http/httptest"},
	NoSQL:  true,
	Origin: Fake,
}
