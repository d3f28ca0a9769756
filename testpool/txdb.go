package testpool

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// TxDB is [Tx] for code that takes a *sql.DB: all that it does happens in one transaction, on one
// connection of the process's pool, and is rolled back when the test ends.
//
// A transaction that the code begins is a savepoint, one at a time; what runs beside it
// runs in it, and its isolation level is that of the whole. A statement that fails
// outside of one leaves the others as they are. Rows are read whole. A context that ends
// during a query ends the connection, as it does with pgx.
func TxDB(t testing.TB, options ...Option) *sql.DB {
	t.Helper()
	return process.txDB(t, options)
}

func (s *shared) txDB(t testing.TB, options []Option) *sql.DB {
	t.Helper()
	ctx := context.Background()
	conn, err := stdlib.GetPoolConnector(s.open(t, options).pool).Connect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	session := &txSession{conn: conn.(*stdlib.Conn)}
	if err := session.exec(ctx, "begin"); err != nil {
		t.Fatal(errors.Join(err, conn.Close()))
	}
	db := sql.OpenDB(session)
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), session.end(), conn.Close()); err != nil {
			t.Error(err)
		}
	})
	return db
}

// A txSession is the one connection behind a TxDB, and hands out any number of driver's
// connections: code that holds two at a time need not wait for itself.
type txSession struct {
	mu     sync.Mutex
	conn   *stdlib.Conn
	nested bool // the code has begun a transaction
}

var (
	errSessionLost = errors.New("testpool: the connection of testpool.TxDB is lost: a context has ended during a query, or the server has closed it")
	errTxEnded     = errors.New("testpool: the test has ended the transaction of testpool.TxDB: what it wrote may be left")
)

// exec runs statements of the session's own, which no tracer sees. It does so for a ctx
// that has ended, too, as the statements keep the transaction usable.
func (s *txSession) exec(ctx context.Context, statements string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	_, err := s.conn.Conn().PgConn().Exec(ctx, statements).ReadAll()
	return err
}

func (s *txSession) status() byte { return s.conn.Conn().PgConn().TxStatus() }

// end rolls the transaction back, and says what should not have happened to it.
func (s *txSession) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.conn.Conn().IsClosed():
		return nil // its transaction is gone, and who used it has been told
	case s.status() == 'I':
		return errTxEnded
	case s.nested:
		return errors.Join(errors.New("testpool: the test has left a transaction of testpool.TxDB open: commit it or roll it back"), s.exec(context.Background(), "rollback"))
	}
	return s.exec(context.Background(), "rollback")
}

// guard runs a statement so that its failure ends no more than itself, or the transaction
// that the code has begun.
func (s *txSession) guard(ctx context.Context, run func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn.Conn().IsClosed() {
		return errSessionLost
	}
	if s.status() == 'I' {
		return errTxEnded
	}
	if s.nested {
		return run()
	}
	if err := s.exec(ctx, "savepoint testpool_statement"); err != nil {
		return err
	}
	err := run()
	switch {
	case err != nil:
		// Of two errors the first tells more. A lost connection shows in the next statement.
		_ = s.exec(ctx, "rollback to savepoint testpool_statement; release savepoint testpool_statement")
		return err
	case s.status() == 'I':
		return errTxEnded
	}
	return s.exec(ctx, "release savepoint testpool_statement")
}

// Connect and Driver make it a driver.Connector.

func (s *txSession) Connect(context.Context) (driver.Conn, error) { return txConn{s}, nil }

func (s *txSession) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// A txConn is one of the connections that database/sql believes to have.
type txConn struct{ *txSession }

var (
	_ driver.ConnBeginTx        = txConn{}
	_ driver.ConnPrepareContext = txConn{}
	_ driver.ExecerContext      = txConn{}
	_ driver.NamedValueChecker  = txConn{}
	_ driver.Pinger             = txConn{}
	_ driver.QueryerContext     = txConn{}
)

func (c txConn) Close() error                                   { return nil }
func (c txConn) CheckNamedValue(value *driver.NamedValue) error { return c.conn.CheckNamedValue(value) }

func (c txConn) Ping(ctx context.Context) error {
	return c.guard(ctx, func() error { return nil })
}

func (c txConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (result driver.Result, err error) {
	err = c.guard(ctx, func() error {
		result, err = c.conn.ExecContext(ctx, query, args)
		return err
	})
	return result, err
}

func (c txConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.query(ctx, func() (driver.Rows, error) { return c.conn.QueryContext(ctx, query, args) })
}

func (s *txSession) query(ctx context.Context, run func() (driver.Rows, error)) (all driver.Rows, err error) {
	err = s.guard(ctx, func() error {
		rows, err := run()
		if err == nil {
			all, err = readRows(rows.(*stdlib.Rows))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (c txConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c txConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	stmt := &txStmt{txSession: c.txSession}
	err := c.guard(ctx, func() error {
		prepared, err := c.conn.PrepareContext(ctx, query)
		if err == nil {
			stmt.stmt = prepared.(*stdlib.Stmt)
		}
		return err
	})
	return stmt, err
}

func (c txConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c txConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn.Conn().IsClosed() {
		return nil, errSessionLost
	}
	if c.nested {
		return nil, errors.New("testpool: testpool.TxDB has one transaction at a time, and one is open: use testpool.DatabaseDB")
	}
	begin := "savepoint testpool_tx"
	if options.ReadOnly {
		begin += "; set transaction read only" // until it ends
	}
	if err := c.exec(ctx, begin); err != nil {
		return nil, err
	}
	c.nested = true
	return nestedTx(c), nil
}

// A nestedTx is the transaction that the code has begun.
type nestedTx struct{ *txSession }

func (tx nestedTx) Commit() error   { return tx.done(true) }
func (tx nestedTx) Rollback() error { return tx.done(false) }

func (tx nestedTx) done(commit bool) error {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.nested = false
	if tx.conn.Conn().IsClosed() {
		return errSessionLost
	}
	failed := tx.status() == 'E'
	end := "rollback to savepoint testpool_tx; release savepoint testpool_tx"
	if commit && !failed {
		end = "release savepoint testpool_tx"
	}
	err := tx.exec(context.Background(), end)
	if commit && failed && err == nil {
		err = pgx.ErrTxCommitRollback
	}
	return err
}

type txStmt struct {
	*txSession
	stmt *stdlib.Stmt
}

var (
	_ driver.StmtExecContext  = (*txStmt)(nil)
	_ driver.StmtQueryContext = (*txStmt)(nil)
)

func (s *txStmt) NumInput() int { return s.stmt.NumInput() }

func (s *txStmt) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stmt.Close()
}

func (s *txStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (result driver.Result, err error) {
	err = s.guard(ctx, func() error {
		result, err = s.stmt.ExecContext(ctx, args)
		return err
	})
	return result, err
}

func (s *txStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.query(ctx, func() (driver.Rows, error) { return s.stmt.QueryContext(ctx, args) })
}

// Exec and Query are there for the interface: database/sql prefers those with a context.

func (s *txStmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }
func (s *txStmt) Query([]driver.Value) (driver.Rows, error)  { return nil, driver.ErrSkip }
