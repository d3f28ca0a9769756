package dbapi

// warehouses are drivers of databases that answer requests, over HTTP or gRPC: no server counts
// connections to them.
var warehouses = &Library{
	Paths: []string{
		"gorm.io/driver/bigquery",
		"github.com/viant/bigquery",
		"github.com/databricks/databricks-sql-go",
		"github.com/uber/athenadriver",
		"github.com/trinodb/trino-go-client/trino",
		"github.com/prestodb/presto-go-client/presto",
		"github.com/googleapis/go-sql-spanner",
	},
	Drivers: "bigquery snowflake databricks awsathena athena trino presto spanner",
}
