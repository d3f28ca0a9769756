package dbapi

var httptest = &Library{
	Paths:  []string{"net/http/httptest"},
	Origin: Fake,
}
