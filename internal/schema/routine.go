package schema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// routines are the settings that functions of the database read, by the function's name,
// lower case: what policies compare a column with often stands in one.
type routines map[string][]string

var (
	functionMade = regexp.MustCompile(`(?is)^CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(?:"?\w+"?\s*\.\s*)*"?(\w+)"?\s*\(`)
	settingRead  = regexp.MustCompile(`(?i)\bcurrent_setting\s*\(\s*'+([\w.]+)'`)
	called       = regexp.MustCompile(`(\w+)"?\s*\(`)
	lineComment  = regexp.MustCompile(`(?m)--.*$`)
)

// define notes what a function reads, itself or through those that were made before. Its body
// may be in any language: only the calls count.
func (r routines) define(text string) {
	text = lineComment.ReplaceAllString(text, "")
	made := functionMade.FindStringSubmatchIndex(text)
	if made == nil {
		return
	}
	name, body := strings.ToLower(text[made[2]:made[3]]), text[made[1]:]
	var read []string
	for _, m := range settingRead.FindAllStringSubmatch(body, -1) {
		read = append(read, m[1])
	}
	for _, m := range called.FindAllStringSubmatch(body, -1) {
		read = append(read, r[strings.ToLower(m[1])]...)
	}
	slices.Sort(read)
	r[name] = slices.Compact(read)
}

// readBy returns the settings that a call in a policy reads.
func (r routines) readBy(call *sqlast.FuncCall) []string {
	name := strings.ToLower(call.Name.Last().Text)
	if name != "current_setting" {
		return r[name]
	}
	if len(call.Args) > 0 {
		if l, ok := call.Args[0].(*sqlast.Literal); ok {
			return []string{l.Value}
		}
	}
	return nil
}
