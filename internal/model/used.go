package model

import (
	"go/types"
	"strings"
)

// takers are the methods of mappers that take a model, whatever its tags, by the
// package of the handle.
var takers = []struct {
	mapper  Mapper
	paths   string // what the package's path begins with
	methods string
}{
	{GORM, "gorm.io/gorm", "AutoMigrate Model Create CreateInBatches Save Delete First Last Take Find FirstOrCreate FirstOrInit G"},
	{Bun, "github.com/uptrace/bun", "Model"},
	{GoPG, "github.com/go-pg/pg", "Model ModelContext"},
	{XORM, "xorm.io/xorm github.com/go-xorm/xorm github.com/xorm-io/xorm", "Sync Sync2 CreateTables Insert InsertOne Get Find Update Delete Exist Count"},
	{Pop, "github.com/gobuffalo/pop", "All First Last Find Create Update Save Destroy"},
}

// Takes returns the mapper of a method that takes models, or of a function that is
// instantiated with one; ok is false for any other.
func Takes(fn *types.Func) (m Mapper, ok bool) {
	if fn.Pkg() == nil || (fn.Signature().Recv() == nil) != (fn.Name() == "G") {
		return "", false
	}
	for _, t := range takers {
		if named(t.methods, fn.Name()) && within(fn.Pkg().Path(), t.paths) {
			return t.mapper, true
		}
	}
	return "", false
}

// within reports whether a package is one of those at the paths, or below them.
func within(path, paths string) bool {
	for p := range strings.FieldsSeq(paths) {
		if rest, ok := strings.CutPrefix(path, p); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

func named(names, name string) bool {
	for n := range strings.FieldsSeq(names) {
		if n == name {
			return true
		}
	}
	return false
}

// bases are the structs that models embed.
var bases = map[string]Mapper{"gorm.io/gorm.Model": GORM, "github.com/uptrace/bun.BaseModel": Bun}

// Embeds returns the mapper whose base a struct embeds; ok is false if it embeds none.
func Embeds(s *types.Struct) (m Mapper, ok bool) {
	for f := range s.Fields() {
		if named := Struct(f.Type()); f.Embedded() && named != nil && named.Obj().Pkg() != nil {
			if m, ok := bases[named.Obj().Pkg().Path()+"."+named.Obj().Name()]; ok {
				return m, true
			}
		}
	}
	return "", false
}
