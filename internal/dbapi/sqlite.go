package dbapi

// sqlite are drivers of a database in a file or in memory.
var sqlite = &Library{
	Paths: []string{
		"github.com/mattn/go-sqlite3",
		"modernc.org/sqlite",
		"gorm.io/driver/sqlite",
		"github.com/jinzhu/gorm/dialects/sqlite",
		"github.com/glebarez/sqlite",
		"github.com/glebarez/go-sqlite",
		"github.com/ncruces/go-sqlite3",
		"github.com/uptrace/bun/driver/sqliteshim",
	},
	Origin:  Fake,
	Drivers: "sqlite3 sqlite",
}
