package dbapi

// docker is the client of the container engine.
var docker = &Library{
	Paths:  []string{"github.com/moby/moby/client", "github.com/docker/docker/client"},
	Origin: Private | Started,
}
