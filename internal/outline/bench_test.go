package outline

import (
	"bytes"
	"go/build"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkBlank goes over a large file.
func BenchmarkBlank(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src/net/http/server.go"))
	if err != nil {
		b.Skip(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Blank(bytes.Clone(text))
	}
}
