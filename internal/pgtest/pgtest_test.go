package pgtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func setting(t *testing.T, s *Server, name string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var value string
	if err := conn.QueryRow(t.Context(), "select current_setting($1)", name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestServer(t *testing.T) {
	t.Parallel()
	server := Start(t, "max_connections=7", "superuser_reserved_connections=2")
	if got := setting(t, server, "max_connections"); got != "7" {
		t.Errorf("max_connections = %s, want 7", got)
	}
	url := server.URL()
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if server.URL() != url {
		t.Errorf("restart moved the server from %s to %s", url, server.URL())
	}
	if got := setting(t, server, "superuser_reserved_connections"); got != "2" {
		t.Errorf("after a restart superuser_reserved_connections = %s, want 2", got)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("a stopped server takes connections")
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(server.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left behind", server.dir)
	}
}

func TestBadSettingFailsWithServersLog(t *testing.T) {
	t.Parallel()
	if _, err := findServer(); err != nil {
		Start(t)
	}
	server, err := New("max_connections=none")
	if err == nil {
		_ = server.Close()
		t.Fatal("a bad setting was accepted")
	}
	if !strings.Contains(err.Error(), "max_connections") {
		t.Errorf("error %q does not show the server's log", err)
	}
}

// testpool is a module of its own and cannot import this package: it holds a copy.
func TestCopyInTestpool(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"pgtest.go", "pgbouncer.go", "user_linux.go", "user_other.go"} {
		ours, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := os.ReadFile(filepath.Join("../../testpool/internal/pgtest", name))
		if err != nil {
			t.Fatal(err)
		}
		if string(ours) != string(theirs) {
			t.Errorf("testpool/internal/pgtest/%s differs from internal/pgtest/%s: copy it", name, name)
		}
	}
}
