package finding

import "slices"

// Join lets the weightiest of the findings of one cause answer for those of other packages, which
// become info; those of its own package are told apart, as where packages are seen one by
// one. It returns them by the index of the one that answers: of equal weight, or where nothing
// weighs, the first. Findings are sorted by position.
func Join(findings []Located, weight func(Data) int) map[int][]Located {
	joins := func(f Located) bool { return f.Cause != "" && f.Suppressed == "" && f.Severity != Info }
	answers, others := map[string]int{}, map[int][]Located{}
	for i, f := range findings {
		if at, known := answers[f.Cause]; joins(f) && (!known || weight != nil && weight(f.Data) > weight(findings[at].Data)) {
			answers[f.Cause] = i
		}
	}
	for i, f := range findings {
		at := answers[f.Cause]
		if !joins(f) || f.Tested() == findings[at].Tested() {
			continue
		}
		findings[i].Severity = Info
		findings[at].answerFor(f)
		others[at] = append(others[at], f)
	}
	return others
}

// Candidate records a place where findings of other packages may be told instead:
// inside a helper that many tests call. Gather reports it if there are any. Its key
// names the place.
func (r *Reporter) Candidate(f Finding) {
	f.Severity, f.Candidate = Info, true
	r.Report(f)
}

// Gather replaces findings by the candidates that they name as their Helper, which
// get the highest of their severities. A finding that a directive silences stays where it is. Gather
// returns, by a candidate's key, the keys of the findings in its place.
func Gather(findings []Located) ([]Located, map[string][]string) {
	at := map[string]int{} // candidates by key
	for i, f := range findings {
		if f.Candidate {
			at[f.Key] = i
		}
	}
	moves := func(f Located) bool {
		_, ok := at[f.Helper]
		return ok && !f.Candidate && f.Suppressed == ""
	}
	gathered := map[string][]string{}
	for _, f := range findings {
		if moves(f) {
			if f.Severity != Info {
				findings[at[f.Helper]].Severity = f.Severity
			}
			findings[at[f.Helper]].answerFor(f)
			gathered[f.Helper] = append(gathered[f.Helper], f.Key)
		}
	}
	return slices.DeleteFunc(findings, func(f Located) bool {
		return f.Candidate && gathered[f.Key] == nil || moves(f)
	}), gathered
}
