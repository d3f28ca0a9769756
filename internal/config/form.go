package config

import (
	"reflect"
	"regexp"
)

// A form is what a text must look like, beyond being one. The decoder and the JSON Schema
// share the pattern.
type form struct {
	words   string // what the text must be
	pattern *regexp.Regexp
}

// forms are by the tag form of a key. In a list each entry has the form, in a mapping each
// key and each entry of its lists.
var forms = map[string]form{
	"name":         {"a name", regexp.MustCompile(`^\S(.*\S)?$`)},
	"table":        {"a name", regexp.MustCompile(`^\S(.*\S)?$`)},
	"part":         {"one word of a name, in lower case, such as customer", regexp.MustCompile(`^[^\s_A-Z.-]+$`)},
	"function":     {"a function, such as import/path.Func or (import/path.Type).Method", regexp.MustCompile(`^` + function + `$`)},
	"query":        {"a function and the index of its SQL argument, such as import/path.Func:1 or (import/path.Type).Method:0", regexp.MustCompile(`^` + function + `:[0-9]{1,2}$`)},
	"name pattern": {"a pattern in which * ? [a-z] stand for characters, such as *AllTenants", regexp.MustCompile(`^([^\[\]\\]|` + special + `)+$`)},
	"path pattern": {"a pattern of paths below the module root, such as legacy/** or **/*_gen.go", regexp.MustCompile(`^([^/\[\]\\]|` + special + `)([^\[\]\\]|` + special + `)*$`)},
	"file":         {"a path below the module root, with slashes", regexp.MustCompile(`^(\./)*` + element + `(/` + element + `)*/?$`)},
}

// The parts of patterns. Neither Go nor JSON Schema has a way to exclude a word, so that an
// element of a path is spelled out as what is not "..".
const (
	identifier = `[^\s\d().:/*,][^\s().:/*,]*`
	dotted     = `[^\s():*,]*[^\s().:/*,]\.` + identifier
	function   = `(` + dotted + `|\(\*?` + dotted + `\)\.` + identifier + `)`
	classPart  = `([^\]\\\-\[]|\\.)(-([^\]\\\-\[]|\\.))?`
	special    = `\\.|\[\^?(` + classPart + `)+\]`
	element    = `(\.|\.?[^/\\.][^/\\]*|\.\.[^/\\]+)`
)

// formOf returns the form that the tag of a key asks for.
func formOf(tag reflect.StructTag) (form, bool) {
	f, ok := forms[tag.Get("form")]
	return f, ok
}
