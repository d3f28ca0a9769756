package config

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkLoad reads a configuration as each package does, and BenchmarkDigest
// names all that rules may read, as each answer to -V=full does.
func BenchmarkLoad(b *testing.B)   { each(b, func(dir string) { Load(dir, false) }) }
func BenchmarkDigest(b *testing.B) { each(b, func(dir string) { Digest(dir) }) }

func each(b *testing.B, do func(dir string)) {
	dir := b.TempDir()
	for name, text := range map[string]string{"go.mod": "module m\n", ".poollint.yml": "tenant: {column: org_id}\n", "migrations/1.sql": "CREATE TABLE t (id int);\n"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		Forget()
		do(dir)
	}
}
