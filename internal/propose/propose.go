// Package propose finds out what a module's configuration should say.
package propose

import (
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
)

// Values returns the keys of the configuration that the module's files decide,
// with their values in YAML.
func Values(files *config.Files) map[string]string {
	s := survey{files: files, schema: map[string]bool{}, tables: map[string]int{}}
	fs.WalkDir(files, ".", s.visit)
	values := map[string]string{}
	if len(s.schema) > 0 {
		values["tenant.schema"] = list(outermost(slices.Sorted(maps.Keys(s.schema))))
	}
	if column := s.column(); column != "" {
		values["tenant.column"] = column
	}
	if len(s.env) > 0 {
		values["pool.env_files"] = list(s.env)
	}
	if s.driver {
		values["pool.self_test"] = "true"
	}
	return values
}

// survey is what a walk over the module's files finds.
type survey struct {
	files  *config.Files
	schema map[string]bool // directories and files with DDL
	tables map[string]int  // by column: tables that have it
	env    []string        // files with the variables of tests
	driver bool            // the module is a database driver
}

var (
	createTable = regexp.MustCompile(`(?is)\bcreate\s+table\b[^;]*`)
	tenantID    = regexp.MustCompile(`(?i)\b(tenant_id|organi[sz]ation_id|org_id|workspace_id|account_id|company_id|team_id)\b`)
	registers   = regexp.MustCompile(`(?m)^\s*sql\.Register\(`)
	revertsIt   = regexp.MustCompile(`\.down\.sql$`)
)

func (s *survey) visit(name string, entry fs.DirEntry, err error) error {
	base := path.Base(name)
	switch {
	case err != nil:
		return nil // what cannot be read proposes nothing
	case entry.IsDir():
		if name != "." && s.passesOver(name, base) {
			return fs.SkipDir
		}
	case !entry.Type().IsRegular():
	case path.Ext(base) == ".sql" && !revertsIt.MatchString(base):
		s.ddl(name)
	case strings.HasPrefix(base, ".env") && strings.Contains(base, "test"):
		s.env = append(s.env, name)
	case path.Ext(base) == ".go" && !strings.HasSuffix(base, "_test.go") && !s.driver:
		text, err := s.files.ReadFile(name)
		s.driver = err == nil && registers.Match(text)
	}
	return nil
}

// passesOver reports whether a directory holds nothing of the module's own.
func (s *survey) passesOver(name, base string) bool {
	if base == "vendor" || base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := s.files.Stat(path.Join(name, "go.mod"))
	return err == nil
}

// ddl notes the tables that an SQL file creates.
func (s *survey) ddl(name string) {
	text, err := s.files.ReadFile(name)
	if err != nil {
		return
	}
	tables := createTable.FindAll(text, -1)
	if tables == nil {
		return
	}
	if dir := path.Dir(name); dir != "." {
		s.schema[dir] = true
	} else {
		s.schema[name] = true
	}
	for _, table := range tables {
		seen := map[string]bool{}
		for _, column := range tenantID.FindAllString(string(table), -1) {
			if column = strings.ToLower(column); !seen[column] {
				seen[column] = true
				s.tables[column]++
			}
		}
	}
}

// column returns the tenant column that most tables have.
func (s *survey) column() string {
	best := ""
	for _, column := range slices.Sorted(maps.Keys(s.tables)) {
		if best == "" || s.tables[column] > s.tables[best] {
			best = column
		}
	}
	return best
}

// outermost drops the directories below others of the list, which is sorted.
func outermost(dirs []string) (kept []string) {
	for _, dir := range dirs {
		if !slices.ContainsFunc(kept, func(above string) bool { return strings.HasPrefix(dir, above+"/") }) {
			kept = append(kept, dir)
		}
	}
	return kept
}

// list writes names as a YAML list.
func list(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
