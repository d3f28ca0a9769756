package dbapi

import "iter"

// A Text says what a function returns that returns SQL, or a part of it.
type Text struct {
	Is  TextKind
	Arg int // the argument that it is made of; Receiver for a method's own
}

// TextKind says what becomes of the argument.
type TextKind uint8

// What functions return.
const (
	Argument      TextKind = iota // the argument, with other placeholders
	Identifier                    // an identifier in quotes
	Literal                       // a value in quotes
	QualifiedName                 // the argument's elements as a name: identifiers in quotes, with dots
)

// Texts yields the functions of libraries that return SQL, or a part of it.
func Texts() iter.Seq2[Name, Text] {
	return func(yield func(Name, Text) bool) {
		for path, rows := range byPackage() {
			for m, text := range rows.texts {
				if !yield(m.of(path), text) {
					return
				}
			}
		}
	}
}
