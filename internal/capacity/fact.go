package capacity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
)

// Func is what a function has to do with the limits of pools. It is the object
// fact of every function and method that has anything to do with them.
type Func struct {
	Pools  []Pool     // what it opens, also through its callees
	Result Provenance // what its results are made of
	Onto   []Setting  // what it puts on its parameters; Setting.On says which
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

// like reports whether two functions do the same, but for how far below it is done.
func (f *Func) like(g *Func) bool {
	return slices.EqualFunc(f.Pools, g.Pools, Pool.like) && f.Result.like(&g.Result) && slices.EqualFunc(f.Onto, g.Onto, Setting.like)
}

func (f *Func) empty() bool {
	return len(f.Pools) == 0 && len(f.Onto) == 0 && f.Result.empty()
}

// A Pool is one pool that a function opens, with what is known of its limit.
type Pool struct {
	Opener dbapi.Name      // row of the catalogue
	Site   lifecycle.Place // the call of Opener
	From   Provenance      // what its configuration and its handle are made of
	Result bool            // the function hands the pool to its caller
	Later  bool            // opened by a method that the function hands on
}

func (p Pool) String() string {
	s := "opens " + string(p.Opener)
	for _, setting := range p.From.Settings {
		s += " with " + setting.String()
	}
	return s
}

func (p Pool) like(q Pool) bool {
	return p.Site == q.Site && p.Opener == q.Opener && p.Result == q.Result && p.Later == q.Later && p.From.like(&q.From)
}

// Provenance is what flowed into a value, whatever the order of statements.
type Provenance struct {
	Settings []Setting
	Params   flow.Params // of the function
	Servers  []string    // where the DSN comes from: "DATABASE_URL", "localhost:5432"
	Timeout  bool        // something bounds the time to connect
}

func (p *Provenance) empty() bool {
	return len(p.Settings) == 0 && p.Params == 0 && len(p.Servers) == 0 && !p.Timeout
}

func (p *Provenance) like(q *Provenance) bool {
	return p.Params == q.Params && p.Timeout == q.Timeout &&
		slices.Equal(p.Servers, q.Servers) && slices.EqualFunc(p.Settings, q.Settings, Setting.like)
}

// Bounds on what is remembered of one value.
const (
	maxSettings = 32
	maxServers  = 4
)

// set adds settings. The same one farther below says nothing new.
func (p *Provenance) set(settings ...Setting) {
	for _, s := range settings {
		i := slices.IndexFunc(p.Settings, s.like)
		switch {
		case i >= 0:
			p.Settings[i].Depth = min(p.Settings[i].Depth, s.Depth)
			p.Settings[i].Perhaps = p.Settings[i].Perhaps && s.Perhaps
		case len(p.Settings) < maxSettings:
			p.Settings = append(p.Settings, s)
		}
	}
}

func (p *Provenance) server(name string) {
	if name != "" && len(p.Servers) < maxServers && !slices.Contains(p.Servers, name) {
		p.Servers = append(p.Servers, name)
	}
}

// add adds what is known, apart from parameters, which belong to a function.
func (p *Provenance) add(from *Provenance) {
	p.set(from.Settings...)
	for _, s := range from.Servers {
		p.server(s)
	}
	p.Timeout = p.Timeout || from.Timeout
}

// Opaque reports whether code that cannot be read may have put something on the value.
func (p *Provenance) Opaque() bool {
	return slices.ContainsFunc(p.Settings, func(s Setting) bool { return s.Key == filledKey })
}

// A Setting is a number that code puts on a handle, a configuration or a DSN.
type Setting struct {
	// Key names what is set: "import/path.Field", "SetMaxOpenConns()" for a
	// method, "?pool_max_conns" for a parameter of the DSN, filledKey for anything.
	Key     string
	Amount  Amount
	On      int  // of a function's parameters: the one that takes it
	Depth   int  // how far below: what a caller sets comes later and wins
	Perhaps bool // there is a way past it
}

// A call is one step down, and more than the literal of a configuration is: to that the
// same function adds its assignments later.
const (
	literalDepth = 1
	callDepth    = 2
)

// below returns the setting as the caller of the function sees it.
func (s Setting) below() Setting {
	s.Depth += callDepth
	return s
}

func (s Setting) like(other Setting) bool {
	return s.Key == other.Key && s.Amount == other.Amount && s.On == other.On
}

// by names what is set, as findings do: "MaxConns", "SetMaxOpenConns"; "" for anything.
func (s Setting) by() string {
	name := strings.TrimPrefix(s.Key[strings.LastIndexAny(s.Key, "./")+1:], "?")
	return strings.TrimSuffix(strings.TrimSuffix(name, "()"), filledKey)
}

func (s Setting) String() string { return s.Key + "=" + s.Amount.String() }

// An Amount is a number as far as the code shows it.
type Amount struct {
	Kind AmountKind
	N    int    // the number, or the parameter's, see flow.Params; PerCPU: how many for each, 0 if that is not known
	Key  string // FromParam: the field of the parameter; empty for itself
	From string // Number: the constant that it stands in, or "given to FUNCTION"; may be empty
	Else bool   // holds only where nothing else gives a number
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
		if a.Else {
			return fmt.Sprintf("(else %d)", a.N)
		}
		return fmt.Sprint(a.N)
	case PerCPU:
		return "per CPU"
	case FromParam:
		return strings.TrimSuffix(fmt.Sprintf("parameter %d %s", a.N, a.Key), " ")
	}
	return "unknown"
}
