package report

import (
	"io"
	"path/filepath"
	"slices"
	"testing"
)

// BenchmarkWrite writes a report of 1,000 findings in each format.
func BenchmarkWrite(b *testing.B) {
	r := sample(b)
	few := r.Result
	r = New(r.Dir, filepath.Dir(r.Dir), slices.Repeat(r.Findings, 250))
	r.Result = few
	for _, format := range Formats {
		b.Run(format.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := format.Write(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
