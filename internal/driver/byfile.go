package driver

import (
	"os"
	"sync"
	"time"

	"github.com/poollint/poollint/internal/snapshot"
)

// byFile keeps what was made of files, by path, while they have the identity that they had.
type byFile[T any] struct{ sync.Map }

// made is what was made of a file that has the identity.
type made[T any] struct {
	id   snapshot.Identity
	what T
}

// of returns what make makes of a file, or has made of it before. It is kept if make says so,
// and if the file was certainly not changed while it was read.
func (b *byFile[T]) of(file string, start time.Time, make func() (what T, keep bool)) T {
	info, err := os.Stat(file)
	if err != nil {
		what, _ := make()
		return what
	}
	id, ok := snapshot.Of(info)
	if was, known := b.Load(file); ok && known && was.(made[T]).id == id {
		return was.(made[T]).what
	}
	what, keep := make()
	if ok && keep && id.Before(start) {
		b.Store(file, made[T]{id, what})
	}
	return what
}
