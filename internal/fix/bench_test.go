package fix

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// BenchmarkDiff plans the same fix of 20 files and shows it.
func BenchmarkDiff(b *testing.B) {
	dir := b.TempDir()
	var edits [][]finding.Edit
	for i := range 20 {
		file := filepath.Join(dir, string(rune('a'+i))+".go")
		if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
			b.Fatal(err)
		}
		edits = append(edits, []finding.Edit{edit(file, "context.Background()", "nil")})
	}
	findings := fixes(edits...)
	b.ReportAllocs()
	for b.Loop() {
		plan := New(findings, []string{dir}, later())
		if plan.Diff(filepath.Base) == "" {
			b.Fatal("no difference")
		}
	}
}
