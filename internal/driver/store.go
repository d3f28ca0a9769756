package driver

import (
	"bytes"
	"encoding/gob"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
)

// register registers the types of the data of findings and evidence with gob.
func register(rules []rule) {
	gob.Register(finding.Text(""))
	gob.Register(new(config.Seen))
	for _, r := range rules {
		for _, data := range r.Data {
			gob.Register(data)
		}
	}
}

// load decodes the entry of a key; false if there is none, or it cannot be decoded.
func load(store *cache.Cache, key cache.Key, into any) bool {
	if store == nil {
		return false
	}
	data, ok := store.Get(key)
	return ok && decode(data, into) == nil
}

func decode(data []byte, into any) error { return gob.NewDecoder(bytes.NewReader(data)).Decode(into) }

// save writes an entry. It fails if gob cannot encode the entry, and not if the cache
// cannot be written: that costs time only.
func save(store *cache.Cache, key cache.Key, entry any) error {
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(entry); err != nil {
		return err
	}
	if store != nil {
		store.Put(key, data.Bytes())
	}
	return nil
}
