// Package regular reads regular files only. Reading a pipe or a device might never end.
package regular

import (
	"errors"
	"io/fs"
	"os"
)

// ErrNot is the error for other files.
var ErrNot = errors.New("not a regular file")

// Open opens a regular file to read it.
func Open(name string) (*os.File, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	return os.Open(name)
}

// ReadFile returns the content of a regular file.
func ReadFile(name string) ([]byte, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

// check examines a file before it is opened, since opening a pipe waits for a writer.
func check(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNot}
	}
	return err
}
