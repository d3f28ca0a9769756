package printable

import "path/filepath"

// Path returns the path of a file as readers of a report see it: from dir, with slashes, if it is
// below that.
func Path(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}
