// Package wholefile writes files atomically.
package wholefile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/internal/interrupt"
)

// Write sets the content of a file, which it creates if need be. The file has either the
// old or the new content, also if this process is killed or the disk is full. Only what
// cannot be replaced by a new file is written in place: a pipe, a device, a mounted file.
func Write(name string, data []byte) error {
	perm, there := fs.FileMode(0o666), false
	if info, err := os.Stat(name); err == nil {
		there = true
		if !info.Mode().IsRegular() {
			return os.WriteFile(name, data, perm)
		}
		perm = info.Mode().Perm()
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	return interrupt.Whole(func() error { return replace(name, data, perm, there) })
}

// replace writes a temporary file beside the file and renames it. The last argument says
// whether the file exists.
func replace(name string, data []byte, perm fs.FileMode, there bool) error {
	temp := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:8])
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return os.WriteFile(name, data, perm) // the directory may be read-only
	}
	_, err = file.Write(data)
	if there { // keep its mode, whatever the umask
		err = errors.Join(err, file.Chmod(perm))
	}
	if err = errors.Join(err, file.Close()); err == nil {
		if os.Rename(temp, name) == nil {
			return nil
		}
		err = os.WriteFile(name, data, perm)
	}
	os.Remove(temp)
	return err
}
