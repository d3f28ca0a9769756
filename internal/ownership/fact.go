package ownership

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// Func says which handles a function hands out, or leaves in its receiver. It is the object fact of every
// function that does.
type Func struct {
	Gives []Gift // results that the caller has to release
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

func (f *Func) String() string {
	parts := make([]string, len(f.Gives))
	for i, g := range f.Gives {
		parts[i] = g.String()
	}
	return strings.Join(parts, ", ")
}

// A Gift is a handle that comes with a result.
type Gift struct {
	Result   int         // the result that is the handle or holds it; -1 if none does
	Within   string      // the field of that which holds it; empty if none is known
	Kept     bool        // it is in the method's receiver, as what that is to close
	Listed   bool        // beside others of other calls
	Also     flow.Params // other results that do
	Supplies flow.Params // those results that are functions which return it first
	Closer   int         // the result that releases it when called; -1 if there is none
	Field    string      // the field of the result that holds it, where nothing closes that and something closes others
	Opener   dbapi.Name  // what opened it
	Kind     dbapi.Kind
}

// rank is 1 if all that the caller gets of the handle is what releases it, else 0.
func (g Gift) rank() int {
	if g.Result < 0 && !g.Kept {
		return 1
	}
	return 0
}

func (g Gift) String() string {
	s := fmt.Sprintf("gives a %s in result %d", g.Kind, g.Result)
	if g.rank() > 0 {
		s = fmt.Sprintf("has a %s", g.Kind)
	}
	if g.Kept {
		s = fmt.Sprintf("keeps a %s in its receiver", g.Kind)
		if g.Result >= 0 {
			s += fmt.Sprintf(", and gives it in result %d", g.Result)
		}
	}
	if g.Also != 0 {
		s += fmt.Sprintf(" and %s", g.Also)
	}
	if g.Supplies != 0 {
		s += fmt.Sprintf(", called %s", g.Supplies)
	}
	if g.Field != "" {
		s += ", whose " + g.Field + " nothing closes"
	}
	if g.Closer >= 0 {
		s += fmt.Sprintf(" that result %d releases", g.Closer)
	}
	return s
}
