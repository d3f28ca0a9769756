package ruletest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// Programs are the Go files that a test makes of parts, by their paths in a module.
type Programs map[string]string

// Run runs the rule over the programs, as [Run] does, in a module with the requirements of
// the one in from.
func (p Programs) Run(t *testing.T, rule finding.Rule, from string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		p[name] = string(data)
	}
	for name, text := range p {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	Run(t, rule, dir, "./...")
}
