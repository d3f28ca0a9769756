package driver

import (
	"bytes"

	"github.com/poollint/poollint/internal/regular"
)

// An Overlay is the text of files, by absolute path, in place of what the disk holds.
type Overlay map[string][]byte

// read returns a copy of a file's text, which the caller may change.
func (o Overlay) read(name string) ([]byte, error) {
	if text, ok := o[name]; ok {
		return bytes.Clone(text), nil
	}
	return regular.ReadFile(name)
}
