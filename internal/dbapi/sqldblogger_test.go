package dbapi

import "testing"

func TestSqldblogger(t *testing.T) {
	t.Parallel()
	pkg := check(t, "github.com/simukti/sqldb-logger", `package sqldblogger
import ("database/sql"; "database/sql/driver")
type Logger interface{}
type Option func()
func OpenDriver(dsn string, drv driver.Driver, lg Logger, opt ...Option) *sql.DB { return nil }`)
	row := NewCatalogue(nil).Opener(function(t, pkg, "OpenDriver"))
	if row == nil || row.Kind != Pool || row.Source != 0 || row.Limit.Setter != "SetMaxOpenConns" {
		t.Errorf("OpenDriver is %+v", row)
	}
}
