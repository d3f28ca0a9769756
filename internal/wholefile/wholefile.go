// Package wholefile writes files whole or not at all.
package wholefile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/internal/interrupt"
)

// Write sets the content of a file, which it makes if need be. The file has the
// old content or the new one, whenever this process ends and however full the
// disk is; but what can be no other file, a pipe or a device or one that is
// mounted, is written as it stands.
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

// replace writes a file beside the other, which may be there, and renames it.
func replace(name string, data []byte, perm fs.FileMode, there bool) error {
	temp := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:8])
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return os.WriteFile(name, data, perm) // whose directory may be read-only
	}
	_, err = file.Write(data)
	if there { // its mode does not depend on the umask
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
