package dbapi

import (
	"go/ast"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Kind says what an opener gives.
type Kind uint8

// The kinds of handle.
const (
	Pool     Kind = iota + 1 // dials connections on demand
	Conn                     // one connection of its own
	Acquired                 // a connection borrowed from a pool
	Tx                       // a transaction: a connection borrowed from a pool
	Stmt                     // a prepared statement
	Wrapper                  // another face of an existing handle: no connection of its own
)

func (k Kind) String() string {
	return [...]string{"", "pool", "connection", "acquired connection", "transaction", "statement", "wrapper"}[k]
}

// Own reports whether the handle dials connections that nobody else has.
func (k Kind) Own() bool { return k == Pool || k == Conn }

// None marks an argument that a function does not have.
const None = -1

// An Opener is a function or method that hands out a database handle.
type Opener struct {
	Name   Name
	Kind   Kind
	Source int // argument with the DSN, configuration, connector or dialector; None if there is none
	Driver int // argument with the database/sql driver's name; None if there is none
	Over   int // Wrapper: argument with the handle beneath, Receiver for the receiver; else None
	Limit  *Limit

	// LeavesOpen marks a wrapper whose Close does not close the handle beneath.
	LeavesOpen bool
}

// Receiver stands for a method's receiver where an argument's index is expected.
const Receiver = -2

// Limit says how many connections a handle takes unless told, and how it is told.
// The default is Fixed, or PerCPU for each CPU but at least Min; all zero is unlimited.
type Limit struct {
	Fixed  int
	PerCPU int
	Min    int

	Param  string // parameter of the DSN, understood by this library only
	Field  string // field of the configuration
	Setter string // method of the handle
	Option string // functional option or method of the options
}

// Unlimited reports whether the default has no bound.
func (l *Limit) Unlimited() bool { return l.Fixed == 0 && l.PerCPU == 0 }

// The limits, by library.
var (
	single     = &Limit{Fixed: 1}
	pgxPool    = &Limit{PerCPU: 1, Min: 4, Param: "pool_max_conns", Field: "MaxConns"}
	pgx3Pool   = &Limit{Fixed: 5, Field: "MaxConnections"}
	sqlPool    = &Limit{Setter: "SetMaxOpenConns"}
	goPGPool   = &Limit{PerCPU: 10, Param: "pool_size", Field: "PoolSize"}
	popPool    = &Limit{Field: "Pool"}
	redisPool  = &Limit{PerCPU: 10, Param: "pool_size", Field: "PoolSize"}
	mongoPool  = &Limit{Fixed: 100, Param: "maxPoolSize", Option: "SetMaxPoolSize"}
	clickhouse = &Limit{Fixed: 10, Param: "max_open_conns", Field: "MaxOpenConns"}
)

func pool(name Name, source int, limit *Limit) Opener {
	return Opener{Name: name, Kind: Pool, Source: source, Driver: None, Over: None, Limit: limit}
}

func sqlOpen(name Name, driver, source int) Opener {
	return Opener{Name: name, Kind: Pool, Source: source, Driver: driver, Over: None, Limit: sqlPool}
}

func conn(name Name, source int) Opener {
	return Opener{Name: name, Kind: Conn, Source: source, Driver: None, Over: None, Limit: single}
}

func wrap(name Name, over int) Opener {
	return Opener{Name: name, Kind: Wrapper, Source: None, Driver: None, Over: over}
}

func leavesOpen(o Opener) Opener {
	o.LeavesOpen = true
	return o
}

// from lists methods that borrow from the receiver.
func from(kind Kind, recv string, methods ...string) []Opener {
	var all []Opener
	for _, m := range methods {
		all = append(all, Opener{
			Name: Name("(" + recv + ")." + m), Kind: kind, Source: None, Driver: None, Over: Receiver,
		})
	}
	return all
}

func each(make func(Name) Opener, names ...Name) []Opener {
	var all []Opener
	for _, n := range names {
		all = append(all, make(n))
	}
	return all
}

var openers = index(slices.Concat(
	// database/sql and drivers over it
	[]Opener{
		sqlOpen("database/sql.Open", 0, 1),
		sqlOpen("database/sql.OpenDB", None, 0),
		sqlOpen("github.com/jackc/pgx/v5/stdlib.OpenDB", None, 0),
		sqlOpen("github.com/jackc/pgx/v4/stdlib.OpenDB", None, 0),
		leavesOpen(wrap("github.com/jackc/pgx/v5/stdlib.OpenDBFromPool", 0)),
		leavesOpen(wrap("github.com/jackc/pgx/stdlib.OpenDBFromPool", 0)),
		sqlOpen("go.nhat.io/otelsql.OpenDB", None, 0),
		sqlOpen("github.com/XSAM/otelsql.Open", 0, 1),
		sqlOpen("github.com/XSAM/otelsql.OpenDB", None, 0),
		sqlOpen("github.com/uptrace/opentelemetry-go-extra/otelsql.Open", 0, 1),
		sqlOpen("github.com/uptrace/opentelemetry-go-extra/otelsql.OpenDB", None, 0),
		sqlOpen("github.com/DataDog/dd-trace-go/contrib/database/sql/v2.Open", 0, 1),
		sqlOpen("gopkg.in/DataDog/dd-trace-go.v1/contrib/database/sql.Open", 0, 1),
		sqlOpen("github.com/DataDog/dd-trace-go/contrib/database/sql/v2.OpenDB", None, 0),
		sqlOpen("gopkg.in/DataDog/dd-trace-go.v1/contrib/database/sql.OpenDB", None, 0),
		sqlOpen("github.com/snowflakedb/gosnowflake.OpenDB", None, 0),
		conn("github.com/lib/pq.Open", 0),
	},
	from(Acquired, "database/sql.DB", "Conn"),
	from(Tx, "database/sql.DB", "Begin", "BeginTx"),
	from(Tx, "database/sql.Conn", "BeginTx"),
	from(Stmt, "database/sql.DB", "Prepare", "PrepareContext"),
	from(Stmt, "database/sql.Conn", "PrepareContext"),
	each(func(n Name) Opener {
		return Opener{Name: n, Kind: Acquired, Source: None, Driver: None, Over: 0}
	}, "github.com/jackc/pgx/v4/stdlib.AcquireConn", "github.com/jackc/pgx/v5/stdlib.AcquireConn"),

	// pgx
	[]Opener{
		conn("github.com/jackc/pgx/v5.Connect", 1),
		conn("github.com/jackc/pgx/v5.ConnectConfig", 1),
		conn("github.com/jackc/pgx/v5.ConnectWithOptions", 1),
		conn("github.com/jackc/pgx/v5/pgconn.Connect", 1),
		conn("github.com/jackc/pgx/v5/pgconn.ConnectConfig", 1),
		conn("github.com/jackc/pgx/v5/pgconn.ConnectWithOptions", 1),
		pool("github.com/jackc/pgx/v5/pgxpool.New", 1, pgxPool),
		pool("github.com/jackc/pgx/v5/pgxpool.NewWithConfig", 1, pgxPool),
		conn("github.com/jackc/pgx/v4.Connect", 1),
		conn("github.com/jackc/pgx/v4.ConnectConfig", 1),
		conn("github.com/jackc/pgconn.Connect", 1),
		conn("github.com/jackc/pgconn.ConnectConfig", 1),
		pool("github.com/jackc/pgx/v4/pgxpool.Connect", 1, pgxPool),
		pool("github.com/jackc/pgx/v4/pgxpool.ConnectConfig", 1, pgxPool),
		conn("github.com/jackc/pgx.Connect", 0),
		pool("github.com/jackc/pgx.NewConnPool", 0, pgx3Pool),
	},
	from(Acquired, "github.com/jackc/pgx/v5/pgxpool.Pool", "Acquire"),
	from(Tx, "github.com/jackc/pgx/v5/pgxpool.Pool", "Begin", "BeginTx"),
	from(Tx, "github.com/jackc/pgx/v5/pgxpool.Conn", "Begin", "BeginTx"),
	from(Tx, "github.com/jackc/pgx/v5.Conn", "Begin", "BeginTx"),
	from(Acquired, "github.com/jackc/pgx/v4/pgxpool.Pool", "Acquire"),
	from(Tx, "github.com/jackc/pgx/v4/pgxpool.Pool", "Begin", "BeginTx"),
	from(Tx, "github.com/jackc/pgx/v4/pgxpool.Conn", "Begin", "BeginTx"),
	from(Tx, "github.com/jackc/pgx/v4.Conn", "Begin", "BeginTx"),
	from(Acquired, "github.com/jackc/pgx.ConnPool", "Acquire"),
	from(Tx, "github.com/jackc/pgx.ConnPool", "Begin", "BeginEx"),

	// sqlx
	[]Opener{
		sqlOpen("github.com/jmoiron/sqlx.Open", 0, 1),
		sqlOpen("github.com/jmoiron/sqlx.MustOpen", 0, 1),
		sqlOpen("github.com/jmoiron/sqlx.Connect", 0, 1),
		sqlOpen("github.com/jmoiron/sqlx.MustConnect", 0, 1),
		sqlOpen("github.com/jmoiron/sqlx.ConnectContext", 1, 2),
		wrap("github.com/jmoiron/sqlx.NewDb", 0),
	},
	from(Acquired, "github.com/jmoiron/sqlx.DB", "Connx"),
	from(Tx, "github.com/jmoiron/sqlx.DB", "Beginx", "BeginTxx", "MustBegin", "MustBeginTx"),
	from(Tx, "github.com/jmoiron/sqlx.Conn", "BeginTxx"),
	from(Stmt, "github.com/jmoiron/sqlx.DB",
		"Preparex", "PreparexContext", "PrepareNamed", "PrepareNamedContext"),

	// GORM; its drivers are dialectors, see Dialector
	[]Opener{
		{Name: "gorm.io/gorm.Open", Kind: Pool, Source: 0, Driver: None, Over: None, Limit: sqlPool},
		sqlOpen("github.com/jinzhu/gorm.Open", 0, 1),
	},
	from(Tx, "gorm.io/gorm.DB", "Begin"),
	from(Tx, "github.com/jinzhu/gorm.DB", "Begin", "BeginTx"),
	from(Wrapper, "gorm.io/gorm.DB", "DB"),
	from(Wrapper, "github.com/jinzhu/gorm.DB", "DB"),

	// bun
	[]Opener{wrap("github.com/uptrace/bun.NewDB", 0)},
	from(Acquired, "github.com/uptrace/bun.DB", "Conn"),
	from(Tx, "github.com/uptrace/bun.DB", "Begin", "BeginTx"),
	from(Tx, "github.com/uptrace/bun.Conn", "BeginTx"),
	from(Stmt, "github.com/uptrace/bun.DB", "Prepare", "PrepareContext"),

	// ent: the generated Open and enttest.Open call this one
	[]Opener{
		sqlOpen("entgo.io/ent/dialect/sql.Open", 0, 1),
		wrap("entgo.io/ent/dialect/sql.OpenDB", 1),
	},
	from(Wrapper, "entgo.io/ent/dialect/sql.Driver", "DB"),

	// go-pg
	[]Opener{
		pool("github.com/go-pg/pg.Connect", 0, goPGPool),
		pool("github.com/go-pg/pg/v9.Connect", 0, goPGPool),
		pool("github.com/go-pg/pg/v10.Connect", 0, goPGPool),
		pool("gopkg.in/pg.v4.Connect", 0, goPGPool),
		pool("gopkg.in/pg.v5.Connect", 0, goPGPool),
	},
	from(Acquired, "github.com/go-pg/pg/v10.DB", "Conn"),
	from(Tx, "github.com/go-pg/pg/v10.DB", "Begin", "BeginContext"),
	from(Tx, "github.com/go-pg/pg/v9.DB", "Begin"),
	from(Tx, "github.com/go-pg/pg.DB", "Begin"),

	// xorm
	[]Opener{
		sqlOpen("xorm.io/xorm.NewEngine", 0, 1),
		sqlOpen("xorm.io/xorm.NewEngineGroup", 0, 1),
		sqlOpen("xorm.io/xorm.NewEngineWithParams", 0, 1),
		sqlOpen("github.com/go-xorm/xorm.NewEngine", 0, 1),
		wrap("xorm.io/xorm.NewEngineWithDB", 2),
	},
	from(Acquired, "xorm.io/xorm.Engine", "NewSession"),
	from(Wrapper, "xorm.io/xorm.Engine", "DB"),

	// pop
	[]Opener{
		pool("github.com/gobuffalo/pop.Connect", 0, popPool),
		pool("github.com/gobuffalo/pop/v5.Connect", 0, popPool),
		pool("github.com/gobuffalo/pop/v6.Connect", 0, popPool),
		pool("github.com/gobuffalo/pop.NewConnection", 0, popPool),
		pool("github.com/gobuffalo/pop/v5.NewConnection", 0, popPool),
		pool("github.com/gobuffalo/pop/v6.NewConnection", 0, popPool),
	},

	// document, key-value and column stores
	[]Opener{
		pool("go.mongodb.org/mongo-driver/mongo.Connect", 1, mongoPool),
		pool("go.mongodb.org/mongo-driver/mongo.NewClient", 0, mongoPool),
		pool("go.mongodb.org/mongo-driver/v2/mongo.Connect", 0, mongoPool),
		pool("github.com/ClickHouse/clickhouse-go/v2.Open", 0, clickhouse),
		pool("github.com/ClickHouse/clickhouse-go/v2.OpenDB", 0, sqlPool),
	},
	redis("github.com/go-redis/redis"),
	redis("github.com/go-redis/redis/v7"),
	redis("github.com/go-redis/redis/v8"),
	redis("github.com/redis/go-redis/v9"),
))

func redis(pkg string) []Opener {
	return each(func(n Name) Opener { return pool(n, 0, redisPool) },
		Name(pkg+".NewClient"), Name(pkg+".NewClusterClient"), Name(pkg+".NewFailoverClient"),
		Name(pkg+".NewFailoverClusterClient"), Name(pkg+".NewRing"), Name(pkg+".NewUniversalClient"))
}

func index(all []Opener) map[Name]*Opener {
	byName := make(map[Name]*Opener, len(all))
	for i := range all {
		byName[all[i].Name] = &all[i]
	}
	return byName
}

var (
	openerPackages  = packagesOf(openers)
	releasePackages = packagesOf(releases)
)

// A Catalogue is the built-in table with the rows that the configuration adds.
type Catalogue struct {
	added map[Name]*Opener
}

// NewCatalogue returns the built-in table with openers named in the
// configuration: "import/path.Func" or "(import/path.Type).Method".
func NewCatalogue(openers []string) *Catalogue {
	c := &Catalogue{added: map[Name]*Opener{}}
	for _, name := range openers {
		row := pool(Name(strings.ReplaceAll(name, "*", "")), None, &Limit{})
		c.added[row.Name] = &row
	}
	return c
}

// Opener returns the row of fn; nil if fn hands out no handle.
func (c *Catalogue) Opener(fn *types.Func) *Opener {
	if row := rowOf(fn, c.added); row != nil {
		return row
	}
	if !openerPackages.holds(fn) {
		return nil
	}
	return rowOf(fn, openers)
}

// Packages yields every package whose import makes a package relevant.
func (c *Catalogue) Packages() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, rows := range []map[Name]*Opener{c.added, openers} {
			for name := range rows {
				if !yield(name.Package()) {
					return
				}
			}
		}
	}
}

// Packages returns the import paths of the libraries in the built-in tables,
// sorted. Only packages that reach one of them can hold a finding or a fact.
func Packages() []string {
	paths := map[string]bool{}
	for path := range NewCatalogue(nil).Packages() {
		paths[path] = true
	}
	for _, p := range packageOrigins {
		if p.origin&Private != 0 {
			paths[p.path] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// A Release is how a method ends the life of its receiver.
type Release struct {
	Name Name
	Arg  int // argument that is released, Receiver for the receiver
}

// releases lists what ends a handle. Methods that types of the libraries
// promote (sqlx.DB.Close is sql.DB's) need no row.
var releases = releaseIndex(
	"(database/sql.DB).Close", "(database/sql.Conn).Close", "(database/sql.Stmt).Close",
	"(database/sql.Tx).Commit", "(database/sql.Tx).Rollback",
	"(database/sql/driver.Conn).Close", "(database/sql/driver.Tx).Commit", "(database/sql/driver.Tx).Rollback",
	"(github.com/jackc/pgx/v5/pgxpool.Pool).Close",
	"(github.com/jackc/pgx/v5/pgxpool.Conn).Release", "(github.com/jackc/pgx/v5/pgxpool.Conn).Hijack",
	"(github.com/jackc/pgx/v5/pgxpool.Tx).Commit", "(github.com/jackc/pgx/v5/pgxpool.Tx).Rollback",
	"(github.com/jackc/pgx/v5.Conn).Close",
	"(github.com/jackc/pgx/v5.Tx).Commit", "(github.com/jackc/pgx/v5.Tx).Rollback",
	"(github.com/jackc/pgx/v5/pgconn.PgConn).Close", "(github.com/jackc/pgx/v5/pgconn.PgConn).Hijack",
	"(github.com/jackc/pgx/v4/pgxpool.Pool).Close",
	"(github.com/jackc/pgx/v4/pgxpool.Conn).Release", "(github.com/jackc/pgx/v4/pgxpool.Conn).Hijack",
	"(github.com/jackc/pgx/v4.Conn).Close",
	"(github.com/jackc/pgx/v4.Tx).Commit", "(github.com/jackc/pgx/v4.Tx).Rollback",
	"(github.com/jackc/pgconn.PgConn).Close", "(github.com/jackc/pgconn.PgConn).Hijack",
	"(github.com/jackc/pgx.Conn).Close", "(github.com/jackc/pgx.ConnPool).Close",
	"(github.com/jackc/pgx.Tx).Commit", "(github.com/jackc/pgx.Tx).Rollback",
	"(gorm.io/gorm.DB).Commit", "(gorm.io/gorm.DB).Rollback",
	"(github.com/jinzhu/gorm.DB).Close",
	"(github.com/jinzhu/gorm.DB).Commit", "(github.com/jinzhu/gorm.DB).Rollback",
	"(github.com/uptrace/bun.DB).Close", "(github.com/uptrace/bun.Conn).Close",
	"(github.com/uptrace/bun.Tx).Commit", "(github.com/uptrace/bun.Tx).Rollback",
	"(entgo.io/ent/dialect/sql.Driver).Close", "(entgo.io/ent/dialect.Driver).Close",
	"(github.com/go-pg/pg/v10.DB).Close", "(github.com/go-pg/pg/v9.DB).Close",
	"(github.com/go-pg/pg.DB).Close", "(github.com/go-pg/pg/v10.Conn).Close",
	"(github.com/go-pg/pg/v10.Tx).Commit", "(github.com/go-pg/pg/v10.Tx).Rollback", "(github.com/go-pg/pg/v10.Tx).Close",
	"(xorm.io/xorm.Engine).Close", "(xorm.io/xorm.EngineGroup).Close", "(xorm.io/xorm.Session).Close",
	"(github.com/go-xorm/xorm.Engine).Close",
	"(github.com/gobuffalo/pop.Connection).Close", "(github.com/gobuffalo/pop/v5.Connection).Close",
	"(github.com/gobuffalo/pop/v6.Connection).Close",
	"(go.mongodb.org/mongo-driver/mongo.Client).Disconnect",
	"(go.mongodb.org/mongo-driver/v2/mongo.Client).Disconnect",
	"(github.com/ClickHouse/clickhouse-go/v2/lib/driver.Conn).Close",
	"(github.com/redis/go-redis/v9.Client).Close", "(github.com/redis/go-redis/v9.UniversalClient).Close",
	"(github.com/go-redis/redis/v8.Client).Close", "(github.com/go-redis/redis/v8.UniversalClient).Close",
)

func releaseIndex(names ...Name) map[Name]*Release {
	byName := map[Name]*Release{}
	for _, n := range names {
		byName[n] = &Release{Name: n, Arg: Receiver}
	}
	for _, v := range []string{"v4", "v5"} {
		n := Name("github.com/jackc/pgx/" + v + "/stdlib.ReleaseConn")
		byName[n] = &Release{Name: n, Arg: 1}
	}
	n := Name("(github.com/jackc/pgx.ConnPool).Release")
	byName[n] = &Release{Name: n, Arg: 0}
	return byName
}

// ReleaseOf returns how fn ends the life of a handle; nil if it does not.
func ReleaseOf(fn *types.Func) *Release {
	if !releasePackages.holds(fn) {
		return nil
	}
	return rowOf(fn, releases)
}

// closing are the names under which types that hold a handle let go of it.
var closing = map[string]bool{
	"Close": true, "close": true, "CloseDB": true, "closeDB": true, "Disconnect": true, "Release": true,
	"Stop": true, "stop": true, "Shutdown": true, "shutdown": true, "Teardown": true, "teardown": true,
	"TearDown": true, "tearDown": true, "Cleanup": true, "cleanup": true, "CleanUp": true, "Terminate": true,
	"Destroy": true, "Dispose": true, "Quit": true, "Rollback": true, "Commit": true, "Finish": true,
}

// SoundsClosing reports whether a method of that name lets go of a handle, for
// values behind an interface, where the method's body cannot be asked.
func SoundsClosing(method string) bool { return closing[method] }

// Callee returns the function or method that call calls by name, if any.
func Callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	switch x := fun.(type) {
	case *ast.Ident:
		fn, _ := info.Uses[x].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := info.Uses[x.Sel].(*types.Func)
		return fn
	}
	return nil
}

// Chains reports whether fn is a method of a library whose handle is its own
// query and transaction: every method returns another face of it.
func Chains(fn *types.Func) bool {
	return fn.Pkg() != nil && (fn.Pkg().Path() == "gorm.io/gorm" || fn.Pkg().Path() == "github.com/jinzhu/gorm")
}
