package driver

import (
	"bufio"
	"cmp"
	"go/build"
	"go/build/constraint"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/regular"
)

// Skipped says how many test files a build tag would add to the run.
type Skipped struct {
	Tag   string
	Files int
}

// skippedTests counts, by tag, the test files below the patterns that build constraints
// exclude: those of the listed packages, and those in directories that the go command
// does not list because no file is left.
func skippedTests(l *listing, tags string) []Skipped {
	context := build.Default
	context.BuildTags = strings.Split(tags, ",")
	ignored := map[string]bool{}
	listed := map[string]bool{}
	for _, u := range l.units {
		if !u.root {
			continue
		}
		for _, file := range slices.Concat(u.GoFiles, u.IgnoredFiles) {
			listed[filepath.Dir(file)] = true
		}
		for _, file := range u.IgnoredFiles {
			ignored[file] = true
		}
	}
	for _, pattern := range l.patterns {
		for _, file := range unlistedTests(l.dir, pattern, listed) {
			ignored[file] = true
		}
	}
	count := map[string]int{}
	for file := range ignored {
		if strings.HasSuffix(file, "_test.go") {
			for _, tag := range missingTags(&context, file) {
				count[tag]++
			}
		}
	}
	var skipped []Skipped
	for _, tag := range slices.Sorted(maps.Keys(count)) {
		skipped = append(skipped, Skipped{tag, count[tag]})
	}
	slices.SortStableFunc(skipped, func(a, b Skipped) int { return cmp.Compare(b.Files, a.Files) })
	return skipped
}

// unlistedTests returns the test files in directories that a pattern such as
// ./... covers though no package is listed there.
func unlistedTests(dir, pattern string, listed map[string]bool) (files []string) {
	base, ok := strings.CutSuffix(pattern, "...")
	if !ok || !build.IsLocalImport(pattern) {
		return nil
	}
	root := filepath.Join(dir, filepath.FromSlash(base))
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // the go command ignores it too
		case !entry.IsDir():
			if strings.HasSuffix(path, "_test.go") && entry.Type().IsRegular() && !listed[filepath.Dir(path)] {
				files = append(files, path)
			}
		case path != root && outside(path, entry.Name()):
			return fs.SkipDir
		}
		return nil
	})
	return files
}

// outside reports whether the go command's patterns ignore a directory.
func outside(path, name string) bool {
	if name == "testdata" || name == "vendor" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// missingTags returns the tags any of which alone would add the file.
func missingTags(context *build.Context, file string) (tags []string) {
	expr := constraintOf(file)
	if expr == nil {
		return nil
	}
	have := func(tag string) bool {
		return context.GOOS == tag || context.GOARCH == tag || tag == "unix" || tag == "gc" ||
			tag == "cgo" && context.CgoEnabled ||
			slices.Contains(context.BuildTags, tag) || slices.Contains(context.ReleaseTags, tag)
	}
	if expr.Eval(have) {
		return nil // its name excludes it
	}
	candidates := map[string]bool{}
	expr.Eval(func(tag string) bool { candidates[tag] = true; return have(tag) })
	for _, candidate := range slices.Sorted(maps.Keys(candidates)) {
		if !platform[candidate] && expr.Eval(func(tag string) bool { return tag == candidate || have(tag) }) {
			tags = append(tags, candidate)
		}
	}
	return tags
}

// platform has the tags of platforms, which are not set with -tags.
var platform = func() map[string]bool {
	set := map[string]bool{"ignore": true, "unix": true, "cgo": true}
	for _, tag := range strings.Fields(`
		aix android darwin dragonfly freebsd hurd illumos ios js linux netbsd openbsd plan9 solaris wasip1 windows
		386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm`) {
		set[tag] = true
	}
	return set
}()

// constraintOf returns the //go:build expression of a file, or nil.
func constraintOf(name string) constraint.Expr {
	file, err := regular.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if constraint.IsGoBuild(line) {
			expr, err := constraint.Parse(line)
			if err != nil {
				return nil
			}
			return expr
		}
		if line != "" && !strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "/*") {
			return nil
		}
	}
	return nil
}
