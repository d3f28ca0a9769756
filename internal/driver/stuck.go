package driver

import (
	"context"
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/config"
)

// patience is how long the go command may take to list packages before we look for
// something that it may wait for. It is not a bound: the go command may download modules.
const patience = 2 * time.Second

// whileListing returns a context that ends when the go command waits for a pipe or a
// device in place of a file. The context's cause names it.
func whileListing(ctx context.Context, dir string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	look := time.AfterFunc(patience, func() {
		if file := endless(dir); file != "" {
			cancel(fmt.Errorf("%s is not a regular file; the go command waits for it to end", file))
		}
	})
	return ctx, func() {
		look.Stop()
		cancel(nil)
	}
}

// endless returns the path of a pipe or device that the go command reads in or below dir;
// "" if there is none.
func endless(dir string) (found string) {
	for above := dir; found == ""; above = filepath.Dir(above) {
		for _, name := range moduleFiles {
			if file := filepath.Join(above, name); blocks(file) {
				return file
			}
		}
		if above == filepath.Dir(above) {
			break
		}
	}
	filepath.WalkDir(config.Root(dir), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // the go command ignores it too
		case entry.IsDir():
			if name := entry.Name(); name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") && path != dir {
				return fs.SkipDir
			}
		case !entry.Type().IsRegular() && isRead(entry.Name()) && blocks(path):
			found = path
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// moduleFiles are the files that the go command reads besides sources.
var moduleFiles = []string{"go.mod", "go.sum", "go.work", "go.work.sum", filepath.Join("vendor", "modules.txt")}

// isRead reports whether the go command opens a file of the name to list packages.
func isRead(name string) (opens bool) {
	context := build.Default
	context.OpenFile = func(string) (io.ReadCloser, error) {
		opens = true
		return nil, fs.ErrInvalid
	}
	context.MatchFile("", name) // the result does not matter
	return opens || name == "go.mod" || name == "modules.txt"
}

// blocks reports whether reading the file may wait for ever.
func blocks(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().Type()&(fs.ModeNamedPipe|fs.ModeCharDevice|fs.ModeSocket) != 0
}
