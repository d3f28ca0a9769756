package flow

import "regexp"

// verb matches a verb of a format, or a percent sign.
var verb = regexp.MustCompile(`%(?:%|[-+# 0-9.]*[a-zA-Z])`)

// Verbs returns where the verbs of a format begin, in the order of the arguments that they take.
func Verbs(format string) (starts []int) {
	for _, at := range verb.FindAllStringIndex(format, -1) {
		if format[at[0]:at[1]] != "%%" {
			starts = append(starts, at[0])
		}
	}
	return starts
}
