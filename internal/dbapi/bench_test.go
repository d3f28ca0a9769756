package dbapi

import (
	"go/importer"
	"testing"
)

// BenchmarkNewCatalogue makes what each package looks its calls up in.
func BenchmarkNewCatalogue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NewCatalogue(nil)
	}
}

// BenchmarkIndex derives what is derived once in a process.
func BenchmarkIndex(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		indexRoots()
		indexPackages()
		indexExecutes()
	}
}

// BenchmarkLookUp asks what the analyzers ask of every call: here of one that is
// in the catalogue, and of one that is not.
func BenchmarkLookUp(b *testing.B) {
	catalogue, queries := NewCatalogue(nil), NewQueries(nil)
	for _, name := range []string{"database/sql.OpenDB", "strings.Join"} {
		pkg, err := importer.Default().Import(Name(name).Package())
		if err != nil {
			b.Fatal(err)
		}
		fn := function(b, pkg, Name(name).member().name)
		b.Run(fn.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalogue.Opener(fn)
				queries.Of(fn)
				ReleaseOf(fn)
				OriginOf(fn)
			}
		})
	}
}
