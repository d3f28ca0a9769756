package driver

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/regular"
)

// setting returns what the go command takes a variable for: the environment
// comes first, then the files of settings in their order.
func setting(name string, files ...string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	for _, file := range files {
		text, _ := regular.ReadFile(file) // mostly there is none
		for _, line := range slices.Backward(strings.Split(string(text), "\n")) {
			if value, ok := strings.CutPrefix(line, name+"="); ok {
				return value
			}
		}
	}
	return ""
}

// settings returns the files of settings that the go command reads, there or
// not.
func (l *listing) settings() []string {
	files := []string{userSettings(l.dir)}
	if l.goroot != "" {
		files = append(files, filepath.Join(l.goroot, "go.env"))
	}
	if tool, err := exec.LookPath("go"); err == nil { // it may hand over to another version
		if real, err := filepath.EvalSymlinks(tool); err == nil {
			files = append(files, filepath.Join(filepath.Dir(real), "..", "go.env"))
		}
	}
	return files
}

// userSettings returns the file that go env -w writes; empty if there is to be
// none.
func userSettings(dir string) string {
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

// hidden lists the flags that have the go command look at files that it does not
// list, or compile other code than these hold.
var hidden = []string{"-modfile", "-overlay", "-toolexec"}

// hidesFiles reports whether the go command is always given such a flag.
func (l *listing) hidesFiles() bool {
	flags := setting("GOFLAGS", l.settings()...)
	return slices.ContainsFunc(hidden, func(flag string) bool { return strings.Contains(flags, flag) })
}

// otherDriver reports whether another program than the go command lists the
// packages, as go/packages decides on it.
func otherDriver() bool {
	switch os.Getenv("GOPACKAGESDRIVER") {
	case "off":
		return false
	case "":
		_, err := exec.LookPath("gopackagesdriver")
		return err == nil
	}
	return true
}
