package report

import (
	"io"
	"slices"
	"testing"
)

// BenchmarkWrite writes a report of 1,000 findings in each format.
func BenchmarkWrite(b *testing.B) {
	r := sample(b)
	r.Findings = slices.Repeat(r.Findings, 250)
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
