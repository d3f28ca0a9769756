package dbapi

var redismock = &Library{
	Paths:  []string{"github.com/go-redis/redismock"},
	NoSQL:  true,
	Origin: Fake,
}
