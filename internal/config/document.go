package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// SchemaURL is where the JSON Schema is published.
const SchemaURL = "https://raw.githubusercontent.com/poollint/poollint/main/docs/poollint.schema.json"

// section is one of the parts of the configuration, described by struct tags.
type section struct {
	name, doc string
	keys      []keyDoc
}

type keyDoc struct {
	reflect.StructField
	name  string
	value reflect.Value // the default
}

func (k keyDoc) doc() string { return k.Tag.Get("doc") }

// sections returns all keys, in the order of the structs.
func sections() []section {
	var all []section
	defaults := reflect.ValueOf(Default()).Elem()
	for i := range defaults.NumField() {
		field := defaults.Type().Field(i)
		if field.Type.Kind() != reflect.Struct || field.Tag.Get("yaml") == "" {
			continue
		}
		s := section{name: field.Tag.Get("yaml"), doc: field.Tag.Get("doc")}
		for j := range field.Type.NumField() {
			f := field.Type.Field(j)
			s.keys = append(s.keys, keyDoc{f, f.Tag.Get("yaml"), defaults.Field(i).Field(j)})
		}
		all = append(all, s)
	}
	return all
}

// yaml returns the default as YAML.
func (k keyDoc) yaml() string {
	switch v := k.value.Interface().(type) {
	case []string:
		return "[]"
	case map[string][]string:
		return "{}"
	default:
		return fmt.Sprint(v)
	}
}

// A Proposal is a value for a key, in YAML. If there is a doubt about it, it is written as
// a comment, with the doubt.
type Proposal struct {
	YAML, Doubt string
	Or          []Proposal // other values that may be meant
}

// Template returns a configuration file in which every key is explained. Keys
// such as "tenant.column" are set as proposed; the others stand in comments with
// their defaults.
func Template(values map[string]Proposal) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n", SchemaURL)
	b.WriteString("# Every key is optional; those in comments have their defaults.\n")
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n# %s\n%s:\n", s.doc, s.name)
		for _, k := range s.keys {
			fmt.Fprintf(&b, "  # %s%s\n", k.doc(), allowed(k.Tag))
			switch value, ok := values[s.name+"."+k.name]; {
			case !ok:
				fmt.Fprintf(&b, "  # %s: %s\n", k.name, k.yaml())
			case value.Doubt != "":
				for _, v := range append([]Proposal{value}, value.Or...) {
					fmt.Fprintf(&b, "  # %s: %s # %s\n", k.name, v.YAML, strings.Join(strings.Fields(v.Doubt), " "))
				}
			default:
				fmt.Fprintf(&b, "  %s: %s\n", k.name, value.YAML)
			}
		}
	}
	return b.Bytes()
}

func allowed(tag reflect.StructTag) string {
	if values := enum(tag); values != nil {
		return " One of " + strings.Join(values, ", ") + "."
	}
	return ""
}

// Markdown returns docs/configuration.md.
func Markdown() []byte {
	var b bytes.Buffer
	b.WriteString(`<!-- Generated from internal/config by go generate. -->

# Configuration

poollint needs none. ` + "`" + FileName + "`" + ` tells it what it cannot find out by itself. The nearest file counts, from a package's
directory up to that of its go.mod. ` + "`poollint init`" + ` writes one that explains every key, with the values that the module suggests.

A mistake in it (unknown key, wrong type, value that is not allowed) stops the run with exit status 2 and its line and column.
` + "`-config FILE`" + ` reads another file. A flag of a rule, such as ` + "`-tenantfilter.level=by-id`" + `, overrides its key. Editors complete the
keys from [poollint.schema.json](poollint.schema.json).
`)
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | default | |\n|---|---|---|\n", s.name, s.doc)
		for _, k := range s.keys {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s%s |\n", k.name, k.yaml(), strings.ReplaceAll(k.doc(), "|", `\|`), allowed(k.Tag))
		}
	}
	b.WriteString("\n## All of it\n\n```yaml\n")
	b.Write(Template(nil))
	b.WriteString("```\n")
	return b.Bytes()
}

// jsonSchema is the part of JSON Schema that describes the configuration.
type jsonSchema struct {
	Schema      string       `json:"$schema,omitempty"`
	ID          string       `json:"$id,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Type        any          `json:"type"`
	Enum        []string     `json:"enum,omitempty"`
	Pattern     string       `json:"pattern,omitempty"`
	Minimum     json.Number  `json:"minimum,omitempty"`
	Maximum     json.Number  `json:"maximum,omitempty"`
	Default     any          `json:"default,omitempty"`
	Items       *jsonSchema  `json:"items,omitempty"`
	Properties  *orderedKeys `json:"properties,omitempty"`
	Additional  any          `json:"additionalProperties,omitempty"`
}

// orderedKeys are properties in the order of the structs.
type orderedKeys []struct {
	name   string
	schema jsonSchema
}

func (o orderedKeys) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, property := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(property.schema)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", property.name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (o *orderedKeys) add(name string, schema jsonSchema) {
	*o = append(*o, struct {
		name   string
		schema jsonSchema
	}{name, schema})
}

// JSONSchema returns docs/poollint.schema.json.
func JSONSchema() ([]byte, error) {
	root := jsonSchema{
		Schema: "https://json-schema.org/draft/2020-12/schema", ID: SchemaURL,
		Title: FileName, Type: "object", Properties: &orderedKeys{}, Additional: false,
	}
	for _, s := range sections() {
		part := jsonSchema{Description: s.doc, Type: []string{"object", "null"}, Properties: &orderedKeys{}, Additional: false}
		for _, k := range s.keys {
			part.Properties.add(k.name, k.schema())
		}
		root.Properties.add(s.name, part)
	}
	return json.MarshalIndent(root, "", "  ")
}

// duration is the form of a positive duration: one of its numbers is not zero.
const duration = `^(` + anyNumber + units + `)*([0-9]*[1-9][0-9]*(\.[0-9]+)?|[0-9]+\.[0-9]*[1-9][0-9]*)` + units + `(` + anyNumber + units + `)*$`

const (
	anyNumber = `[0-9]+(\.[0-9]+)?`
	units     = `(ns|us|µs|ms|s|m|h)`
)

func (k keyDoc) schema() jsonSchema {
	text := jsonSchema{Type: "string", Enum: enum(k.Tag)}
	if form, ok := formOf(k.Tag); ok {
		text.Pattern = form.pattern.String()
		if form.pattern.MatchString("7") {
			text.Type = []string{"string", "number"} // the decoder takes it as it is written
		}
	}
	texts := jsonSchema{Type: "array", Items: &text}
	var s jsonSchema
	switch v := k.value.Interface().(type) {
	case bool:
		s = jsonSchema{Type: "boolean", Default: v}
	case int:
		s = jsonSchema{Type: "integer", Default: v, Minimum: json.Number(k.Tag.Get("min")), Maximum: json.Number(k.Tag.Get("max"))}
	case string:
		s = text
		s.Default = v
	case time.Duration:
		s = jsonSchema{Type: "string", Default: v.String(), Pattern: duration}
	case []string:
		s = texts
	case map[string][]string:
		s = jsonSchema{Type: "object", Additional: texts}
	default:
		panic(fmt.Sprintf("a key of type %s has no schema", k.Type))
	}
	s.Description = k.doc()
	return s
}
