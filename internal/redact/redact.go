// Package redact hides passwords in what is printed.
package redact

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// secrets match passwords, which are their second group, where connection strings have
// them, well-formed or not. Rather too much is hidden than too little.
var secrets = []*regexp.Regexp{
	regexp.MustCompile("(://?[^\\s:/@\"'`]*:)([^\"'`\\n]*)(@)"),                                   // scheme://user:password@host
	regexp.MustCompile("(://?[^\\s:/@\"'`]*:)([^\\s/@\"'`?]*[^\\d\\s/@\"'`?][^\\s/@\"'`?]*)()"),   // scheme://user:password
	regexp.MustCompile("([\\w.-]+:)([^\"'`\\s]*)(@[a-z]+\\()"),                                    // user:password@tcp(host)
	regexp.MustCompile("(?i)((?:password|passwd|pwd)\\s*=\\s*'?)((?:[^\\s&;\"'`\\\\]|\\\\.)+)()"), // password=…
	regexp.MustCompile("(?i)((?:password|passwd|pwd)\\s*=?\\s*')((?:[^'\"`\\\\\\n]|\\\\.)+)()"),   // password='…', and in SQL
	regexp.MustCompile("(?i)((?:password|passwd|pwd)%3d)([^\\s&;\"'`]+)()"),                       // the same, encoded
}

// Text returns the text with a star for each character of the passwords in it.
func Text(text string) string {
	for _, secret := range secrets {
		text = secret.ReplaceAllStringFunc(text, func(found string) string {
			m := secret.FindStringSubmatch(found)
			return m[1] + strings.Repeat("*", utf8.RuneCountInString(m[2])) + m[3]
		})
	}
	return text
}
