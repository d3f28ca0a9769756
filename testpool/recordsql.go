package testpool

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"sync"
)

// Record returns a connector that records the statements of its connections while
// "poollint queries" runs the tests, and else the connector itself.
//
//	db := sql.OpenDB(testpool.Record(connector))
//
// A function given to [sql.Conn.Raw] gets a type of this package while statements are recorded.
func Record(connector driver.Connector) driver.Connector {
	return recording().connector(connector)
}

// RecordDriver returns the name of a driver that does the same for a registered one:
//
//	db, err := sql.Open(testpool.RecordDriver("pgx"), dsn)
func RecordDriver(name string) string {
	return recording().driver(name)
}

func (r *recorder) connector(connector driver.Connector) driver.Connector {
	if r == nil {
		return connector
	}
	return recordedConnector{connector, r}
}

var registering sync.Mutex

func (r *recorder) driver(name string) string {
	if r == nil {
		return name
	}
	db, err := sql.Open(name, "")
	if err != nil {
		return name // the caller's own sql.Open says what is wrong
	}
	defer db.Close()
	registering.Lock()
	defer registering.Unlock()
	recorded := name + ", recorded"
	if !slices.Contains(sql.Drivers(), recorded) {
		sql.Register(recorded, recordedDriver{db.Driver(), r})
	}
	return recorded
}

type recordedDriver struct {
	driver.Driver
	*recorder
}

func (d recordedDriver) Open(dsn string) (driver.Conn, error) {
	conn, err := d.Driver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return &recordedConn{conn, d.recorder}, nil
}

func (d recordedDriver) OpenConnector(dsn string) (driver.Connector, error) {
	if of, ok := d.Driver.(driver.DriverContext); ok {
		connector, err := of.OpenConnector(dsn)
		if err != nil {
			return nil, err
		}
		return recordedConnector{connector, d.recorder}, nil
	}
	return dsnConnector{dsn, d}, nil
}

// dsnConnector opens connections of a driver that has no connectors.
type dsnConnector struct {
	dsn    string
	driver recordedDriver
}

func (c dsnConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c dsnConnector) Driver() driver.Driver                        { return c.driver }

type recordedConnector struct {
	driver.Connector
	*recorder
}

func (c recordedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &recordedConn{conn, c.recorder}, nil
}

// Close closes the connector, as database/sql does with one that can be closed.
func (c recordedConnector) Close() error {
	if closer, ok := c.Connector.(interface{ Close() error }); ok {
		return closer.Close()
	}
	return nil
}

// A recordedConn has every optional method of a connection, and does what database/sql
// would where the connection beneath lacks it.
type recordedConn struct {
	driver.Conn
	*recorder
}

func (c *recordedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if conn, ok := c.Conn.(driver.QueryerContext); ok {
		rows, err := conn.QueryContext(ctx, query, args)
		c.ran(query, err)
		return rows, err
	}
	return nil, driver.ErrSkip // then it is prepared
}

func (c *recordedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if conn, ok := c.Conn.(driver.ExecerContext); ok {
		result, err := conn.ExecContext(ctx, query, args)
		c.ran(query, err)
		return result, err
	}
	return nil, driver.ErrSkip
}

// ran records a statement, unless the driver wants it prepared.
func (c *recordedConn) ran(query string, err error) {
	if !errors.Is(err, driver.ErrSkip) {
		c.record(query)
	}
}

func (c *recordedConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *recordedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.record(query)
	if conn, ok := c.Conn.(driver.ConnPrepareContext); ok {
		return conn.PrepareContext(ctx, query)
	}
	stmt, err := c.Conn.Prepare(query)
	if err == nil && ctx.Err() != nil {
		stmt.Close()
		return nil, ctx.Err()
	}
	return stmt, err
}

func (c *recordedConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if conn, ok := c.Conn.(driver.ConnBeginTx); ok {
		return conn.BeginTx(ctx, options)
	}
	if options != (driver.TxOptions{}) {
		return nil, errors.New("testpool: the driver does not know options of transactions")
	}
	//lint:ignore SA1019 what a driver without BeginTx has
	return c.Conn.Begin()
}

func (c *recordedConn) CheckNamedValue(value *driver.NamedValue) error {
	if conn, ok := c.Conn.(driver.NamedValueChecker); ok {
		return conn.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

func (c *recordedConn) Ping(ctx context.Context) error {
	if conn, ok := c.Conn.(driver.Pinger); ok {
		return conn.Ping(ctx)
	}
	return nil
}

func (c *recordedConn) ResetSession(ctx context.Context) error {
	if conn, ok := c.Conn.(driver.SessionResetter); ok {
		return conn.ResetSession(ctx)
	}
	return nil
}

func (c *recordedConn) IsValid() bool {
	if conn, ok := c.Conn.(driver.Validator); ok {
		return conn.IsValid()
	}
	return true
}
