package driver

import (
	"bytes"
	"fmt"
	"go/types"
	"os"
	"slices"
	"sync"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/poollint/poollint/internal/cache"
)

// exports are the types of dependencies that are read from export data: from the go
// command's build cache, or from our own cache, where an earlier run wrote it.
type exports struct {
	store *cache.Cache // nil for none

	mu         sync.Mutex // export data is read by one goroutine at a time
	packages   map[string]*types.Package
	unreadable error // why the go command's export data cannot be read; nil if it can
	lost       bool  // an entry vanished from the store during the run
}

// export reads the types of a unit from its export data.
func (c *checker) export(u *unit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	switch {
	case u.PkgPath == "unsafe":
		u.types = types.Unsafe
	case u.kept:
		u.types, err = c.readKept(u)
		c.lost = c.lost || err != nil
	default:
		if u.types, err = c.readCompiled(u); err != nil {
			c.unreadable = fmt.Errorf("read export data of %s: %w", u.PkgPath, err)
		}
	}
}

func (c *checker) readCompiled(u *unit) (*types.Package, error) {
	file, err := os.Open(u.ExportFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	//lint:ignore SA1019 up to Go 1.27 go list -export names archives, which only NewReader can read
	data, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(data, c.fset, c.packages, u.PkgPath)
}

func (c *checker) readKept(u *unit) (*types.Package, error) {
	data, ok := c.store.Get(u.key)
	if !ok {
		return nil, os.ErrNotExist
	}
	pkg, err := gcexportdata.Read(bytes.NewReader(data), c.fset, c.packages, u.PkgPath)
	if err != nil {
		c.store.Remove(u.key)
	}
	return pkg, err
}

// keepTypes writes the types of a dependency that was checked from source to the cache.
// They include all types of other packages that they refer to.
func (c *checker) keepTypes(u *unit) {
	if c.store == nil || !u.lent || u.unsure || c.store.Has(u.key) {
		return
	}
	var data bytes.Buffer
	if gcexportdata.Write(&data, c.fset, u.types) == nil {
		c.store.Put(u.key, data.Bytes()) // a cache that cannot be written costs time only
	}
}

// recallTypes takes the types of lent units from the cache, if all of them are there: a
// package must not be read and checked in one run.
func (l *listing) recallTypes(store *cache.Cache) {
	kept := func(u *unit) bool { return u.exported() || !u.unsure && store.Has(u.key) }
	if store == nil || slices.ContainsFunc(l.lent, func(u *unit) bool { return !kept(u) }) {
		return
	}
	for _, u := range l.lent {
		u.kept = !u.exported()
	}
}

// exported reports whether the unit's types are read, not checked from source.
func (u *unit) exported() bool { return u.ExportFile != "" || u.kept || u.PkgPath == "unsafe" }
