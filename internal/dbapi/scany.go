package dbapi

var scany = &Library{
	Paths: []string{"github.com/georgysavva/scany"},
	Packages: []Package{
		{
			Paths:    "github.com/georgysavva/scany/v2/pgxscan github.com/georgysavva/scany/pgxscan",
			Postgres: true,
			Queries:  []QueryRow{{"", "Get Select", 3, 4, 0}, {"API", "Get Select", 3, 4, 0}},
		},
		{
			Paths:   "github.com/georgysavva/scany/v2/sqlscan github.com/georgysavva/scany/sqlscan",
			Queries: []QueryRow{{"", "Get Select", 3, 4, 0}, {"API", "Get Select", 3, 4, 0}},
		},
	},
	Executes: []Methods{{"API", "Get Select"}, {"", "Get Select"}},
}
