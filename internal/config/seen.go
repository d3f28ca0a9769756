package config

// Seen is a fact about each package of a run that sees all importers: a driver states it that
// lists whole modules with their tests. Others, such as go vet, cannot.
type Seen struct {
	Imported bool // by another package, or its tests
	ByTests  bool // and only by test files, or by packages that they alone import
}

// AFact marks a fact.
func (*Seen) AFact() {}

func (*Seen) String() string { return "seen" }
