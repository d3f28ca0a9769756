// Package byid finds the functions that change a row by an id which their callers give, and
// says of every call of one whether the row has been loaded for its tenant before: by a query
// that is limited to the tenant, which found it by the same id or returned it.
package byid

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqltext"
)

// Analyzer finds them; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintbyid",
	Doc:              "find what changes rows by id, and whether they were loaded for their tenant",
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer, schema.Analyzer, sqltext.Analyzer},
	FactTypes:        []analysis.Fact{new(Deeds)},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Package](),
}

// Deeds are what a function does with rows whose ids its callers give.
type Deeds struct {
	All []Deed

	// Carried names what the function takes out of a request as its first result, with what stands in
	// its parameter By, if that is not 0.
	Carried string
	By      int
}

// AFact marks Deeds as a fact.
func (*Deeds) AFact() {}

func (d *Deeds) String() string {
	s := ""
	for i, deed := range d.All {
		if i > 0 {
			s += ", "
		}
		s += deed.String()
	}
	if d.Carried != "" {
		s += "hands on " + d.Carried
	}
	return s
}

// A Deed changes a row by its id or that of its parent, or loads one for its tenant.
type Deed struct {
	Query  string   // the name of the query, or of the function around it; empty in that function
	Tables []string // that it loads; of a change, those of which a load counts
	Key    []string // of a load, the columns that find one row of the table
	Nil    bool     // of a load, it may return nil for a row that is not there, and no error
	Made   bool     // of a load, an INSERT: whose the rows are that it refers to, nobody has looked
	Owner  bool     // of a load, all that it returns is whose the row is
	Mute   bool     // of a load that may return nil, it has no error to return: nil or false is all it says
	Asks   bool     // of a load, it asks if somebody may have to do with the row, whatever its table
	Any    bool     // of a load, the row may be another tenant's: it counts once Go code has compared the tenants
	Gives  bool     // of a change, it returns the row that it has changed
	Own    bool     // the id is that of the row itself
	Of, By string   // of a change by the id of a parent, the table and the column that has the id
	Counts bool     // of a load, it is a change: how many rows it has changed says if there is one
	Change string   // names the change in the module; empty if it loads

	// Methods are those of the interface, if its implementations decide what is changed.
	Methods string

	// Param and Fields say where in the arguments the id stands; Param is -1 if the rows
	// are found otherwise.
	Param  int
	Fields []string

	Parents []Parent // of a load, what its rows belong to and refer to
}

func (d Deed) String() string {
	s := "loads "
	switch {
	case d.Change != "":
		s = "changes "
	case d.Asks:
		s = "asks for "
	}
	if len(d.Tables) > 0 {
		s += d.Tables[0]
	} else {
		s += "what is out of sight"
	}
	s += " by " + strconv.Itoa(d.Param)
	for _, f := range d.Fields {
		s += "." + f
	}
	if d.Nil {
		s += ", or returns nil"
	}
	if d.Any {
		s += ", of any tenant"
	}
	return s
}

// maxDeeds bounds the deeds of one function.
const maxDeeds = 16

// A Step is where a change is made or asked for.
type Step struct {
	Pos    token.Pos
	Call   ast.Node // nil where the function is only mentioned
	Change string   // see Deed
	In     string   // the function around it
	Loaded bool     // the row has been loaded for its tenant
	Load   string   // by this query, if it has a name
	Asked  bool     // Load is a function that was asked if somebody may have to do with the row
	Holder string   // the function that gives the program the row, if who loads it is out of sight

	// On is the change that callers of the function ask for by giving the id; empty if the
	// id is none of theirs.
	On       string
	Exported bool // other packages may call the function

	// Of a row that has not been loaded: the function, what the id is that its request carries, and the
	// tables of which a load counts.
	Func    string
	Carried []string
	Tables  []string

	Methods    string // see Deed
	Implements string // the methods of the type: who asks On calls an interface that has no others
}

// A Package is what is known of one package.
type Package struct {
	Steps       []Step       // in source order
	Middlewares []Middleware // in source order

	changes map[change]string // their names
	fixed   map[change]bool   // whether the program names their row
	logins  map[*sqltext.Site]bool
}

// A change is what a query does to a table.
type change struct {
	site  *sqltext.Site
	table string
}

// Fixed reports whether a query changes one row of a table that the program itself names.
func (p *Package) Fixed(site *sqltext.Site, table string) bool { return p.fixed[change{site, table}] }

// LogsIn reports whether a query finds who logs in: the password in what it finds is compared.
func (p *Package) LogsIn(site *sqltext.Site) bool { return p.logins[site] }

// Change returns the name of what a query does to a table by id; empty if it does no such
// thing.
func (p *Package) Change(site *sqltext.Site, table string) string {
	return p.changes[change{site, table}]
}

func run(pass *analysis.Pass) (any, error) {
	p := &Package{changes: map[change]string{}, fixed: map[change]bool{}, logins: map[*sqltext.Site]bool{}}
	if len(pass.Files) == 0 || config.Dependency(pass) {
		return p, nil
	}
	r := &reader{
		Package: p, pass: pass, info: pass.TypesInfo, code: flow.Of(pass), config: config.Of(pass),
		events: map[*ast.CallExpr][]event{}, deeds: map[*flow.Func]*Deeds{}, steps: map[at]Step{}, loads: map[*flow.Func][]event{}, rows: map[*flow.Func][]event{},
		far: map[*flow.Call][]event{}, calls: map[*flow.Func]int{}, questions: map[*flow.Call][]event{}, owners: map[*types.Var]bool{},
		requests: map[string]*types.Var{}, names: map[*types.Var]string{}, middlewares: map[*types.Func]middleware{},
		looks: maxLooks, work: maxWork,
	}
	r.sites(pass.ResultOf[sqltext.Analyzer].(*sqltext.Result))
	r.code.BottomUp(r.summarize)
	for f, d := range r.deeds {
		r.implements(f, d)
		if f.Obj != nil && f.Obj.Exported() {
			pass.ExportObjectFact(f.Obj, d)
		}
	}
	for _, s := range r.steps {
		p.Steps = append(p.Steps, s)
	}
	slices.SortFunc(p.Steps, Compare)
	for _, m := range r.middlewares {
		if len(m.Guards) > 0 {
			p.Middlewares = append(p.Middlewares, m.Middleware)
		}
	}
	slices.SortFunc(p.Middlewares, func(a, b Middleware) int { return int(a.Pos - b.Pos) })
	return p, nil
}
