package dbapi

var memongo = &Library{
	Paths:  []string{"github.com/tryvium-travels/memongo", "github.com/benweissmann/memongo"},
	Origin: Private | Started,
}
