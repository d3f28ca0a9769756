package testpool

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long connections may take to be given back after the last test.
const patience = time.Second

// Main runs the package's tests, closes the pool and ends the process. It turns a
// passing run into a failed one where a connection or transaction of the pool is
// still held, naming the tests that hold them, or where the process has
// opened other connections and left them. It opens nothing by itself.
//
//	func TestMain(m *testing.M) { testpool.Main(m, testpool.Setup(migrate)) }
func Main(m *testing.M, options ...Option) {
	os.Exit(process.main(m, options))
}

func (s *shared) main(m *testing.M, options []Option) int {
	// Connections that do not come from the pool carry the process's name too, to be found at the end.
	if err := errors.Join(os.Setenv("PGAPPNAME", appName()), s.configure(options)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s.stock.start()
	code := m.Run()
	if err := s.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// close closes the pool, and says what was left, and what tests that are not known have closed.
func (s *shared) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending.Store(true)
	errs := errors.Join(s.misused...)
	if s.pool == nil || s.err != nil {
		return errs
	}
	errs = errors.Join(errs, s.stock.close(s.dropDatabase))
	if left := s.holders.waitForNone(patience); len(left) > 0 {
		// The pool's Close would wait for them for ever; the end of the process frees them.
		var lines []string
		for _, holder := range left {
			lines = append(lines, "\t"+holder.String())
		}
		return errors.Join(errs, fmt.Errorf("testpool: connections of the pool are left (%d): release, close or roll back what was taken\n%s",
			len(left), strings.Join(lines, "\n")))
	}
	for _, db := range slices.AppendSeq(s.free, maps.Values(s.lent)) {
		_ = db.Close() // has nothing of its own
	}
	config := s.pool.Config().ConnConfig
	s.pool.Close()
	return errors.Join(errs, strayConnections(config))
}

// strayConnections asks the server for connections of this process that did not come from the pool.
func strayConnections(config *pgx.ConnConfig) error {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	conn, err := connectBeside(ctx, config)
	if err != nil {
		return fmt.Errorf("testpool: look for connections left: %w", err)
	}
	defer conn.Close(ctx)

	deadline := time.Now().Add(patience)
	for {
		left, err := otherBackends(ctx, conn, config.RuntimeParams["application_name"])
		if err != nil {
			return fmt.Errorf("testpool: look for connections left: %w", err)
		}
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("testpool: connections beside the pool are left (%d): use testpool.Get, or close them\n%s",
				len(left), strings.Join(left, "\n"))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// otherBackends describes the server's sessions of an application name, which is cut
// to 63 bytes there, beside the connection's own. Behind a pooler sessions are not the
// process's: then there is none to tell.
func otherBackends(ctx context.Context, conn *pgx.Conn, name string) ([]string, error) {
	rows, err := conn.Query(ctx, `
		select format(E'\t%s since %s, last query: %s', state, to_char(backend_start, 'HH24:MI:SS'), left(query, 80))
		from pg_stat_activity
		where application_name = left($1, 63) and backend_type = 'client backend'
			and pid <> pg_backend_pid() and pg_backend_pid() = $2
		order by backend_start`, name, int32(conn.PgConn().PID()))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
