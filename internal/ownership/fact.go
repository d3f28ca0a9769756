package ownership

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
)

// Func says who has to release the handles that a function deals with. It is
// the object fact of every function that gives, releases or keeps one.
type Func struct {
	Gives    []Gift // results that the caller has to release
	Releases Set    // parameters that it releases, or whose release it registers
	Keeps    Set    // parameters that it stores where someone else may release them
	Passes   Set    // parameters that its results are made of
	Later    Set    // parameters that a cleanup function it registers works with
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

func (f *Func) String() string {
	var parts []string
	for _, g := range f.Gives {
		parts = append(parts, g.String())
	}
	for _, p := range []struct {
		verb string
		set  Set
	}{{"releases", f.Releases}, {"keeps", f.Keeps}, {"passes", f.Passes}, {"later uses", f.Later}} {
		if p.set != 0 {
			parts = append(parts, fmt.Sprintf("%s %b", p.verb, p.set))
		}
	}
	return strings.Join(parts, ", ")
}

// A Gift is a handle that comes with a result.
type Gift struct {
	Result int        // the result that is the handle or holds it
	Closer int        // the result that releases it when called; -1 if there is none
	Opener dbapi.Name // what opened it
	Kind   dbapi.Kind
}

func (g Gift) String() string {
	s := fmt.Sprintf("gives a %s in result %d", g.Kind, g.Result)
	if g.Closer >= 0 {
		s += fmt.Sprintf(" that result %d releases", g.Closer)
	}
	return s
}

// Set is a set of parameters: the receiver is 0, the first parameter 1.
type Set uint64

// Has reports whether i is in the set.
func (s Set) Has(i int) bool { return i >= 0 && i < 64 && s&(1<<i) != 0 }

func (s *Set) add(i int) {
	if i >= 0 && i < 64 {
		*s |= 1 << i
	}
}
