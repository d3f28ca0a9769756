package dbapi

import (
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Kind says what an opener gives.
type Kind uint8

// The kinds of handle.
const (
	Pool     Kind = iota + 1 // dials connections on demand
	Conn                     // one connection of its own
	Acquired                 // a connection borrowed from a pool
	Tx                       // a transaction: a connection borrowed from a pool
	Stmt                     // a prepared statement
	Rows                     // the rows of a query: a connection borrowed until they are read
	Wrapper                  // another face of an existing handle: no connection of its own
)

func (k Kind) String() string {
	return [...]string{"", "pool", "connection", "acquired connection", "transaction", "statement", "rows", "wrapper"}[k]
}

// Own reports whether the handle dials connections that nobody else has.
func (k Kind) Own() bool { return k == Pool || k == Conn }

// None marks an argument that a function does not have.
const None = -1

// Receiver stands for a method's receiver where an argument's index is expected.
const Receiver = -2

// An Opener is a function or method that hands out a database handle.
type Opener struct {
	Name   Name
	Kind   Kind
	Source int // argument with the DSN, configuration, connector or dialector; None if there is none
	Driver int // argument with the database/sql driver's name; None if there is none
	Over   int // Wrapper: argument with the handle beneath, Receiver for the receiver; else None
	Limit  *Limit

	// Places are the fields of the configuration that say where to dial, if it dials nothing
	// without one.
	Places []string

	// Parse is the function of the package that makes a configuration of the DSN, Configured
	// the one that opens it.
	Parse, Configured string

	// Detaches marks a method that takes the connection which the receiver has borrowed out of its
	// pool: that may dial another in its place.
	Detaches bool

	// LeavesOpen marks a wrapper whose Close does not close the handle beneath.
	LeavesOpen bool

	// Waits marks a pool whose Close waits for all that it has lent.
	Waits bool
}

// Limit says how many connections a handle takes unless told, and how it is told.
// The default is Fixed, or PerCPU for each CPU but at least Min; all zero is unlimited.
type Limit struct {
	Fixed  int
	PerCPU int
	Min    int

	Param  string // parameter of the DSN, understood by this library only
	Field  string // field of the configuration
	Setter string // method of the handle
	Option string // functional option or method of the options
}

// TellsLimit reports whether a function or field tells how many connections a pool may take:
// a field of database/sql's statistics or of pgxpool's configuration, a method of pgxpool's
// statistics.
func TellsLimit(obj types.Object) bool {
	if obj.Pkg() == nil {
		return false
	}
	switch obj := obj.(type) {
	case *types.Var:
		return obj.IsField() && (obj.Name() == "MaxOpenConnections" && obj.Pkg().Path() == "database/sql" ||
			obj.Name() == "MaxConns" && obj.Pkg().Name() == "pgxpool")
	case *types.Func:
		return obj.Name() == "MaxConns" && obj.Signature().Recv() != nil && obj.Pkg().Name() == "pgxpool"
	}
	return false
}

// Openers yields the built-in openers.
func Openers() iter.Seq[*Opener] {
	return func(yield func(*Opener) bool) {
		for _, rows := range byPackage() {
			for _, row := range rows.openers {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// A Catalogue is the built-in openers with those that the configuration adds.
type Catalogue struct {
	added map[Name]*Opener
}

// NewCatalogue returns the built-in openers with those named in the
// configuration: "import/path.Func" or "(import/path.Type).Method".
func NewCatalogue(openers []string) *Catalogue {
	c := &Catalogue{added: map[Name]*Opener{}}
	for _, name := range openers {
		row := pool("", None, &Limit{}).row
		row.Name = Name(strings.ReplaceAll(name, "*", ""))
		c.added[row.Name] = &row
	}
	return c
}

// Opener returns the row of fn; nil if fn hands out no handle.
func (c *Catalogue) Opener(fn *types.Func) *Opener {
	if len(c.added) > 0 {
		if row := c.added[NameOf(fn)]; row != nil {
			return row
		}
	}
	if rows := rowsOf(fn); rows != nil {
		return rows.openers[memberOf(fn)]
	}
	return nil
}

// Detaches reports whether what has the name takes a connection out of its pool.
func (n Name) Detaches() bool {
	rows := byPackage()[n.Package()]
	if rows == nil {
		return false
	}
	row := rows.openers[n.member()]
	return row != nil && row.Detaches
}

// Waits reports whether what has the name opens a pool whose Close waits for all that it has lent.
func (n Name) Waits() bool {
	rows := byPackage()[n.Package()]
	if rows == nil {
		return false
	}
	row := rows.openers[n.member()]
	return row != nil && row.Kind == Pool && row.Waits
}

// OpenerNamed returns the row of the given name; nil if there is none.
func (c *Catalogue) OpenerNamed(name Name) *Opener {
	if row := c.added[name]; row != nil {
		return row
	}
	if rows := byPackage()[name.Package()]; rows != nil {
		return rows.openers[name.member()]
	}
	return nil
}

// Packages yields every package whose import makes a package relevant.
func (c *Catalogue) Packages() iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range c.added {
			if !yield(name.Package()) {
				return
			}
		}
		for path, rows := range byPackage() {
			if len(rows.openers) > 0 && !yield(path) {
				return
			}
		}
	}
}

// Packages returns the import paths of what opens handles or makes databases for
// tests, sorted. Only packages that reach one of them can hold a finding or a fact.
func Packages() []string {
	paths := map[string]bool{}
	for path, rows := range byPackage() {
		if len(rows.openers) > 0 || rows.library.Origin&Private != 0 {
			paths[path] = true
		}
	}
	for path, lib := range byRoot() {
		if lib.Origin&Private != 0 {
			paths[path] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// A Release is how a function ends the life of a handle.
type Release struct {
	Name Name
	Arg  int // argument that is released, Receiver for the receiver
}

// ReleaseOf returns how fn ends the life of a handle; nil if it does not. Methods
// that types of the libraries promote (sqlx.DB.Close is sql.DB's) need no row.
func ReleaseOf(fn *types.Func) *Release {
	if rows := rowsOf(fn); rows != nil {
		return rows.releases[memberOf(fn)]
	}
	return nil
}

// Catalogued reports whether the catalogue knows what opens and releases the handles of a package.
func Catalogued(pkg *types.Package) bool {
	if pkg == nil {
		return false
	}
	rows := byPackage()[pkg.Path()]
	return rows != nil && len(rows.openers) > 0
}

// EndsTransaction reports whether fn, which releases its receiver, ends a transaction: no pool
// and no connection ends with that.
func EndsTransaction(fn *types.Func) bool { return fn.Name() == "Commit" || fn.Name() == "Rollback" }

// closing are the names under which types that hold a handle let go of it.
var closing = map[string]bool{
	"Close": true, "close": true, "CloseDB": true, "closeDB": true, "Disconnect": true, "Release": true,
	"Stop": true, "stop": true, "Shutdown": true, "shutdown": true, "Teardown": true, "teardown": true,
	"TearDown": true, "tearDown": true, "Cleanup": true, "cleanup": true, "CleanUp": true, "Terminate": true,
	"Destroy": true, "Dispose": true, "Quit": true, "Rollback": true, "Commit": true, "Finish": true,
}

// SoundsClosing reports whether a method of that name lets go of a handle, for
// values behind an interface, where the method's body cannot be asked.
func SoundsClosing(method string) bool { return closing[method] }

// EndsBy reports whether one of an interface's methods lets go of a handle.
func EndsBy(t *types.Interface) bool {
	for m := range t.Methods() {
		if SoundsClosing(m.Name()) {
			return true
		}
	}
	return false
}

// NamesDatabase reports whether the first argument of fn names a database on a server, which is
// there once something is put into it.
func NamesDatabase(fn *types.Func) bool {
	rows := rowsOf(fn)
	return rows != nil && rows.names[memberOf(fn)]
}

// NamesPart reports whether the first argument of fn names a part of a database, which is there
// once something is put into it.
func NamesPart(fn *types.Func) bool {
	rows := rowsOf(fn)
	return rows != nil && rows.parts[memberOf(fn)]
}

// DialsBy reports whether a pool dials by the function that a function takes.
func DialsBy(fn *types.Func) bool {
	rows := rowsOf(fn)
	return rows != nil && rows.dialers[fn.Name()]
}

// DialsByField reports whether a field holds functions that return a connection of a library whose pools
// dial by such: a field of the pool, or of somebody's configuration.
func DialsByField(field *types.Var) bool {
	sig, ok := field.Type().Underlying().(*types.Signature)
	if !ok || sig.Results().Len() == 0 {
		return false
	}
	rows, _ := rowsOfType(sig.Results().At(0).Type())
	return rows != nil && len(rows.dialers) > 0
}

// Emptying returns the index of the condition by which a method deletes rows of its receiver, None
// if it drops them all; ok is false if it does neither.
func Emptying(fn *types.Func) (condition int, ok bool) {
	if rows := rowsOf(fn); rows != nil {
		condition, ok = rows.empties[memberOf(fn)]
	}
	return condition, ok
}

// Configures reports whether fn makes a configuration, or of one what opens connections, and does
// nothing else.
func Configures(fn *types.Func) bool {
	rows := rowsOf(fn)
	return rows != nil && rows.configures[memberOf(fn)]
}

// Migration returns the index of the argument, or Receiver, whose tables fn
// changes; ok is false if it changes none by itself.
func Migration(fn *types.Func) (handle int, ok bool) {
	if rows := rowsOf(fn); rows != nil {
		handle, ok = rows.migrations[memberOf(fn)]
	}
	return handle, ok
}
