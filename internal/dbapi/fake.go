package dbapi

import (
	"go/types"
	"regexp"
	"strings"
)

// Origin says where a handle, a DSN or a part of one comes from. Origins of the
// parts of a value add up.
type Origin uint8

// The origins that decide whether two tests can share a pool.
const (
	Fake        Origin = 1 << iota // a mock, an in-memory or file database: no server
	Private                        // a database, schema, container or server that the code made for itself
	Unique                         // a name that differs from test to test
	Unreachable                    // an address that nothing answers
	Existing                       // the connections of another handle
)

// packageOrigins are libraries whose results are fakes or private databases, by
// a part of the import path.
var packageOrigins = []struct {
	path   string
	origin Origin
}{
	{"github.com/DATA-DOG/go-sqlmock", Fake},
	{"gopkg.in/DATA-DOG/go-sqlmock.v1", Fake},
	{"github.com/pashagolub/pgxmock", Fake},
	{"github.com/DATA-DOG/go-txdb", Fake},
	{"github.com/alicebob/miniredis", Fake},
	{"github.com/go-redis/redismock", Fake},
	{"github.com/proullon/ramsql", Fake},
	{"github.com/mattn/go-sqlite3", Fake},
	{"modernc.org/sqlite", Fake},
	{"gorm.io/driver/sqlite", Fake},
	{"github.com/glebarez/sqlite", Fake},
	{"github.com/glebarez/go-sqlite", Fake},
	{"github.com/ncruces/go-sqlite3", Fake},
	{"github.com/uptrace/bun/driver/sqliteshim", Fake},
	{"github.com/jinzhu/gorm/dialects/sqlite", Fake},
	{"github.com/dolthub/go-mysql-server", Fake},
	{"net/http/httptest", Fake},

	{"github.com/peterldowns/pgtestdb", Private},
	{"github.com/allaboutapps/integresql-client-go", Private},
	{"github.com/testcontainers/testcontainers-go", Private},
	{"github.com/ory/dockertest", Private},
	{"github.com/fergusstrange/embedded-postgres", Private},
	{"github.com/orlangure/gnomock", Private},
	{"github.com/moby/moby/client", Private},
	{"github.com/docker/docker/client", Private},
	{"github.com/rubenv/pgtest", Private},
	{"github.com/cockroachdb/cockroach-go/v2/testserver", Private},
	{"github.com/tryvium-travels/memongo", Private},
	{"github.com/benweissmann/memongo", Private},
	{"go.mongodb.org/mongo-driver/mongo/integration/mtest", Private},
	{"github.com/stapelberg/postgrestest", Private},
	{"zombiezen.com/go/postgrestest", Private},
	{"github.com/bitcomplete/sqltestutil", Private},

	{"github.com/google/uuid", Unique},
	{"github.com/gofrs/uuid", Unique},
	{"github.com/satori/go.uuid", Unique},
	{"github.com/oklog/ulid", Unique},
	{"github.com/rs/xid", Unique},
	{"github.com/segmentio/ksuid", Unique},
	{"github.com/lithammer/shortuuid", Unique},
	{"github.com/matoous/go-nanoid", Unique},
	{"github.com/sony/sonyflake", Unique},
	{"github.com/brianvoe/gofakeit", Unique},
	{"github.com/go-faker/faker", Unique},
	{"github.com/jaswdr/faker", Unique},
	{"github.com/dchest/uniuri", Unique},
	{"github.com/teris-io/shortid", Unique},
	{"github.com/dustinkirkland/golang-petname", Unique},
	{"math/rand", Unique},
	{"crypto/rand", Unique},
}

// OriginOf returns what a call of fn says of its result.
func OriginOf(fn *types.Func) Origin {
	if fn.Pkg() == nil {
		return 0
	}
	path := fn.Pkg().Path()
	switch path {
	case "testing":
		switch fn.Name() {
		case "Name":
			return Unique
		case "TempDir":
			return Fake // a database in a file
		}
		return 0
	case "os":
		if strings.HasSuffix(fn.Name(), "Temp") || fn.Name() == "TempDir" {
			return Fake
		}
		return 0
	case "github.com/jackc/pgx/v5/stdlib":
		if fn.Name() == "GetPoolConnector" {
			return Existing
		}
		return 0
	case "time":
		if fn.Name() == "Now" || strings.HasPrefix(fn.Name(), "Unix") {
			return Unique
		}
		return 0
	case "sync/atomic":
		if strings.HasPrefix(fn.Name(), "Add") {
			return Unique // a counter
		}
		return 0
	case "net":
		if strings.HasPrefix(fn.Name(), "Listen") {
			return Fake
		}
		return 0
	}
	return originOfPackage(path)
}

func originOfPackage(path string) Origin {
	for _, p := range packageOrigins {
		if path == p.path || strings.HasPrefix(path, p.path) && strings.ContainsAny(path[len(p.path):len(p.path)+1], "/.") {
			return p.origin
		}
	}
	return 0
}

// MakesServers reports whether the package is a library that starts servers or
// makes databases for tests.
func MakesServers(path string) bool { return originOfPackage(path)&Private != 0 }

var (
	memoryText = regexp.MustCompile(`(?i)^(?:in[-_]?)?mem(?:ory)?$|^(?:mock|fake|noop)$|:memory:|mode=memory|^file:|\.sqlite3?\b|\.db(?:[?"]|$)|^(?:sqlite3?|libsql|turso|sqlmock|ramsql|txdb|pgxmock|duckdb|fakedb)\b|^sqlite`)
	// no DSN at all, port 0 or 1, or a host that says of itself that it is none
	deadText = regexp.MustCompile(`(?i)^(?:bad|malformed|broken|garbage|not[-_ ]a)\b[\w -]*$|^(?:bad|not_a)_\w*$|(?:^|[\w\]])?:[01](?:[/?,\s]|$)|\bport=[01]\b|` +
		`(?:^|@|//|host=|addr=|\()(?:[\w.-]*\.)?[\w-]*(?:invalid|non-?_?exist(?:ent|ing)?|does-?_?not-?_?exist|no-?such|unreachable|(?:bad|no|unknown|fake|dummy)-?host|example\.(?:com|org|net|test))[\w.-]*(?:[:/\s)?]|$)`)
)

// OriginOfText returns what a constant part of a DSN or a driver's name says.
func OriginOfText(s string) Origin {
	var o Origin
	if memoryText.MatchString(s) {
		o |= Fake
	}
	if deadText.MatchString(s) {
		o |= Unreachable
	}
	return o
}

var incidental = regexp.MustCompile(`(?i)app(?:lication)?_?name|client_?name|log|trac|metric|timeout|lifetime`)

// Incidental reports whether a configuration's field of that name has no part
// in which database a handle leads to.
func Incidental(field string) bool { return incidental.MatchString(field) }

// OriginOfField returns what an assignment to a configuration's field says:
// a handle that gets a schema or a database of its own cannot share a pool.
func OriginOfField(key string) Origin {
	switch {
	case strings.EqualFold(key, "search_path"):
		return Private
	case key == "Conn": // of a GORM dialector's configuration
		return Existing
	}
	return 0
}

var (
	createDatabase = regexp.MustCompile("(?i)\\bcreate\\s+database\\b|^[\"`]?createdb\\b") // the statement, PostgreSQL's program
	createSchema   = regexp.MustCompile(`(?i)\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?("?)([\w%$]*)`)
)

// MakesDatabase reports whether the statement, or the constant part of one,
// creates a database, or a schema whose name the constant does not fix.
func MakesDatabase(sql string) bool {
	if createDatabase.MatchString(sql) {
		return true
	}
	for _, m := range createSchema.FindAllStringSubmatchIndex(sql, -1) {
		name, end := sql[m[4]:m[5]], strings.TrimRight(sql[m[5]:], "`\"")
		if name == "" || strings.ContainsAny(name, "%$") || end == "" && strings.HasSuffix(name, "_") {
			return true
		}
	}
	return false
}

var changesTables = regexp.MustCompile(`(?i)\b(?:create|alter|drop)\s+(?:table|type|view|materialized)\b`)

// ChangesTables reports whether the statement changes the form of tables.
func ChangesTables(sql string) bool { return changesTables.MatchString(sql) }

// dialectorDrivers are packages whose functions make a GORM dialector that
// dials a server.
var dialectorDrivers = []string{
	"gorm.io/driver/", "github.com/jinzhu/gorm/dialects/", "github.com/go-gorm/",
}

// IsDialector reports whether t is, or is a pointer to, a GORM dialector.
func IsDialector(t types.Type) bool {
	for _, method := range []string{"DataTypeOf", "BindVarTo", "QuoteTo"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, method); obj == nil {
			return false
		}
	}
	return true
}

// DialsServer reports whether a GORM dialector of type t dials a server: the
// interface itself may; an own type of the tree, as tests define, does not.
func DialsServer(t types.Type) bool {
	if types.IsInterface(t) {
		return true
	}
	name := TypeName(t)
	for _, p := range dialectorDrivers {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
