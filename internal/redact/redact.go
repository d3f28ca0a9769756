// Package redact hides passwords in what is printed.
package redact

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// secrets match the passwords of connection strings, well-formed or not, in their second
// group. They match too much rather than too little.
var secrets = []*regexp.Regexp{
	regexp.MustCompile("(://?[^\\s:/@\"'`]*:)([^\"'`\\n]*)(@)"),                                                    // scheme://user:password@host
	regexp.MustCompile("(://?(?:[^[\\s:/@\"'`][^\\s:/@\"'`]*)?:)([^\\s/@\"'`?]*[^\\d\\s/@\"'`?][^\\s/@\"'`?]*)()"), // scheme://user:password, but for an IPv6 address
	regexp.MustCompile("([\\w.-]+:)([^\"`\\s]*)(@(?:[a-z]+\\(|/))"),                                                // user:password@tcp(host)
	regexp.MustCompile("([\"'`][\\w-]+/)([^\"'`\\s/]*)(@)"),                                                        // "user/password@host"
	regexp.MustCompile("(?i)((?:password|passwd|pwd)\\s*=\\s*'?)((?:[^\\s&;\"'`\\\\]|\\\\.)+)()"),                  // password=…
	regexp.MustCompile("(?i)((?:password|passwd|pwd)\\s*=?\\s*')((?:[^'\"`\\\\\\n]|\\\\.)+)()"),                    // password='…', and in SQL
	regexp.MustCompile("(?i)((?:password|passwd|pwd)%3d)([^\\s&;\"'`]+)()"),                                        // the same, encoded
	regexp.MustCompile("(?i)([?&]\\w*token=)([^\\s&;\"'`]+)()"),                                                    // ?authToken=…
}

// literal matches string literals that a message quotes, also if they are cut off.
var literal = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*(?:\"|$)|`[^`]*(?:`|$)")

// Code returns a message about source without its string literals, which may be connection
// strings in any form. Literals that look like a word or a path stay.
func Code(message string) string {
	return Text(literal.ReplaceAllStringFunc(message, func(quoted string) string {
		quote := quoted[:1]
		if whole := len(quoted) > 1 && strings.HasSuffix(quoted, quote); whole && !strings.ContainsAny(quoted, ":@=") {
			return quoted
		}
		return quote + "…" + quote
	}))
}

// Text returns the text with each character of its passwords replaced by a star.
func Text(text string) string {
	for _, secret := range secrets {
		text = secret.ReplaceAllStringFunc(text, func(found string) string {
			m := secret.FindStringSubmatch(found)
			return m[1] + strings.Repeat("*", utf8.RuneCountInString(m[2])) + m[3]
		})
	}
	return text
}
