package config

import (
	"errors"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"sync"

	"github.com/poollint/poollint/internal/nearest"
)

// An Entry is a name or path that a list or mapping of the configuration has.
type Entry struct {
	Value string
	Pos   token.Position // without a line if a flag gave it
}

// Named returns the entries that name what the module should have, by the keys of forms:
// "function", "query", "table", "file", "name pattern" or "path pattern".
func (c *Config) Named(forms ...string) map[string][]Entry {
	named := map[string][]Entry{}
	for _, k := range keys() {
		if entries := c.entries[k.Name]; len(entries) > 0 && slices.Contains(forms, k.Tag.Get("form")) {
			named[k.Name] = entries
		}
	}
	return named
}

// keys are the keys, once for the process.
var keys = sync.OnceValue(Keys)

// A Match says whether an entry of a key names something in a package.
type Match struct {
	Key, Value string
	Found      bool
	Near       string // what may be meant, if nothing is found
}

// Match records whether the entry names something in the package, one of the names; a match
// counts more than none.
func (c *Config) Match(key string, e Entry, found bool, names []string) {
	m := Match{Key: key, Value: e.Value, Found: found}
	if !found {
		m.Near = nearest.Of(e.Value, names)
	}
	c.Files.match(m)
}

// keep records the entries of keys in place of their earlier ones.
func (c *Config) keep(entries map[string][]Entry) {
	if len(entries) == 0 {
		return
	}
	all := maps.Clone(c.entries) // another Config may share it
	if all == nil {
		all = map[string][]Entry{}
	}
	maps.Copy(all, entries)
	c.entries = all
}

// An EntryError says what is wrong with an entry of a key.
type EntryError struct {
	Key, Value string
	Err        error
}

func (e *EntryError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Key, e.Value, reason(e.Err))
}

// Locate returns the error with the place of the entry that it is about.
func (c *Config) Locate(err error) error {
	var bad *EntryError
	if !errors.As(err, &bad) {
		return err
	}
	for _, e := range c.entries[bad.Key] {
		if e.Value == bad.Value && e.Pos.IsValid() {
			return &Error{e.Pos.Filename, e.Pos.Line, e.Pos.Column, bad.Error()}
		}
	}
	return err
}
