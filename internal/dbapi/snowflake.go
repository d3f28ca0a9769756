package dbapi

var snowflake = &Library{
	Paths:    []string{"github.com/snowflakedb/gosnowflake"},
	Packages: []Package{{Paths: "github.com/snowflakedb/gosnowflake", Opens: []openers{sqlOpen("OpenDB", None, 0)}}},
}
