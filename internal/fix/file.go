package fix

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/snapshot"
)

// A file is a file that fixes change.
type file struct {
	module        string      // its directory
	name          string      // relative to module
	info          fs.FileInfo // nil for one that is not there yet
	before, after []byte
}

// Reasons not to change a file.
var (
	errOutside   = errors.New("the file stands outside the module")
	errLink      = errors.New("a symbolic link leads to the file")
	errHardLinks = errors.New("the file has other names (hard links)")
	errIrregular = errors.New("not a regular file")
	errReadOnly  = errors.New("the file is read-only")
	errGenerated = errors.New("the file is generated")
	errChanged   = errors.New("the file has changed meanwhile")
)

// open reads a file of one of the modules. It is an error if the file must not be changed.
func open(path string, modules []string) (*file, error) {
	f := locate(path, modules)
	if f == nil {
		return nil, errOutside
	}
	if err := f.read(); err != nil {
		return nil, err
	}
	if isGenerated(path, f.before) {
		return nil, errGenerated
	}
	return f, nil
}

// changedSince reports whether the file has changed since a moment, so that edits that
// were made then may not fit.
func (f *file) changedSince(moment time.Time) bool {
	changed := f.info.ModTime()
	if id, ok := snapshot.Of(f.info); ok {
		changed = time.Unix(0, id.Changed) // unlike the modification time, no program can set it
	}
	return !changed.Before(moment)
}

// locate finds the innermost module around the path.
func locate(path string, modules []string) *file {
	var f *file
	for _, module := range modules {
		name, err := filepath.Rel(module, path)
		if err == nil && filepath.IsLocal(name) && (f == nil || len(module) > len(f.module)) {
			f = &file{module: module, name: name}
		}
	}
	return f
}

// read reads the file. It follows no link, so that it stays in the module.
func (f *file) read() error {
	root, err := os.OpenRoot(f.module)
	if err != nil {
		return err
	}
	defer root.Close()
	if f.info, err = inspect(root, f.name); err != nil {
		return err
	}
	f.before, err = root.ReadFile(f.name)
	return err
}

// inspect returns the file's info, or an error if the file must not be changed.
func inspect(root *os.Root, name string) (info fs.FileInfo, err error) {
	for i, c := range name + string(filepath.Separator) {
		if c != filepath.Separator {
			continue
		}
		if info, err = root.Lstat(name[:i]); err != nil {
			return nil, err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, errLink
		}
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, errIrregular
	case info.Mode().Perm()&0o200 == 0:
		return nil, errReadOnly
	case names(info) > 1:
		return nil, errHardLinks
	}
	return info, nil
}

func isGenerated(path string, source []byte) bool {
	if filepath.Ext(path) != ".go" {
		return false
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments|parser.PackageClauseOnly)
	return err == nil && ast.IsGenerated(parsed)
}

// replace writes the new content of the files: of all, or of none if there is an error. At
// any moment each file has either its old or its new content.
func replace(files []*file) error {
	var all []*replacement
	defer func() {
		for _, r := range all {
			r.close()
		}
	}()
	for _, f := range files {
		r, err := f.stage()
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(f.module, f.name), err)
		}
		all = append(all, r)
		if len(files) > 1 && f.info != nil {
			if err := r.keepOld(); err != nil {
				return fmt.Errorf("%s: %w", filepath.Join(f.module, f.name), err)
			}
		}
	}
	return makeAll(all)
}

// makeAll makes all replacements. If one fails, it undoes the others.
func makeAll(all []*replacement) error {
	for i, r := range all {
		if err := r.make(); err != nil {
			for _, done := range all[:i] {
				err = errors.Join(err, done.undo())
			}
			return fmt.Errorf("%s: %w", filepath.Join(r.module, r.name), err)
		}
	}
	return nil
}

// A replacement holds a file's new content, and perhaps a copy of the old, in temporary
// files beside it.
type replacement struct {
	*file
	root     *os.Root
	new, old string // names of the temporary files, "" where there is none
}

// stage writes the new content beside the file.
func (f *file) stage() (*replacement, error) {
	root, err := os.OpenRoot(f.module)
	if err != nil {
		return nil, err
	}
	r := &replacement{file: f, root: root}
	if f.info == nil {
		if _, gone := root.Lstat(f.name); gone == nil {
			err = errChanged
		} else {
			err = root.MkdirAll(filepath.Dir(f.name), 0o777)
		}
	} else {
		err = r.unchanged()
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	if r.new, err = r.write(f.after); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *replacement) keepOld() (err error) {
	r.old, err = r.write(r.before)
	return err
}

// unchanged returns an error if the file has changed since it was read.
func (r *replacement) unchanged() error {
	info, err := inspect(r.root, r.name)
	if err != nil {
		return err
	}
	now, err := r.root.ReadFile(r.name)
	if err != nil {
		return err
	}
	if !os.SameFile(info, r.info) || !bytes.Equal(now, r.before) {
		return errChanged
	}
	return nil
}

// write writes a temporary file beside the file, with the same owner and mode. If that
// fails, the temporary file is removed.
func (r *replacement) write(content []byte) (name string, err error) {
	dir, base := filepath.Split(r.name)
	name = dir + "." + base + "." + strings.ToLower(rand.Text()[:8]) + ".tmp" // the go command ignores such names
	out, err := r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = out.Write(content)
	switch {
	case err != nil:
	case r.info == nil:
		err = out.Chmod(0o644)
	default:
		err = errors.Join(own(out, r.info), out.Chmod(r.info.Mode().Perm()))
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return "", errors.Join(err, r.root.Remove(name))
	}
	return name, nil
}

func (r *replacement) make() error {
	err := r.root.Rename(r.new, r.name)
	if err == nil {
		r.new = ""
	}
	return err
}

func (r *replacement) undo() error {
	if r.info == nil {
		return r.root.Remove(r.name)
	}
	err := r.root.Rename(r.old, r.name)
	if err == nil {
		r.old = ""
	}
	return err
}

// close removes the remaining temporary files.
func (r *replacement) close() error {
	var errs []error
	for _, name := range []string{r.new, r.old} {
		if name != "" {
			errs = append(errs, r.root.Remove(name))
		}
	}
	return errors.Join(append(errs, r.root.Close())...)
}
