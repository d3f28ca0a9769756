package dbapi

var testcontainers = &Library{
	Paths:  []string{"github.com/testcontainers/testcontainers-go"},
	Origin: Private | Started,
}
