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
func (g *graph) envFile(name string) string {
	if g.vars == nil {
		g.vars = g.readEnvFiles()
	}
	return g.vars[name]
}

func (g *graph) readEnvFiles() map[string]string {
	vars := map[string]string{}
	if g.conf.Files == nil {
		return vars
	}
	files := slices.Clone(g.conf.Pool.EnvFiles)
	if len(files) == 0 {
		dirs := []string{"."}
		if len(g.pass.Files) > 0 {
			if dir, ok := g.conf.Files.Rel(config.Dir(g.pass)); ok && dir != "." {
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
		data, err := g.conf.Files.ReadFile(name)
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
