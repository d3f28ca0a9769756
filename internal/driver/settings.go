package driver

import (
	"cmp"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/goenv"
)

// setting returns the value that the go command uses for a variable.
func setting(name string, files ...string) string { return goenv.Setting(name, os.Environ(), files...) }

// settings returns the settings files of the go command, whether they exist or not.
func (l *listing) settings() []string {
	if l.goroot == "" {
		return goenv.Files(l.dir)
	}
	return goenv.Files(l.dir, l.goroot)
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
	for _, flag := range strings.Fields(setting("GOFLAGS", goenv.User(dir))) {
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
