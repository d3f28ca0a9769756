package snapshot

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkUnchanged looks at one file.
func BenchmarkUnchanged(b *testing.B) {
	file := filepath.Join(b.TempDir(), "file")
	if err := os.WriteFile(file, []byte("content"), 0o666); err != nil {
		b.Fatal(err)
	}
	in, err := Take(file, time.Now().Add(time.Second))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !in.Unchanged() {
			b.Fatal("it changed")
		}
	}
}
