package dbapi

import (
	"go/types"
	"testing"
)

func TestOriginOfText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Origin{
		":memory:":                         Memory,
		"file::memory:?cache=shared":       Memory,
		"file:test.db?mode=memory":         Memory,
		"/test.db":                         File,
		"sqlite3":                          Memory,
		"file:test":                        File,
		"?sslrootcert=/tmp/ca.db":          Server | Address,
		"https://www.example.com":          0,
		"somebody@example.com":             0,
		"db.example.com":                   Unreachable,
		"postgres://192.0.2.1/x":           Unreachable,
		"memory":                           Memory,
		"in-memory":                        Memory,
		"mock":                             Fake,
		"pgx/v5":                           Server,
		"mysql":                            Server,
		"postgres is up":                   0,
		"memory leak":                      0,
		"127.0.0.1:1":                      Unreachable,
		"0.0.0.0:0000":                     Unreachable,
		"postgres://u@localhost:0/db":      Unreachable,
		"host=invalid port=5432":           Unreachable,
		"bad_uri":                          Unreachable,
		"postgres://u:p@db.example:5432/x": Unreachable,
		"postgres://db.example/x":          Unreachable,
		"postgres://db.example-shop.com/x": Server | Address,
		"not a url":                        Unreachable,
		"postgres://u:p@db.example.com/x":  Unreachable,
		"postgres://does-not-exist:5432/x": Unreachable,
		"postgres://localhost:5432/test":   Server | Address,
		"postgres://my.db:5432/test":       Server | Address,
		"redis://localhost:6379/0":         Server | Address,
		"host=localhost port=5432":         Server | Address,
		"user:pass@tcp(localhost:3306)/t":  Server | Address,
	} {
		if got := OriginOfText(text); got != want {
			t.Errorf("OriginOfText(%q) = %b, want %b", text, got, want)
		}
	}
}

func TestOriginOfPackage(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]Origin{
		"github.com/google/uuid":                                       Unique,
		"github.com/oklog/ulid/v2":                                     Unique,
		"math/rand/v2":                                                 Unique,
		"gopkg.in/DATA-DOG/go-sqlmock.v1":                              Fake,
		"github.com/pashagolub/pgxmock/v4":                             Fake,
		"github.com/uptrace/bun":                                       0,
		"gorm.io/driver/sqlite":                                        Fake,
		"gorm.io/driver/postgres":                                      0,
		"github.com/googleapis/gax-go":                                 0,
		"github.com/ory/dockertest/v3/docker":                          Private | Started,
		"github.com/testcontainers/testcontainers-go/modules/postgres": Private | Started,
		"github.com/cockroachdb/cockroach-go/v2/testserver":            Private | Started,
		"github.com/dhui/dktest":                                       Private | Started,
		"github.com/cockroachdb/cockroach-go/v2/crdb":                  0,
		"": 0,
	} {
		if got := originOfPackage(path); got != want {
			t.Errorf("what %s gives is %b, want %b", path, got, want)
		}
		if MakesServers(path) != (want&Private != 0) {
			t.Errorf("%s makes servers, or does not", path)
		}
	}
}

func TestOriginOf(t *testing.T) {
	t.Parallel()
	pkg := check(t, "time", `package time
type Time struct{}
func Now() Time { return Time{} }
func (Time) UnixNano() int64 { return 0 }
func Date() Time { return Time{} }`)
	if OriginOf(function(t, pkg, "Now")) != Unique || OriginOf(function(t, pkg, "Date")) != 0 {
		t.Error("the time differs from call to call, and a date does not")
	}
	nano, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup("Time").Type(), true, pkg, "UnixNano")
	if OriginOf(nano.(*types.Func)) != Unique {
		t.Error("UnixNano is a method, and differs from call to call")
	}
	stdlib := check(t, "github.com/jackc/pgx/v5/stdlib", "package stdlib\nfunc GetPoolConnector() {}")
	if OriginOf(function(t, stdlib, "GetPoolConnector")) != Existing {
		t.Error("a pool's connector has the pool's connections")
	}
}
