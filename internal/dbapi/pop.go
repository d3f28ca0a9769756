package dbapi

var pop = &Library{
	Paths:  []string{"github.com/gobuffalo/pop", "github.com/ory/pop"},
	Shapes: []Shape{{"pop", "Connection", "RawQuery Where"}},
	Packages: []Package{{
		Paths:    "github.com/gobuffalo/pop/v6 github.com/gobuffalo/pop/v5 github.com/gobuffalo/pop",
		Opens:    []openers{pool("Connect", 0, &Limit{}), pool("NewConnection", 0, &Limit{Field: "Pool"})},
		Releases: "Connection.Close",
		Queries:  []QueryRow{{"Connection Query", "RawQuery", 0, 1, 0}},
	}},
	Rows: []Methods{{"Connection", "Update UpdateColumns Destroy Save ValidateAndSave ValidateAndUpdate"}},
	Executes: []Methods{{"Connection Query", `All Count CountByField Create Delete Destroy Exec ExecWithCount Exists Find First Last Load Reload
		Save Update UpdateColumns UpdateQuery ValidateAndCreate ValidateAndSave ValidateAndUpdate`}},
}
