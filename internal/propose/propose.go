// Package propose finds the settings that suit a module.
package propose

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/envfile"
	"github.com/poollint/poollint/internal/schema"
)

// Values returns values for keys of the configuration, as the module's files show or
// suggest them.
func Values(files *config.Files) map[string]config.Proposal {
	s := survey{files: files}
	fs.WalkDir(files, ".", s.visit)
	values := map[string]config.Proposal{}
	if column := tenantColumn(files); column.YAML != "" {
		values["tenant.column"] = column
	}
	if len(s.env) > 0 {
		values["pool.env_files"] = config.Proposal{YAML: list(s.env)}
	}
	if s.driver {
		values["pool.self_test"] = config.Proposal{YAML: "true", Doubt: "it registers a driver, as services do too that wrap one; true only if its tests open pools on purpose"}
	}
	return values
}

// survey is what a walk over the module's files finds.
type survey struct {
	files  *config.Files
	env    []string // files with the variables of tests
	driver bool     // the module registers a database driver, its own or one that it wraps
}

var registers = regexp.MustCompile(`(?m)^\s*sql\.Register\(`)

func (s *survey) visit(name string, entry fs.DirEntry, err error) error {
	base := path.Base(name)
	switch {
	case err != nil:
		return nil // files that cannot be read are ignored
	case entry.IsDir():
		if name != "." && s.passesOver(name, base) {
			return fs.SkipDir
		}
	case !entry.Type().IsRegular():
	case envfile.ForTests(base):
		s.env = append(s.env, name)
	case path.Ext(base) == ".go" && !strings.HasSuffix(base, "_test.go") && !s.driver:
		text, err := s.files.ReadFile(name)
		s.driver = err == nil && registers.Match(text)
	}
	return nil
}

// passesOver reports whether a directory has no files of the module's own.
func (s *survey) passesOver(name, base string) bool {
	if base == "vendor" || base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := s.files.Stat(path.Join(name, "go.mod"))
	return err == nil
}

// tenantColumn returns the tenant column of the largest database of which it is certain;
// if there is none, the likeliest column.
func tenantColumn(files *config.Files) config.Proposal {
	set, err := schema.Load(files, config.Default().Tenant)
	if err != nil {
		return config.Proposal{} // what cannot be read proposes nothing
	}
	column, tables := "", 0
	for _, d := range set.Databases {
		if d.Tenant.Confidence > schema.Low && len(d.Tables) > tables {
			column, tables = d.Tenant.Column, len(d.Tables)
		}
	}
	if column != "" {
		return config.Proposal{YAML: column}
	}
	d := set.For(".")
	var all []config.Proposal
	for _, near := range nearest(d) {
		all = append(all, config.Proposal{YAML: near.Column, Doubt: near.Why + "; " + d.WouldJudge(near.Column) + "; not sure"})
	}
	if len(all) == 0 {
		return config.Proposal{}
	}
	likeliest := all[0]
	likeliest.Or = append(likeliest.Or, all[1:]...)
	return likeliest
}

// nearest returns the columns of a database that most likely hold the tenant.
func nearest(d *schema.Database) []schema.Near {
	near := d.Near()
	return near[:min(len(near), 3)]
}

// list writes names as a YAML list.
func list(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
