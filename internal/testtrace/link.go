package testtrace

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Tool runs a tool of the go command, which ends this process with its status. If that is the linker
// with a test binary that go test runs and throws away, it gets the archive that says what the
// tests do. Tool returns only if the tool cannot be run.
func Tool(args, environ []string) error {
	if len(args) == 0 {
		return errors.New("no tool: the go command starts this, not a person")
	}
	if file := fileOf(environ); file != "" && linksTest(args) {
		traced, err := withTrace(args, filepath.Dir(file))
		if err == nil {
			err = link(traced, environ)
		}
		note(file, err)
	}
	return replaceProcess(args[0], args, environ)
}

// link runs the linker and ends this process, unless the linker fails.
func link(args, environ []string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = environ
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("the linker fails with the traced archive: %w: %s", err, out)
	}
	os.Stdout.Write(out)
	os.Exit(0)
	return nil
}

func fileOf(environ []string) string {
	for _, v := range slices.Backward(environ) {
		if file, ok := strings.CutPrefix(v, variable+"="); ok {
			return file
		}
	}
	return ""
}

// linksTest reports whether the tool links a test binary without symbols, as go test has it
// done unless somebody keeps the binary.
func linksTest(args []string) bool {
	tool := strings.TrimSuffix(filepath.Base(args[0]), ".exe")
	return tool == "link" && slices.Contains(args, "testing.testBinary=1") && slices.Contains(args, "-w")
}

// untraced begins a line that says why a test binary says nothing.
const untraced = "untraced"

// note says why a binary is linked as it would be without a trace.
func note(file string, reason error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return // the run is over
	}
	defer f.Close()
	fmt.Fprintf(f, "%s %s\n", untraced, strings.ReplaceAll(reason.Error(), "\n", " "))
}

const packageFile = "packagefile "

// withTrace returns the arguments of the linker with another archive of package testing. dir
// is the run's.
func withTrace(args []string, dir string) ([]string, error) {
	at := slices.Index(args, "-importcfg") + 1
	if at == 0 || at == len(args) {
		return nil, errors.New("the linker has no -importcfg")
	}
	config, err := os.ReadFile(args[at])
	if err != nil {
		return nil, err
	}
	var original string
	for line := range strings.Lines(string(config)) {
		if file, ok := strings.CutPrefix(line, packageFile+"testing="); ok {
			original = strings.TrimSuffix(file, "\n")
		}
	}
	if original == "" {
		return nil, errors.New("the linker has no package testing")
	}
	b := build{linker: args, config: config, original: original, dir: dir}
	archive, err := b.archive()
	if err != nil {
		return nil, err
	}
	if err := know(dir, original, archive); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(dir, "importcfg-")
	if err != nil {
		return nil, err
	}
	_, err = temp.WriteString(strings.Replace(string(config), packageFile+"testing="+original, packageFile+"testing="+archive, 1))
	if err := errors.Join(err, temp.Close()); err != nil {
		return nil, err
	}
	traced := slices.Clone(args)
	traced[at] = temp.Name()
	return traced, nil
}
