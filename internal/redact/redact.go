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
	regexp.MustCompile("([\\w.-]+:)([^\"'`\\s]*)(@(?:[a-z]+\\(|/))"),                              // user:password@tcp(host)
	regexp.MustCompile("(?i)((?:password|passwd|pwd)\\s*=\\s*'?)((?:[^\\s&;\"'`\\\\]|\\\\.)+)()"), // password=…
	regexp.MustCompile("(?i)((?:password|passwd|pwd)\\s*=?\\s*')((?:[^'\"`\\\\\\n]|\\\\.)+)()"),   // password='…', and in SQL
	regexp.MustCompile("(?i)((?:password|passwd|pwd)%3d)([^\\s&;\"'`]+)()"),                       // the same, encoded
}

// literal matches what a message quotes of source, also where it cuts that off.
var literal = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*(?:\"|$)|`[^`]*(?:`|$)")

// Code returns a message about source without the literals in it that look like more
// than a word or a path: any may be a connection string, of whatever form.
func Code(message string) string {
	return Text(literal.ReplaceAllStringFunc(message, func(quoted string) string {
		quote := quoted[:1]
		if whole := len(quoted) > 1 && strings.HasSuffix(quoted, quote); whole && !strings.ContainsAny(quoted, ":@=") {
			return quoted
		}
		return quote + "…" + quote
	}))
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
