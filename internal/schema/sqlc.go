package schema

import (
	"fmt"
	"path"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/yamltree"
)

// A generated is one package that a configuration of sqlc describes.
type generated struct {
	engine string
	schema []string // files, directories and patterns
	out    string   // the package's directory
}

// sqlcLayout says where the two versions of the configuration have the packages.
var sqlcLayout = []struct {
	list string
	out  []string
}{
	{"sql", []string{"gen", "go", "out"}},
	{"packages", []string{"path"}},
}

var engines = map[string]sqlast.Dialect{"postgresql": sqlast.Postgres, "mysql": sqlast.MySQL, "sqlite": sqlast.SQLite}

// readSQLC returns the databases that a configuration of sqlc describes, one for each
// schema; none if it cannot be read.
func (f *finder) readSQLC(name string) []source {
	text, err := f.files.ReadFile(name)
	if err != nil {
		return nil
	}
	tree, err := yamltree.Parse(text)
	if err != nil {
		f.files.Note(name, "not read as a configuration of sqlc, so which package runs on which schema is not known: "+err.Error())
		return nil
	}
	var all sources
	for _, layout := range sqlcLayout {
		for i, entry := range yamltree.Items(tree.Get(tree.Root, layout.list)) {
			if f.listed > maxListed {
				f.files.NoteAt(name, entry.Line, fmt.Sprintf("entry %d of %s and those after it are left out: the schemas of all have too many files", i+1, layout.list))
				return all.list
			}
			all.add(f.source(path.Dir(name), generated{
				engine: yamltree.Text(tree.Get(entry, "engine")),
				schema: yamltree.Texts(tree.Get(entry, "schema")),
				out:    yamltree.Text(tree.Get(entry, layout.out...)),
			}))
		}
	}
	return all.list
}

// source returns the DDL that a package is generated from; dir holds the
// configuration.
func (f *finder) source(dir string, g generated) source {
	s := source{outs: []string{path.Join(dir, g.out)}}
	s.dialect, s.known = engines[g.engine]
	for _, item := range g.schema {
		if f.listed++; f.listed > maxListed {
			break
		}
		files := f.expand(path.Join(dir, item))
		f.listed += len(files)
		s.files = append(s.files, files...)
	}
	if len(s.files) > 0 {
		s.dir = path.Dir(s.files[0])
	}
	return s
}
