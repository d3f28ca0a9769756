package config

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// schemaURL is where the JSON Schema is published.
const schemaURL = "https://raw.githubusercontent.com/poollint/poollint/main/docs/poollint.schema.json"

// A Key describes one key of the configuration, as its struct tags do.
type Key struct {
	Name string // such as tenant.level
	Flag string // that overrides it, such as tenantfilter.level; "" for a part of the configuration

	reflect.StructField
	value reflect.Value // the default
	below []Key         // the keys of a part
}

// Keys returns the keys that have a value, in the order of the structs.
func Keys() []Key { return slices.Clone(allKeys()) }

var allKeys = sync.OnceValue(func() []Key {
	var all []Key
	var add func(keys []Key)
	add = func(keys []Key) {
		for _, k := range keys {
			if k.below == nil {
				all = append(all, k)
			}
			add(k.below)
		}
	}
	add(sections())
	return all
})

// sections returns the parts of the configuration.
func sections() []Key { return keysBelow("", reflect.ValueOf(Default()).Elem()) }

func keysBelow(part string, defaults reflect.Value) []Key {
	var keys []Key
	for i := range defaults.NumField() {
		field := defaults.Type().Field(i)
		if !field.IsExported() || field.Tag.Get("yaml") == "-" {
			continue
		}
		k := Key{Name: join(part, field.Tag.Get("yaml")), StructField: field, value: defaults.Field(i)}
		if k.value.Kind() == reflect.Struct {
			k.below = keysBelow(k.Name, k.value)
		} else {
			k.Flag = join(cmp.Or(field.Tag.Get("flag"), lastOf(part)), strings.ReplaceAll(k.name(), "_", "-"))
		}
		keys = append(keys, k)
	}
	return keys
}

// name returns the key as its part has it.
func (k Key) name() string { return k.Tag.Get("yaml") }

func (k Key) doc() string { return k.Tag.Get("doc") }

// takes says what the value must be.
func (k Key) takes() string { return kindOf(k.Type, k.Tag) }

// usage is the help of the key's flag.
func (k Key) usage() string {
	return fmt.Sprintf("%s (%s, %s): %s", strings.TrimSuffix(k.doc(), "."), k.Name, k.yaml(), k.takes())
}

// yaml returns the default as YAML.
func (k Key) yaml() string {
	switch v := k.value.Interface().(type) {
	case []string:
		return "[]"
	case map[string][]string:
		return "{}"
	default:
		if k.below == nil {
			return fmt.Sprint(v)
		}
	}
	var values []string
	for _, b := range k.below {
		values = append(values, b.name()+": "+b.yaml())
	}
	return "{" + strings.Join(values, ", ") + "}"
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
	fmt.Fprintf(&b, "# yaml-language-server: $schema=%s\n", schemaURL)
	b.WriteString("# Every key is optional; those in comments have their defaults.\n")
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n# %s\n%s:\n", s.doc(), s.name())
		for _, k := range s.below {
			fmt.Fprintf(&b, "  # %s%s\n", k.doc(), k.comment())
			switch value, ok := values[k.Name]; {
			case !ok:
				fmt.Fprintf(&b, "  # %s: %s\n", k.name(), k.yaml())
			case value.Doubt != "":
				for _, v := range append([]Proposal{value}, value.Or...) {
					fmt.Fprintf(&b, "  # %s: %s # %s\n", k.name(), v.YAML, strings.Join(strings.Fields(v.Doubt), " "))
				}
			default:
				fmt.Fprintf(&b, "  %s: %s\n", k.name(), value.YAML)
			}
		}
	}
	return b.Bytes()
}

// comment says what the key takes, in a sentence to follow its doc.
func (k Key) comment() string {
	if k.below != nil {
		return ""
	}
	takes := k.takes()
	return " " + strings.ToUpper(takes[:1]) + takes[1:] + "."
}

// Markdown returns docs/configuration.md.
func Markdown() []byte {
	var b bytes.Buffer
	b.WriteString(`<!-- Generated from internal/config by go generate. -->

# Configuration

poollint needs none. ` + "`" + FileName + "`" + ` tells it what it cannot find out by itself. The nearest file counts, from a package's
directory up to that of its go.mod, else the one beside the go.work that holds there. Paths in it are relative to the root of the
module that is analysed, wherever the file is; a path of ` + "`tenant.schema`" + ` that a file beside go.work names and a module does not have is passed over.
` + "`poollint init`" + ` writes a file that explains every key, with the values that the module suggests.

Mistakes in it (unknown key, wrong type, value that is not allowed) stop the run with exit status 2; each is told with its line and column, up to ten. A
name that nothing in the module has (a function, a table, a file) is a warning with its line and column; it fails nothing.
A path of ` + "`tenant.schema`" + ` that the module does not have is an error, since what tenantfilter judges by depends on it.
` + "`-config FILE`" + ` reads another file. A flag of a rule overrides its key: ` + "`-tenantfilter.level=by-id`" + `, ` + "`-newpool.severity=info`" + `;
` + "`poollint explain RULE`" + ` lists them. Editors complete the keys from [poollint.schema.json](poollint.schema.json).
`)
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.name(), s.doc())
		writeTable(&b, s.below)
	}
	b.WriteString("\n## All of it\n\n```yaml\n")
	b.Write(Template(nil))
	b.WriteString("```\n")
	return b.Bytes()
}

// writeTable writes a row a key, and a table of what keys have that are mappings.
func writeTable(b *bytes.Buffer, keys []Key) {
	if first := keys[0]; first.below != nil {
		b.WriteString("\n| rule | |\n|---|---|\n")
		for _, k := range keys {
			fmt.Fprintf(b, "| `%s` | %s |\n", k.name(), k.doc())
		}
		b.WriteString("\nEach has the keys:\n")
		writeTable(b, first.below)
		return
	}
	b.WriteString("\n| key | default | | value |\n|---|---|---|---|\n")
	for _, k := range keys {
		fmt.Fprintf(b, "| `%s` | `%s` | %s | %s |\n", k.name(), k.yaml(), k.doc(), strings.ReplaceAll(k.takes(), "*", `\*`))
	}
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
	MinItems    int          `json:"minItems,omitempty"`
	Names       *jsonSchema  `json:"propertyNames,omitempty"`
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
	root := part(sections())
	root.Schema, root.ID, root.Title, root.Type = "https://json-schema.org/draft/2020-12/schema", schemaURL, FileName, "object"
	return json.MarshalIndent(root, "", "  ")
}

// part describes a mapping with the keys.
func part(keys []Key) jsonSchema {
	s := jsonSchema{Type: []string{"object", "null"}, Properties: &orderedKeys{}, Additional: false}
	for _, k := range keys {
		s.Properties.add(k.name(), k.schema())
	}
	return s
}

// duration is the form of a positive duration: one of its numbers is not zero.
const duration = `^(` + anyNumber + units + `)*([0-9]*[1-9][0-9]*(\.[0-9]+)?|[0-9]+\.[0-9]*[1-9][0-9]*)` + units + `(` + anyNumber + units + `)*$`

const (
	anyNumber = `[0-9]+(\.[0-9]+)?`
	units     = `(ns|us|µs|ms|s|m|h)`
)

func (k Key) schema() jsonSchema {
	text := jsonSchema{Type: "string", Enum: enum(k.Tag)}
	if form, ok := formOf(k.Tag); ok {
		text.Pattern = form.pattern.String()
		if form.pattern.MatchString("7") {
			text.Type = []string{"string", "number"} // the decoder takes it as it is written
		}
	}
	texts := jsonSchema{Type: "array", Items: &text}
	names := jsonSchema{Type: "string", Pattern: text.Pattern}
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
		texts.MinItems = 1
		s = jsonSchema{Type: "object", Names: &names, Additional: texts}
	default:
		s = part(k.below)
	}
	s.Description = k.doc()
	return s
}
