package golangci

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// basePath returns the directory from which golangci-lint, called with the
// arguments, resolves paths. It hands plugins their settings only, so this
// follows its rules: the directory of its configuration, unless that says
// otherwise in run.relative-path-mode.
func basePath(args []string) (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	file := configFlag(args)
	if file == "" {
		file = nearest(wd, ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")
	}
	if file == "" {
		return wd, nil
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	marker := file
	switch mode := pathMode(string(text)); mode {
	case "", "cfg":
	case "wd":
		return wd, nil
	case "gomod":
		marker = nearest(wd, "go.mod")
	case "gitroot":
		marker = nearest(wd, ".git")
	default:
		return "", fmt.Errorf("%s: unknown relative-path-mode %s", file, mode)
	}
	if marker == "" {
		return "", fmt.Errorf("%s: relative-path-mode %s finds no directory above %s", file, pathMode(string(text)), wd)
	}
	return filepath.Dir(marker), nil
}

// configFlag returns the value of -c or --config.
func configFlag(args []string) string {
	for i, arg := range args {
		name, value, given := strings.Cut(arg, "=")
		switch {
		case name != "-c" && name != "--config":
		case given:
			return value
		case i+1 < len(args):
			return args[i+1]
		}
	}
	return ""
}

// relativePathMode matches the setting in YAML, TOML and JSON.
var relativePathMode = regexp.MustCompile(`(?m)^[^#\n]*\brelative-path-mode"?\s*[:=]\s*["']?(\w+)`)

func pathMode(text string) string {
	if m := relativePathMode.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// nearest returns the first of the names that exists in dir or, failing that, above it.
func nearest(dir string, names ...string) string {
	for {
		for _, name := range names {
			if file := filepath.Join(dir, name); exists(file) {
				return file
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
