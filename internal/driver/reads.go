package driver

import (
	"sync"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
)

// A readList is what analyzers read, besides Go files, for a unit or for
// several.
type readList struct {
	Root  string // of the module
	Reads []config.Read

	key   cache.Key
	holds func() bool // whether all is still as it was
}

// readLists keeps the lists, each once.
type readLists struct {
	store *cache.Cache
	kept  sync.Map // of *config.Read, the first of a list, to *readList
	known sync.Map // of key to *readList
	files sync.Map // of the root of a module to *config.Files as they are now
}

// keep writes what was read for a unit.
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

// write keeps a list and returns the one list of its kind.
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

// recall returns the lists with the keys; false if one is gone or holds no more.
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

func (l *readLists) read(key cache.Key) *readList {
	if known, ok := l.known.Load(key); ok {
		return known.(*readList)
	}
	list := &readList{key: key}
	if !load(l.store, key, list) {
		return nil
	}
	list.holds = sync.OnceValue(func() bool {
		files, _ := l.files.LoadOrStore(list.Root, config.NewFiles(list.Root))
		return files.(*config.Files).Unchanged(list.Reads)
	})
	known, _ := l.known.LoadOrStore(key, list)
	return known.(*readList)
}
