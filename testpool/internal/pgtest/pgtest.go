// Package pgtest runs a real PostgreSQL server for tests: a fresh cluster in a
// temporary directory, on a free port of 127.0.0.1, gone when the test ends.
//
//	server := pgtest.Start(t, "max_connections=20")
//	conn, err := pgx.Connect(ctx, server.URL())
//
// The server comes from PATH or /usr/lib/postgresql/*/bin. Where there is none,
// Start skips the test; with POOLLINT_REQUIRE_POSTGRES=1 it fails it.
package pgtest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// ErrNoServer says that this machine has no PostgreSQL server.
var ErrNoServer = errors.New("no PostgreSQL server here: initdb and postgres are neither in PATH nor in /usr/lib/postgresql/*/bin (Debian: apt-get install postgresql)")

const (
	requireEnv     = "POOLLINT_REQUIRE_POSTGRES"
	readyTimeout   = 30 * time.Second
	stopTimeout    = 10 * time.Second
	superuser      = "postgres"
	defaultSetting = "max_connections=100"
)

// A Server is one running PostgreSQL server. Its superuser is "postgres", without a password.
type Server struct {
	bin      string // the directory of initdb and postgres
	dir      string // holds the cluster and the log
	port     int
	settings []string
	postgres *exec.Cmd
	exited   chan struct{} // closed once postgres has ended
}

// Start runs a server for one test, with settings such as "max_connections=20",
// and stops and removes it when the test ends.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	server, err := New(settings...)
	if errors.Is(err, ErrNoServer) && os.Getenv(requireEnv) == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// New runs a server that the caller must Close.
func New(settings ...string) (*Server, error) {
	bin, err := findServer()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pgtest-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, settings: append([]string{defaultSetting}, settings...)}
	if err := s.create(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// URL returns the connection string of the server's database "postgres".
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/postgres?sslmode=disable", superuser, s.port)
}

// Stop ends the server at once, as a crash of its host would: clients lose their connections.
func (s *Server) Stop() error { return s.stop(syscall.SIGQUIT) }

// Restart ends the server's sessions, shuts it down and starts it again on the same port.
func (s *Server) Restart() error {
	if err := s.stop(syscall.SIGINT); err != nil {
		return err
	}
	return s.start()
}

// Close stops the server and removes its files.
func (s *Server) Close() error {
	return errors.Join(s.stop(syscall.SIGQUIT), os.RemoveAll(s.dir))
}

// create makes the cluster and picks the port.
func (s *Server) create() error {
	files, err := cluster()
	if err != nil {
		return err
	}
	if err := os.CopyFS(s.data(), files); err != nil {
		return err
	}
	if err := os.Chmod(s.data(), 0o700); err != nil { // else postgres does not start
		return err
	}
	if err := filepath.WalkDir(s.dir, func(path string, _ fs.DirEntry, err error) error {
		return cmp.Or(err, giveToServerUser(path))
	}); err != nil {
		return err
	}
	s.port, err = freePort()
	return err
}

// cluster returns the files of a new cluster. initdb takes a second, so a process runs it once.
var cluster = sync.OnceValues(func() (fstest.MapFS, error) {
	bin, err := findServer()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pgtest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := giveToServerUser(dir); err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir}
	initdb := s.command("initdb", "--pgdata="+s.data(), "--username="+superuser,
		"--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--wal-segsize=1")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	files, tree := fstest.MapFS{}, os.DirFS(s.data())
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		file := &fstest.MapFile{Mode: entry.Type() | 0o600}
		if !entry.IsDir() {
			file.Data, err = fs.ReadFile(tree, name)
		}
		files[name] = file
		return err
	})
	return files, err
})

// start runs postgres and waits until it takes connections.
func (s *Server) start() error {
	args := []string{"-D", s.data(), "-p", strconv.Itoa(s.port), "-h", "127.0.0.1", "-k", s.dir,
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	postgres := s.command("postgres", args...)
	postgres.Stdout, postgres.Stderr = log, log
	if err := postgres.Start(); err != nil {
		return err
	}
	s.postgres, s.exited = postgres, make(chan struct{})
	go func() {
		_ = postgres.Wait()
		close(s.exited)
	}()
	return s.waitReady()
}

// waitReady polls the status line that postgres keeps in its pid file.
func (s *Server) waitReady() error {
	deadline := time.After(readyTimeout)
	for {
		pidFile, _ := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
		if bytes.HasSuffix(bytes.TrimSpace(pidFile), []byte("ready")) {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("postgres ended at its start:\n%s", s.logText())
		case <-deadline:
			return fmt.Errorf("postgres is not ready after %s:\n%s", readyTimeout, s.logText())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) stop(signal syscall.Signal) error {
	if s.postgres == nil {
		return nil
	}
	defer func() { s.postgres = nil }()
	if err := s.postgres.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(stopTimeout):
		_ = s.postgres.Process.Kill()
		<-s.exited
		return fmt.Errorf("postgres had to be killed, %s after the signal %q", stopTimeout, signal)
	}
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	// Settings of the developer's own server, such as PGDATA, must not reach this one.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") })
	cmd.SysProcAttr = asServerUser()
	return cmd
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }
func (s *Server) log() string  { return filepath.Join(s.dir, "log") }

func (s *Server) logText() string {
	text, _ := os.ReadFile(s.log())
	return string(text)
}

// findServer returns the directory of initdb and postgres: PATH's, else the newest installed.
func findServer() (string, error) {
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(installed, func(a, b string) int { return cmp.Compare(majorVersion(b), majorVersion(a)) })
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), installed...) {
		_, noInitdb := os.Stat(filepath.Join(dir, "initdb"))
		_, noPostgres := os.Stat(filepath.Join(dir, "postgres"))
		if noInitdb == nil && noPostgres == nil {
			return dir, nil
		}
	}
	return "", ErrNoServer
}

// majorVersion reads 15 from /usr/lib/postgresql/15/bin, and 0 where there is no number.
func majorVersion(bin string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return version
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
