package share

import (
	"fmt"
	"go/types"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/dbapi"
)

// A Source is how a pool is opened, in words that mean the same in every file that has the
// imports.
type Source struct {
	Type    string            // of the pool: "*pgxpool.Pool"
	Before  string            // statements that make what the call is given
	Call    string            // what opens it
	DSN     string            // where it connects, if the call has that as an argument of its own
	Error   bool              // the call may fail
	Imports map[string]string // names by path

	Kind           Kind
	MaxConns       int           // that the shared pool is held to
	ConnectTimeout time.Duration // likewise
	Old            bool          // Go is older than sync.OnceValues
}

// Opens says all that is decisive for what a source opens.
func (s Source) Opens() string { return s.Type + "\n" + s.Before + s.Call }

var environment = regexp.MustCompile(`os\.Getenv\("(\w+)"\)`)

// variables returns the variables of the environment that a text of Go reads.
func variables(text string) (names []string) {
	for _, m := range environment.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// Variable returns the variable of the environment that says where the pool connects; "" if
// none does.
func (s Source) Variable() string {
	if names := variables(s.Before + s.DSN); len(names) > 0 {
		return names[0]
	}
	return ""
}

// Kind says how the connections of a pool are limited.
type Kind int

// The kinds.
const (
	Unlimitable Kind = iota
	Setter           // by a method of the pool
	Beneath          // by a method of the *sql.DB beneath
	Configured       // by the configuration that it is opened with
)

// kindOf returns how a pool of the type is limited that an opener opens.
func kindOf(t types.Type, row *dbapi.Opener) Kind {
	switch {
	case row != nil && row.Parse != "" && strings.HasSuffix(row.Name.Package(), "/v5/pgxpool"):
		return Configured
	case hasMethod(t, "SetMaxOpenConns"):
		return Setter
	case hasMethod(t, "DB"):
		return Beneath
	}
	return Unlimitable
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	results := fn.Signature().Results()
	return name != "DB" || results.Len() == 2 && types.TypeString(results.At(0).Type(), nil) == "*database/sql.DB"
}

// Once declares, under a name, what opens the pool at its first call, and returns the names by path
// that this needs. Where the tests change tables, plans that connections keep would not fit them any
// more.
func (s Source) Once(name string, ddl bool) (text string, imports map[string]string) {
	imports = maps.Clone(s.Imports)
	imports["sync"] = "sync"
	var b strings.Builder
	check := "\tif err != nil {\n\t\treturn nil, err\n\t}\n"
	switch s.Kind {
	case Configured:
		imports["context"], imports["time"] = "context", "time"
		fmt.Fprintf(&b, "\tconfig, err := pgxpool.ParseConfig(%s)\n%s", s.DSN, check)
		fmt.Fprintf(&b, "\tconfig.MaxConns = %d\n", s.MaxConns)
		fmt.Fprintf(&b, "\tconfig.ConnConfig.ConnectTimeout = %s\n", seconds(s.ConnectTimeout))
		if ddl {
			imports["github.com/jackc/pgx/v5"] = "pgx"
			b.WriteString("\tconfig.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec // tests change tables: cached plans would not fit\n")
		}
		b.WriteString("\treturn pgxpool.NewWithConfig(context.Background(), config)\n")
	default:
		b.WriteString(s.Before)
		if s.Error {
			fmt.Fprintf(&b, "\tdb, err := %s\n%s", s.Call, check)
		} else {
			fmt.Fprintf(&b, "\tdb := %s\n", s.Call)
		}
		on := "db"
		if s.Kind == Beneath {
			on = "pool"
			fmt.Fprintf(&b, "\tpool, err := db.DB()\n%s", check)
		}
		fmt.Fprintf(&b, "\t%s.SetMaxOpenConns(%d)\n\t%s.SetMaxIdleConns(%d)\n", on, s.MaxConns, on, s.MaxConns)
		if s.Error {
			b.WriteString("\treturn db, nil\n")
		} else {
			b.WriteString("\treturn db\n")
		}
	}
	return once{name, "sync.", s.Type, s.Error, s.Old, b.String()}.text(), imports
}

// A once is a function that runs at its first call alone.
type once struct {
	name, sync string // its own, and what stands before the names of package sync
	pool       string // the type of its first result
	fails      bool   // it has a second one, an error
	old        bool   // Go is older than sync.OnceValues
	body       string
}

// namesOf returns the names that a once of the name may declare.
func namesOf(name string) []string { return []string{name, name + "Once", name + "Pool", name + "Err"} }

func (o once) text() string {
	results, function := o.pool, "OnceValue"
	if o.fails {
		results, function = "("+o.pool+", error)", "OnceValues"
	}
	if !o.old {
		return fmt.Sprintf("var %s = %s%s(func() %s {\n%s})", o.name, o.sync, function, results, o.body)
	}
	vars := fmt.Sprintf("\t%sOnce %sOnce\n\t%sPool %s\n", o.name, o.sync, o.name, o.pool)
	values := o.name + "Pool"
	if o.fails {
		vars += "\t" + o.name + "Err  error\n"
		values += ", " + o.name + "Err"
	}
	body := strings.ReplaceAll(o.body, "\n\t", "\n\t\t\t")
	return fmt.Sprintf("var (\n%s)\n\nfunc %s() %s {\n\t%sOnce.Do(func() {\n\t\t%s = func() %s {\n\t\t%s\t\t}()\n\t})\n\treturn %s\n}",
		vars, o.name, results, o.name, values, results, body, values)
}

// seconds writes a duration in Go.
func seconds(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%d * time.Second", d/time.Second)
	}
	return fmt.Sprintf("%d * time.Millisecond", d.Milliseconds())
}
