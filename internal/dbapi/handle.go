package dbapi

import (
	"go/types"
	"strings"
)

// Handle reports whether t is a type of handle that the catalogue's libraries
// hand out: one with a release method of its own.
func Handle(t types.Type) bool {
	return handles[TypeName(t)]
}

// Prepared reports whether t is a type of prepared statements.
func Prepared(t types.Type) bool { return prepared[TypeName(t)] }

var prepared = map[string]bool{"database/sql.Stmt": true, "github.com/jmoiron/sqlx.Stmt": true, "github.com/jmoiron/sqlx.NamedStmt": true}

var handles = func() map[string]bool {
	types := map[string]bool{
		"gorm.io/gorm.DB": true, "github.com/jmoiron/sqlx.DB": true, "github.com/jmoiron/sqlx.Tx": true,
		"github.com/jmoiron/sqlx.Stmt": true, "github.com/jmoiron/sqlx.Conn": true,
	}
	for name := range releases {
		if recv, _, ok := strings.Cut(strings.TrimPrefix(string(name), "("), ")"); ok {
			types[recv] = true
		}
	}
	return types
}()

// maxHolders bounds the structs around a handle: a suite, its fixture.
const maxHolders = 2

// Holds reports whether a value of type t is a handle, or something around one: a
// struct with a field for it, an interface for what runs queries.
func Holds(t types.Type) bool { return holds(t, maxHolders) }

func holds(t types.Type, depth int) bool {
	if Handle(t) {
		return true
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return runsQueries(u)
	case *types.Struct:
		for field := range u.Fields() {
			if depth > 0 && holds(field.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

// runsQueries reports whether the interface has the methods that handles run SQL
// with.
func runsQueries(t *types.Interface) bool {
	for _, names := range [][]string{{"Exec", "QueryRow"}, {"ExecContext", "QueryRowContext"}} {
		n := 0
		for m := range t.Methods() {
			if m.Name() == names[0] || m.Name() == names[1] {
				n++
			}
		}
		if n == len(names) {
			return true
		}
	}
	return false
}
