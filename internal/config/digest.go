package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/poollint/poollint/internal/envfile"
)

// Digest returns a short hexadecimal digest of the files other than Go packages that
// findings can depend on: configurations, schemas, environment files. Drivers whose cache
// knows only Go files make it part of their keys. It covers the module of dir, an absolute
// path, or the workspace if there is a go.work. It may cover files that do not matter, but
// leaves none out that do.
func Digest(dir string) string {
	root, workspace := workspaceRoot(dir)
	files := NewFiles(root)
	files.readNamed(dir)
	fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // no rule can read it either
		case entry.IsDir():
			if name != "." && (skipped(entry.Name()) || !workspace && isRegular(filepath.Join(root, name, "go.mod"))) {
				return fs.SkipDir
			}
		case isInput(name):
			files.ReadFile(name)
			if entry.Name() == FileName {
				files.readNamed(filepath.Join(root, path.Dir(name)))
			}
		}
		return nil
	})
	h := sha256.New()
	for _, read := range files.Reads() {
		fmt.Fprintln(h, read)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// SchemaCode matches the paths of Go files that may execute DDL: the tables of
// one package are often made by another, which it does not import.
var SchemaCode = regexp.MustCompile(`(?i)(migrat|schema|ddl)[^/]*(/[^/]*){0,2}\.go$`)

// StoreCode matches the paths of Go files that may have DDL in their texts where a module has
// none elsewhere: those that are about a database, by their name or their directory's.
var StoreCode = regexp.MustCompile(`(?i)(^|/)([^/]*(postgres|pgsql|pgx|mysql|mariadb|sqlite|sql|database|store|storage|repo|persist)[^/]*(/[^/]*)?|(db|dao|pg)(/[^/]*)?|init|setup|tables)\.go$`)

// SchemaText matches the names of files that hold SQL, also as templates.
var SchemaText = regexp.MustCompile(`(?i)\.(sql|ddl|pgsql|psql|mysql)(\.(tmpl|tpl|gotmpl|template|erb|j2|in))?$`)

// SettingsFile matches the paths of files that code may read its configuration from, and with it what kind of
// database there is.
var SettingsFile = regexp.MustCompile(`(?i)^(?:[\w.-]+/)*[\w.-]*(?:conf|cfg|setting|test|app|env|database|db)[\w.-]*\.(?:ya?ml|json|toml|env)$`)

// isInput reports whether rules may read the file without its being named in the
// configuration.
func isInput(name string) bool {
	base := path.Base(name)
	if SchemaText.MatchString(base) {
		return true
	}
	switch path.Ext(name) {
	case ".go":
		return SchemaCode.MatchString(name) || StoreCode.MatchString(name)
	case ".yml", ".yaml", ".json":
		return strings.HasPrefix(base, "sqlc") || strings.Contains(base, "poollint") || SettingsFile.MatchString(name)
	}
	return envfile.Is(base) || SettingsFile.MatchString(name)
}

// skipped reports whether directories of that name have no files of the module's own.
func skipped(name string) bool {
	return name == "node_modules" || name == "vendor" || name == ".git"
}

// readNamed reads the files that the configuration for dir names. A configuration that
// does not load is ignored here; the rules report it.
func (f *Files) readNamed(dir string) {
	c, err := Load(dir, false)
	if err != nil {
		return
	}
	if filepath.IsAbs(c.source) {
		text, err := os.ReadFile(c.source)
		f.add(map[question]string{{"read", c.source}: fmt.Sprint(digestOf(text), err)})
	}
	for _, name := range append(c.Tenant.Schema, c.Pool.EnvFiles...) {
		rel, ok := f.Rel(filepath.Join(c.Files.root, name))
		if !ok {
			continue
		}
		fs.WalkDir(f, rel, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				f.ReadFile(name)
			}
			return nil
		})
	}
}

// workspaceRoot returns the directory of the go.work that holds in dir, or the
// root of dir's module.
func workspaceRoot(dir string) (root string, workspace bool) {
	switch work := os.Getenv("GOWORK"); work {
	case "off":
	case "", "auto":
		if at, ok := above(dir, "go.work"); ok {
			return at, true
		}
	default:
		return filepath.Dir(work), true
	}
	return moduleRoot(dir), false
}

// Root returns the directory that names in lasting files, such as baselines,
// are relative to: that of the workspace or module of dir, an absolute path.
func Root(dir string) string {
	root, _ := workspaceRoot(dir)
	return root
}
