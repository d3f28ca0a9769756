// Package builder knows query builders and object mappers: what a chain of calls
// says as SQL. Each library is one file, with one Builder that is registered once
// and has all that is particular to it. Builders see values and statements; of the
// code that is read they may ask what Reader tells, and no more.
package builder

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A Builder says what the functions and methods of one library do. What it does not
// know of them is a step that says nothing: a statement has then what the other
// steps say.
type Builder struct {
	Name value.Library

	// Packages are the import paths of the library; forks that the catalogue knows are
	// read as it is. Generated tells its packages instead, where it generates them.
	Packages  []string
	Generated func(*types.Package) bool
	Spells    bool // variables of generated packages have the names of tables and columns

	// Owns tells the builder's types and functions, where the packages hold those of
	// others, too; nil for all.
	Owns func(types.Object) bool

	Idents  Set          // types of text that the library puts into a query as a name
	Models  model.Mapper // how struct types are tables; empty if they are not
	Maps    Set          // methods that register a struct type, and perhaps a name for its table
	Keys    Set          // methods of what those return that name the fields of the key
	Mutable bool         // methods change their receiver
	Chained bool         // methods that run a query return the handle
	Queries bool         // methods that take SQL as text are steps, too
	Exprs   bool         // what is given as ...any is expressions, not values

	Runs    Set // methods that run the query
	Renders Set // methods that give its text
	Setters Set // methods whose second argument is the value of a column
	Tables  Set // steps whose arguments name the table
	Limits  Set // steps that decide which rows a query reaches

	// Forms says what the library's types of maps, slices and structs are as conditions.
	Forms map[string]Form

	// Arg returns an argument as the library reads it, nil where that is as usual; it
	// may be nil itself.
	Arg func(c *Call, i int) value.Value

	// Begin returns what a call makes that is no step in a chain: an expression, or
	// the beginning of a chain. It returns nil for a step, and for what is not known.
	Begin func(c *Call) value.Value

	// Column returns the column that a field of a generated table is, where of is what the
	// table is known to be; nil for any other field. It may be nil itself.
	Column func(r Reader, field *ast.SelectorExpr, of value.Value) value.Value

	// Named returns the step of a method whose name and arguments do not say enough, nil
	// for any other method; it may be nil itself.
	Named func(c *Call) *value.Step

	// Step adds to the statement what a step of the chain says.
	Step func(st *Statement, s *value.Step)

	// Finish completes the statement when every step is read; it may be nil.
	Finish func(st *Statement)

	// InPlace tells the types whose values stand for one statement, so that functions
	// which are handed one change their callers'; nil if none does.
	InPlace func(name string) bool

	// Fresh reports whether a handle begins a new statement with each call; nil if
	// none does.
	Fresh func(value.Value) bool
}

// A Form says what a map or slice of conditions stands for, or a struct that is one.
type Form struct {
	Or       bool              // one of them holds; else all
	Operator string            // between column and value; "=" if empty
	Keys     map[string]string // operators by the keys of the map, for the column that the map is the value of

	Text func(*value.Record) value.Value // of a struct; nil for a map or slice
	List func([]value.Value) value.Value // of an array whose elements are no conditions; else nil

	// Within returns a struct that has one of the type in a field; nil if it is as it
	// is written.
	Within func(holder, of *value.Record) value.Value
}

// A Set is a set of names.
type Set map[string]bool

// Names returns the set of the names in a text.
func Names(s string) Set {
	set := Set{}
	for name := range strings.FieldsSeq(s) {
		set[name] = true
	}
	return set
}

var (
	byName    = map[value.Library]*Builder{}
	byPackage = map[string][]*Builder{}
	generated []*Builder
)

// The builders; where two share a package, the first that owns a type or function
// has it.
func init() {
	for _, b := range []*Builder{
		squirrel,
		goqu,
		goquExecutor,
		gormGenerics,
		gormGen,
		gorm,
		bun,
		gopg,
		xorm,
		ent,
		sqlbuilder,
		pop,
		gorp,
		dbr,
		jet,
		bob,
		sqlboiler,
	} {
		byName[b.Name] = b
		for _, path := range b.Packages {
			for _, path := range append(dbapi.Forks(path), path) {
				byPackage[path] = append(byPackage[path], b)
			}
		}
		if b.Generated != nil {
			generated = append(generated, b)
		}
	}
}

// Of returns the builder that a type belongs to, nil if none.
func Of(t types.Type) *Builder {
	for range 3 {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Named:
			return owner(u.Obj())
		default:
			return nil
		}
	}
	return nil
}

// IsIdent reports whether values of a type are put into queries as names.
func IsIdent(t types.Type) bool {
	name := dbapi.TypeName(t)
	for _, b := range byName {
		if b.Idents[name] {
			return true
		}
	}
	return false
}

// OfFunc returns the builder that a function or method belongs to, nil if none.
func OfFunc(fn *types.Func) *Builder {
	if t := receiver(fn); t != nil {
		return owner(t)
	}
	return owner(fn)
}

// Named returns the function with a name and a type that stands beside the type of its result
// in a builder's package, nil if there is none.
func Named(name string, sig *types.Signature) *types.Func {
	if sig.Results().Len() != 1 || Of(sig.Results().At(0).Type()) == nil {
		return nil
	}
	t := sig.Results().At(0).Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	fn, ok := named.Obj().Pkg().Scope().Lookup(name).(*types.Func)
	if !ok || !types.Identical(fn.Signature(), sig) {
		return nil
	}
	return fn
}

func owner(obj types.Object) *Builder {
	pkg := obj.Pkg()
	if pkg == nil {
		return nil
	}
	for _, b := range byPackage[pkg.Path()] {
		if b.Owns == nil || b.Owns(obj) {
			return b
		}
	}
	for _, b := range generated {
		if b.Generated(pkg) {
			return b
		}
	}
	return nil
}

// receiver returns the named type that a method belongs to, nil if there is none.
func receiver(fn *types.Func) *types.TypeName {
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

// ColumnOf returns the column that a field of a generated table is, nil for any other field.
func ColumnOf(r Reader, field *ast.SelectorExpr, of value.Value) value.Value {
	if b := Of(r.TypeOf(field)); b != nil && b.Column != nil {
		return b.Column(r, field, of)
	}
	return nil
}

// Generated reports whether a package is code that a builder has generated.
func Generated(pkg *types.Package) bool {
	return slices.ContainsFunc(generated, func(b *Builder) bool { return b.Generated(pkg) })
}

// Spells reports whether variables of a generated package have the names of its tables and
// columns.
func Spells(pkg *types.Package) bool {
	return slices.ContainsFunc(generated, func(b *Builder) bool { return b.Spells && b.Generated(pkg) })
}

// NamesTable reports whether a step is of those that name the table that a chain is
// about.
func NamesTable(s *value.Step) bool {
	b := byName[s.Library]
	return b != nil && b.Tables[s.Method]
}

// Limits reports whether a step decides which rows its chain reaches.
func Limits(s *value.Step) bool {
	b := byName[s.Library]
	return b != nil && b.Limits[s.Method]
}

// FormOf returns what a named type stands for as conditions; ok is false if it is no
// type of a builder.
func FormOf(typ string) (form Form, ok bool) {
	dot := strings.LastIndexByte(typ, '.')
	if dot < 0 {
		return Form{}, false
	}
	for _, b := range byPackage[typ[:dot]] {
		if form, ok := b.Forms[typ[dot+1:]]; ok {
			return form, true
		}
	}
	return Form{}, false
}

// Literal returns what a struct literal is, by what a builder knows of its fields.
func Literal(r *value.Record) value.Value {
	for _, part := range r.Parts {
		e, ok := part.(*value.Entry)
		if !ok {
			continue
		}
		if of, ok := e.Of.(*value.Record); ok {
			if form, _ := FormOf(of.Type); form.Within != nil {
				return form.Within(r, of)
			}
		}
	}
	return r
}

// Embeds reports whether values of a type have one of a builder's types in them, as
// generated tables do.
func Embeds(t types.Type) bool {
	for range 3 {
		field := embedded(t)
		if field == nil {
			return false
		}
		if t = field.Type(); Of(t) != nil {
			return true
		}
	}
	return false
}

// embedded returns the first field of the struct behind a type if it is embedded, nil
// if not.
func embedded(t types.Type) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 || !s.Field(0).Embedded() {
		return nil
	}
	return s.Field(0)
}
