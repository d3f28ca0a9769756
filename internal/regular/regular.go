// Package regular reads files whose content has an end: no pipes, no devices.
package regular

import (
	"errors"
	"io/fs"
	"os"
)

// ErrNot says why a file is not read.
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

// check looks before a file is opened: to open a pipe waits for who writes.
func check(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNot}
	}
	return err
}
