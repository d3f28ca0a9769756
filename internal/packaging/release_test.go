package packaging

import (
	"cmp"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/poollint/poollint/internal/drivertest"
)

const root = "github.com/poollint/poollint"

// released are the directories of the modules that others require.
func released(t *testing.T) []string {
	t.Helper()
	dirs := []string{".", "testpool"}
	mods, err := filepath.Glob(filepath.Join(drivertest.Root(t), "testpool", "migrate", "*", "go.mod"))
	if err != nil || len(mods) == 0 {
		t.Fatal(mods, err)
	}
	for _, mod := range mods {
		dirs = append(dirs, path.Join("testpool", "migrate", filepath.Base(filepath.Dir(mod))))
	}
	return dirs
}

// All modules are released together: what requires one of them, and what tells users to,
// says the same version. That is POOLLINT_RELEASE, if it is set.
func TestReleaseVersions(t *testing.T) {
	t.Parallel()
	version, first := os.Getenv("POOLLINT_RELEASE"), "POOLLINT_RELEASE"
	agree := func(where, said string) {
		if version == "" {
			version, first = said, where
		}
		if said != version {
			t.Errorf("%s says %s, %s says %s", where, said, first, version)
		}
	}
	modules := map[string]string{} // directories by path
	for _, dir := range released(t) {
		modules[strings.TrimSuffix(root+"/"+dir, "/.")] = dir
	}
	for _, dir := range append(released(t), "testpool/clients") {
		file := filepath.Join(drivertest.Root(t), dir, "go.mod")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mod, err := modfile.Parse(dir+"/go.mod", text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSuffix(root+"/"+dir, "/."); mod.Module.Mod.Path != want {
			t.Errorf("%s/go.mod is of %s, want %s", dir, mod.Module.Mod.Path, want)
		}
		replaced := map[string]string{}
		for _, r := range mod.Replace {
			replaced[r.Old.Path] = path.Join(dir, filepath.ToSlash(r.New.Path))
		}
		for _, r := range mod.Require {
			if r.Mod.Path != root && !strings.HasPrefix(r.Mod.Path, root+"/") {
				continue
			}
			agree(dir+"/go.mod", r.Mod.Version)
			if to := modules[r.Mod.Path]; to == "" || replaced[r.Mod.Path] != to {
				t.Errorf("%s/go.mod requires %s, which is at %q: replaced by %q", dir, r.Mod.Path, to, replaced[r.Mod.Path])
			}
		}
	}
	for page, said := range map[string]string{
		".custom-gcl.yml": `module: github.com/poollint/poollint\n.*\n +version: (\S+)`,
		"docs/ci.md":      `repo: https://github.com/poollint/poollint\n +rev: (\S+)`,
	} {
		text, err := os.ReadFile(filepath.Join(drivertest.Root(t), page))
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(said).FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s names no version", page)
		}
		agree(page, string(m[1]))
	}
	action, err := os.ReadFile(filepath.Join(drivertest.Root(t), "docs/ci.md"))
	major, _, _ := strings.Cut(cmp.Or(version, "v0"), ".")
	if want := "uses: poollint/poollint@" + major + "\n"; err != nil || !strings.Contains(string(action), want) {
		t.Errorf("docs/ci.md lacks %q: %v", want, err)
	}
}

// scripts/release tags every module that is released, once, and only what is ready.
func TestReleaseScript(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	t.Parallel()
	dir := t.TempDir()
	run := func(want int, name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
			t.Fatalf("%s %q: %v, want exit status %d\n%s", name, args, err, want, out)
		}
		return string(out)
	}
	// A repository of what the script looks at, with a test that tells what it is asked.
	files := map[string]string{
		"go.mod": "module " + root + "\n\ngo 1.26\n", "internal/packaging/release_test.go": "package packaging\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\n" +
			"func TestRelease(t *testing.T) {\n\tif os.Getenv(\"POOLLINT_RELEASE\") != \"v0.2.0\" {\n\t\tt.Fatal(\"not that\")\n\t}\n}\n",
		"CHANGELOG.md": "## [0.2.0] - 2026-01-02\n\n## [0.3.0] - 2026-01-03\n",
	}
	script, err := os.ReadFile(filepath.Join(drivertest.Root(t), "scripts", "release"))
	if err != nil {
		t.Fatal(err)
	}
	files["scripts/release"] = string(script)
	for _, d := range released(t)[1:] {
		files[d+"/go.mod"] = "module " + root + "/" + d + "\n"
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run(0, "git", "init", "-q", ".")
	if out := run(1, "bash", "scripts/release", "v0.2.0"); !strings.Contains(out, "not clean") {
		t.Error(out)
	}
	run(0, "git", "add", ".")
	run(0, "git", "commit", "-qm", "all")
	run(2, "bash", "scripts/release", "0.2.0")
	if out := run(1, "bash", "scripts/release", "v0.4.0"); !strings.Contains(out, "no section") {
		t.Error(out)
	}
	if out := run(1, "bash", "scripts/release", "v0.3.0"); !strings.Contains(out, "says another version") {
		t.Error(out)
	}
	if out := run(0, "git", "tag"); out != "" {
		t.Errorf("tags of what is not ready: %s", out)
	}
	out := run(0, "bash", "scripts/release", "v0.2.0")
	tags := strings.Fields(run(0, "git", "tag"))
	if want := released(t); len(tags) != len(want) {
		t.Errorf("%d tags, want those of %s: %s", len(tags), want, tags)
	}
	for _, tag := range tags {
		if dir, _ := path.Split(tag); !strings.HasSuffix(tag, "v0.2.0") || !strings.Contains(out, " "+tag) || dir != "" && files[dir+"go.mod"] == "" {
			t.Errorf("tag %s; %s", tag, out)
		}
	}
	if out := run(1, "bash", "scripts/release", "v0.2.0"); !strings.Contains(out, "exists") {
		t.Error(out)
	}
}
