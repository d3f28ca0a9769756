package config

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Exempts returns the pattern by which the rule leaves the file alone, which is named
// relative to the module root; "" if none does.
func (r Rule) Exempts(name string) string {
	for _, pattern := range r.ExemptPaths {
		if matchPath(pattern, name) {
			return pattern
		}
	}
	return ""
}

// matchPath reports whether the pattern matches the file or a directory that it is in.
func matchPath(pattern, name string) bool {
	compiled, ok := globs.Load(pattern)
	if !ok {
		compiled, _ = globs.LoadOrStore(pattern, compileGlob(pattern))
	}
	return compiled.(*regexp.Regexp).MatchString(name)
}

var globs sync.Map // *regexp.Regexp by pattern

// nothing matches no text: the pattern of a class such as [z-a].
var nothing = regexp.MustCompile(`$.^`)

// compileGlob translates a pattern. Regular expressions take linear time, whatever the
// pattern.
func compileGlob(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^`)
	elements := strings.Split(strings.TrimSuffix(path.Clean(pattern), "/..."), "/")
	for i, element := range elements {
		switch last := i == len(elements)-1; {
		case element == "**" && last:
			b.WriteString(`.+`)
		case element == "**":
			b.WriteString(`([^/]+/)*`)
		default:
			b.WriteString(globElement(element))
			if !last {
				b.WriteString(`/`)
			}
		}
	}
	b.WriteString(`(/.*)?$`)
	compiled, err := regexp.Compile(b.String())
	if err != nil {
		return nothing
	}
	return compiled
}

// globElement translates a pattern without slashes. Its form is right.
func globElement(pattern string) string {
	var b strings.Builder
	for class := false; pattern != ""; {
		c, size := utf8.DecodeRuneInString(pattern)
		pattern = pattern[size:]
		switch {
		case c == '\\':
			c, size = utf8.DecodeRuneInString(pattern)
			pattern = pattern[size:]
			fmt.Fprintf(&b, `\x{%x}`, c)
		case c == '[' || c == ']':
			class = c == '['
			b.WriteRune(c)
		case class:
			b.WriteRune(c)
		case c == '*':
			b.WriteString(`[^/]*`)
		case c == '?':
			b.WriteString(`[^/]`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return b.String()
}
