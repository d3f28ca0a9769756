package watch

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// execArgument is the argument with which go test -exec starts poollint watch, to name the
// sessions of a test binary and run it.
const execArgument = "@exec"

// maxName is how much of an application_name PostgreSQL keeps, in bytes.
const maxName = 63

// namePrefix marks the sessions of a run.
func namePrefix(run string) string { return "poollint:" + run + ":" }

// sessionName returns the application_name of a package's sessions: the run and the
// package's import path. A path that is too long is replaced by its hash and its end.
func sessionName(run, pkg string) string {
	name := namePrefix(run) + pkg
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(pkg))
	short := namePrefix(run) + hex.EncodeToString(sum[:4]) + "~"
	return short + pkg[len(pkg)-(maxName-len(short)):]
}

// runNamed runs a test binary, or the user's own -exec program for it, with named sessions.
// The arguments are the run and the command.
func runNamed(args, environ []string) error {
	if len(args) < 2 {
		return fmt.Errorf("poollint watch %s: no program: go test -exec starts this, not a person", execArgument)
	}
	run, command := args[0], args[1:]
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	// If a variable were set twice, the program would see the first one.
	environ = slices.DeleteFunc(slices.Clone(environ), func(v string) bool { return strings.HasPrefix(v, "PGAPPNAME=") })
	return replaceProcess(path, command, append(environ, "PGAPPNAME="+sessionName(run, packageOf(path))))
}

// packageOf returns the import path that a test binary or program was built from,
// else its file's name.
func packageOf(binary string) string {
	if info, err := buildinfo.ReadFile(binary); err == nil && info.Path != "" {
		return strings.TrimSuffix(info.Path, ".test")
	}
	return filepath.Base(binary)
}

// executable returns the program that go test -exec is to start.
func executable() (string, error) {
	path, err := os.Executable()
	if err == nil && strings.ContainsAny(path, `'"`) {
		err = fmt.Errorf("quotation marks in the path of %s", path)
	}
	return path, err
}
