package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// StartPgBouncer runs a PgBouncer in transaction mode before the server of a connection
// string, with settings such as "default_pool_size=2", and returns the connection string
// through it. It is gone when the test ends. Where there is none, StartPgBouncer skips the
// test; with POOLLINT_REQUIRE_POSTGRES=1 it fails it.
func StartPgBouncer(t testing.TB, server string, settings ...string) string {
	t.Helper()
	bin, err := findPgBouncer()
	if err != nil {
		if os.Getenv(requireEnv) == "" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	through, err := runPgBouncer(t, bin, server, settings)
	if err != nil {
		t.Fatal(err)
	}
	return through
}

func findPgBouncer() (string, error) {
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if bin, err := exec.LookPath(name); err == nil {
			return bin, nil
		}
	}
	return "", errors.New("no PgBouncer here: it is neither in PATH nor in /usr/sbin (Debian: apt-get install pgbouncer)")
}

func runPgBouncer(t testing.TB, bin, server string, settings []string) (string, error) {
	address, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "pgbouncer-")
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	port, err := freePort()
	if err != nil {
		return "", err
	}
	config := fmt.Sprintf("[databases]\n* = host=%s port=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"+
		"auth_type = trust\nauth_file = %s\npool_mode = transaction\n", address.Hostname(), address.Port(), port, filepath.Join(dir, "users"))
	for _, setting := range settings {
		config += setting + "\n"
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "ini"), []byte(config), 0o644),
		os.WriteFile(filepath.Join(dir, "users"), []byte(strconv.Quote(superuser)+` ""`+"\n"), 0o644),
		giveToServerUser(dir)); err != nil {
		return "", err
	}
	var log bytes.Buffer
	cmd := exec.Command(bin, filepath.Join(dir, "ini"))
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = dir, &log, &log, asServerUser()
	if err := cmd.Start(); err != nil {
		return "", err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	address.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	for deadline := time.After(readyTimeout); ; {
		if conn, err := net.Dial("tcp", address.Host); err == nil {
			return address.String(), conn.Close()
		}
		select {
		case <-exited:
			return "", fmt.Errorf("pgbouncer ended at its start:\n%s", log.String())
		case <-deadline:
			return "", fmt.Errorf("pgbouncer is not ready after %s", readyTimeout)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
