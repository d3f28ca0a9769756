// Package nearest guesses which name was meant by a misspelt one.
package nearest

import "strings"

// Of returns the candidate nearest to word, or "" if none is near enough to
// be worth a suggestion. Of equally near candidates the first wins.
func Of(word string, candidates []string) string {
	word = fold(word)
	best, least := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if d := distance(word, fold(c), least); d < least {
			best, least = c, d
		}
	}
	return best
}

// fold makes spellings equal that differ in case or in the word separator only.
func fold(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(s))
}

// distance returns the number of single-byte edits between a and b; limit or
// more means only that they are too far apart.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
