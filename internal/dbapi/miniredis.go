package dbapi

var miniredis = &Library{
	Paths:  []string{"github.com/alicebob/miniredis"},
	NoSQL:  true,
	Origin: Fake,
}
