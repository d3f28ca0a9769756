package dbapi

import (
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// A Query is a function or method that takes SQL.
type Query struct {
	Name   Name
	SQL    int  // argument with the text
	Args   int  // first argument with a value for a placeholder; None if there is none
	Handle Kind // what runs it; 0 if the row does not say
	Named  bool // placeholders are names of fields or keys of the argument Args
	Copy   bool // argument SQL names a table, the next one its columns: rows are inserted

	// Postgres marks a library that talks to PostgreSQL only.
	Postgres bool

	// Surely marks a method of a type that nobody has heard of whose name says that
	// it takes SQL.
	Surely bool

	// Guess marks one whose name only begins so, such as ExecuteBatch: what it is given has
	// to read as SQL.
	Guess bool

	// Struct marks one that takes the text in a struct.
	Struct bool
}

// handleNames says what a type of that name in a database library is.
var handleNames = map[string]Kind{
	"DB": Pool, "Pool": Pool, "ConnPool": Pool, "Engine": Pool, "Database": Pool,
	"Conn": Conn, "PgConn": Conn,
	"Tx": Tx, "TxDatabase": Tx,
}

// handle returns what a type of the package is that runs queries. Its connections are
// borrowed if it lends them and dials none.
func (p *Package) handle(owner string) Kind {
	kind := handleNames[owner]
	dials := slices.ContainsFunc(p.Opens, func(o openers) bool { return o.row.Kind == Conn })
	if kind == Conn && p.Acquires != "" && !dials {
		return Acquired
	}
	return kind
}

// Queries is the built-in table with the rows that the configuration adds.
type Queries struct {
	added map[Name]*Query
}

// NewQueries returns the built-in table with functions named in the
// configuration: "import/path.Func:N" or "(import/path.Type).Method:N", N the
// index of the SQL argument, 0 if it is left out.
func NewQueries(rows []string) *Queries {
	c := &Queries{added: map[Name]*Query{}}
	for _, row := range rows {
		name, index := row, 0
		if i := strings.LastIndexByte(row, ':'); i >= 0 {
			if n, err := strconv.Atoi(row[i+1:]); err == nil && n >= 0 {
				name, index = row[:i], n
			}
		}
		q := &Query{Name: Name(strings.ReplaceAll(name, "*", "")), SQL: index, Args: index + 1}
		c.added[q.Name] = q
	}
	return c
}

// ReadsRows reports whether fn returns the rows of a query, which keep a connection until they
// are read to their end or closed.
func ReadsRows(fn *types.Func) bool {
	results := fn.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	for _, name := range []string{"Next", "Scan", "Close"} {
		if obj, _, _ := types.LookupFieldOrMethod(results.At(0).Type(), true, fn.Pkg(), name); obj == nil {
			return false
		}
	}
	return true
}

// Of returns the row of fn; nil if fn takes no SQL.
func (c *Queries) Of(fn *types.Func) *Query {
	if len(c.added) > 0 {
		if q := c.added[NameOf(fn)]; q != nil {
			return q
		}
	}
	if rows := rowsOf(fn); rows != nil {
		return rows.queries[memberOf(fn)]
	}
	return nil
}

// shapes are the names under which types that nobody has heard of take SQL, and
// whether values for placeholders follow it.
var shapes = map[string]bool{
	"Exec": true, "ExecContext": true, "MustExec": true, "MustExecContext": true,
	"Query": true, "QueryContext": true, "QueryRow": true, "QueryRowContext": true,
	"Queryx": true, "QueryxContext": true, "QueryRowx": true, "QueryRowxContext": true,
	"Get": true, "GetContext": true, "Select": true, "SelectContext": true, "Queue": true, "Raw": true,
	"Prepare": false, "PrepareContext": false, "Preparex": false, "PreparexContext": false,
	"NamedExec": false, "NamedExecContext": false, "NamedQuery": false, "NamedQueryContext": false,
	"PrepareNamed": false, "PrepareNamedContext": false,
}

// IsShape reports whether a method of the name may be taken for one that takes SQL.
func IsShape(name string) bool {
	_, ok := shapes[name]
	return ok || name == "CopyFrom"
}

// QueryShaped returns a row for a method that looks as if it takes SQL by its
// name and parameters, such as those of a DBTX interface; nil if it does not.
// The SQL may be in a struct that has a text for each dialect, beside the query's name.
func QueryShaped(fn *types.Func) *Query {
	sig := fn.Signature()
	variadic, exact := shapes[fn.Name()]
	if sig.Recv() == nil {
		return nil
	}
	surely := strings.HasPrefix(fn.Name(), "Query") || strings.HasPrefix(fn.Name(), "Exec")
	if !exact {
		if !surely {
			return copyShaped(fn)
		}
		variadic, surely = true, false
	}
	if variadic != sig.Variadic() {
		return nil
	}
	params := sig.Params()
	for i := range params.Len() {
		inStruct := variadic && holdsText(params.At(i).Type())
		if !inStruct && !isString(params.At(i).Type()) {
			continue
		}
		next := i + 1
		switch {
		case strings.HasPrefix(fn.Name(), "Prepare"):
			if next < params.Len() && isString(params.At(next).Type()) {
				i = next // pgx: the statement's name, its text
			}
			next = None
		case next >= params.Len() || variadic && next != params.Len()-1 || !holdsAny(params.At(next).Type()):
			return nil
		}
		return &Query{
			Name: NameOf(fn), SQL: i, Args: next,
			Named: strings.Contains(fn.Name(), "Named"), Surely: surely && !inStruct, Guess: !exact, Struct: inStruct,
		}
	}
	return nil
}

// copyShaped recognises pgx's CopyFrom behind an interface.
func copyShaped(fn *types.Func) *Query {
	params := fn.Signature().Params()
	if fn.Name() != "CopyFrom" || params.Len() != 4 || !strings.HasSuffix(TypeName(params.At(1).Type()), ".Identifier") {
		return nil
	}
	return &Query{Name: NameOf(fn), SQL: 1, Args: None, Copy: true, Postgres: true}
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}

// holdsText reports whether a type is a struct with a field for text, or a pointer to one.
func holdsText(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if isString(field.Type()) {
			return true
		}
	}
	return false
}

// holdsAny reports whether the parameter takes values of any type.
func holdsAny(t types.Type) bool {
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}
