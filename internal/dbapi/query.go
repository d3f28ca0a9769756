package dbapi

import (
	"go/types"
	"strconv"
	"strings"
)

// A Query is a function or method that takes SQL.
type Query struct {
	Name   Name
	SQL    int  // argument with the text
	Args   int  // first argument with a value for a placeholder; None if there is none
	Handle Kind // what runs it; 0 if the row does not say
	Named  bool // placeholders are names of fields or keys of the argument Args
	Copy   bool // argument SQL names a table, the next one its columns: rows are inserted

	// Postgres marks a library that talks to PostgreSQL only.
	Postgres bool

	// Surely marks a method of a type that nobody has heard of whose name says that
	// it takes SQL.
	Surely bool
}

// queryRows lists, by type, the methods that take SQL. A type that is empty
// stands for functions of the package.
var queryRows = []struct {
	pkg, types, methods string
	sql, args           int
	flags               queryFlag
}{
	{"database/sql", "DB Tx Conn", "Exec Query QueryRow", 0, 1, 0},
	{"database/sql", "DB Tx Conn", "ExecContext QueryContext QueryRowContext", 1, 2, 0},
	{"database/sql", "DB Tx", "Prepare", 0, None, 0},
	{"database/sql", "DB Tx Conn", "PrepareContext", 1, None, 0},

	{"github.com/jackc/pgx/v5", "Conn Tx", "Exec Query QueryRow", 1, 2, postgres},
	{"github.com/jackc/pgx/v5", "Conn Tx", "Prepare", 2, None, postgres},
	{"github.com/jackc/pgx/v5", "Conn Tx", "CopyFrom", 1, None, postgres | copies},
	{"github.com/jackc/pgx/v5", "Batch", "Queue", 0, 1, postgres},
	{"github.com/jackc/pgx/v5/pgxpool", "Pool Conn Tx", "Exec Query QueryRow", 1, 2, postgres},
	{"github.com/jackc/pgx/v5/pgxpool", "Pool Conn Tx", "CopyFrom", 1, None, postgres | copies},
	{"github.com/jackc/pgx/v5/pgxpool", "Tx", "Prepare", 2, None, postgres},
	{"github.com/jackc/pgx/v5/pgconn", "PgConn", "Exec", 1, None, postgres},
	{"github.com/jackc/pgx/v4", "Conn Tx", "Exec Query QueryRow", 1, 2, postgres},
	{"github.com/jackc/pgx/v4", "Conn Tx", "QueryFunc", 1, 2, postgres},
	{"github.com/jackc/pgx/v4", "Conn Tx", "Prepare", 2, None, postgres},
	{"github.com/jackc/pgx/v4", "Conn Tx", "CopyFrom", 1, None, postgres | copies},
	{"github.com/jackc/pgx/v4", "Batch", "Queue", 0, 1, postgres},
	{"github.com/jackc/pgx/v4/pgxpool", "Pool Conn Tx", "Exec Query QueryRow QueryFunc", 1, 2, postgres},
	{"github.com/jackc/pgx/v4/pgxpool", "Pool Conn Tx", "CopyFrom", 1, None, postgres | copies},
	{"github.com/jackc/pgconn", "PgConn", "Exec", 1, None, postgres},
	{"github.com/jackc/pgx", "Conn ConnPool Tx", "Exec Query QueryRow", 0, 1, postgres},
	{"github.com/jackc/pgx", "Conn ConnPool Tx", "ExecEx QueryEx QueryRowEx", 1, 3, postgres},

	{"github.com/jmoiron/sqlx", "DB Tx Execer Queryer Ext", "Queryx QueryRowx MustExec", 0, 1, 0},
	{"github.com/jmoiron/sqlx", "Execer Queryer Ext", "Exec Query", 0, 1, 0},
	{"github.com/jmoiron/sqlx", "DB Tx Conn QueryerContext", "QueryxContext QueryRowxContext", 1, 2, 0},
	{"github.com/jmoiron/sqlx", "DB Tx Conn", "MustExecContext", 1, 2, 0},
	{"github.com/jmoiron/sqlx", "ExecerContext QueryerContext", "ExecContext QueryContext", 1, 2, 0},
	{"github.com/jmoiron/sqlx", "DB Tx", "Get Select", 1, 2, 0},
	{"github.com/jmoiron/sqlx", "DB Tx Conn", "GetContext SelectContext", 2, 3, 0},
	{"github.com/jmoiron/sqlx", "DB Tx", "NamedExec NamedQuery", 0, 1, named},
	{"github.com/jmoiron/sqlx", "DB Tx", "NamedExecContext NamedQueryContext", 1, 2, named},
	{"github.com/jmoiron/sqlx", "DB Tx", "Preparex", 0, None, 0},
	{"github.com/jmoiron/sqlx", "DB Tx", "PrepareNamed", 0, None, named},
	{"github.com/jmoiron/sqlx", "DB Tx Conn", "PreparexContext", 1, None, 0},
	{"github.com/jmoiron/sqlx", "DB Tx", "PrepareNamedContext", 1, None, named},
	{"github.com/jmoiron/sqlx", "", "MustExec", 1, 2, 0},
	{"github.com/jmoiron/sqlx", "", "MustExecContext", 2, 3, 0},
	{"github.com/jmoiron/sqlx", "", "Get Select", 2, 3, 0},
	{"github.com/jmoiron/sqlx", "", "GetContext SelectContext", 3, 4, 0},
	{"github.com/jmoiron/sqlx", "", "NamedExec NamedQuery", 1, 2, named},
	{"github.com/jmoiron/sqlx", "", "NamedExecContext NamedQueryContext", 2, 3, named},
	{"github.com/jmoiron/sqlx", "", "Preparex", 1, None, 0},
	{"github.com/jmoiron/sqlx", "", "PreparexContext", 2, None, 0},

	{"github.com/georgysavva/scany/v2/pgxscan", "", "Get Select", 3, 4, postgres},
	{"github.com/georgysavva/scany/pgxscan", "", "Get Select", 3, 4, postgres},
	{"github.com/georgysavva/scany/v2/sqlscan", "", "Get Select", 3, 4, 0},
	{"github.com/georgysavva/scany/sqlscan", "", "Get Select", 3, 4, 0},

	{"gorm.io/gorm", "DB", "Raw Exec", 0, 1, 0},
	{"github.com/jinzhu/gorm", "DB", "Raw Exec", 0, 1, 0},

	{"github.com/uptrace/bun", "DB Tx Conn IDB", "NewRaw Exec Query QueryRow", 0, 1, 0},
	{"github.com/uptrace/bun", "DB Tx Conn IDB IConn", "ExecContext QueryContext QueryRowContext", 1, 2, 0},
	{"github.com/uptrace/bun", "", "NewRawQuery", 1, 2, 0},
	{"github.com/uptrace/bun", "DB Tx", "Prepare", 0, None, 0},
	{"github.com/uptrace/bun", "DB Tx Conn", "PrepareContext", 1, None, 0},

	{"github.com/doug-martin/goqu/v9", "Database TxDatabase", "Exec Query QueryRow", 0, 1, 0},
	{"github.com/doug-martin/goqu/v9", "Database TxDatabase", "ExecContext QueryContext QueryRowContext", 1, 2, 0},
	{"github.com/doug-martin/goqu/v9", "Database TxDatabase", "ScanStructs ScanStruct ScanVals ScanVal", 1, 2, 0},
	{"github.com/doug-martin/goqu/v9", "Database TxDatabase", "ScanStructsContext ScanStructContext ScanValsContext ScanValContext", 2, 3, 0},

	{"github.com/go-pg/pg/v10", "DB Tx Conn baseDB", "Exec ExecOne", 0, 1, postgres},
	{"github.com/go-pg/pg/v10", "DB Tx Conn baseDB", "ExecContext ExecOneContext Query QueryOne", 1, 2, postgres},
	{"github.com/go-pg/pg/v10", "DB Tx Conn baseDB", "QueryContext QueryOneContext", 2, 3, postgres},
	{"github.com/go-pg/pg/v10/orm", "DB", "Exec ExecOne", 0, 1, postgres},
	{"github.com/go-pg/pg/v10/orm", "DB", "ExecContext ExecOneContext Query QueryOne", 1, 2, postgres},
	{"github.com/go-pg/pg/v10/orm", "DB", "QueryContext QueryOneContext", 2, 3, postgres},

	{"xorm.io/xorm", "Engine Session EngineInterface Interface", "Exec Query QueryString QueryInterface SQL Sql", 0, 1, 0},

	{"github.com/gobuffalo/pop/v6", "Connection", "RawQuery", 0, 1, 0},
	{"github.com/gobuffalo/pop/v5", "Connection", "RawQuery", 0, 1, 0},
	{"github.com/gobuffalo/pop", "Connection", "RawQuery", 0, 1, 0},

	{"github.com/vingarcia/ksql", "DB Provider", "Query QueryOne", 2, 3, 0},
	{"github.com/vingarcia/ksql", "DB Provider", "Exec", 1, 2, 0},
}

type queryFlag uint8

const (
	postgres queryFlag = 1 << iota
	copies
	named
)

var queries = queryIndex()

func queryIndex() map[Name]*Query {
	byName := map[Name]*Query{}
	for _, row := range queryRows {
		types := strings.Fields(row.types)
		if len(types) == 0 {
			types = []string{""}
		}
		for _, t := range types {
			for _, m := range strings.Fields(row.methods) {
				q := &Query{
					SQL: row.sql, Args: row.args, Handle: handleNames[t],
					Named: row.flags&named != 0, Copy: row.flags&copies != 0, Postgres: row.flags&postgres != 0,
				}
				if q.Name = Name(row.pkg + "." + m); t != "" {
					q.Name = Name("(" + row.pkg + "." + t + ")." + m)
				}
				byName[q.Name] = q
			}
		}
	}
	return byName
}

// handleNames says what a type of that name in a database library is.
var handleNames = map[string]Kind{
	"DB": Pool, "Pool": Pool, "ConnPool": Pool, "Engine": Pool, "Database": Pool,
	"Conn": Conn, "PgConn": Conn,
	"Tx": Tx, "TxDatabase": Tx,
}

var queryPackages = packagesOf(queries)

// Queries is the built-in table with the rows that the configuration adds.
type Queries struct {
	added map[Name]*Query
}

// NewQueries returns the built-in table with functions named in the
// configuration: "import/path.Func:N" or "(import/path.Type).Method:N", N the
// index of the SQL argument, 0 if it is left out.
func NewQueries(rows []string) *Queries {
	c := &Queries{added: map[Name]*Query{}}
	for _, row := range rows {
		name, index := row, 0
		if i := strings.LastIndexByte(row, ':'); i >= 0 {
			if n, err := strconv.Atoi(row[i+1:]); err == nil && n >= 0 {
				name, index = row[:i], n
			}
		}
		q := &Query{Name: Name(strings.ReplaceAll(name, "*", "")), SQL: index, Args: index + 1}
		c.added[q.Name] = q
	}
	return c
}

// Of returns the row of fn; nil if fn takes no SQL.
func (c *Queries) Of(fn *types.Func) *Query {
	if q := rowOf(fn, c.added); q != nil {
		return q
	}
	if !queryPackages.holds(fn) {
		return nil
	}
	return rowOf(fn, queries)
}

// shapes are the names under which types that nobody has heard of take SQL, and
// whether values for placeholders follow it.
var shapes = map[string]bool{
	"Exec": true, "ExecContext": true, "MustExec": true, "MustExecContext": true,
	"Query": true, "QueryContext": true, "QueryRow": true, "QueryRowContext": true,
	"Queryx": true, "QueryxContext": true, "QueryRowx": true, "QueryRowxContext": true,
	"Get": true, "GetContext": true, "Select": true, "SelectContext": true, "Queue": true, "Raw": true,
	"Prepare": false, "PrepareContext": false, "Preparex": false, "PreparexContext": false,
	"NamedExec": false, "NamedExecContext": false, "NamedQuery": false, "NamedQueryContext": false,
	"PrepareNamed": false, "PrepareNamedContext": false,
}

// IsShape reports whether a method of the name may be taken for one that takes SQL.
func IsShape(name string) bool {
	_, ok := shapes[name]
	return ok || name == "CopyFrom"
}

// QueryShaped returns a row for a method that looks as if it takes SQL by its
// name and parameters, such as those of a DBTX interface; nil if it does not.
func QueryShaped(fn *types.Func) *Query {
	sig := fn.Signature()
	variadic, ok := shapes[fn.Name()]
	if sig.Recv() == nil {
		return nil
	}
	if !ok {
		return copyShaped(fn)
	}
	if variadic != sig.Variadic() {
		return nil
	}
	params := sig.Params()
	for i := range params.Len() {
		if !isString(params.At(i).Type()) {
			continue
		}
		next := i + 1
		switch {
		case strings.HasPrefix(fn.Name(), "Prepare"):
			if next < params.Len() && isString(params.At(next).Type()) {
				i = next // pgx: the statement's name, its text
			}
			next = None
		case next >= params.Len() || variadic && next != params.Len()-1 || !holdsAny(params.At(next).Type()):
			return nil
		}
		return &Query{
			Name: NameOf(fn), SQL: i, Args: next,
			Named: strings.Contains(fn.Name(), "Named"), Surely: strings.HasPrefix(fn.Name(), "Query") || strings.HasPrefix(fn.Name(), "Exec"),
		}
	}
	return nil
}

// copyShaped recognises pgx's CopyFrom behind an interface.
func copyShaped(fn *types.Func) *Query {
	params := fn.Signature().Params()
	if fn.Name() != "CopyFrom" || params.Len() != 4 || !strings.HasSuffix(TypeName(params.At(1).Type()), ".Identifier") {
		return nil
	}
	return &Query{Name: NameOf(fn), SQL: 1, Args: None, Copy: true, Postgres: true}
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}

// holdsAny reports whether the parameter takes values of any type.
func holdsAny(t types.Type) bool {
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}
