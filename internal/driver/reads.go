package driver

import (
	"bytes"
	"encoding/gob"
	"sync"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
)

// A readList is what analyzers read, besides Go files, for a unit.
type readList struct {
	Root  string // of the module
	Reads []config.Read

	key   cache.Key
	holds func() bool // whether all is still as it was
}

// readLists keeps the lists, which most units of a module share.
type readLists struct {
	store *cache.Cache
	known sync.Map // of key to *readList
}

// keep writes a list, once, and returns the one list of its kind.
func (l *readLists) keep(list *readList) *readList {
	h := cache.NewHash("reads")
	h.Add(list.Root)
	for _, r := range list.Reads {
		h.Add(r.Op, r.Name, r.Digest)
	}
	list.key = h.Key()
	list.holds = func() bool { return true } // it was read just now
	known, _ := l.known.LoadOrStore(list.key, list)
	if known == list {
		var data bytes.Buffer
		if gob.NewEncoder(&data).Encode(list) == nil {
			l.store.Put(list.key, data.Bytes()) // a cache that cannot be written costs time only
		}
	}
	return known.(*readList)
}

// recall returns a list by its key, or nil if it is gone or holds no more.
func (l *readLists) recall(key cache.Key) *readList {
	known, ok := l.known.Load(key)
	if !ok {
		data, ok := l.store.Get(key)
		list := new(readList)
		if !ok || gob.NewDecoder(bytes.NewReader(data)).Decode(list) != nil {
			return nil
		}
		list.key = key
		list.holds = sync.OnceValue(func() bool { return config.NewFiles(list.Root).Unchanged(list.Reads) })
		known, _ = l.known.LoadOrStore(key, list)
	}
	list := known.(*readList)
	if !list.holds() {
		return nil
	}
	return list
}
