package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/poollint/poollint/internal/nearest"
)

// Bounds on a configuration: bytes, and brackets open at once.
const (
	maxSize  = 256 << 10
	maxDepth = 100
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

// Decode lays the YAML text over the settings. The first mistake is returned,
// an *Error at the given path; the settings are then of no use.
func (c *Config) Decode(path string, text []byte) error {
	d := decoder{path}
	if len(text) > maxSize {
		return d.at(1, 1, "larger than %d KiB", maxSize>>10)
	}
	if line, ok := tooDeep(text); ok {
		return d.at(line, 1, "nested too deeply")
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		var syntax yaml.Error
		if errors.As(err, &syntax) {
			return d.errorf(syntax.GetToken(), "%s", syntax.GetMessage())
		}
		return d.at(1, 1, "%v", err)
	}
	for i, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.NullType {
			continue
		}
		if i > 0 {
			return d.errorf(doc.Body.GetToken(), "a second document; write one")
		}
		if err := d.value(doc.Body, "the configuration", reflect.ValueOf(c).Elem(), ""); err != nil {
			return err
		}
	}
	return nil
}

// tooDeep guards the parser, which recurses, against text such as "[[[[[[".
func tooDeep(text []byte) (line int, ok bool) {
	depth, line := 0, 1
	for _, c := range text {
		switch c {
		case '\n':
			line++
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth > maxDepth {
			return line, true
		}
	}
	return 0, false
}

type decoder struct{ path string }

func (d decoder) at(line, column int, format string, args ...any) error {
	return &Error{d.path, line, column, fmt.Sprintf(format, args...)}
}

func (d decoder) errorf(tok *token.Token, format string, args ...any) error {
	if tok == nil || tok.Position == nil {
		return d.at(1, 1, format, args...)
	}
	return d.at(tok.Position.Line, tok.Position.Column, format, args...)
}

// value sets v, which is called key, to what the node says.
func (d decoder) value(node ast.Node, key string, v reflect.Value, tag reflect.StructTag) error {
	if node.Type() == ast.NullType {
		if v.Kind() == reflect.Struct {
			return nil // a section whose keys are all commented out
		}
		return d.errorf(node.GetToken(), "%s has no value; it must be %s", key, kindOf(v.Type(), tag))
	}
	mismatch := func() error {
		return d.errorf(start(node), "%s must be %s", key, kindOf(v.Type(), tag))
	}
	switch v.Kind() {
	case reflect.Struct:
		fields := fieldsOf(v.Type())
		return d.mapping(node, mismatch, func(name ast.Node, value ast.Node) error {
			i, ok := fields[name.GetToken().Value]
			if !ok {
				return d.errorf(name.GetToken(), "%s", unknownKey(name.GetToken().Value, v.Type()))
			}
			return d.value(value, name.GetToken().Value, v.Field(i), v.Type().Field(i).Tag)
		})
	case reflect.Map:
		m := reflect.MakeMap(v.Type())
		v.Set(m)
		return d.mapping(node, mismatch, func(name ast.Node, value ast.Node) error {
			elem := reflect.New(v.Type().Elem()).Elem()
			if err := d.value(value, name.GetToken().Value, elem, ""); err != nil {
				return err
			}
			m.SetMapIndex(reflect.ValueOf(name.GetToken().Value), elem)
			return nil
		})
	case reflect.Slice:
		seq, ok := node.(*ast.SequenceNode)
		if !ok {
			return mismatch()
		}
		v.SetZero()
		for _, item := range seq.Values {
			elem := reflect.New(v.Type().Elem()).Elem()
			if err := d.value(item, "an entry of "+key, elem, ""); err != nil {
				return err
			}
			v.Set(reflect.Append(v, elem))
		}
		return nil
	}
	text, ok := scalarText(node, v.Kind())
	if !ok {
		return mismatch()
	}
	if err := setScalar(v, tag, text); err != nil {
		return d.errorf(node.GetToken(), "%s must be %s", key, kindOf(v.Type(), tag))
	}
	return nil
}

// mapping calls entry for each key of a mapping node.
func (d decoder) mapping(node ast.Node, mismatch func() error, entry func(name, value ast.Node) error) error {
	var values []*ast.MappingValueNode
	switch node := node.(type) {
	case *ast.MappingNode:
		values = node.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{node}
	default:
		return mismatch()
	}
	seen := map[string]bool{}
	for _, value := range values {
		name, ok := value.Key.(*ast.StringNode)
		if !ok {
			return d.errorf(value.Key.GetToken(), "a key must be a plain name")
		}
		if seen[name.Value] {
			return d.errorf(name.GetToken(), "%s is set twice", name.Value)
		}
		seen[name.Value] = true
		if err := entry(name, value.Value); err != nil {
			return err
		}
	}
	return nil
}

// start returns the first token of a node; a mapping's own token is its colon.
func start(node ast.Node) *token.Token {
	switch node := node.(type) {
	case *ast.MappingNode:
		if !node.IsFlowStyle && len(node.Values) > 0 {
			return start(node.Values[0])
		}
	case *ast.MappingValueNode:
		return node.Key.GetToken()
	}
	return node.GetToken()
}

// scalarText returns the text of a node that can set a value of the kind. A
// string takes numbers and words as they are written.
func scalarText(node ast.Node, kind reflect.Kind) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, kind == reflect.String || kind == reflect.Int64
	case *ast.LiteralNode:
		return node.Value.Value, kind == reflect.String
	case *ast.IntegerNode:
		return node.Token.Value, kind == reflect.Int || kind == reflect.String
	case *ast.FloatNode:
		return node.Token.Value, kind == reflect.String
	case *ast.BoolNode:
		return node.Token.Value, kind == reflect.Bool
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
		return "a mapping with the keys " + strings.Join(keys(t), ", ")
	case reflect.Map:
		return "a mapping from a name to a list of strings"
	case reflect.Slice:
		return "a list of strings"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		if least := tag.Get("min"); least != "" {
			return "a number of at least " + least
		}
		return "a number"
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

func keys(t reflect.Type) []string {
	return slices.Sorted(maps.Keys(fieldsOf(t)))
}

func unknownKey(key string, t reflect.Type) string {
	if guess := nearest.Of(key, keys(t)); guess != "" {
		return fmt.Sprintf("unknown key %s; did you mean %s?", key, guess)
	}
	return fmt.Sprintf("unknown key %s; the keys are %s", key, strings.Join(keys(t), ", "))
}
