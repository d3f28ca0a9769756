// Package regular reads regular files only, and no more of them than memory holds. Reading a pipe or
// a device might never end.
package regular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrNot is the error for other files, ErrLarge that for those that are too large.
var (
	ErrNot   = errors.New("not a regular file")
	ErrLarge = errors.New("too large")
)

// maxSize bounds what ReadFile reads, in bytes: far more than source files and entries of the
// cache have.
const maxSize = 256 << 20

// Open opens a regular file to read it.
func Open(name string) (*os.File, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	return os.Open(name)
}

// ReadFile returns the content of a regular file of at most 256 MiB.
func ReadFile(name string) ([]byte, error) { return ReadUpTo(maxSize, name) }

// ReadUpTo returns the content of a regular file of at most so many bytes.
func ReadUpTo(size int64, name string) ([]byte, error) {
	file, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if info.Size() <= size {
		text.Grow(int(info.Size()) + bytes.MinRead)
		_, err = text.ReadFrom(io.LimitReader(file, size+1)) // it may grow
	}
	switch {
	case err != nil:
		return nil, err
	case max(info.Size(), int64(text.Len())) > size:
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: it has more than %d MiB", ErrLarge, size>>20)}
	}
	return text.Bytes(), nil
}

// check examines a file before it is opened, since opening a pipe waits for a writer.
func check(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNot}
	}
	return err
}
