package driver

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/regular"
)

// setting returns the value that the go command uses for a variable: that of the
// environment, else that of the first settings file that sets it.
func setting(name string, files ...string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	for _, file := range files {
		text, _ := regular.ReadFile(file) // usually it does not exist
		for _, line := range slices.Backward(strings.Split(string(text), "\n")) {
			if value, ok := strings.CutPrefix(line, name+"="); ok {
				return value
			}
		}
	}
	return ""
}

// settings returns the settings files of the go command, whether they exist or not.
func (l *listing) settings() []string {
	files := []string{userSettings(l.dir)}
	if l.goroot != "" {
		files = append(files, filepath.Join(l.goroot, "go.env"))
	}
	if tool, err := exec.LookPath("go"); err == nil { // it may start another version
		if real, err := filepath.EvalSymlinks(tool); err == nil {
			files = append(files, filepath.Join(filepath.Dir(real), "..", "go.env"))
		}
	}
	return files
}

// userSettings returns the file that go env -w writes; "" if that is switched off.
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

// hidden are the flags with which the go command reads files that it does not list, or
// compiles other code than the files have.
var hidden = []string{"-modfile", "-overlay", "-toolexec"}

// hidesFiles reports whether the go command is always given such a flag.
func (l *listing) hidesFiles() bool {
	flags := setting("GOFLAGS", l.settings()...)
	return slices.ContainsFunc(hidden, func(flag string) bool { return strings.Contains(flags, flag) })
}

// moduleFile returns the go command's environment without -modfile, and that as a flag:
// go/packages also runs it where it knows no modules, and would refuse the flag.
func moduleFile(dir string) (env, flags []string) {
	var rest []string
	for _, flag := range strings.Fields(setting("GOFLAGS", userSettings(dir))) {
		if name, _, _ := strings.Cut(flag, "="); strings.TrimLeft(name, "-") == "modfile" {
			flags = append(flags, flag)
		} else {
			rest = append(rest, flag)
		}
	}
	if flags == nil {
		return nil, nil
	}
	// Where GOFLAGS is empty, the settings count.
	return append(os.Environ(), "GOFLAGS="+cmp.Or(strings.Join(rest, " "), "-mod=")), flags
}

// otherDriver reports whether go/packages uses another program than the go command to
// list packages.
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
