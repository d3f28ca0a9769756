package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/internal/drivertest"
)

// `golangci-lint custom` with .custom-gcl.yml as it is, without the network's
// git: the command clones golangci-lint's repository, so git, in a HOME of the
// test's own, is told to clone one that is made of the module's zip.
func TestCustom(t *testing.T) {
	short(t)
	config, err := os.ReadFile(filepath.Join(drivertest.Root(t), ".custom-gcl.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var custom struct {
		Version, Name string
		Plugins       []struct{ Module, Import, Version string }
	}
	decoder := yaml.NewDecoder(bytes.NewReader(config))
	decoder.KnownFields(true)
	if err := decoder.Decode(&custom); err != nil {
		t.Fatal(err)
	}
	if len(custom.Plugins) != 1 {
		t.Fatalf("%d plugins", len(custom.Plugins))
	}

	files := drivertest.Write(t, leaky)
	if err := os.WriteFile(filepath.Join(files, ".custom-gcl.yml"), config, 0o666); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	gitConfig := "[url \"file://" + repository(t, home, custom.Version) + "\"]\n\tinsteadOf = https://github.com/golangci/golangci-lint.git\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(gitConfig), 0o666); err != nil {
		t.Fatal(err)
	}
	env := append(drivertest.Proxy(t, custom.Plugins[0].Version),
		"HOME="+home, "XDG_CONFIG_HOME="+home,
		"GOCACHE="+strings.TrimSpace(drivertest.Run(t, ".", "go", "env", "GOCACHE").Stdout))
	g := start(t, files)
	if out := env.Run(t, files, g.bin, "custom", "-v"); out.Status != 0 {
		t.Fatalf("golangci-lint custom: exit status %d\n%s%s", out.Status, out.Stdout, out.Stderr)
	}
	want := g.findings(t)
	g.bin = filepath.Join(files, custom.Name)
	drivertest.Compare(t, "the custom binary", g.findings(t), "the test's binary", want)
}

// repository makes a git repository of golangci-lint's released module.
func repository(t *testing.T, home, version string) string {
	t.Helper()
	out := drivertest.Run(t, ".", "go", "mod", "download", "-json", "github.com/golangci/golangci-lint/v2@"+version)
	var module struct{ Zip, Error string }
	if err := json.Unmarshal([]byte(out.Stdout), &module); err != nil || module.Error != "" {
		t.Fatal(err, module.Error)
	}
	dir := filepath.Join(home, "golangci-lint")
	if err := unzip(dir, module.Zip, "github.com/golangci/golangci-lint/v2@"+version+"/"); err != nil {
		t.Fatal(err)
	}
	env := drivertest.Env{
		"HOME=" + home, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com",
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A", "-f"}, {"commit", "-q", "-m", version}, {"tag", version}} {
		if out := env.Run(t, dir, "git", args...); out.Status != 0 {
			t.Fatalf("git %v: %s", args, out.Stderr)
		}
	}
	return dir
}

func unzip(dir, archive, prefix string) error {
	r, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, entry := range r.File {
		file := filepath.Join(dir, strings.TrimPrefix(entry.Name, prefix))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		in, err := entry.Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
