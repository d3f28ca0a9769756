package dbapi

var dockertest = &Library{
	Paths:  []string{"github.com/ory/dockertest"},
	Origin: Private | Started,
}
