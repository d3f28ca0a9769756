package testpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/testpool/internal/pgtest"
)

// TestMain runs the tests through testpool itself, on a server of their own. Where
// the machine has none, those that need one are skipped.
func TestMain(m *testing.M) {
	if url := os.Getenv(childEnv); url != "" {
		Main(m, URL(url))
	}
	server, err := pgtest.New("max_connections=60")
	if err != nil && (!errors.Is(err, pgtest.ErrNoServer) || os.Getenv("POOLLINT_REQUIRE_POSTGRES") != "") {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range urlEnvs {
		os.Unsetenv(name)
	}
	var options []Option
	if server != nil {
		options = append(options, URL(server.URL()))
	}
	code := process.main(m, options)
	if server != nil {
		if err := server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// fakeT is a test whose failures, skips and cleanups can be looked at.
type fakeT struct {
	testing.TB
	name string

	mu       sync.Mutex
	errors   []string
	logs     []string
	skipped  string
	cleanups []func()
}

func (f *fakeT) Name() string { return f.name }
func (f *fakeT) Helper()      {}

func (f *fakeT) Cleanup(cleanup func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cleanups = append(f.cleanups, cleanup)
}

func (f *fakeT) Error(args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprint(args...))
}

func (f *fakeT) Failed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.errors) > 0
}

func (f *fakeT) Logf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

func (f *fakeT) Errorf(format string, args ...any) { f.Error(fmt.Sprintf(format, args...)) }
func (f *fakeT) Fatalf(format string, args ...any) { f.Fatal(fmt.Sprintf(format, args...)) }

func (f *fakeT) Fatal(args ...any) {
	f.Error(args...)
	runtime.Goexit()
}

func (f *fakeT) Skip(args ...any) {
	f.skipped = fmt.Sprint(args...)
	runtime.Goexit()
}

// run runs a test's body and then its cleanups, as package testing does.
func (f *fakeT) run(body func(t testing.TB)) *fakeT {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for len(f.cleanups) > 0 {
				last := f.cleanups[len(f.cleanups)-1]
				f.cleanups = f.cleanups[:len(f.cleanups)-1]
				last()
			}
		}()
		body(f)
	}()
	<-done
	return f
}

// text returns everything that the test reported.
func (f *fakeT) text() string { return strings.Join(f.errors, "\n") }

// newShared returns a pool apart from the process's, on the same server.
func newShared(t *testing.T, options ...Option) *shared {
	t.Helper()
	s := newProcess()
	if err := s.configure(append([]Option{URL(serverURL(t))}, options...)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.pool != nil && len(s.holders.list()) == 0 {
			s.ending.Store(true)
			s.pool.Close()
		}
	})
	return s
}

// serverURL returns the address of the tests' server, and skips the test where there is none.
func serverURL(t *testing.T) string {
	t.Helper()
	return Get(t).Config().ConnString()
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q\nis not in:\n%s", part, text)
		}
	}
}
