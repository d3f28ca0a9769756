// Package yamltree reads untrusted YAML. Time and memory are bounded by the length of the
// text, whatever its aliases, anchors, merge keys and nesting: aliases are followed only
// when a value is looked up, and never copied.
package yamltree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxSize bounds a text, in bytes.
const maxSize = 256 << 10

// An Error is a mistake in a text. Line and Column count from 1.
type Error struct {
	Line, Column int
	Message      string // lower case, one line
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// A Tree is a document.
type Tree struct {
	Root *yaml.Node // nil if the text holds nothing

	found map[lookup]*yaml.Node
}

// A lookup asks a mapping for the value of a key.
type lookup struct {
	mapping *yaml.Node
	key     string
}

// Parse reads the only document of a text. A mistake in it is an *Error.
func Parse(text []byte) (*Tree, error) {
	if len(text) > maxSize {
		return nil, &Error{1, 1, fmt.Sprintf("larger than %d KiB", maxSize>>10)}
	}
	t := &Tree{found: map[lookup]*yaml.Node{}}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		switch err := decoder.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return t, nil
		case err != nil:
			return nil, syntaxError(err)
		}
		root := doc.Content[0]
		switch {
		case root.Tag == "!!null" && root.Value == "":
		case t.Root != nil:
			return nil, &Error{root.Line, root.Column, "a second document; write one"}
		default:
			t.Root = root
		}
	}
}

// position matches the line in the yaml package's errors.
var position = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func syntaxError(err error) *Error {
	text := err.Error()
	m := position.FindStringSubmatch(text)
	if m == nil {
		return &Error{1, 1, text}
	}
	line, _ := strconv.Atoi(m[1])
	message := strings.TrimPrefix(text, m[0])
	if strings.HasPrefix(message, "exceeded max depth") {
		message = "nested too deeply"
	}
	return &Error{max(line, 1), 1, message}
}

// Get returns the value at the path of keys from the node, nil if there is none. Keys of a
// mapping itself take precedence over those that it merges.
func (t *Tree) Get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		n = t.get(n, key)
	}
	return follow(n)
}

func (t *Tree) get(n *yaml.Node, key string) *yaml.Node {
	n = follow(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	at := lookup{n, key}
	if value, ok := t.found[at]; ok {
		return value
	}
	t.found[at] = nil // for a mapping that merges itself
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch name, value := n.Content[i], n.Content[i+1]; {
		case name.Value == key:
			t.found[at] = value
			return value
		case name.Tag == "!!merge":
			merged = mappings(value)
		}
	}
	for _, m := range merged {
		if value := t.get(m, key); value != nil {
			t.found[at] = value
			return value
		}
	}
	return nil
}

// mappings returns what a merge key names: one mapping, or a list of them.
func mappings(n *yaml.Node) []*yaml.Node {
	if n = follow(n); n != nil && n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

// Items returns the elements of a list.
func Items(n *yaml.Node) []*yaml.Node {
	if n = follow(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// Texts returns the strings of a list, which may be written as one string.
func Texts(n *yaml.Node) []string {
	if one := Text(n); one != "" {
		return []string{one}
	}
	var all []string
	for _, item := range Items(n) {
		if text := Text(item); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// Text returns a scalar as it is written, "" for anything else.
func Text(n *yaml.Node) string {
	if n = follow(n); n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// follow returns the node that an alias stands for. That is never another alias.
func follow(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
