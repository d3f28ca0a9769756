package capacity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// Func is what a function has to do with the limits of pools. It is the object
// fact of every function and method that has anything to do with them.
type Func struct {
	Pools  []Pool    // what it opens, also through its callees
	Result Makings   // what its results are made of
	Onto   []Setting // what it puts on its parameters; Setting.On says which
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

func (f *Func) String() string {
	var parts []string
	for _, p := range f.Pools {
		parts = append(parts, p.String())
	}
	for _, s := range f.Onto {
		parts = append(parts, fmt.Sprintf("puts %s on parameter %d", s, s.On))
	}
	for _, s := range f.Result.Settings {
		parts = append(parts, "returns "+s.String())
	}
	return strings.Join(parts, ", ")
}

func (f *Func) empty() bool {
	return len(f.Pools) == 0 && len(f.Onto) == 0 && f.Result.empty()
}

// A Pool is one pool that a function opens, with what is known of its limit.
type Pool struct {
	Opener dbapi.Name      // row of the catalogue
	Site   lifecycle.Place // the call of Opener
	Made   Makings         // what its configuration and its handle are made of
	Result bool            // the function hands the pool to its caller
	Lent   bool            // opened by a method that the function hands on
}

func (p Pool) String() string {
	s := "opens " + string(p.Opener)
	for _, setting := range p.Made.Settings {
		s += " with " + setting.String()
	}
	return s
}

// Makings is what flowed into a value, whatever the order of statements.
type Makings struct {
	Settings []Setting
	Params   Params   // parameters of the function that flowed in
	Servers  []string // where the DSN comes from: "DATABASE_URL", "localhost:5432"
	Timeout  bool     // something bounds the time to connect
	Opaque   bool     // a configuration came from code that cannot be read
}

func (m *Makings) empty() bool {
	return len(m.Settings) == 0 && m.Params == 0 && len(m.Servers) == 0 && !m.Timeout && !m.Opaque
}

// Bounds on what is remembered of one value.
const (
	maxSettings = 32
	maxServers  = 4
)

func (m *Makings) set(s Setting) {
	if len(m.Settings) < maxSettings && !slices.Contains(m.Settings, s) {
		m.Settings = append(m.Settings, s)
	}
}

func (m *Makings) server(name string) {
	if name != "" && len(m.Servers) < maxServers && !slices.Contains(m.Servers, name) {
		m.Servers = append(m.Servers, name)
	}
}

// add adds what is known, apart from parameters, which belong to a function.
func (m *Makings) add(from *Makings) {
	for _, s := range from.Settings {
		m.set(s)
	}
	for _, s := range from.Servers {
		m.server(s)
	}
	m.Timeout = m.Timeout || from.Timeout
	m.Opaque = m.Opaque || from.Opaque
}

// find returns the amounts of the settings with the key.
func (m *Makings) find(key string) []Amount {
	var all []Amount
	for _, s := range m.Settings {
		if s.Key == key {
			all = append(all, s.Amount)
		}
	}
	return all
}

// A Setting is a number that code puts on a handle, a configuration or a DSN.
type Setting struct {
	// Key names what is set: "import/path.Field", "SetMaxOpenConns()" for a
	// method, "?pool_max_conns" for a parameter of the DSN.
	Key    string
	Amount Amount
	On     int // of a function's parameters: the one that takes it
	Depth  int // calls below: what a caller sets comes later and wins
}

// below returns the setting as the caller of the function sees it.
func (s Setting) below() Setting {
	s.Depth++
	return s
}

func (s Setting) String() string { return s.Key + "=" + s.Amount.String() }

// An Amount is a number as far as the code shows it.
type Amount struct {
	Kind AmountKind
	N    int    // the number, or the parameter's index
	Key  string // FromParam: the field of the parameter; empty for itself
}

// AmountKind says what is known of an amount.
type AmountKind uint8

// The kinds.
const (
	Number    AmountKind = iota // N
	PerCPU                      // grows with the number of CPUs
	FromParam                   // what the caller gives
	Unknown                     // some number
)

func (a Amount) String() string {
	switch a.Kind {
	case Number:
		return fmt.Sprint(a.N)
	case PerCPU:
		return "per CPU"
	case FromParam:
		return strings.TrimSuffix(fmt.Sprintf("parameter %d %s", a.N, a.Key), " ")
	}
	return "unknown"
}

// Params is a set of parameters, by index.
type Params uint64

// receiver is the index of a method's receiver.
const receiver = 63

// Has reports whether parameter i is in the set.
func (p Params) Has(i int) bool { return i >= 0 && i < 64 && p&(1<<i) != 0 }

func (p *Params) add(i int) {
	if i >= 0 && i < 64 {
		*p |= 1 << i
	}
}
