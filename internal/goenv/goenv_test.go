package goenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What is read is what go env prints.
func TestSetting(t *testing.T) {
	for name, test := range map[string]struct {
		file    string
		environ []string
	}{
		"nothing":               {"", nil},
		"the environment":       {"", []string{"GOFLAGS=-v"}},
		"the user's file":       {"GOFLAGS=-mod=mod -v\n", nil},
		"the last of its lines": {"GOFLAGS=-x\nGOFLAGS=-v\n", nil},
		"the environment first": {"GOFLAGS=-x\n", []string{"GOFLAGS=-v"}},
		"an empty variable":     {"GOFLAGS=-x\n", []string{"GOFLAGS="}},
		"the last variable":     {"GOFLAGS=-n\n", []string{"GOFLAGS=-x", "GOFLAGS=-v"}},
		"another variable":      {"GOFLAGSX=-x\n", []string{"GOFLAGSX=-v"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "env")
			if err := os.WriteFile(file, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("GOENV", file)
			t.Setenv("GOFLAGS", "")
			cmd := exec.CommandContext(t.Context(), "go", "env", "GOFLAGS")
			environ := append(os.Environ(), test.environ...)
			cmd.Env = environ
			want, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			if got := Setting("GOFLAGS", environ, Files(".")...); got != strings.TrimSpace(string(want)) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
