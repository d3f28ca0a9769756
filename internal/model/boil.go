package model

import (
	"go/types"
	"reflect"
)

// Boil is the tag of the structs that sqlboiler generates for the rows of tables.
const Boil = "boil"

// BoilColumn returns the column that a field of a struct is, "" for none.
func BoilColumn(s *types.Struct, i int) string {
	if column := reflect.StructTag(s.Tag(i)).Get(Boil); column != "-" {
		return column
	}
	return ""
}

// Boiled reports whether values of the type are rows, or slices of them, that sqlboiler has
// generated methods for.
func Boiled(t types.Type) bool {
	if t == nil {
		return false
	}
	named := Struct(t)
	if slice, ok := t.Underlying().(*types.Slice); ok && named == nil {
		named = Struct(slice.Elem())
	}
	if named == nil {
		return false
	}
	s := named.Underlying().(*types.Struct)
	for i := range s.NumFields() {
		if BoilColumn(s, i) != "" {
			return true
		}
	}
	return false
}
