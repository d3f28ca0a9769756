package directive

import (
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/nearest"
)

// Names are the rules that a directive may name.
var Names = []string{"newpool", "missingcleanup", "poollimit", "parallelpool", "genericslug", "tenantfilter", "directive"}

// A Form is what a comment says that is a directive, or was meant as one.
type Form struct {
	Rules  []string // those of Names as they stand there, others as they are written
	Reason string
	Right  bool // it is written as a directive must be; else it silences nothing
}

// String returns the form that is right, without the marks of a comment.
func (f Form) String() string {
	rules, reason := "RULE", "reason"
	if len(f.Rules) > 0 {
		rules = strings.Join(f.Rules, ",")
	}
	if f.Reason != "" {
		reason = f.Reason
	}
	return begin + " " + rules + " -- " + reason
}

// Whole reports whether String leaves nothing to fill in: there are rules, and a reason.
func (f Form) Whole() bool {
	return len(f.Rules) > 0 && f.Reason != "" && !slices.ContainsFunc(f.Rules, func(rule string) bool { return !slices.Contains(Names, rule) })
}

const begin = "poollint:ignore"

var (
	// head is how what was meant as a directive begins; what is indented further is an example.
	head = regexp.MustCompile(`^( {0,3})(?i:poollint)( *: *| +)(?i:ignore|disable|nolint|skip|suppress|off)(?:[ \t:=]+|$)`)
	// mark is what stands before reasons.
	mark = regexp.MustCompile(`\s*(--+|—|–|//|:)|\s+-`)
	word = regexp.MustCompile(`[^\s,]+`)
)

// Read returns the form of a comment that is given without its marks. There is none, and ok is
// false, if the comment neither is a directive nor was meant as one, as prose that mentions them.
func Read(text string) (f Form, ok bool) {
	if start := strings.TrimLeft(text, " "); start == "" || start[0] != 'p' && start[0] != 'P' {
		return f, false
	}
	at := head.FindStringSubmatchIndex(text)
	if at == nil {
		return f, false
	}
	rest := strings.TrimSpace(text[at[1]:])
	list, separator := rest, ""
	if m := mark.FindStringIndex(rest); m != nil {
		list, separator, f.Reason = rest[:m[0]], strings.TrimSpace(rest[m[0]:m[1]]), strings.TrimSpace(rest[m[1]:])
	}
	rules, end := rulesOf(list)
	if end < len(list) { // the reason begins without a mark
		list, separator, f.Reason = list[:end], "", rest[end:]
	}
	exact := true
	for i, m := range rules {
		name := list[m[0]:m[1]]
		rule := canonical(name)
		exact = exact && rule == name && (i == 0 || strings.Contains(list[rules[i-1][1]:m[0]], ","))
		f.Rules = append(f.Rules, rule)
	}
	behind, verbatim := strings.CutPrefix(text, begin)
	verbatim = verbatim && (behind == "" || behind[0] == ' ' || behind[0] == '\t')
	f.Right = verbatim && exact && (separator == "--" || f.Reason == "" && separator == "")
	tight := at[3] == 0 && text[at[4]:at[5]] == ":" // as no prose is
	return f, tight || f.meant(rest, separator)
}

// meant tells what was meant as a directive from prose: it has nothing but rules, and a reason
// behind a mark.
func (f Form) meant(rest, separator string) bool {
	dashes := separator != "" && strings.Trim(separator, "-—–") == ""
	for _, rule := range f.Rules {
		if !slices.Contains(Names, rule) && !(dashes && nearest.Of(rule, Names) != "") {
			return false
		}
	}
	switch {
	case separator == "" && f.Reason != "":
		return false
	case len(f.Rules) == 0:
		return rest == "" || dashes
	}
	return separator != "" || f.Rules[0] != "directive" // "…as a poollint:ignore directive"
}

// rulesOf returns where the names of rules stand that a list begins with, and where they end.
func rulesOf(list string) (rules [][]int, end int) {
	words := word.FindAllStringIndex(list, -1)
	for i, m := range words {
		name := list[m[0]:m[1]]
		listed := i > 0 && strings.Contains(list[words[i-1][1]:m[0]], ",") ||
			i+1 < len(words) && strings.Contains(list[m[1]:words[i+1][0]], ",") || len(words) == 1
		if !listed && !slices.Contains(Names, canonical(name)) {
			return rules, m[0]
		}
		rules = append(rules, m)
	}
	return rules, len(list)
}

// canonical returns the rule that a name is, whatever its case; the name if there is none.
func canonical(name string) string {
	if i := slices.IndexFunc(Names, func(rule string) bool { return strings.EqualFold(rule, name) }); i >= 0 {
		return Names[i]
	}
	return name
}
