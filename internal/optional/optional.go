// Package optional finds the functions whose query is limited to a tenant only if their caller
// gives one, and says of every call of one whether it does:
//
//	if filter.TenantID != nil {
//		query = query.Where("tenant_id = ?", *filter.TenantID)
//	}
package optional

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqltext"
)

// Analyzer finds them; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintoptional",
	Doc:              "find what limits a query to a tenant only if a caller gives one, and which callers do",
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer, schema.Analyzer, sqltext.Analyzer},
	FactTypes:        []analysis.Fact{new(Switches)},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Package](),
}

// Switches are what callers of a function may leave out.
type Switches struct{ All []Switch }

// AFact marks Switches as a fact.
func (*Switches) AFact() {}

func (s *Switches) String() string {
	var all []string
	for _, sw := range s.All {
		all = append(all, "may leave out "+sw.place())
	}
	return strings.Join(all, ", ")
}

// A Switch is a value that a function has from its callers, without which its query is not
// limited to a tenant.
type Switch struct {
	Name   string // in the whole module
	Param  int
	Fields []string // that lead from the parameter to the value
	Filled bool     // it must not be zero, nor what it points to; otherwise it must not be nil
}

// place says where among the arguments the value stands, and what it must be.
func (s Switch) place() string {
	place := strings.Join(append([]string{"#" + strconv.Itoa(s.Param)}, s.Fields...), ".")
	if s.Filled {
		return place + " filled"
	}
	return place
}

// A Package is what is known of one package.
type Package struct {
	Steps []byid.Step // the calls, as those that ask for a change by id: Loaded if they give the tenant

	names map[*sqltext.Site]string
}

// Switch returns the name of the switch that limits a query to a tenant; empty if none does.
func (p *Package) Switch(site *sqltext.Site) string { return p.names[site] }

// maxLooks bounds the work on a package, in expressions.
const maxLooks = 2_000_000

// maxSwitches bounds the switches of one function.
const maxSwitches = 8

type reader struct {
	*Package
	pass     *analysis.Pass
	info     *types.Info
	code     *flow.Package
	switches map[*flow.Func]*Switches
	steps    map[at]byid.Step
	looks    int // what is left of maxLooks
}

// at is one switch at a place.
type at struct {
	pos  token.Pos
	name string
}

func run(pass *analysis.Pass) (any, error) {
	r := &reader{
		Package: &Package{names: map[*sqltext.Site]string{}}, pass: pass, info: pass.TypesInfo,
		switches: map[*flow.Func]*Switches{}, steps: map[at]byid.Step{}, looks: maxLooks,
	}
	if len(pass.Files) == 0 || config.Dependency(pass) {
		return r.Package, nil
	}
	r.code = flow.Of(pass)
	queries := pass.ResultOf[sqltext.Analyzer].(*sqltext.Result)
	if db := pass.ResultOf[schema.Analyzer].(*schema.Database).With(queries.Definitions(), config.Of(pass).Tenant); db.HasTenants() {
		r.sites(queries.Sites, byid.TenantColumns(db))
	}
	r.code.BottomUp(r.summarize)
	for f, s := range r.switches {
		r.implements(f, s)
		if f.Obj.Exported() {
			pass.ExportObjectFact(f.Obj, s)
		}
	}
	for _, s := range r.steps {
		r.Steps = append(r.Steps, s)
	}
	slices.SortFunc(r.Steps, byid.Compare)
	return r.Package, nil
}

// summarize judges the calls of a function and of its literals; it reports whether callers are
// newly known to decide.
func (r *reader) summarize(f *flow.Func) (changed bool) {
	if f.File.Test {
		return false
	}
	for _, call := range f.Calls {
		for _, s := range r.switchesOf(call) {
			changed = r.judge(call, s) || changed
		}
	}
	for _, ref := range f.Refs { // whoever calls it is out of sight
		for _, s := range r.declared(ref.Of) {
			r.step(f, byid.Step{Pos: ref.At.Node().Pos(), Change: s.Name})
		}
	}
	return changed
}

// switchesOf returns the switches of what a call calls.
func (r *reader) switchesOf(call *flow.Call) (all []Switch) {
	methods := call.Methods()
	for _, fn := range methods {
		all = append(all, r.declared(fn)...)
	}
	if len(methods) == 0 {
		return r.distant(call)
	}
	return all
}

// declared returns the switches of a function, of this package or another.
func (r *reader) declared(fn *types.Func) []Switch {
	if f := r.code.Func(fn); f != nil {
		if s := r.switches[f]; s != nil {
			return s.All
		}
		return nil
	}
	var s Switches
	if fn.Pkg() == nil || fn.Pkg() == r.pass.Pkg || !r.pass.ImportObjectFact(fn, &s) {
		return nil
	}
	return s.All
}

// judge notes what a call gives for a switch, and reports whether the callers around it are newly
// known to decide.
func (r *reader) judge(call *flow.Call, s Switch) (changed bool) {
	step := byid.Step{Pos: call.Expr.Pos(), Call: call.Expr, Change: s.Name}
	if recv := call.Fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		step.Methods = byid.MethodsOf(recv.Type())
	}
	for _, arg := range call.Args(call.Fn.Signature(), s.Param) {
		v := r.value(arg, s.Fields, want{s.Filled, call.At, call.In}, maxHops)
		if step.Loaded = v.given; v.by != nil {
			step.On, changed = r.add(call.In.Outer(), *v.by, v.filled)
		}
	}
	r.step(call.In, step)
	return changed
}

// add notes that callers of a function decide by what the path leads to, and returns the name of
// that switch.
func (r *reader) add(f *flow.Func, by path, filled bool) (name string, changed bool) {
	p, ok := r.code.Param(by.root)
	if !ok || p.Of != f || f.Obj == nil {
		return "", false
	}
	s := Switch{Param: p.I, Fields: by.fields, Filled: filled}
	s.Name = f.Obj.FullName() + " " + s.place()
	all := r.switches[f]
	if all == nil {
		all = &Switches{}
		r.switches[f] = all
	}
	if !slices.ContainsFunc(all.All, func(o Switch) bool { return o.Name == s.Name }) {
		if len(all.All) >= maxSwitches {
			return "", false
		}
		all.All, changed = append(all.All, s), true
	}
	return s.Name, changed
}

func (r *reader) step(f *flow.Func, s byid.Step) {
	if obj := f.Outer().Obj; obj != nil {
		s.In, s.Exported = obj.Name(), obj.Exported()
	}
	r.steps[at{s.Pos, s.Change}] = s
}
