package config

import (
	"errors"
	"fmt"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/yamltree"
)

// An Error is a mistake in a configuration. Line and Column count from 1.
type Error struct {
	Path         string
	Line, Column int
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Message)
}

// Mistakes are those of a configuration, in the order of its lines; errors.As finds the first one
// as an *Error.
type Mistakes []*Error

func (m Mistakes) Error() string { return strings.Join(m.Lines(), "; ") }

// Lines returns each mistake.
func (m Mistakes) Lines() (lines []string) {
	for _, mistake := range m {
		lines = append(lines, mistake.Error())
	}
	return lines
}

// Unwrap returns each mistake.
func (m Mistakes) Unwrap() (all []error) {
	for _, mistake := range m {
		all = append(all, mistake)
	}
	return all
}

// MistakesOf returns the mistakes of a configuration that an error tells, if it does.
func MistakesOf(err error) Mistakes {
	var all Mistakes
	var one *Error
	switch {
	case errors.As(err, &all):
		return all
	case errors.As(err, &one):
		return Mistakes{one}
	}
	return nil
}

// maxMistakes bounds how many mistakes are told at once.
const maxMistakes = 10

// Decode sets the keys that the YAML text has. Its error is Mistakes at the given path, or an
// *Error where the text is not YAML; the settings must not be used then.
func (c *Config) Decode(path string, text []byte) error {
	tree, err := yamltree.Parse(text)
	var mistake *yamltree.Error
	switch {
	case errors.As(err, &mistake):
		return &Error{path, mistake.Line, mistake.Column, mistake.Message}
	case err != nil:
		return err
	case tree.Root == nil:
		return nil
	}
	d := decoder{path: path, entries: map[string][]Entry{}}
	if d.value(tree.Root, "", reflect.ValueOf(c).Elem(), ""); d.mistakes != nil {
		return d.mistakes
	}
	c.keep(d.entries)
	return nil
}

type decoder struct {
	path     string
	entries  map[string][]Entry // of lists and mappings, by key
	mistakes Mistakes
}

// errorf records a mistake.
func (d *decoder) errorf(at *yaml.Node, format string, args ...any) {
	if len(d.mistakes) < maxMistakes {
		d.mistakes = append(d.mistakes, &Error{d.path, at.Line, at.Column, fmt.Sprintf(format, args...)})
	}
}

// value sets v, the value of the key, from the node.
func (d *decoder) value(node *yaml.Node, key string, v reflect.Value, tag reflect.StructTag) {
	name := lastOf(key)
	if node.Tag == "!!null" {
		if v.Kind() != reflect.Struct { // a section whose keys are all commented out
			d.errorf(node, "%s has no value; it must be %s", name, kindOf(v.Type(), tag))
		}
		return
	}
	mismatch := func() { d.errorf(node, "%s must be %s", name, kindOf(v.Type(), tag)) }
	switch v.Kind() {
	case reflect.Struct:
		fields := fieldsOf(v.Type())
		d.mapping(node, mismatch, func(name, value *yaml.Node) {
			if i, ok := fields[name.Value]; ok {
				d.value(value, join(key, name.Value), v.Field(i), v.Type().Field(i).Tag)
			} else {
				d.errorf(name, "%s", unknownKey(key, name.Value, v.Type()))
			}
		})
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		d.entries[key] = nil
		d.mapping(node, mismatch, func(name, value *yaml.Node) { d.pair(name, value, key, v, tag) })
	case reflect.Slice:
		if node.Kind != yaml.SequenceNode {
			mismatch()
			return
		}
		v.SetZero()
		d.entries[key] = nil
		for _, item := range node.Content {
			elem := reflect.New(v.Type().Elem()).Elem()
			d.scalar(item, "an entry of "+name, elem, tag)
			v.Set(reflect.Append(v, elem))
			d.entry(key, item, elem.String())
		}
	default:
		d.scalar(node, name, v, tag)
	}
}

// pair sets an entry of the mapping v, the value of the key.
func (d *decoder) pair(name, value *yaml.Node, key string, v reflect.Value, tag reflect.StructTag) {
	if form, ok := formOf(tag); ok && !form.pattern.MatchString(name.Value) {
		d.errorf(name, "a key of %s must be %s", lastOf(key), form.words)
	}
	elem, before := reflect.New(v.Type().Elem()).Elem(), len(d.mistakes)
	d.value(value, join(key, name.Value), elem, tag)
	if elem.Len() == 0 && len(d.mistakes) == before {
		d.errorf(value, "%s has no entry", name.Value)
	}
	v.SetMapIndex(reflect.ValueOf(name.Value), elem)
	d.entry(key, name, name.Value)
}

// scalar sets v, which is one word, from the node; called is what messages call it.
func (d *decoder) scalar(node *yaml.Node, called string, v reflect.Value, tag reflect.StructTag) {
	text, ok := scalarText(node, v.Kind())
	if !ok || setScalar(v, tag, text) != nil {
		d.errorf(node, "%s must be %s", called, kindOf(v.Type(), tag))
	}
}

// entry records where an entry of the key stands.
func (d *decoder) entry(key string, node *yaml.Node, value string) {
	d.entries[key] = append(d.entries[key], Entry{value, token.Position{Filename: d.path, Line: node.Line, Column: node.Column}})
}

// join returns the name of a key below another, such as tenant.level.
func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// lastOf returns what messages call a key: the last part of its name.
func lastOf(key string) string {
	if key == "" {
		return "the configuration"
	}
	return key[strings.LastIndex(key, ".")+1:]
}

// mapping calls entry for each key of a mapping node.
func (d *decoder) mapping(node *yaml.Node, mismatch func(), entry func(name, value *yaml.Node)) {
	if node.Kind != yaml.MappingNode {
		mismatch()
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		switch {
		case name.Kind != yaml.ScalarNode || name.Tag != "!!str":
			d.errorf(name, "a key must be a plain name")
		case seen[name.Value]:
			d.errorf(name, "%s is set twice", name.Value)
		default:
			seen[name.Value] = true
			entry(name, value)
		}
	}
}

// scalarText returns the text of a node that can set a value of the kind. A
// string takes numbers and words as they are written.
func scalarText(node *yaml.Node, kind reflect.Kind) (string, bool) {
	if node.Kind != yaml.ScalarNode {
		return "", false
	}
	switch node.Tag {
	case "!!str":
		return node.Value, kind == reflect.String || kind == reflect.Int64
	case "!!int":
		return node.Value, kind == reflect.Int || kind == reflect.String
	case "!!float", "!!timestamp":
		return node.Value, kind == reflect.String
	case "!!bool":
		return node.Value, kind == reflect.Bool
	}
	return "", false
}

// setScalar sets a string, number, boolean or duration from its text.
func setScalar(v reflect.Value, tag reflect.StructTag, text string) error {
	switch v.Interface().(type) {
	case string:
		if allowed := enum(tag); allowed != nil && !slices.Contains(allowed, text) {
			return errors.New("not an allowed value")
		}
		if form, ok := formOf(tag); ok && !form.pattern.MatchString(text) {
			return errors.New("not of the form")
		}
		if tag.Get("form") == "function" || tag.Get("form") == "query" {
			text = strings.Replace(text, "(*", "(", 1) // a pointer receiver is named like a value receiver
		}
		v.SetString(text)
	case bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return err
		}
		v.SetBool(b)
	case int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		if least, err := strconv.Atoi(tag.Get("min")); err == nil && n < least {
			return errors.New("too small")
		}
		if most, err := strconv.Atoi(tag.Get("max")); err == nil && n > most {
			return errors.New("too large")
		}
		v.SetInt(int64(n))
	case time.Duration:
		n, err := time.ParseDuration(text)
		if err != nil {
			return err
		}
		if n <= 0 {
			return errors.New("not positive")
		}
		v.SetInt(int64(n))
	default:
		return fmt.Errorf("a %s cannot be set from one word", v.Type())
	}
	return nil
}

// kindOf says in words what a value of the type looks like.
func kindOf(t reflect.Type, tag reflect.StructTag) string {
	if allowed := enum(tag); allowed != nil {
		return "one of " + strings.Join(allowed, ", ")
	}
	if t == reflect.TypeFor[time.Duration]() {
		return "a positive duration such as 5s"
	}
	switch t.Kind() {
	case reflect.Struct:
		return "a mapping with the keys " + strings.Join(keysOf(t), ", ")
	case reflect.Map:
		return "a mapping from a name to " + kindOf(t.Elem(), tag)
	case reflect.Slice:
		return "a list; each entry is " + kindOf(t.Elem(), tag)
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return fmt.Sprintf("a number from %s to %s", tag.Get("min"), tag.Get("max"))
	}
	if form, ok := formOf(tag); ok {
		return form.words
	}
	return "a string"
}

func enum(tag reflect.StructTag) []string {
	if tag.Get("enum") == "" {
		return nil
	}
	return strings.Split(tag.Get("enum"), ",")
}

// fieldsOf returns the fields of a struct by their key.
func fieldsOf(t reflect.Type) map[string]int {
	fields := map[string]int{}
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" && key != "-" {
			fields[key] = i
		}
	}
	return fields
}

func keysOf(t reflect.Type) []string {
	return slices.Sorted(maps.Keys(fieldsOf(t)))
}

// moved are keys that have become others.
var moved = map[string]string{"tenant.exempt_paths": "rules.tenantfilter.exempt_paths"}

// unknownKey says that what t describes, a part of the configuration, has no such key.
func unknownKey(part, key string, t reflect.Type) string {
	if now := moved[join(part, key)]; now != "" {
		return fmt.Sprintf("%s is called %s now", join(part, key), now)
	}
	if guess := nearest.Of(key, keysOf(t)); guess != "" {
		return fmt.Sprintf("unknown key %s; did you mean %s?", key, guess)
	}
	return fmt.Sprintf("unknown key %s; the keys are %s", key, strings.Join(keysOf(t), ", "))
}
