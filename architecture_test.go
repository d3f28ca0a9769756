package poollint_test

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const architecture = "docs/architecture.md"

// A room is a row of the table in docs/architecture.md: directories, and what the
// packages in and below them import of this module.
type room struct {
	dirs    []string
	imports string
}

var quoted = regexp.MustCompile("`([^`]+)`")

// rooms reads the table.
func rooms(t *testing.T) (all []room) {
	t.Helper()
	page, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "\n## Rooms\n")
	table, _, _ = strings.Cut(table, "\n## ")
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(row), " | ")
		if len(cells) != 3 || !strings.Contains(cells[0], "`") {
			continue
		}
		r := room{imports: strings.TrimSuffix(cells[2], " |")}
		for _, name := range quoted.FindAllStringSubmatch(cells[0], -1) {
			r.dirs = append(r.dirs, strings.Replace(name[1], "poollint.go", ".", 1))
		}
		all = append(all, r)
	}
	return all
}

// imports returns what each package directory of the module imports of it.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		dir := dirOf(words[0])
		all[dir] = []string{}
		for _, word := range words[1:] {
			if word == module || strings.HasPrefix(word, module+"/") {
				all[dir] = append(all[dir], dirOf(word))
			}
		}
	}
	return all
}

func dirOf(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

// roomOf returns the room that a directory is in: that of the nearest row.
func roomOf(rooms []room, dir string) *room {
	if strings.HasPrefix(dir, "analyzers/") {
		dir = "analyzers/RULE"
	}
	for {
		for i, r := range rooms {
			if slices.Contains(r.dirs, dir) {
				return &rooms[i]
			}
		}
		if dir = path.Dir(dir); dir == "." {
			return nil
		}
	}
}

// The table has a row for each package and tells what it imports.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	rooms, packages := rooms(t), imports(t)
	imported := map[*room]map[string]bool{}
	for dir, deps := range packages {
		r := roomOf(rooms, dir)
		if dir == "." {
			r = roomOf(rooms, ".")
		}
		if r == nil {
			t.Errorf("%s has no row for a package; write: | `%s` | what lives there | %s |", architecture, dir, cell(deps))
			continue
		}
		if imported[r] == nil {
			imported[r] = map[string]bool{}
		}
		for _, dep := range deps {
			switch inside := roomOf(rooms, dep) == r; {
			case !inside:
				imported[r][dep] = true
			case strings.HasPrefix(dir, "analyzers/") && !strings.HasPrefix(dir, dep+"/"):
				t.Errorf("%s imports another rule, %s", dir, dep)
			}
		}
	}
	for i := range rooms {
		r := &rooms[i]
		for _, dir := range r.dirs {
			if info, err := os.Stat(dir); (err != nil || !info.IsDir()) && dir != "analyzers/RULE" && !strings.HasPrefix(dir, "scripts/") {
				t.Errorf("%s has a row for %s, which is no directory", architecture, dir)
			}
		}
		if deps := imported[r]; deps != nil {
			if want := cell(slices.Collect(maps.Keys(deps))); r.imports != want {
				t.Errorf("%s: the row of %s ends with | %s |; write: | %s |", architecture, r.dirs[0], r.imports, want)
			}
		}
	}
}

// cell is how the table writes the directories of imported packages.
func cell(dirs []string) string {
	if len(dirs) == 0 {
		return "–"
	}
	var names []string
	for _, dir := range dirs {
		switch name := strings.TrimPrefix(dir, "internal/"); {
		case dir == ".":
			names = append(names, "root package")
		case strings.HasPrefix(dir, "analyzers/"):
			names = append(names, "analyzers")
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// Files of this repository as its pages name them: Go files, and what stands in a
// directory of the project's.
var named = regexp.MustCompile(`^(?:[\w./-]+\.go|(?:analyzers|bench|cmd|docs|examples|golangci|internal|scripts|testdata|testpool|\.ci|\.github)/[\w./-]*)$`)

// The pages name and link to files that there are.
func TestPagesNameFiles(t *testing.T) {
	t.Parallel()
	var files []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if name == ".git" && d.IsDir() {
			return fs.SkipDir
		}
		files = append(files, "/"+name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	exists := func(name string) bool {
		return slices.ContainsFunc(files, func(file string) bool { return strings.HasSuffix(file, "/"+strings.Trim(name, "/")) })
	}
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "testpool/*.md", "examples/*/*.md"} {
		found, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, found, err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			if named.MatchString(m[1]) && !placeholder.MatchString(m[1]) && !exists(m[1]) {
				t.Errorf("%s names %s, which does not exist", page, m[1])
			}
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, fragment := m[1], m[2]
			if own, ok := strings.CutPrefix(target, "https://github.com/poollint/poollint/blob/main/"); ok {
				target = own
			} else if strings.Contains(target, ":") {
				continue // another site
			} else if target == "" {
				target = page
			} else {
				target = path.Join(path.Dir(page), target)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, m[1])
			} else if fragment != "" && !slices.Contains(anchors(t, target), fragment) {
				t.Errorf("%s links to %s#%s: there is no such heading", page, m[1], fragment)
			}
		}
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// anchors returns the names that a reader can link to, as GitHub makes them of headings.
func anchors(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range heading.FindAllStringSubmatch(string(text), -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// placeholder is what stands for a name: RULE.go, docs/rules/NAME.md.
var placeholder = regexp.MustCompile(`(?:^|/)(?:RULE|NAME|LIBRARY)\b`)
