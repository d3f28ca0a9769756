package snapshot

import (
	"io/fs"
	"sync"
	"time"
)

// A Memo keeps what was made of files, by path, while they have the identity that they had.
type Memo[T any] struct{ byPath sync.Map }

// made is what was made of a file that has the identity.
type made[T any] struct {
	id   Identity
	what T
}

// Of returns what make makes of a file, which info describes, or has made of it before. It is kept
// if make says so, and if the file has certainly not changed since the start, while it was read.
func (m *Memo[T]) Of(file string, info fs.FileInfo, start time.Time, make func() (what T, keep bool)) T {
	id, ok := Of(info)
	if was, known := m.byPath.Load(file); ok && known && was.(made[T]).id == id {
		return was.(made[T]).what
	}
	what, keep := make()
	if ok && keep && id.Before(start) {
		m.byPath.Store(file, made[T]{id, what})
	}
	return what
}
