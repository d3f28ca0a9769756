package finding

import "slices"

// Severities lists the severities, from the one that matters most.
var Severities = []Severity{Error, Warning, Info}

// AtLeast reports whether s matters as much as the other, or more.
func (s Severity) AtLeast(other Severity) bool {
	return slices.Index(Severities, s) <= slices.Index(Severities, other)
}
