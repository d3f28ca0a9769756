package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A signal ends -fix between two files. It is told which ones have changed, as far as
// somebody reads, there is no report, and every file is whole.
func TestInterruptedFix(t *testing.T) {
	t.Parallel()
	const source = "package a\n\nimport (\n\t\"database/sql\"\n\t\"testing\"\n)\n\nfunc Test%d(t *testing.T) {\n\tdb, err := sql.Open(\"pgx\", \"postgres://localhost/app\")\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\tdb.Ping()\n}\n"
	const files = 60
	module := t.TempDir()
	long := strings.Repeat("a", 200) // so that few lines fill a pipe
	dir := filepath.Join(module, long)
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(module, "go.mod"), []byte("module example.com/a\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("a%02d_test.go", i)), fmt.Appendf(nil, source, i), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	const setSize = 1031 // F_SETPIPE_SZ
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, writer.Fd(), setSize, 4096); errno != 0 {
		t.Skip(errno)
	}
	cmd := exec.Command("poollint", "-rules", "missingcleanup", "-fix", "-format", "text", "-format", "json=out.json", "./...")
	cmd.Dir, cmd.Stderr, cmd.Env = module, writer, append(os.Environ(), "POOLLINT_CACHE=off")
	var stdout strings.Builder
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	first := make([]byte, 1)
	if _, err := io.ReadFull(reader, first); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // although nobody reads on
	told, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	changed, others := 0, 0
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		switch {
		case err != nil || i >= files:
			t.Errorf("%s is left behind, %v", entry.Name(), err)
		case string(text) == fmt.Sprintf(source, i):
			others++
		case strings.Contains(string(text), "Cleanup") && strings.HasSuffix(string(text), "\tdb.Ping()\n}\n"):
			changed++
		}
	}
	fixed := strings.Count(string(told), "_test.go fixed\n")
	if changed+others != files || others == 0 || changed < fixed || changed > fixed+1 {
		t.Errorf("%d changed, %d as they were, %d told", changed, others, fixed)
	}
	if _, err := os.Stat(filepath.Join(module, "out.json")); !errors.Is(err, os.ErrNotExist) || stdout.Len() > 0 || strings.Contains(string(told), "not fixed") {
		t.Errorf("there is a report, %v: %s%s", err, &stdout, told)
	}
	if status := cmd.ProcessState.ExitCode(); status != 130 {
		t.Errorf("status %d", status)
	}
}
