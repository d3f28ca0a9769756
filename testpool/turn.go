package testpool

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	turnPoll   = 100 * time.Millisecond // between two looks whether it is our turn
	signOfLife = time.Second            // between two signs of who has the turn
)

// lockOfSetup finds, in pg_locks, the lock of who has the turn in this database. poollint doctor looks for it too.
const lockOfSetup = `locktype = 'advisory' and objsubid = 1 and granted
	and classid::bigint << 32 | objid::bigint = hashtext('testpool.Setup')::bigint
	and database = (select oid from pg_database where datname = current_database())`

// A turn is the right to run Setup. It is a lock of a transaction that stays open
// meanwhile: the server gives it back when the process ends, however it ends, also where a
// pooler keeps the session.
type turn struct {
	conn *pgx.Conn
	stop context.CancelFunc
	done chan error // of who gives the signs of life: why the turn was lost
}

// inTurn does what one test binary at a time may do. The context ends if the turn is lost.
func (s *shared) inTurn(config *pgx.ConnConfig, do func(ctx context.Context) error) (err error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	turn, err := takeTurn(ctx, config, s.settings.setupWait)
	if err != nil {
		return err
	}
	turn.keep(ctx, cancel)
	defer func() { err = errors.Join(err, turn.end()) }() // also if it ends its test
	return do(ctx)
}

// takeTurn waits until no other test binary runs Setup. It gives up when one has had the turn for longer than wait.
func takeTurn(ctx context.Context, config *pgx.ConnConfig, wait time.Duration) (*turn, error) {
	conn, err := connectBeside(ctx, config)
	if err != nil {
		return nil, err
	}
	t := &turn{conn: conn}
	var holder turnHolder
	for since := time.Now(); ; time.Sleep(turnPoll) {
		now, err := t.try(ctx)
		if err == nil && now == nil {
			return t, nil
		}
		if err == nil && now.transaction != holder.transaction {
			holder, since = *now, time.Now()
		}
		if err == nil && time.Since(since) > wait {
			err = fmt.Errorf("no turn after %s: %s", round(wait), now)
		}
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
	}
}

// try takes the turn, or returns who has it. A transaction that waited for the lock would
// hold a session of a pooler, which who has the turn may need.
func (t *turn) try(ctx context.Context) (*turnHolder, error) {
	ctx, cancel := context.WithTimeout(ctx, cleanupTimeout)
	defer cancel()
	tx, err := t.conn.Begin(ctx)
	if err != nil {
		return nil, err
	}
	// No time limit may end the transaction while Setup runs; which there are depends on the version.
	var mine bool
	err = tx.QueryRow(ctx, `
		select pg_try_advisory_xact_lock(hashtext('testpool.Setup')), count(set_config(name, '0', true))
		from pg_settings where name in ('idle_in_transaction_session_timeout', 'transaction_timeout')`).Scan(&mine, nil)
	if err != nil || mine {
		return nil, err
	}
	holder := &turnHolder{}
	err = tx.QueryRow(ctx, `
		select pid, virtualtransaction, application_name, coalesce(state = 'idle', false), coalesce(xact_start, backend_start, now()),
			coalesce(extract(epoch from now() - state_change), 0)::float8
		from pg_locks join pg_stat_activity using (pid) where `+lockOfSetup).
		Scan(&holder.pid, &holder.transaction, &holder.app, &holder.idle, &holder.since, &holder.silent)
	if errors.Is(err, pgx.ErrNoRows) { // who had it has given it back
		err = nil
	}
	return holder, errors.Join(err, tx.Rollback(ctx))
}

// keep gives signs of life until the turn ends: poollint doctor tells by them a Setup that runs
// from a session that is left, and connections that are silent for long may be cut. lost is
// called if the turn is lost.
func (t *turn) keep(ctx context.Context, lost func(error)) {
	ctx, t.stop = context.WithCancel(ctx)
	t.done = make(chan error, 1)
	go func() {
		ticker := time.NewTicker(signOfLife)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				t.done <- nil
				return
			case <-ticker.C:
			}
			// An empty statement takes no snapshot, which would keep "create index concurrently" waiting.
			sign, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
			_, err := t.conn.Exec(sign, "-- testpool: Setup runs")
			cancel()
			if err != nil {
				err = fmt.Errorf("the turn was lost: %w", err)
				lost(err)
				t.done <- err
				return
			}
		}
	}()
}

// end gives the turn back. The error says that it was lost before.
func (t *turn) end() error {
	t.stop()
	err := <-t.done
	return errors.Join(err, t.close())
}

func (t *turn) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	return t.conn.Close(ctx)
}

// A turnHolder is the session that has the turn.
type turnHolder struct {
	pid         int
	transaction string // tells it from another transaction of the session
	app         string
	idle        bool // in no transaction: no Setup of this version of testpool
	since       time.Time
	silent      float64 // seconds since its last statement began or ended
}

func (h *turnHolder) String() string {
	silent := time.Duration(h.silent * float64(time.Second))
	text := fmt.Sprintf("pid %d (%s) has it since %s, last heard of %s ago", h.pid, h.app, h.since.Local().Format(time.TimeOnly), round(silent))
	if h.idle {
		text += ", idle"
	}
	return fmt.Sprintf("%s; if that run is over: select pg_terminate_backend(%d)", text, h.pid)
}
