package dbapi

var sqlair = &Library{
	Paths: []string{"github.com/canonical/sqlair"},
	Executes: []Methods{
		{"Query", "Get GetAll Iter Run"},
	},
}
