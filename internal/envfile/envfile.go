// Package envfile reads .env files: lines of NAME=value. Since these have passwords,
// errors quote nothing of the content.
package envfile

import (
	"fmt"
	"regexp"
	"strings"
)

// max bounds a file, and its values with the variables in them, in bytes.
const max = 1 << 20

var (
	blank      = regexp.MustCompile(`^(?:\s+|#[^\n]*)+`)
	assignment = regexp.MustCompile(`^(?:export[ \t]+)?([\w.]+)[ \t]*[=:][ \t]*`)
	quoted     = regexp.MustCompile(`^(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)")`)
	unquoted   = regexp.MustCompile(`^[^\n]*`)
	comment    = regexp.MustCompile(`(?:^|\s)#.*`)
	variable   = regexp.MustCompile(`\\\$|\$\{\w+\}|\$\w+`)
	escapes    = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\$`, `\$`, `\\`, `\`, `\"`, `"`)
)

// Parse returns the variables. A value may refer to variables above it, as $NAME or
// ${NAME}, except within single quotes.
func Parse(data []byte) (map[string]string, error) {
	if len(data) > max {
		return nil, fmt.Errorf("larger than %d MiB", max>>20)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	vars, size := map[string]string{}, 0
	rest := text[len(blank.FindString(text)):]
	wrong := func(what string) error {
		return fmt.Errorf("line %d: %s", 1+strings.Count(text[:len(text)-len(rest)], "\n"), what)
	}
	for rest != "" {
		m := assignment.FindStringSubmatch(rest)
		if m == nil {
			return nil, wrong("not NAME=value")
		}
		value, length, ok := valueOf(rest[len(m[0]):], vars)
		if !ok {
			return nil, wrong("the quote does not end")
		}
		if size += len(value); size > max {
			return nil, wrong("the values are too large")
		}
		vars[m[1]] = value
		rest = rest[len(m[0])+length:]
		rest = rest[len(blank.FindString(rest)):]
	}
	return vars, nil
}

// valueOf returns the value at the start of the text, and the length of its source.
func valueOf(text string, vars map[string]string) (value string, length int, ok bool) {
	if m := quoted.FindStringSubmatch(text); m != nil {
		if m[0][0] == '\'' {
			return m[1], len(m[0]), true
		}
		return expand(escapes.Replace(m[2]), vars), len(m[0]), true
	}
	line := unquoted.FindString(text)
	return expand(strings.TrimSpace(comment.ReplaceAllString(line, "")), vars), len(line), !strings.ContainsAny(text[:min(1, len(text))], `'"`)
}

// expand replaces variables by their values, up to the bound.
func expand(text string, vars map[string]string) string {
	size := len(text)
	return variable.ReplaceAllStringFunc(text, func(name string) string {
		if name == `\$` {
			return "$"
		}
		value := vars[strings.Trim(name, "${}")]
		if size += len(value); size > 2*max {
			return ""
		}
		return value
	})
}
