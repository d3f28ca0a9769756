package lifecycle

import (
	"fmt"
	"go/types"
	"path"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// Func is what a function does with database handles. It is the object fact of
// every function and method that does anything with them.
type Func struct {
	Opens     []Open       // pools and connections of its own that it opens, also through its callees
	Makes     dbapi.Origin // what each call makes: Private for a database, schema or container, Started for a server
	PrivateBy flow.Params  // parameters for which a call does, if it gives one of them a name that is not fixed
	PrivateOf parts        // what of them
	Result    dbapi.Origin // what its results are made of
	Held      bool         // Result says that of a value which a field of the receiver holds
	Flows     flow.Params  // parameters that its results are made of
	Of        parts        // what of them
	By        flow.Params  // parameters that name a schema in its results
	ByOf      parts        // what of them
	Puts      parts        // where its result, an option, puts parameters in what that is given
	Unset     []string     // fields of its first result that are nil
	Chosen    []string     // fields of its first result that say of which kind a database is: "Driver=sqlite|mysql"
	Demands   flow.Params  // errors that have to be set: the running test that it takes fails otherwise
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

func (f *Func) String() string {
	var parts []string
	for _, o := range f.Opens {
		parts = append(parts, o.String())
	}
	switch {
	case f.Makes != 0:
		parts = append(parts, "private")
	case f.PrivateBy != 0:
		parts = append(parts, "private by name")
	}
	if f.Result.Fakes() {
		parts = append(parts, "fake")
	}
	for _, chosen := range f.Chosen {
		parts = append(parts, "chooses "+chosen)
	}
	if f.Demands != 0 {
		parts = append(parts, "demands "+f.Demands.String())
	}
	return strings.Join(parts, ", ")
}

// Open is one pool or connection that a function opens.
type Open struct {
	Opener  dbapi.Name  // row of the catalogue
	Kind    dbapi.Kind  // Pool or Conn
	Site    Place       // the call of Opener
	At      Place       // the call that is to answer for it, in test code; empty while only production code leads to it
	Helper  Place       // the call that production code named for tests makes on the way, if any
	Params  flow.Params // parameters of the function that decide on the database
	Parts   parts       // what of them
	Address bool        // they are put into a DSN that shows a server
	Server  bool        // the library, or the driver's name, shows a server
	Names   flow.Params // parameters of production code that may name one on the server that Params lead to
	Into    string      // the package variable that keeps it, "import/path.Name"; empty if there is none
	If      string      // the configuration's field that must be set for it to happen; empty if there is none
	Unless  string      // the configuration's field that must not be set for it to happen; empty if there is none
	Needs   need        // what of parameter NeedsOf must not be nil for it to happen; empty if nothing
	NeedsOf int
	Without flow.Params // parameters that must be nil, or an empty list, for it to happen
	Behind  string      // the field of the method's receiver that holds the function which does; empty if none
	Once    bool        // at most once a process, however often the function is called
	For     flow.Params // Once for each value of this parameter, and not for the process, if there is one
	Started bool        // on a server that the code started
	Private bool        // on a database, schema or container of its own
	By      flow.Params // parameters that make it private if one of them is given a name that is not fixed
	ByOf    parts       // what of them
	Held    bool        // Private because of what a field of the method's receiver holds
	Kept    bool        // kept in a field of the method's receiver
	Closed  bool        // released before the function returns
	Perhaps bool        // on some of the ways through the function, or by one of several that it may call
	Each    bool        // in a hook or spec that the function registers: for each test, though it runs once
}

func (o Open) String() string {
	s := "opens "
	if o.Once {
		s = "opens once "
	}
	s += string(o.Opener)
	switch {
	case o.Private:
		s += " privately"
	case o.Closed:
		s += " and closes"
	}
	return s
}

// Place is a position in a form that is the same in every driver:
// "import/path/file.go:line:column".
type Place string

// In reports whether the place is in a package, and not in one below it.
func (p Place) In(pkg *types.Package) bool {
	dir, _ := path.Split(string(p))
	return dir == pkg.Path()+"/"
}

// reaches is the package fact of packages that import the catalogue, directly
// or through other packages of the module.
type reaches struct {
	Invented []string // drivers that it, or a package that it imports, registers, and that dial nothing
}

func (*reaches) AFact()         {}
func (*reaches) String() string { return "reaches the catalogue" }

func place(path, file string, line, column int) Place {
	return Place(fmt.Sprintf("%s/%s:%d:%d", path, file, line, column))
}
