package testpool

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// holders knows who holds which connection of a pool.
type holders struct {
	mu   sync.Mutex
	held map[*pgx.Conn]*holder
}

// A holder is a test that has a connection and has not given it back.
type holder struct {
	pid   uint32 // of the server's process
	taker taker
	since time.Time
	sql   string // the last query, "" before the first
	inTx  bool
}

func newHolders() *holders { return &holders{held: map[*pgx.Conn]*holder{}} }

func (h *holders) take(conn *pgx.Conn) {
	holder := &holder{pid: conn.PgConn().PID(), taker: findTaker(), since: time.Now()}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held[conn] = holder
}

func (h *holders) release(conn *pgx.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.held, conn)
}

// startQuery notes what a held connection runs.
func (h *holders) startQuery(conn *pgx.Conn, sql string) {
	h.update(conn, func(held *holder) { held.sql = sql })
}

// endQuery notes whether the query has left the connection in a transaction.
func (h *holders) endQuery(conn *pgx.Conn) {
	inTx := conn.PgConn().TxStatus() != 'I'
	h.update(conn, func(held *holder) { held.inTx = inTx })
}

func (h *holders) update(conn *pgx.Conn, change func(*holder)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if held := h.held[conn]; held != nil {
		change(held)
	}
}

// list returns the holders, the longest first.
func (h *holders) list() []holder {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []holder
	for _, holder := range h.held {
		list = append(list, *holder)
	}
	slices.SortFunc(list, func(a, b holder) int { return a.since.Compare(b.since) })
	return list
}

// waitForNone waits until no connection is held, at most for the given time, and
// returns those that still are: a goroutine may give its connection back a little
// after its test has ended.
func (h *holders) waitForNone(limit time.Duration) []holder {
	deadline := time.Now().Add(limit)
	for {
		left := h.list()
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (h holder) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: taken at %s, held for %s", h.taker.test, h.taker.site, round(time.Since(h.since)))
	if h.inTx {
		b.WriteString(", in a transaction")
	}
	if h.sql != "" {
		b.WriteString(", last query: " + shortSQL(h.sql))
	}
	return b.String()
}

// shortSQL makes a query one line of at most 80 characters.
func shortSQL(sql string) string {
	const limit = 80
	line := []rune(strings.Join(strings.Fields(sql), " "))
	if len(line) > limit {
		line = append(line[:limit-1], '…')
	}
	return string(line)
}
