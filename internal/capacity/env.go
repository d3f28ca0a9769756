package capacity

import (
	"path"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/envfile"
)

// envFile returns the value of a variable in the .env files of the module: those
// of the configuration, else the well-known ones at the module's root and beside
// the package. A file that cannot be read says nothing.
func (r *reader) envFile(name string) string {
	if r.vars == nil {
		r.vars = r.readEnvFiles()
	}
	return r.vars[name]
}

func (r *reader) readEnvFiles() map[string]string {
	vars := map[string]string{}
	if r.conf.Files == nil {
		return vars
	}
	files := slices.Clone(r.conf.Pool.EnvFiles)
	if len(files) == 0 {
		dirs := []string{"."}
		if len(r.pass.Files) > 0 {
			if dir, ok := r.conf.Files.Rel(config.Dir(r.pass)); ok && dir != "." {
				dirs = append([]string{dir}, dirs...)
			}
		}
		for _, dir := range dirs {
			for _, name := range envfile.Names {
				files = append(files, path.Join(dir, name))
			}
		}
	}
	for _, name := range files {
		data, err := r.conf.Files.ReadFile(name)
		if err != nil {
			continue
		}
		parsed, err := envfile.Parse(data)
		if err != nil {
			continue
		}
		for key, value := range parsed {
			if _, ok := vars[key]; !ok {
				vars[key] = value
			}
		}
	}
	return vars
}
