package finding

import (
	"go/token"
	"strings"
)

// Located is a finding as reports and whole-run steps see it: positions are
// resolved, so that it outlives its package and can be cached.
type Located struct {
	Rule       string
	Data       Data
	Message    string // Data's, in words; the driver words it anew after the whole-run step
	Severity   Severity
	Tier       string
	Key        string
	Candidate  bool   // told only in place of other findings, see Gather
	Helper     string // key of the candidate in whose place it stands
	Cause      string // see Join
	Suppressed string
	URL        string
	Package    string // import path, without the test variant
	In         string // the declared function that it stands in; a method's is "Type.Method"; may be empty
	Pos, End   token.Position
	Fixes      []Fix
	Witnesses  []Witness // sorted once the run is over
	New        []Witness // those of them that make a finding in old lines a new one
}

// Tested returns the import path of the package whose test binary the finding's code is in.
func (f Located) Tested() string { return strings.TrimSuffix(f.Package, "_test") }

// A Fix is one alternative that mends the finding.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes [Start, End) of a file.
type Edit struct {
	Path       string
	Start, End int
	New        string
}
