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

// Decode sets the keys that the YAML text has. It returns the first mistake, as an *Error
// at the given path; the settings must not be used then.
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
	if err := d.value(tree.Root, "", reflect.ValueOf(c).Elem(), ""); err != nil {
		return err
	}
	c.keep(d.entries)
	return nil
}

type decoder struct {
	path    string
	entries map[string][]Entry // of lists and mappings, by key
}

func (d *decoder) errorf(at *yaml.Node, format string, args ...any) error {
	return &Error{d.path, at.Line, at.Column, fmt.Sprintf(format, args...)}
}

// value sets v, the value of the key, from the node.
func (d *decoder) value(node *yaml.Node, key string, v reflect.Value, tag reflect.StructTag) error {
	name := lastOf(key)
	if node.Tag == "!!null" {
		if v.Kind() == reflect.Struct {
			return nil // a section whose keys are all commented out
		}
		return d.errorf(node, "%s has no value; it must be %s", name, kindOf(v.Type(), tag))
	}
	mismatch := func() error {
		return d.errorf(node, "%s must be %s", name, kindOf(v.Type(), tag))
	}
	switch v.Kind() {
	case reflect.Struct:
		fields := fieldsOf(v.Type())
		return d.mapping(node, mismatch, func(name, value *yaml.Node) error {
			i, ok := fields[name.Value]
			if !ok {
				return d.errorf(name, "%s", unknownKey(key, name.Value, v.Type()))
			}
			return d.value(value, join(key, name.Value), v.Field(i), v.Type().Field(i).Tag)
		})
	case reflect.Map:
		m := reflect.MakeMap(v.Type())
		v.Set(m)
		d.entries[key] = nil
		return d.mapping(node, mismatch, func(name, value *yaml.Node) error {
			if form, ok := formOf(tag); ok && !form.pattern.MatchString(name.Value) {
				return d.errorf(name, "a key of %s must be %s", lastOf(key), form.words)
			}
			elem := reflect.New(v.Type().Elem()).Elem()
			if err := d.value(value, join(key, name.Value), elem, tag); err != nil {
				return err
			}
			if elem.Len() == 0 {
				return d.errorf(value, "%s has no entry", name.Value)
			}
			m.SetMapIndex(reflect.ValueOf(name.Value), elem)
			d.entry(key, name, name.Value)
			return nil
		})
	case reflect.Slice:
		if node.Kind != yaml.SequenceNode {
			return mismatch()
		}
		v.SetZero()
		d.entries[key] = nil
		for _, item := range node.Content {
			elem := reflect.New(v.Type().Elem()).Elem()
			if err := d.scalar(item, "an entry of "+name, elem, tag); err != nil {
				return err
			}
			v.Set(reflect.Append(v, elem))
			d.entry(key, item, elem.String())
		}
		return nil
	}
	return d.scalar(node, name, v, tag)
}

// scalar sets v, which is one word, from the node; called is what messages call it.
func (d *decoder) scalar(node *yaml.Node, called string, v reflect.Value, tag reflect.StructTag) error {
	text, ok := scalarText(node, v.Kind())
	if !ok || setScalar(v, tag, text) != nil {
		return d.errorf(node, "%s must be %s", called, kindOf(v.Type(), tag))
	}
	return nil
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
func (d *decoder) mapping(node *yaml.Node, mismatch func() error, entry func(name, value *yaml.Node) error) error {
	if node.Kind != yaml.MappingNode {
		return mismatch()
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if name.Kind != yaml.ScalarNode || name.Tag != "!!str" {
			return d.errorf(name, "a key must be a plain name")
		}
		if seen[name.Value] {
			return d.errorf(name, "%s is set twice", name.Value)
		}
		seen[name.Value] = true
		if err := entry(name, value); err != nil {
			return err
		}
	}
	return nil
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
