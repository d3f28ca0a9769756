package dbapi

// otelsql and its like open pools of other libraries that trace what they do.
var otelsql = &Library{
	Paths: []string{
		"github.com/XSAM/otelsql",
		"github.com/uptrace/opentelemetry-go-extra/otelsql",
		"github.com/uptrace/opentelemetry-go-extra/otelsqlx",
		"go.nhat.io/otelsql",
		"github.com/signalfx/splunk-otel-go/instrumentation",
		"github.com/signalfx/signalfx-go-tracing/contrib",
		"gopkg.in/DataDog/dd-trace-go/contrib",
		"github.com/DataDog/dd-trace-go/contrib",
		"go.elastic.co/apm/module",
		"github.com/shogo82148/aws-xray-yasdk-go/xraysql",
		"github.com/aws/aws-xray-sdk-go/xray",
		"github.com/instana/go-sensor",
	},
	Packages: []Package{
		{
			Paths: `github.com/XSAM/otelsql github.com/signalfx/splunk-otel-go/instrumentation/database/sql/splunksql
				github.com/signalfx/signalfx-go-tracing/contrib/database/sql
				gopkg.in/DataDog/dd-trace-go.v1/contrib/database/sql github.com/DataDog/dd-trace-go/contrib/database/sql/v2
				go.elastic.co/apm/module/apmsql go.elastic.co/apm/module/apmsql/v2`,
			Opens: []openers{sqlOpen("Open", 0, 1), sqlOpen("OpenDB", None, 0)},
		},
		{
			Paths: `github.com/uptrace/opentelemetry-go-extra/otelsqlx
				github.com/signalfx/splunk-otel-go/instrumentation/github.com/jmoiron/sqlx/splunksqlx
				github.com/signalfx/signalfx-go-tracing/contrib/jmoiron/sqlx
				gopkg.in/DataDog/dd-trace-go.v1/contrib/jmoiron/sqlx github.com/DataDog/dd-trace-go/contrib/jmoiron/sqlx/v2`,
			Opens: []openers{sqlOpen("Open MustOpen Connect MustConnect", 0, 1), sqlOpen("ConnectContext", 1, 2)},
		},
		{
			Paths: `gopkg.in/DataDog/dd-trace-go.v1/contrib/gorm.io/gorm.v1 github.com/DataDog/dd-trace-go/contrib/gorm.io/gorm.v1/v2
				github.com/signalfx/splunk-otel-go/instrumentation/gorm.io/gorm/splunkgorm`,
			Opens: []openers{pool("Open", 0, &Limit{Setter: "SetMaxOpenConns"})},
		},
		{
			Paths: `gopkg.in/DataDog/dd-trace-go.v1/contrib/jinzhu/gorm gopkg.in/DataDog/dd-trace-go.v1/contrib/gopkg.in/jinzhu/gorm.v1
				github.com/signalfx/splunk-otel-go/instrumentation/github.com/jinzhu/gorm/splunkgorm
				go.elastic.co/apm/module/apmgorm go.elastic.co/apm/module/apmgorm/v2`,
			Opens: []openers{sqlOpen("Open", 0, 1)},
		},
		{
			Paths: "gopkg.in/DataDog/dd-trace-go.v1/contrib/jackc/pgx.v5 github.com/DataDog/dd-trace-go/contrib/jackc/pgx.v5/v2",
			Opens: []openers{conn("Connect ConnectConfig ConnectWithOptions", 1), pool("NewPool NewPoolWithConfig", 1, pgxLimit)},
		},
		{
			Paths: "github.com/aws/aws-xray-sdk-go/xray github.com/aws/aws-xray-sdk-go/v2/xray",
			Opens: []openers{sqlOpen("SQLContext", 0, 1)},
		},
		{
			Paths: "github.com/instana/go-sensor",
			Opens: []openers{sqlOpen("SQLOpen", 0, 1), sqlOpen("SQLInstrumentAndOpen", 1, 2)},
		},
	},
}
