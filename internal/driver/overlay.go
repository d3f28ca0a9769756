package driver

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/regular"
)

// An Overlay is the text of files, by absolute path, in place of what the disk holds.
type Overlay map[string][]byte

// temporary is what stands before the name of an overlay's file where the go command quotes it: the
// directory that go/packages has written the text to, of another name each time.
var temporary = regexp.MustCompile(`\S*gocommand-\d+[/\\]\d+-`)

// read returns a copy of a file's text, which the caller may change.
func (o Overlay) read(name string) ([]byte, error) {
	if text, ok := o[name]; ok {
		return bytes.Clone(text), nil
	}
	return regular.ReadFile(name)
}

// isDisk reports whether the disk holds what the overlay has of a file, or the overlay has nothing.
func (o Overlay) isDisk(name string) bool {
	text, ok := o[name]
	if !ok {
		return true
	}
	disk, err := regular.ReadFile(name)
	return err == nil && bytes.Equal(text, disk)
}

// allDisk reports whether the disk holds all that the overlay has.
func (o Overlay) allDisk() bool {
	for name := range o {
		if !o.isDisk(name) {
			return false
		}
	}
	return true
}

// beside returns the files that the disk does not have, sorted.
func (o Overlay) beside() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			names = append(names, name)
		}
	}
	return names
}
