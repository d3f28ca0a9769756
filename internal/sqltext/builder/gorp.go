package builder

import (
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// gorp reads and writes rows of registered structs by their keys; all else that it
// runs is text.
var gorp = &Builder{
	Name:     "gorp",
	Packages: []string{"github.com/go-gorp/gorp/v3", "github.com/go-gorp/gorp", "gopkg.in/gorp.v2", "gopkg.in/gorp.v1"},
	Owns:     func(obj types.Object) bool { return gorpTypes[obj.Name()] },
	Models:   model.Gorp,
	Maps:     Names("AddTable AddTableWithName AddTableWithNameAndSchema"),
	Keys:     Names("SetKeys"),
	Begin:    gorpBegin,
	Step:     gorpStep,
}

var gorpTypes = Names("DbMap Transaction SqlExecutor TableMap")

// gorpVerbs are what the methods that take structs make of each of them.
var gorpVerbs = map[string]string{"Get": "SELECT", "Insert": "INSERT", "Update": "UPDATE", "UpdateColumns": "UPDATE", "Delete": "DELETE"}

func gorpBegin(c *Call) value.Value {
	args := c.StepArgs()
	switch c.Name() {
	case "Get":
		args = args[:1]
	case "UpdateColumns":
		args = args[1:]
	}
	if gorpVerbs[c.Name()] == "" {
		return c.Unknown()
	}
	for _, a := range args {
		c.Asked = append(c.Asked, value.Query{SQL: c.begin(c.Name(), c.Recv.At().Through, a), Method: dbapi.NameOf(c.Fn)})
	}
	return c.Unknown()
}

func gorpStep(st *Statement, s *value.Step) {
	verb := gorpVerbs[s.Method]
	if verb == "" || len(s.Args) == 0 {
		return
	}
	st.Verb = verb
	o, ok := st.in.Settle(s.Args[0]).(*value.Object)
	if !ok {
		return
	}
	st.setTable(o)
	if st.Verb == "INSERT" || st.Verb == "UPDATE" {
		st.setObject(o)
	}
	if st.Verb != "INSERT" {
		st.ownKey(o)
	}
}
