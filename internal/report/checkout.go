package report

import (
	"os"
	"path/filepath"
	"strings"
)

// A checkout is what a CI service has checked out. Without one it is the directory in which
// poollint was started, and nothing else is known.
type checkout struct {
	dir        string // paths are relative to it
	repository string // URL
	revision   string
	branch     string
}

// runners lists what the environment of CI services tells, with $ before the variables.
var runners = []checkout{
	{"$GITHUB_WORKSPACE", "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY", "$GITHUB_SHA", "$GITHUB_REF_NAME"},
	{"$CI_PROJECT_DIR", "$CI_PROJECT_URL", "$CI_COMMIT_SHA", "$CI_COMMIT_REF_NAME"}, // GitLab
}

// checkoutOf returns the checkout that contains a directory.
func checkoutOf(dir string) checkout {
	for _, r := range runners {
		root := os.ExpandEnv(r.dir)
		if rel, err := filepath.Rel(root, dir); root == "" || err != nil || !filepath.IsLocal(rel) {
			continue
		}
		c := checkout{root, os.ExpandEnv(r.repository), os.ExpandEnv(r.revision), os.ExpandEnv(r.branch)}
		if !strings.HasPrefix(c.repository, "https://") && !strings.HasPrefix(c.repository, "http://") {
			c.repository = "" // not all of it is known
		}
		return c
	}
	return checkout{dir: dir}
}
