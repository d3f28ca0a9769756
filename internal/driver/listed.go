package driver

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/snapshot"
)

// A listed is the go command's answer about the packages, as the cache keeps it. It holds
// while the inputs of the go command are unchanged. Of a Go file only the header is an
// input: an edit of a function's body changes findings, but not which packages there are.
// Where the go command compiled a package, or named its export data, the whole file is.
type listed struct {
	Inputs  []snapshot.Input
	Sources []source
	Beside  []string // the Go files that the overlay alone has
	Units   []listedUnit
	Roots   []string

	// What follows of it, for the runs of a session. Nil until somebody has asked.
	fixed   map[string]cache.Key // the keys of units with files that cannot change, by ID
	skipped *[]Skipped           // on the disk
}

// A source is a Go file.
type source struct {
	snapshot.Input
	Header string // its digest
}

type listedUnit struct {
	ID, Name, PkgPath, Dir, ForTest, ExportFile   string
	GoFiles, OtherFiles, IgnoredFiles, EmbedFiles []string
	Module                                        *packages.Module
	Imports                                       map[string]string // IDs by path
	Errors                                        []packages.Error
}

// holds reports whether the go command would give the same answer.
func (was *listed) holds(over Overlay) bool {
	return slices.Equal(was.Beside, over.beside()) &&
		all(was.Inputs, func(in snapshot.Input) bool { return in.Unchanged() && over.isDisk(in.Path) }) &&
		all(was.Sources, func(s source) bool { return s.sameHeader(over) })
}

// listing makes a listing of the kept answer.
func (was *listed) listing(o Options, dir string) *listing {
	byID := map[string]*packages.Package{}
	for _, u := range was.Units {
		byID[u.ID] = &packages.Package{
			ID: u.ID, Name: u.Name, PkgPath: u.PkgPath, Dir: u.Dir, ForTest: u.ForTest, ExportFile: u.ExportFile,
			GoFiles: u.GoFiles, OtherFiles: u.OtherFiles, IgnoredFiles: u.IgnoredFiles, EmbedFiles: u.EmbedFiles,
			Module: u.Module, Imports: map[string]*packages.Package{}, Errors: u.Errors,
		}
	}
	for _, u := range was.Units {
		for path, id := range u.Imports {
			byID[u.ID].Imports[path] = byID[id]
		}
	}
	l := &listing{dir: dir, patterns: o.Patterns, tests: o.Tests, recalled: was}
	for _, id := range was.Roots {
		l.roots = append(l.roots, byID[id])
	}
	l.build()
	l.choose(o)
	l.seeImporters(o)
	return l
}

// answer returns the go command's answer with the inputs that it depends on; false if a
// file has changed since.
func (l *listing) answer(inputs []snapshot.Input, over Overlay) (*listed, bool) {
	now := &listed{Beside: over.beside()}
	compiled := map[string]bool{}
	for _, u := range l.units {
		for _, file := range u.GoFiles {
			compiled[file] = l.compiled || compiled[file] || u.ExportFile != ""
		}
	}
	for _, in := range inputs {
		if filepath.Ext(in.Path) == ".go" && in.Digest != "" && !compiled[in.Path] {
			now.Sources = append(now.Sources, source{Input: in})
		} else {
			now.Inputs = append(now.Inputs, in)
		}
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range now.Sources {
		g.Go(func() (err error) {
			s := &now.Sources[i]
			s.Header, err = headerDigest(s.Path, over)
			switch {
			case err != nil:
				return err
			case over[s.Path] != nil:
				s.Input = snapshot.Input{Path: s.Path} // the disk's tells nothing
			case !s.Unchanged():
				return fs.ErrInvalid
			}
			return nil
		})
	}
	for _, u := range l.units {
		is := listedUnit{
			ID: u.ID, Name: u.Name, PkgPath: u.PkgPath, Dir: u.Dir, ForTest: u.ForTest, ExportFile: u.ExportFile,
			GoFiles: u.GoFiles, OtherFiles: u.OtherFiles, IgnoredFiles: u.IgnoredFiles, EmbedFiles: u.EmbedFiles,
			Module: u.Module, Imports: map[string]string{}, Errors: u.Errors,
		}
		for path, p := range u.Imports {
			is.Imports[path] = p.ID
		}
		now.Units = append(now.Units, is)
	}
	for _, p := range l.roots {
		now.Roots = append(now.Roots, p.ID)
	}
	return now, g.Wait() == nil
}

// sameHeader reports whether the file's header is unchanged.
func (s source) sameHeader(over Overlay) bool {
	if over[s.Path] == nil && s.Digest != "" && s.Unchanged() {
		return true
	}
	now, err := headerDigest(s.Path, over)
	return err == nil && now == s.Header
}

func headerDigest(path string, over Overlay) (string, error) {
	text, err := over.read(path)
	return digest(header(text)), err
}

// header returns the part of a Go file that the go command reads to list packages: all up
// to the end of the imports, //go:embed directives, and what it may take for a test with a wrong
// signature. If the go command would report an error in the file, it is the whole file.
func header(text []byte) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.ImportsOnly)
	if err != nil {
		return text
	}
	end := file.Name.End()
	for _, decl := range file.Decls {
		end = decl.End()
	}
	offset := fset.PositionFor(end, false).Offset
	top := text[:offset:offset]
	for _, part := range parts {
		for below := text[offset:]; ; {
			i := bytes.Index(below, []byte(part.begin))
			if i < 0 {
				break
			}
			read, rest, _ := bytes.Cut(below[i:], []byte(part.end))
			if below = rest; !signature.Match(read) {
				top = append(append(top, '\n'), bytes.TrimSpace(read)...)
			}
		}
	}
	return top
}

// parts are what the go command reads below the imports, by its begin and end.
var parts = []struct{ begin, end string }{
	{"//go:embed", "\n"}, {"\nfunc Test", "{"}, {"\nfunc Benchmark", "{"}, {"\nfunc Fuzz", "{"},
}

// signature is that of most tests, with which the go command has nothing to do.
var signature = regexp.MustCompile(`^\nfunc (?:Test|Benchmark|Fuzz)(?:[A-Z_]\w*)?\(\w+ \*testing\.[TBF]\) $`)
