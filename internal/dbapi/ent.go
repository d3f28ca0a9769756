package dbapi

// ent's generated Open and enttest.Open call the one of its dialect.
var ent = &Library{
	Paths: []string{"entgo.io/ent"},
	Packages: []Package{
		{
			Paths:    "entgo.io/ent/dialect/sql",
			Opens:    []openers{sqlOpen("Open", 0, 1), wrap("OpenDB", 1)},
			Wraps:    "Driver.DB",
			Releases: "Driver.Close",
		},
		{
			Paths:    "entgo.io/ent/dialect",
			Releases: "Driver.Close",
		},
	},
}
