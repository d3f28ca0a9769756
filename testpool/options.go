package testpool

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// urlEnvs name the database where no option does, the first that is set first.
var urlEnvs = []string{"DATABASE_URL_TEST", "TEST_DATABASE_URL", "DATABASE_URL"}

// An Option changes the process's pool. Give options in one place: to [Main], or to
// the call of [Get] that every test goes through.
type Option func(*settings)

// URL names the database, as a connection string in either form that pgx reads.
// An empty one leaves the choice to the environment.
func URL(url string) Option { return func(s *settings) { s.url = url } }

// MaxConns limits the connections of the process's pool; the default is 3.
func MaxConns(n int) Option { return func(s *settings) { s.maxConns = n } }

// PrivateConns limits the connections of each pool that [Schema] and [Database] return; the default is 2.
func PrivateConns(n int) Option { return func(s *settings) { s.privateConns = n } }

// ConnectTimeout limits the time to open one connection; the default is 5 s.
func ConnectTimeout(d time.Duration) Option { return func(s *settings) { s.connectTimeout = d } }

// MaxWait limits the time that a query waits for a free connection while none comes
// back; the default is 5 s. Each connection that is given back starts it anew, so that many tests may
// queue. An earlier deadline of the query's own context still counts.
func MaxWait(d time.Duration) Option { return func(s *settings) { s.maxWait = d } }

// Required makes a missing database a failure instead of a skipped test: for CI.
func Required() Option { return func(s *settings) { s.required = true } }

// KeepFailed keeps the schema or database of a test that fails, for 7 days: the test logs
// how to look into it. The next run that makes one drops what is older.
func KeepFailed() Option { return func(s *settings) { s.keepFailed = true } }

// Setup runs once on the process's pool before a test gets it, and on every private
// schema and database: the place for migrations. On the process's pool test
// binaries that run at once take turns, so that setup must tolerate a database
// that another has set up. One more connection is open meanwhile, in a transaction that
// keeps the others waiting, at most for [SetupWait]; if it is lost, ctx ends.
func Setup(setup func(ctx context.Context, pool *pgxpool.Pool) error) Option {
	return func(s *settings) { s.setup = setup }
}

// SetupWait limits the time that the [Setup] of one other test binary is waited for; the
// default is 2 min. The time starts anew when the turn goes to another.
func SetupWait(d time.Duration) Option { return func(s *settings) { s.setupWait = d } }

// Configure changes the configuration of each pool before it is opened: to register
// types in AfterConnect, to trace, or to choose a query mode.
func Configure(configure func(*pgxpool.Config)) Option {
	return func(s *settings) { s.configure = configure }
}

// settings is what the options, the connection string and the environment come to.
type settings struct {
	limits
	migrator  Migrator
	setup     func(context.Context, *pgxpool.Pool) error
	configure func(*pgxpool.Config)
	pooled    bool // found when the pool is opened: there is a pooler before the server
}

// limits is the part of the settings that can be compared. Zero says: not chosen.
type limits struct {
	url            string
	maxConns       int
	privateConns   int
	connectTimeout time.Duration
	maxWait        time.Duration
	setupWait      time.Duration
	required       bool
	keepFailed     bool
}

func (s *settings) apply(options []Option) {
	for _, option := range options {
		option(s)
	}
}

// resolve fills in the connection string's limits, the environment's and the defaults.
func (s *settings) resolve(getenv func(string) string) error {
	for _, name := range urlEnvs {
		if s.url == "" {
			s.url = getenv(name)
		}
	}
	if err := s.readEnv(getenv); err != nil {
		return err
	}
	if s.maxConns == 0 && s.url != "" {
		// pgx alone leaves this parameter in place; pgxpool takes it away.
		if config, err := pgx.ParseConfig(s.url); err == nil {
			s.maxConns, _ = strconv.Atoi(config.RuntimeParams["pool_max_conns"])
		}
	}
	setDefault(&s.maxConns, 3)
	setDefault(&s.privateConns, 2)
	setDefault(&s.maxWait, 5*time.Second)
	setDefault(&s.setupWait, 2*time.Minute)
	return s.check()
}

func (s *settings) readEnv(getenv func(string) string) error {
	for name, set := range map[string]func(string) error{
		"TESTPOOL_MAX_CONNS":       parseInto(&s.maxConns, strconv.Atoi),
		"TESTPOOL_PRIVATE_CONNS":   parseInto(&s.privateConns, strconv.Atoi),
		"TESTPOOL_CONNECT_TIMEOUT": parseInto(&s.connectTimeout, time.ParseDuration),
		"TESTPOOL_MAX_WAIT":        parseInto(&s.maxWait, time.ParseDuration),
		"TESTPOOL_SETUP_WAIT":      parseInto(&s.setupWait, time.ParseDuration),
		"TESTPOOL_REQUIRED":        parseInto(&s.required, strconv.ParseBool),
		"TESTPOOL_KEEP":            parseInto(&s.keepFailed, parseKeep),
	} {
		value := getenv(name)
		if value == "" {
			continue
		}
		if err := set(value); err != nil {
			return fmt.Errorf("testpool: %s=%s: %w", name, value, err)
		}
	}
	return nil
}

func (s *settings) check() error {
	if s.maxConns < 1 || s.privateConns < 1 {
		return fmt.Errorf("testpool: a pool of %d connections and private pools of %d: both must be at least 1", s.maxConns, s.privateConns)
	}
	if s.maxWait < 0 || s.connectTimeout < 0 || s.setupWait < 0 {
		return fmt.Errorf("testpool: wait %s, connect timeout %s, wait for Setup %s: none may be negative", s.maxWait, s.connectTimeout, s.setupWait)
	}
	return nil
}

// poolConfig returns the configuration of a pool of maxConns connections.
func (s *settings) poolConfig(maxConns int) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(s.url)
	if err != nil {
		return nil, fmt.Errorf("testpool: %w", err)
	}
	config.MaxConns = int32(maxConns)
	config.MinConns, config.MinIdleConns = 0, 0
	conn := config.ConnConfig
	if s.connectTimeout != 0 {
		conn.ConnectTimeout = s.connectTimeout
	}
	setDefault(&conn.ConnectTimeout, 5*time.Second)
	if conn.RuntimeParams["application_name"] == "" {
		conn.RuntimeParams["application_name"] = appName()
	}
	if s.pooled {
		prepareNothing(conn)
	}
	if s.configure != nil {
		s.configure(config)
	}
	return config, nil
}

func setDefault[T comparable](field *T, value T) {
	var unset T
	if *field == unset {
		*field = value
	}
}

func parseInto[T any](field *T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		value, err := parse(text)
		*field = value
		return err
	}
}

// parseKeep reads which tests' schemas and databases are kept.
func parseKeep(text string) (failed bool, err error) {
	switch text {
	case "failed":
		return true, nil
	case "none":
		return false, nil
	}
	return false, fmt.Errorf("want failed or none")
}

// appName names the process to the server: PGAPPNAME, else the test binary and its process id.
func appName() string {
	if name := os.Getenv("PGAPPNAME"); name != "" {
		return name
	}
	return fmt.Sprintf("%s.test %d", binaryName(), os.Getpid())
}
