package config

import (
	"errors"
	"fmt"
	"go/token"
	"maps"
)

// An Entry is a name or path that a list or mapping of the configuration has.
type Entry struct {
	Value string
	Pos   token.Position // without a line if a flag gave it
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

func (e *EntryError) Error() string { return fmt.Sprintf("%s: %v", e.Key, e.Err) }

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
