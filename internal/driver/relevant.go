package driver

import (
	"bytes"
	"slices"
)

// relevant returns the units that can have findings, or facts that findings depend on:
// those that import a library or a relevant unit, and those of the user's packages that a
// relevant unit imports and that make SQL, put texts together, declare models of an object mapper, choose a
// database, make names, close, call or keep values, or may call by way of interfaces what others implement, although
// they reach no library themselves.
func relevant(units []*unit, paths []string, matters func(file string) bool) map[*unit]bool {
	libraries := map[string]bool{}
	for _, path := range paths {
		libraries[path] = true
	}
	reach := map[*unit]bool{}
	postorder(units, func(u *unit) {
		reach[u] = libraries[u.PkgPath] || slices.ContainsFunc(u.imports, func(dep *unit) bool { return reach[dep] })
	})
	makes := map[*unit]bool{}
	var visit func(u *unit)
	visit = func(u *unit) {
		for _, dep := range u.imports {
			if _, seen := makes[dep]; seen || reach[dep] || !dep.ours() {
				continue
			}
			makes[dep] = slices.ContainsFunc(dep.imports, (*unit).ours) || slices.ContainsFunc(dep.GoFiles, matters)
			visit(dep)
		}
	}
	for _, u := range units {
		if reach[u] && u.ours() {
			visit(u)
		}
	}
	for u, yes := range makes {
		reach[u] = yes
		if u.variant != nil { // it is analysed in its place
			reach[u.variant] = reach[u.variant] || yes
		}
	}
	return reach
}

// ours reports whether the package belongs to the user.
func (u *unit) ours() bool { return u.Module != nil && u.Module.Main || u.Module == nil && u.root }

// moduleDir returns the directory of the package's module, else its own.
func (u *unit) moduleDir() string {
	if u.Module != nil {
		return u.Module.Dir
	}
	return u.Dir
}

// matters reports whether the text of a file seems to make SQL, to put texts together, to declare models, to choose a
// database, to make names, to close, call or keep values, or to have interfaces of its own.
func matters(text []byte) bool {
	return hasSQL(text) || takesValues(text) || has(choices, text) || has(writers, text) || has(ports, text) || has(makers, text)
}

// Signs of functions that make names which differ from call to call.
var makers = [][]byte{[]byte(`/rand"`), []byte(`/uuid"`), []byte(`/ulid`), []byte(`/xid"`), []byte(`/ksuid"`), []byte("nanoid")}

// Signs of interfaces that other packages implement.
var ports = [][]byte{[]byte(" interface {")}

// Signs of types and functions that put texts together, whose words are the callers'.
var writers = [][]byte{[]byte("strings.Builder"), []byte("bytes.Buffer")}

// Signs of functions that close a value they are given, of types that close what they hold, of functions that
// register a release, or end the test.
var takers = [][]byte{[]byte("io.Closer"), []byte(".Cleanup("), []byte("\tClose("), []byte("{ Close("), []byte(") Close("), []byte(".Fatal"), []byte("os.Exit(")}

// takesValues reports whether there seem to be functions in the text that close, call,
// keep or hand back whatever value they are given: that take a closer or a function, or
// are generic.
func takesValues(text []byte) bool {
	if has(takers, text) {
		return true
	}
	for line := range bytes.Lines(text) {
		decl, ok := bytes.CutPrefix(line, []byte("func "))
		if !ok {
			continue
		}
		if method, ok := bytes.CutPrefix(decl, []byte("(")); ok {
			_, decl, _ = bytes.Cut(method, []byte(") "))
		}
		name, params, _ := bytes.Cut(decl, []byte("("))
		params, _, _ = bytes.Cut(params, []byte(" {"))
		if bytes.Contains(name, []byte("[")) || bytes.Contains(params, []byte("func(")) {
			return true
		}
	}
	return false
}

// Words that stand in SQL and seldom elsewhere: the first anywhere, the others
// where a literal begins.
var (
	keywords = []string{"SELECT", "FROM", "WHERE", "JOIN", "ORDER BY", "LIMIT"}
	openings = []string{"select ", "where ", "and ", "or ", "order by ", "limit "}
)

// What the models of object mappers have: the keys of tags, or a method.
var models = [][]byte{[]byte(`gorm:"`), []byte(`bun:"`), []byte(`xorm:"`), []byte(`pg:"`), []byte(") TableName() string")}

func hasSQL(text []byte) bool {
	return has(models, text) || slices.ContainsFunc(keywords, func(word string) bool {
		return found(text, word, func(before, after []byte) bool { return !endsWord(before) && !beginsWord(after) })
	}) || slices.ContainsFunc(openings, func(word string) bool {
		return found(text, word, func(before, _ []byte) bool {
			before = bytes.TrimRight(before, " \t\r\n")
			return bytes.HasSuffix(before, []byte{'"'}) || bytes.HasSuffix(before, []byte{'`'})
		})
	})
}

// Signs of configurations that may choose a database which is no server.
var choices = [][]byte{[]byte("sqlite"), []byte("Sqlite"), []byte("SQLite"), []byte(`"memory"`), []byte(`"file"`)}

func has(signs [][]byte, text []byte) bool {
	return slices.ContainsFunc(signs, func(sign []byte) bool { return bytes.Contains(text, sign) })
}

// found reports whether a word is in the text at a place that fits.
func found(text []byte, word string, fits func(before, after []byte) bool) bool {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(word))
		if i < 0 {
			return false
		}
		if at += i; fits(text[:at], text[at+len(word):]) {
			return true
		}
		at += len(word)
	}
}

func endsWord(text []byte) bool   { return len(text) > 0 && isLetter(text[len(text)-1]) }
func beginsWord(text []byte) bool { return len(text) > 0 && isLetter(text[0]) }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
