package testpool

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// inTxDB runs a test's body with a TxDB that has the table orders.
func inTxDB(t *testing.T, body func(ctx context.Context, db *sql.DB)) *fakeT {
	t.Helper()
	serverURL(t)
	ctx := t.Context()
	return (&fakeT{name: "TestInTx"}).run(func(f testing.TB) {
		db := TxDB(f)
		mustExec(t, db, "create table orders (id int primary key, note bytea)")
		body(ctx, db)
	})
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func mustExec(t *testing.T, db execer, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Errorf("%s: %v", query, err)
	}
}

func mustCount(t *testing.T, db *sql.DB, want int) {
	t.Helper()
	var orders int
	if err := db.QueryRowContext(t.Context(), "select count(*) from orders").Scan(&orders); err != nil || orders != want {
		t.Errorf("%d orders, want %d: %v", orders, want, err)
	}
}

func TestTxDBIsRolledBack(t *testing.T) {
	t.Parallel()
	f := inTxDB(t, func(ctx context.Context, db *sql.DB) {
		mustExec(t, db, "insert into orders values ($1, $2)", 1, []byte{0, 1})
		mustCount(t, db, 1)
	})
	if f.text() != "" {
		t.Error(f.text())
	}
	var there bool
	if err := Get(t).QueryRow(t.Context(), "select to_regclass('orders') is not null").Scan(&there); err != nil || there {
		t.Errorf("the table is left: %t, %v", there, err)
	}
}

// What fails is told, and leaves the rest as it is.
func TestTxDBAfterAFailure(t *testing.T) {
	t.Parallel()
	f := inTxDB(t, func(ctx context.Context, db *sql.DB) {
		mustExec(t, db, "insert into orders values (1)")
		var failure *pgconn.PgError
		if _, err := db.ExecContext(ctx, "insert into orders values (1)"); !errors.As(err, &failure) || failure.Code != "23505" {
			t.Errorf("error %v, want that of a duplicate key", err)
		}
		if _, err := db.QueryContext(ctx, "select nothing from orders"); err == nil {
			t.Error("no error of a query")
		}
		if _, err := db.PrepareContext(ctx, "select nothing from orders"); err == nil {
			t.Error("no error of a statement to prepare")
		}
		var quotient int
		if err := db.QueryRowContext(ctx, "select 1 / (id - 1) from orders").Scan(&quotient); err == nil {
			t.Error("no error of a row")
		}
		mustCount(t, db, 1)
	})
	if f.text() != "" {
		t.Error(f.text())
	}
}

func TestTxDBTransactions(t *testing.T) {
	t.Parallel()
	f := inTxDB(t, func(ctx context.Context, db *sql.DB) {
		begin := func(options *sql.TxOptions) *sql.Tx {
			tx, err := db.BeginTx(ctx, options)
			if err != nil {
				t.Fatal(err)
			}
			return tx
		}
		tx := begin(&sql.TxOptions{Isolation: sql.LevelSerializable})
		mustExec(t, tx, "insert into orders values (1)")
		if _, err := db.BeginTx(ctx, nil); err == nil {
			t.Error("two transactions at once")
		} else {
			mustContain(t, err.Error(), "one transaction at a time", "testpool.DatabaseDB")
		}
		if err := tx.Commit(); err != nil {
			t.Error(err)
		}
		tx = begin(nil)
		mustExec(t, tx, "insert into orders values (2)")
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		mustCount(t, db, 1)

		tx = begin(nil)
		if _, err := tx.ExecContext(ctx, "insert into orders values (1)"); err == nil {
			t.Error("no error of a duplicate key")
		}
		if _, err := tx.ExecContext(ctx, "select 1"); err == nil {
			t.Error("a transaction goes on after a failure")
		}
		if err := tx.Commit(); !errors.Is(err, pgx.ErrTxCommitRollback) {
			t.Errorf("commit after a failure: %v", err)
		}

		tx = begin(&sql.TxOptions{ReadOnly: true})
		if _, err := tx.ExecContext(ctx, "insert into orders values (3)"); err == nil {
			t.Error("a read-only transaction has written")
		}
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		tx = begin(&sql.TxOptions{ReadOnly: true})
		if err := tx.Commit(); err != nil {
			t.Error(err)
		}
		mustExec(t, db, "insert into orders values (4)")
		mustCount(t, db, 2)
	})
	if f.text() != "" {
		t.Error(f.text())
	}
}

// A loop over rows may run statements, as it may where a pool has a second connection.
func TestTxDBWithinRows(t *testing.T) {
	t.Parallel()
	f := inTxDB(t, func(ctx context.Context, db *sql.DB) {
		mustExec(t, db, "insert into orders select i, decode(lpad(i::text, 2, '0'), 'hex') from generate_series(1, 3) as i")
		update, err := db.PrepareContext(ctx, "update orders set note = null where id = $1")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := db.QueryContext(ctx, "select id, note from orders order by id")
		if err != nil {
			t.Fatal(err)
		}
		var notes []sql.RawBytes
		for rows.Next() {
			var id int
			var note []byte
			if err := rows.Scan(&id, &note); err != nil {
				t.Error(err)
			}
			notes = append(notes, note)
			if _, err := update.ExecContext(ctx, id); err != nil {
				t.Error(err)
			}
		}
		if err := errors.Join(rows.Close(), update.Close()); err != nil {
			t.Error(err)
		}
		if len(notes) != 3 || string(notes[0])+string(notes[1])+string(notes[2]) != "\x01\x02\x03" {
			t.Errorf("notes %q", notes)
		}
		columns, err := db.QueryContext(ctx, "select id, 1.50::numeric(8, 2) as price, note from orders")
		if err != nil {
			t.Fatal(err)
		}
		defer columns.Close()
		mustCount(t, db, 3) // which reuses what pgx has read
		types, err := columns.ColumnTypes()
		if err != nil {
			t.Fatal(err)
		}
		if precision, scale, ok := types[1].DecimalSize(); types[0].DatabaseTypeName() != "INT4" || types[1].Name() != "price" || precision != 8 || scale != 2 || !ok {
			t.Errorf("columns %s %s, numeric(%d, %d)", types[0].DatabaseTypeName(), types[1].Name(), precision, scale)
		}
	})
	if f.text() != "" {
		t.Error(f.text())
	}
}

func TestTxDBTellsWhatWasDoneToIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body func(ctx context.Context, db *sql.DB)
		want string
	}{
		"committed": {func(ctx context.Context, db *sql.DB) {
			for _, statement := range []string{"rollback", "select 1"} {
				if _, err := db.ExecContext(ctx, statement); err == nil {
					t.Errorf("%s: no error", statement)
				} else {
					mustContain(t, err.Error(), "the test has ended the transaction of testpool.TxDB")
				}
			}
		}, "testpool: the test has ended the transaction of testpool.TxDB"},
		"open": {func(ctx context.Context, db *sql.DB) {
			//poollint:ignore missingcleanup -- the test is about what is left
			tx, err := db.Begin()
			if err != nil {
				t.Error(err)
			}
			mustExec(t, tx, "insert into orders values (1)")
		}, "testpool: the test has left a transaction of testpool.TxDB open"},
		"lost": {func(ctx context.Context, db *sql.DB) {
			if _, err := db.ExecContext(ctx, "select pg_terminate_backend(pg_backend_pid())"); err == nil {
				t.Error("no error")
			}
			_, err := db.ExecContext(ctx, "select 1")
			mustContain(t, err.Error(), "the connection of testpool.TxDB is lost")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if f := inTxDB(t, test.body); test.want == "" && f.text() != "" {
				t.Error(f.text())
			} else {
				mustContain(t, f.text(), test.want)
			}
		})
	}
}

// Who waits is told which test has the connection, where it took it, and what it ran.
func TestTxDBIsAHolder(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	f := (&fakeT{name: "TestHolding"}).run(func(f testing.TB) {
		db := s.txDB(f, nil)
		mustExec(t, db, "select 42")
		held := s.holders.list()
		if len(held) != 1 {
			t.Fatalf("%d holders", len(held))
		}
		mustContain(t, held[0].String(), "taken at txdb_test.go:", "in a transaction, last query: select 42")
	})
	if f.text() != "" || len(s.holders.list()) != 0 {
		t.Error(f.text(), s.holders.list())
	}
}

func TestPrivatePlacesAsDB(t *testing.T) {
	t.Parallel()
	serverURL(t)
	f := (&fakeT{name: "TestAsDB"}).run(func(f testing.TB) {
		for _, db := range []*sql.DB{SchemaDB(f), DatabaseDB(f)} {
			mustExec(t, db, "create table orders (id int)")
			mustCount(t, db, 0)
		}
	})
	if f.text() != "" {
		t.Error(f.text())
	}
}
