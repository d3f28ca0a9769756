package dbapi

// cockroachtest starts servers of CockroachDB.
var cockroachtest = &Library{
	Paths:    []string{"github.com/cockroachdb/cockroach-go/testserver"},
	Packages: []Package{{Paths: "github.com/cockroachdb/cockroach-go/v2/testserver"}},
	Origin:   Private | Started,
}
