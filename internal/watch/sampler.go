package watch

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/poollint/poollint/internal/peer"
	"github.com/poollint/poollint/internal/testdb"
	"github.com/poollint/poollint/internal/testtrace"
)

const (
	sampleTimeout   = 5 * time.Second
	reconnectPause  = 100 * time.Millisecond
	sessionsEvery   = 250 * time.Millisecond
	ownApplication  = "poollint watch"
	unnamedSessions = "(without a name)"
)

// sampler looks at the server's sessions through a connection of its own.
type sampler struct {
	config *pgx.ConnConfig
	run    string
	named  bool // only sessions that carry the run's name count

	conn     *pgx.Conn
	pooled   bool          // a pooler is in the way, which may lose what is prepared
	offset   time.Duration // the server's clock less this machine's
	boot     time.Time     // when the server was started
	restarts int
	baseline map[sessionID]bool // sessions from before the run

	server netip.AddrPort       // the other end of the connection; zero for a Unix socket
	traces map[sessionID]*trace // of sessions that do not name their process
	finder *peer.Finder         // of these processes

	churn     map[uint32]int64 // sessions opened during the run, by database
	lastChurn map[uint32]int64
	own       int64 // of these, the sampler's own

	asked chan chan<- int // for a sample at once; each gets the number of its sessions
}

// serverFacts is what is said of the server in the report.
type serverFacts struct {
	testdb.Allowance
	Version string `json:"version"`
	Before  int    `json:"sessions_before"` // client sessions before the run, without the watch's own
}

// newSampler connects to the server, before the run.
func newSampler(ctx context.Context, config *pgx.ConnConfig, run string, named bool) (*sampler, serverFacts, error) {
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // prepares nothing
	s := &sampler{config: config, run: run, baseline: map[sessionID]bool{}, traces: map[sessionID]*trace{}, finder: peer.NewFinder(os.Getpid()),
		churn: map[uint32]int64{}, lastChurn: map[uint32]int64{}, asked: make(chan chan<- int)}
	var facts serverFacts
	if err := s.connect(ctx); err != nil {
		if testdb.IsFull(err) {
			err = fmt.Errorf("the server is full already, before the run: end sessions (poollint doctor lists them): %w", err)
		}
		return nil, facts, err
	}
	var err error
	facts.Version = s.conn.PgConn().ParameterStatus("server_version")
	if major, _, _ := strings.Cut(facts.Version, "."); len(major) < 2 || major < "14" {
		return nil, facts, fmt.Errorf("the server is PostgreSQL %s: watching needs 14 or newer, which counts sessions", facts.Version)
	}
	if facts.Allowance, err = testdb.ReadAllowance(ctx, s.conn); err != nil {
		return nil, facts, err
	}
	before, err := s.read()
	if err != nil {
		return nil, facts, err
	}
	for id := range before {
		s.baseline[id] = true
	}
	facts.Before = len(before)
	if err := s.readChurn(ctx); err != nil {
		return nil, facts, err
	}
	clear(s.churn)
	s.own, s.named = 0, named
	return s, facts, nil
}

// connect opens the connection and compares clocks.
func (s *sampler) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sampleTimeout)
	defer cancel()
	conn, err := testdb.Connect(ctx, s.config)
	if err != nil {
		return err
	}
	offset, boot, err := readClock(ctx, conn)
	if err != nil {
		_ = conn.Close(ctx)
		return err
	}
	if s.pooled, err = testdb.BehindPooler(ctx, conn); err == nil && !s.pooled {
		_, err = conn.Prepare(ctx, sessionsStatement, sessionsQuery)
	}
	if err != nil {
		_ = conn.Close(ctx)
		return err
	}
	if !s.boot.IsZero() && !boot.Equal(s.boot) {
		s.restarts++
	}
	s.conn, s.boot, s.offset = conn, boot, offset
	s.server, _ = netip.ParseAddrPort(conn.PgConn().Conn().RemoteAddr().String()) // a socket's is none
	s.own++
	return nil
}

// readClock returns the server's clock less this machine's, by the quickest of
// several answers, and when the server was started.
func readClock(ctx context.Context, conn *pgx.Conn) (offset time.Duration, boot time.Time, err error) {
	quickest := time.Duration(math.MaxInt64)
	for range 5 {
		sent := time.Now()
		var now time.Time
		if err := conn.QueryRow(ctx, "select clock_timestamp(), pg_postmaster_start_time()").Scan(&now, &boot); err != nil {
			return 0, boot, err
		}
		if took := time.Since(sent); took < quickest {
			quickest, offset = took, now.Sub(sent.Add(took/2))
		}
	}
	return offset, boot, nil
}

func (s *sampler) close() {
	ctx, cancel := context.WithTimeout(context.Background(), sampleTimeout)
	defer cancel()
	_ = s.conn.Close(ctx) // the run is over: an error does not matter
}

// watch takes samples until the context ends. If it loses its connection, it reconnects.
func (s *sampler) watch(ctx context.Context, every time.Duration, trace *testtrace.Trace, timeline *timeline) {
	churnRead := time.Now()
	var answer chan<- int
	ending := ending{trace: trace, timeline: timeline}
	rhythm := rhythm{every: every}
	rhythm.move(churnRead)
	for ctx.Err() == nil {
		start := time.Now()
		rhythm.hear(start, ending.look())
		traced := len(s.traces)
		sessions, err := s.read()
		if err == nil && time.Since(churnRead) >= sessionsEvery {
			churnRead = time.Now()
			err = s.readChurn(ctx)
		}
		if err != nil {
			timeline.lost(time.Now(), firstLine(err))
			if !s.reconnect(ctx) {
				return
			}
			timeline.found(time.Now())
			continue
		}
		at := start.Add(time.Since(start) / 2)
		if timeline.add(at, sessions) || len(s.traces) > traced { // one whose process is looked for counts only once that is found
			rhythm.move(start)
		}
		if answer != nil {
			answer <- len(sessions)
		}
		ending.sampled(start, at, sessions)
		rhythm.idle = !ending.began && len(sessions) == 0
		answer = s.wait(ctx, start, &rhythm, &ending)
	}
	_ = s.readChurn(ctx) // if it fails, the last count stands
}

// wait waits until a sample is due after the last one, a test binary waits for it, or somebody asks for
// it, whom it returns.
func (s *sampler) wait(ctx context.Context, last time.Time, rhythm *rhythm, ending *ending) (answer chan<- int) {
	for {
		rest := time.Until(rhythm.next(last))
		timer := time.NewTimer(min(rest, newsEvery))
		select {
		case <-ctx.Done():
		case answer = <-s.asked:
		case <-timer.C:
			if rest > newsEvery {
				rhythm.hear(time.Now(), ending.look())
				if len(ending.waiting) == 0 {
					continue
				}
			}
		}
		timer.Stop()
		return answer
	}
}

// count has watch take a sample at once, and returns how many sessions it shows; -1 if there
// is none before the context ends.
func (s *sampler) count(ctx context.Context) int {
	answer := make(chan int, 1)
	select {
	case <-ctx.Done():
		return -1
	case s.asked <- answer:
	}
	select {
	case <-ctx.Done():
		return -1
	case n := <-answer:
		return n
	}
}

// reconnect tries until it succeeds or the context ends.
func (s *sampler) reconnect(ctx context.Context) bool {
	s.close()
	for ctx.Err() == nil {
		if s.connect(ctx) == nil {
			return true
		}
		pause(ctx, reconnectPause)
	}
	return false
}

// sessionsStatement is the name of the prepared sessionsQuery.
const (
	sessionsStatement = "poollint_sessions"
	sessionsQuery     = `
		select pid, coalesce(backend_start, 'epoch'), coalesce(application_name, ''), coalesce(host(client_addr), ''), coalesce(client_port, 0)
		from pg_stat_get_activity(null)
		where pid <> pg_backend_pid() and (backend_type = 'client backend' or backend_type is null and usesysid is not null)`
)

// read returns the run's sessions with their owners. A role without pg_read_all_stats
// sees the kind and the start of its own sessions only.
func (s *sampler) read() (map[sessionID]owner, error) {
	// A deadline on the connection costs less than a context that can end.
	raw := s.conn.PgConn()
	if err := raw.Conn().SetDeadline(time.Now().Add(sampleTimeout)); err != nil {
		return nil, err
	}
	defer raw.Conn().SetDeadline(time.Time{})
	formats := []int16{pgx.BinaryFormatCode}
	var rows *pgconn.ResultReader
	if s.pooled {
		rows = raw.ExecParams(context.Background(), sessionsQuery, nil, nil, nil, formats)
	} else {
		rows = raw.ExecPrepared(context.Background(), sessionsStatement, nil, nil, formats)
	}
	sessions := map[sessionID]owner{}
	for rows.NextRow() {
		values := rows.Values()
		id := sessionID{int32(number(values[0])), epoch.Add(time.Duration(number(values[1])) * time.Microsecond)}
		name := string(values[2])
		if s.baseline[id] || name == ownApplication {
			continue
		}
		if owner := s.owner(id, name, string(values[3]), uint16(number(values[4]))); !s.named || s.isRuns(owner) {
			sessions[id] = owner
		}
	}
	_, err := rows.Close()
	return sessions, err
}

// epoch is what PostgreSQL counts times from, in microseconds.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// number reads an integer of four or eight bytes.
func number(value []byte) int64 {
	if len(value) == 4 {
		return int64(int32(binary.BigEndian.Uint32(value)))
	}
	return int64(binary.BigEndian.Uint64(value))
}

// owner returns whose a session is: the process that its name tells, else the one of the run that has the
// other end. A session that is seen for the first time may have no name because it is logging in.
func (s *sampler) owner(id sessionID, name, address string, port uint16) owner {
	if named, ok := testtrace.ParseSession(name); ok && named.Run == s.run {
		return owner{process: named.Process}
	}
	t, seen := s.traces[id]
	if !seen {
		t = &trace{}
		s.traces[id] = t
	}
	if t.process == 0 && (name != "" || seen) && t.tries < mostTries {
		t.tries++
		if client, err := netip.ParseAddr(address); err == nil && s.server.IsValid() {
			s.follow(t, netip.AddrPortFrom(client.Unmap(), port))
		}
	}
	return owner{process: t.process, name: cmp.Or(name, t.program, unnamedSessions)}
}

// A trace is what is known of the process that has the other end of a session.
type trace struct {
	process int
	program string
	tries   int
}

// mostTries is how often a session's process is looked for.
const mostTries = 5

func (s *sampler) follow(t *trace, client netip.AddrPort) {
	if line := s.finder.Find(client, s.server); line != nil {
		t.process, t.program = line[0], peer.Program(line[0])
	}
}

// isRuns reports whether an owner is a process of the run.
func (s *sampler) isRuns(o owner) bool { return o.process != 0 }

// readChurn adds up the sessions that the server has counted per database. A count
// that has fallen was reset, by a crash of the server.
func (s *sampler) readChurn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sampleTimeout)
	defer cancel()
	rows, err := s.conn.Query(ctx, "select datid, sessions from pg_stat_database where datid > 0")
	if err != nil {
		return err
	}
	var (
		database uint32
		count    int64
	)
	_, err = pgx.ForEachRow(rows, []any{&database, &count}, func() error {
		last := s.lastChurn[database]
		if count < last {
			last = 0
		}
		s.churn[database] += count - last
		s.lastChurn[database] = count
		return nil
	})
	return err
}

// opened returns how many sessions the server has counted during the run.
func (s *sampler) opened() int {
	var sum int64
	for _, count := range s.churn {
		sum += count
	}
	return int(max(0, sum-s.own))
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
