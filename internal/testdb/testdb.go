// Package testdb finds the database that tests use, and reads what its server allows.
package testdb

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/envfile"
)

// A Database is a connection string and where it was found.
type Database struct {
	URL    string
	Source string // such as "-dsn", "DATABASE_URL_TEST" or ".env.test"
}

// errNone is the error of Find if there is no connection string.
var errNone = errors.New("no database: give -dsn, or set DATABASE_URL_TEST, TEST_DATABASE_URL or DATABASE_URL in the environment or in .env.test")

// names of the variables with the connection string. The first that is set counts.
var names = []string{"DATABASE_URL_TEST", "TEST_DATABASE_URL", "DATABASE_URL"}

const connectTimeout = 5 * time.Second

// envFile is the name of the file that is read, in the working directory.
var envFile = envfile.Names[0]

// Flag declares -dsn, whose value Find takes.
func Flag(flags *flag.FlagSet, to *string) {
	flags.StringVar(to, "dsn", "", "`URL` the database; by default DATABASE_URL_TEST, TEST_DATABASE_URL or DATABASE_URL, of the environment or .env.test")
}

// Find returns the database of the flag -dsn, else of the environment ("NAME=value"
// strings), else of .env.test in the working directory.
func Find(dsn string, environ []string) (Database, error) {
	if dsn != "" {
		return Database{dsn, "-dsn"}, nil
	}
	environment := map[string]string{}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	if db, ok := findIn(environment, ""); ok {
		return db, nil
	}
	file, err := readEnvFile()
	if err != nil {
		return Database{}, fmt.Errorf("%s: %w", envFile, err)
	}
	if db, ok := findIn(file, " in "+envFile); ok {
		return db, nil
	}
	return Database{}, errNone
}

// readEnvFile reads .env.test in the working directory, as the analyzers read files: no
// link may lead out of the module.
func readEnvFile() (map[string]string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	root, ok := config.ModuleRoot(dir)
	if !ok {
		root = dir
	}
	files := config.NewFiles(root)
	name, _ := files.Rel(filepath.Join(dir, envFile))
	data, err := files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return envfile.Parse(data)
}

func findIn(variables map[string]string, place string) (Database, bool) {
	for _, name := range names {
		if url := variables[name]; url != "" {
			return Database{url, name + place}, true
		}
	}
	return Database{}, false
}

// Config returns how to connect to the database as application. It accepts what
// pgxpool adds to a connection string, such as pool_max_conns.
func (db Database) Config(application string) (*pgx.ConnConfig, error) {
	pool, err := pgxpool.ParseConfig(db.URL)
	if err != nil || misread(db.URL) {
		// err is dropped, since it may quote a part of the password.
		return nil, fmt.Errorf("%s: cannot parse the connection string; want postgres://user:password@host:port/database, "+
			"special characters of the password percent-encoded, or user=… password=… host=…", db.Source)
	}
	config := pool.ConnConfig
	config.RuntimeParams["application_name"] = application
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	return config, nil
}

// misread reports whether the password has a character that ends it in a URL: / ? or #.
func misread(dsn string) bool {
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		return false
	}
	key, _, _ := strings.Cut(u.RawQuery, "=")
	return strings.Contains(u.Path+key+u.Fragment, "@")
}

// Limits are the numbers of sessions that a server allows.
type Limits struct {
	MaxConnections int `json:"max_connections"`
	Reserved       int `json:"reserved"` // for superusers and, from PostgreSQL 16, privileged roles
}

// Usable is the number of sessions that an ordinary role can have.
func (l Limits) Usable() int { return l.MaxConnections - l.Reserved }

// ReadLimits asks the server for its limits.
func ReadLimits(ctx context.Context, conn *pgx.Conn) (l Limits, err error) {
	err = conn.QueryRow(ctx, `
		select current_setting('max_connections')::int,
			current_setting('superuser_reserved_connections')::int
			+ coalesce(current_setting('reserved_connections', true)::int, 0)`).Scan(&l.MaxConnections, &l.Reserved)
	return l, err
}

// IsFull reports whether err says that the server, the database or the role has reached
// its limit of sessions.
func IsFull(err error) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.Code == "53300"
}

// Connect opens a connection. Behind a pooler it prepares no statements, as each may run on another session.
func Connect(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	pooled, err := BehindPooler(ctx, conn)
	if err == nil && !pooled {
		return conn, nil
	}
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return nil, err
	}
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	return pgx.ConnectConfig(ctx, config)
}

// BehindPooler reports whether there is a pooler such as PgBouncer between client and
// server: the process id that it gives the client is not the server's.
func BehindPooler(ctx context.Context, conn *pgx.Conn) (bool, error) {
	var pid uint32
	err := conn.QueryRow(ctx, "select pg_backend_pid()", pgx.QueryExecModeSimpleProtocol).Scan(&pid)
	return pid != conn.PgConn().PID(), err
}
