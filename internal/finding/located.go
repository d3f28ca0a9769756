package finding

import "go/token"

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
	Suppressed string
	URL        string
	Package    string // import path, without the test variant
	Pos, End   token.Position
	Fixes      []Fix
}

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
