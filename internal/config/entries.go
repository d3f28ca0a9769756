package config

import (
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
