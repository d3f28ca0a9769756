package dbapi

// A pool is a literal, or made by NewPool; what dials for it is a function in a field, or what NewPool is given.
var redigo = &Library{
	Paths: []string{"github.com/gomodule/redigo", "github.com/garyburd/redigo"},
	NoSQL: true,
	Packages: []Package{{
		Paths: "github.com/gomodule/redigo/redis",
		Opens: []openers{
			conn("DialURL", 0), conn("Dial DialTimeout DialURLContext", 1), conn("DialContext", 2),
		},
		Acquires: "Pool.Get Pool.GetContext",
		Releases: "Conn.Close Pool.Close",
		Dialers:  "NewPool",
	}},
}
