package dbapi

var redismock = &Library{
	Paths:  []string{"github.com/go-redis/redismock"},
	Origin: Fake,
}
