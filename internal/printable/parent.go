package printable

import (
	"path"
	"strings"
)

// Parent returns the longest path that all of the import paths are below, with a slash behind
// it; empty if there is none.
func Parent(packages []string) string {
	parent := ""
	for i, p := range packages {
		if i == 0 {
			parent = path.Dir(p) + "/"
		}
		for parent != "" && !strings.HasPrefix(p, parent) {
			parent = parent[:strings.LastIndexByte(strings.TrimSuffix(parent, "/"), '/')+1]
		}
	}
	return parent
}
