package report

import (
	"os"
	"path/filepath"
	"testing"
)

func FuzzBaseline(f *testing.F) {
	f.Add([]byte(`{"version": 1, "findings": [{"fingerprint": "ab", "rule": "newpool", "package": "p", "path": "p_test.go", "message": "x"}]}`))
	f.Add([]byte(`{"version": 2, "findings": [{"reached_by": [{"path": "p_test.go", "function": "TestX"}, null]}]}`))
	f.Add([]byte(`{"version": 3}`))
	f.Add([]byte(`{"findings": [null, {}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "baseline.json")
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		if known, err := readBaseline(file); err == nil && known.Version != 1 && known.Version != 2 {
			t.Errorf("version %d is taken", known.Version)
		}
	})
}
