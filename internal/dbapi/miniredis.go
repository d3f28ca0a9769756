package dbapi

var miniredis = &Library{
	Paths:  []string{"github.com/alicebob/miniredis"},
	Origin: Fake,
}
