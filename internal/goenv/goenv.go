// Package goenv tells how the go command is set, without running it.
package goenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/regular"
)

// Setting returns the value that the go command uses for a variable: that of the
// environment, else that of the first settings file that sets it.
func Setting(name string, environ []string, files ...string) string {
	for _, variable := range slices.Backward(environ) {
		if value, ok := strings.CutPrefix(variable, name+"="); ok && value != "" {
			return value
		} else if ok {
			break
		}
	}
	for _, file := range files {
		text, _ := regular.ReadFile(file) // usually it does not exist
		for _, line := range slices.Backward(strings.Split(string(text), "\n")) {
			if value, ok := strings.CutPrefix(line, name+"="); ok {
				return strings.TrimSuffix(value, "\r")
			}
		}
	}
	return ""
}

// Files returns the settings files of the go command, whether they exist or not: the user's, and
// those of Go's root directories, if any are known, and of the go command itself.
func Files(dir string, roots ...string) []string {
	files := []string{User(dir)}
	for _, root := range roots {
		files = append(files, filepath.Join(root, "go.env"))
	}
	if tool, err := exec.LookPath("go"); err == nil { // it may start another version
		if real, err := filepath.EvalSymlinks(tool); err == nil {
			files = append(files, filepath.Join(filepath.Dir(real), "..", "go.env"))
		}
	}
	return files
}

// User returns the file that go env -w writes; "" if that is switched off.
func User(dir string) string {
	file := os.Getenv("GOENV")
	switch {
	case file == "off":
		return ""
	case filepath.IsAbs(file):
		return file
	case file != "":
		return filepath.Join(dir, file)
	}
	home, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, "go", "env")
}
