package dbapi

var snowflake = &Library{
	Paths:    []string{"github.com/snowflakedb/gosnowflake"},
	Packages: []Package{{Paths: "github.com/snowflakedb/gosnowflake", Opens: []Openers{sqlOpen("OpenDB", None, 0)}}},
}
