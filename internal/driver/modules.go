package driver

import (
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/poollint/poollint/internal/regular"
)

// modulesOf returns the go.mod files of the directories that a go.work file uses, and of
// those that a go.mod or go.work file replaces modules by: their requirements count for
// the whole build. For a file that cannot be read it returns none.
func modulesOf(file string) []string {
	text, err := regular.ReadFile(file)
	if err != nil {
		return nil
	}
	var dirs []string
	var replaced []*modfile.Replace
	if strings.HasSuffix(file, ".work") {
		work, err := modfile.ParseWork(file, text, nil)
		if err != nil {
			return nil
		}
		for _, use := range work.Use {
			dirs = append(dirs, use.Path)
		}
		replaced = work.Replace
	} else if mod, err := modfile.Parse(file, text, nil); err == nil {
		replaced = mod.Replace
	}
	for _, r := range replaced {
		if r.New.Version == "" {
			dirs = append(dirs, r.New.Path)
		}
	}
	for i, dir := range dirs {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(file), dir)
		}
		dirs[i] = filepath.Join(dir, "go.mod")
	}
	return dirs
}
