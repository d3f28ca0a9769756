package finding

import (
	"go/token"
	"slices"
	"strings"
)

// Candidate records a place where findings of other packages may be told instead:
// inside a helper that many tests call. Gather reports it if there are any. Its key
// names the place.
func (r *Reporter) Candidate(f Finding) {
	f.Severity, f.Key = Info, candidate+f.Key
	r.Report(f)
}

// Belongs records that the finding with the key, at pos, is to be told at the place
// of a candidate, if there is one.
func (r *Reporter) Belongs(key string, pos token.Pos, place string) {
	r.Evidence(belongs+key, pos, place)
}

// Prefixes of the keys of candidates, and of evidence that names one.
const (
	candidate = "candidate "
	belongs   = "belongs to "
)

// Gather replaces findings by the candidates that they belong to, which get their
// severity. It returns, by a candidate's key, the keys of the findings in its place.
func Gather(findings []Located, evidence []Evidence) ([]Located, map[string][]string) {
	places := map[string]string{} // by key of a finding
	for _, e := range evidence {
		if key, ok := strings.CutPrefix(e.Key, belongs); ok {
			places[key] = candidate + e.Text
		}
	}
	at := map[string]int{} // by key of a candidate
	for i, f := range findings {
		if strings.HasPrefix(f.Key, candidate) {
			at[f.Key] = i
		}
	}
	gathered := map[string][]string{}
	for _, f := range findings {
		place := places[f.Key]
		if i, ok := at[place]; ok && f.Key != place {
			findings[i].Severity = f.Severity
			gathered[place] = append(gathered[place], f.Key)
		}
	}
	return slices.DeleteFunc(findings, func(f Located) bool {
		_, isCandidate := at[f.Key]
		_, moves := at[places[f.Key]]
		return isCandidate && gathered[f.Key] == nil || !isCandidate && moves
	}), gathered
}
