package dbapi

import "strings"

// A Library is all that the catalogue says of one library: one literal, in the
// file named for it. What it does not have is left out.
type Library struct {
	// Paths are what the import paths of its packages begin with, without the
	// major version: the library's own, then those of its forks. A fork has every
	// row of the library, and those that Packages gives it besides or instead. The
	// standard library has none.
	Paths []string

	// Shapes tell forks whose paths nobody knows.
	Shapes []Shape

	Packages []Package

	// Executes are the functions and methods that run a query, whether anything here
	// can read it or not: one that is not read is counted. What opens, closes,
	// begins, commits or only builds does not belong here, nor does what runs a
	// prepared statement: its text is taken where it is prepared.
	Executes []Methods

	// Rows are those of them that write the row they are given, found by its key, and take
	// no condition.
	Rows []Methods

	Origin      Origin // of whatever its functions return
	Drivers     string // the names that database/sql knows its drivers by, if they hold no connection to a server
	NoSQL       bool   // its servers are no SQL databases and take thousands of connections
	CachesPlans bool   // its connections cache plans of statements, which DDL invalidates
}

// A Package is one package of a library, or its major versions, where they are
// alike. A string lists names, separated by spaces: "Open" is a function,
// "DB.Begin" a method of the type or of a pointer to it. A row holds in those of
// the packages that have the function.
type Package struct {
	Paths string // import paths, complete

	Opens    []openers
	Acquires string // methods that borrow a connection from their receiver
	Begins   string // methods that begin a transaction of their receiver
	Prepares string // methods that prepare a statement on their receiver
	Wraps    string // methods that return another face of their receiver

	Configures string // what makes a configuration, or of it what opens connections, and does nothing else

	Releases string         // methods that end the life of their receiver
	TakeBack map[string]int // functions that end the life of an argument, by its index
	Handles  string         // types of handles besides the receivers in Releases
	Prepared string         // types of prepared statements
	Chains   string         // types of handles that are query and transaction too: a method returns another face of it

	Queries  []QueryRow
	Postgres bool // what Queries lists talks to PostgreSQL alone

	Texts    map[string]Text   // functions that return SQL, or a part of it
	Names    string            // methods whose first argument names a database on the server of their receiver, which is there once something is put in
	Parts    string            // methods whose first argument names a part of their receiver, as tables are of databases, which is there once something is put in
	Dialers  string            // functions that make pools of the function that dials: fields hold such for them, too
	Migrates map[string]int    // functions that change tables, by the index of the handle; Receiver for a method's own
	Drops    string            // methods that drop or empty what their receiver is, or a table of it: a collection, a database
	Deletes  map[string]int    // methods that delete the rows that a condition selects, by its index
	Origins  map[string]Origin // of what functions and methods of that name return, whatever their receiver
}

// Methods are the methods of some types. No type stands for functions, * for every
// type.
type Methods struct{ Types, Names string }

// A QueryRow is methods that take SQL, and functions where Types is empty.
type QueryRow struct {
	Types, Names string
	SQL, Args    int // indexes of the text and of the first value for a placeholder
	Flags        queryFlag
}

type queryFlag uint8

const (
	named  queryFlag = 1 << iota // placeholders are names of fields or keys of the argument Args
	copies                       // the argument SQL names a table, the next one its columns
)

// A Shape tells a library by one of its types and methods of that, and by the
// package's name where others have such a type.
type Shape struct{ Package, Type, Methods string }

// openers are functions that open handles alike.
type openers struct {
	names string
	row   Opener // without its name
}

// pool dials a database that the argument source names or describes.
func pool(names string, source int, limit *Limit) openers {
	return openers{names, Opener{Kind: Pool, Source: source, Driver: None, Over: None, Limit: limit}}
}

// sqlOpen makes a pool of database/sql: the argument driver is the driver's name.
func sqlOpen(names string, driver, source int) openers {
	return openers{names, Opener{Kind: Pool, Source: source, Driver: driver, Over: None, Limit: &Limit{Setter: "SetMaxOpenConns"}}}
}

// conn dials one connection.
func conn(names string, source int) openers {
	return openers{names, Opener{Kind: Conn, Source: source, Driver: None, Over: None, Limit: &Limit{Fixed: 1}}}
}

// acquire borrows a connection from the argument over.
func acquire(names string, over int) openers {
	return openers{names, Opener{Kind: Acquired, Source: None, Driver: None, Over: over}}
}

// detach takes the connection that the receiver has borrowed out of its pool.
func detach(names string) openers {
	return openers{names, Opener{Kind: Acquired, Source: None, Driver: None, Over: Receiver, Detaches: true}}
}

// wrap makes another face of the argument over.
func wrap(names string, over int) openers {
	return openers{names, Opener{Kind: Wrapper, Source: None, Driver: None, Over: over}}
}

// waits marks pools whose Close waits for all that they have lent.
func (o openers) waits() openers {
	o.row.Waits = true
	return o
}

// leavesOpen marks wrappers whose Close does not close the handle beneath.
func (o openers) leavesOpen() openers {
	o.row.LeavesOpen = true
	return o
}

// at names the fields of the configuration that say where to dial: without one it dials nothing.
func (o openers) at(fields string) openers {
	o.row.Places = strings.Fields(fields)
	return o
}

// parsed names the functions that open the same by a configuration made of the DSN.
func (o openers) parsed(parse, configured string) openers {
	o.row.Parse, o.row.Configured = parse, configured
	return o
}
