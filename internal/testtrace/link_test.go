package testtrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A linker that does not take the traced archive links with the original one.
func TestLink(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the linker is a shell script")
	}
	for _, test := range []struct{ name, linker, want, untraced string }{
		{"takes it", `cat "$2"`, "packagefile testing=traced\n", ""},
		{"does not", `grep original "$2"`, "packagefile testing=original\n", "the linker fails with the traced archive: exit status 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(name, text string) string {
				file := filepath.Join(dir, name)
				if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
					t.Fatal(err)
				}
				return file
			}
			original := write("original", "archive")
			args := []string{write("link", "#!/bin/sh\n"+test.linker+"\n"), "-importcfg", write("importcfg", packageFile+"testing="+original+"\n"), "-w", "testing.testBinary=1"}
			traced := write("testing-"+build{linker: args}.key([]byte("archive")).String()+".a", "another archive")
			run := write("run", "")

			cmd := exec.Command(os.Args[0], append([]string{"watch", Argument}, args...)...)
			cmd.Env = append(os.Environ(), variable+"="+run)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := strings.NewReplacer(original, "original", traced, "traced").Replace(string(out)); got != test.want {
				t.Errorf("linked with %s, want %s", got, test.want)
			}
			log, err := (&Trace{dir: dir, file: run}).Read()
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(log.Untraced, ""); !strings.HasPrefix(got, test.untraced) || got == "" != (test.untraced == "") {
				t.Errorf("untraced because %q, want %q", got, test.untraced)
			}
		})
	}
}

// Where the list of running tests cannot be told to leave out the trace's file, package testing stays as it is.
func TestAddNeedsTheList(t *testing.T) {
	t.Parallel()
	const start = "func MainStart(deps testDeps, tests []InternalTest) *M {\n"
	if text := add("testing.go", []byte(start)); text != nil {
		t.Errorf("without the list: %s", text)
	}
	if text := string(add("testing.go", []byte(start+"\trunning.Range(func(k, v any) bool {\n"))); !strings.Contains(text, "running.Store(") {
		t.Errorf("with the list: %s", text)
	}
}
