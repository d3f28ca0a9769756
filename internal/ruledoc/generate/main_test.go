package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/ruledoc"
)

const dir = "../../../docs/rules"

func TestFresh(t *testing.T) {
	t.Parallel()
	files := pages(poollint.Analyzers())
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v; run go generate ./...", err)
		} else if string(got) != string(want) {
			t.Errorf("docs/rules/%s is stale; run go generate ./...", name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if files[entry.Name()] == nil {
			t.Errorf("docs/rules/%s belongs to no rule; remove it", entry.Name())
		}
	}
}

// Every diagnostic carries the URL of its analyzer: see finding.Reporter.
func TestURLs(t *testing.T) {
	t.Parallel()
	for _, rule := range poollint.Analyzers() {
		if want := ruledoc.URL(rule.Name); rule.URL != want {
			t.Errorf("%s: URL is %q, want %s", rule.Name, rule.URL, want)
		}
	}
}
