package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFresh(t *testing.T) {
	t.Parallel()
	files, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("../../../docs", name))
		if err != nil {
			t.Errorf("%v; run go generate ./...", err)
		} else if string(got) != string(want) {
			t.Errorf("docs/%s is stale; run go generate ./...", name)
		}
	}
}
