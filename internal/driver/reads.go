package driver

import (
	"sync"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
)

// A readList is the list of what analyzers read besides Go files. Units that read the
// same share it.
type readList struct {
	Root  string // of the module
	Reads []config.Read

	key   cache.Key
	holds func() bool // whether all of it is unchanged
}

// readLists has the lists of a run, each once.
type readLists struct {
	store *cache.Cache
	kept  sync.Map // *readList by *config.Read, the first of the list
	known sync.Map // *readList by key
	files sync.Map // *config.Files by the root of the module
}

// keep writes the lists of what was read for a unit to the cache.
func (l *readLists) keep(read *config.Files) (lists []*readList) {
	if read == nil {
		return nil
	}
	for _, reads := range read.Lists() {
		list, ok := l.kept.Load(&reads[0])
		if !ok {
			list, _ = l.kept.LoadOrStore(&reads[0], l.write(&readList{Root: read.Root(), Reads: reads}))
		}
		lists = append(lists, list.(*readList))
	}
	return lists
}

// write keeps a list and returns the shared list that is equal to it.
func (l *readLists) write(list *readList) *readList {
	h := cache.NewHash("reads")
	h.Add(list.Root)
	for _, r := range list.Reads {
		h.Add(r.Op, r.Name, r.Digest)
	}
	list.key = h.Key()
	list.holds = func() bool { return true } // it was read just now
	known, before := l.known.LoadOrStore(list.key, list)
	if !before {
		save(l.store, list.key, list)
	}
	return known.(*readList)
}

// recall returns the lists with the keys; false if one is gone or has changed.
func (l *readLists) recall(keys []cache.Key) (lists []*readList, ok bool) {
	for _, key := range keys {
		list := l.read(key)
		if list == nil || !list.holds() {
			return nil, false
		}
		lists = append(lists, list)
	}
	return lists, true
}

// again returns a list that an earlier run has read.
func (l *readLists) again(list *readList) *readList {
	if known, ok := l.known.Load(list.key); ok {
		return known.(*readList)
	}
	return l.ask(&readList{Root: list.Root, Reads: list.Reads, key: list.key})
}

// ask returns the shared list that is equal to one of which it is not known whether it holds.
func (l *readLists) ask(list *readList) *readList {
	list.holds = sync.OnceValue(func() bool {
		files, _ := l.files.LoadOrStore(list.Root, config.NewFiles(list.Root))
		return files.(*config.Files).Unchanged(list.Reads)
	})
	known, _ := l.known.LoadOrStore(list.key, list)
	return known.(*readList)
}

func (l *readLists) read(key cache.Key) *readList {
	if known, ok := l.known.Load(key); ok {
		return known.(*readList)
	}
	list := &readList{key: key}
	if !load(l.store, key, list) {
		return nil
	}
	return l.ask(list)
}
