package dbapi

// otelsql and its like open pools of database/sql that trace what they do.
var otelsql = &Library{
	Paths: []string{
		"github.com/XSAM/otelsql",
		"github.com/uptrace/opentelemetry-go-extra/otelsql",
		"go.nhat.io/otelsql",
		"gopkg.in/DataDog/dd-trace-go/contrib/database/sql",
		"github.com/DataDog/dd-trace-go/contrib/database/sql",
	},
	Packages: []Package{{
		Paths: "github.com/XSAM/otelsql gopkg.in/DataDog/dd-trace-go.v1/contrib/database/sql github.com/DataDog/dd-trace-go/contrib/database/sql/v2",
		Opens: []openers{sqlOpen("Open", 0, 1), sqlOpen("OpenDB", None, 0)},
	}},
}
