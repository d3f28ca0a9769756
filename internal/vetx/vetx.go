// Package vetx writes a dependency's types for the units that import it, in the format of
// go vet's protocol, without analysing the dependency.
package vetx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"

	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/gcexportdata"

	"github.com/poollint/poollint/internal/outline"
)

// A file of types and facts begins with magic and the lengths of both, as
// golang.org/x/tools/go/analysis/unitchecker writes and reads it.
const (
	magic      = "vetx"
	headerSize = len(magic) + 4 + 4
)

// HandOn writes the types of a unit that has no facts. It skips function bodies. If it
// returns an error, unitchecker has to process the unit.
func HandOn(unit *unitchecker.Config) error {
	fset := token.NewFileSet()
	files := make([]*ast.File, len(unit.GoFiles))
	for i, name := range unit.GoFiles {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		outline.Blank(text)
		if files[i], err = parser.ParseFile(fset, name, text, parser.SkipObjectResolution); err != nil {
			return err
		}
	}
	in := importer{unit, fset, map[string]*types.Package{}}
	config := types.Config{
		Importer:         in,
		Sizes:            types.SizesFor("gc", build.Default.GOARCH),
		GoVersion:        unit.GoVersion,
		IgnoreFuncBodies: true,
	}
	pkg, err := config.Check(unit.ImportPath, fset, files, nil)
	if err != nil || unit.VetxOutput == "" {
		return err
	}
	return write(unit.VetxOutput, fset, pkg)
}

func write(file string, fset *token.FileSet, pkg *types.Package) error {
	data := bytes.NewBuffer(make([]byte, headerSize-1)) // the format's letter, written first, is part of the header
	if err := gcexportdata.Write(data, fset, pkg); err != nil {
		return err
	}
	text := data.Bytes()
	copy(text, magic)
	binary.LittleEndian.PutUint32(text[len(magic):], uint32(len(text)-headerSize))
	binary.LittleEndian.PutUint32(text[len(magic)+4:], 0) // no facts
	return os.WriteFile(file, text, 0o666)
}

// An importer reads the types that other units wrote.
type importer struct {
	unit  *unitchecker.Config
	fset  *token.FileSet
	known map[string]*types.Package
}

func (in importer) Import(importPath string) (*types.Package, error) {
	path, ok := in.unit.ImportMap[importPath] // vendoring
	if !ok {
		return nil, fmt.Errorf("cannot resolve import %q", importPath)
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := in.known[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	text, err := os.ReadFile(in.unit.PackageVetx[path])
	if err != nil {
		return nil, err
	}
	if len(text) < headerSize || string(text[:len(magic)]) != magic {
		return nil, fmt.Errorf("%s is not of go vet's", in.unit.PackageVetx[path])
	}
	length := uint64(binary.LittleEndian.Uint32(text[len(magic):]))
	if uint64(len(text)-headerSize) < length {
		return nil, fmt.Errorf("%s is cut off", in.unit.PackageVetx[path])
	}
	data := text[headerSize-1:][:length+1]
	data[0] = indexed
	return gcexportdata.Read(bytes.NewReader(data), in.fset, in.known, path)
}

// indexed is the letter that tells gcexportdata the format.
const indexed = 'i'
