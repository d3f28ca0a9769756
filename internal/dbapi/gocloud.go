package dbapi

// gocloud opens pools of database/sql by the URL of a cloud's server.
var gocloud = &Library{
	Paths: []string{"gocloud.dev"},
	Packages: []Package{{
		Paths: "gocloud.dev/postgres gocloud.dev/mysql",
		Opens: []openers{sqlOpen("Open", None, 1)},
	}},
}
