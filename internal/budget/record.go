package budget

import (
	"fmt"
	"go/ast"
	"go/doc"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// Analyzer finds the pools of a package and the tests that open them. The evidence in its
// result is a record.
var Analyzer = &analysis.Analyzer{
	Name:       "poollintbudget",
	Doc:        "read the pools of a package and the tests that open them",
	Run:        run,
	Requires:   []*analysis.Analyzer{config.Analyzer, directive.Analyzer, lifecycle.Analyzer, capacity.Analyzer, ownership.Analyzer, parallel.Analyzer, flow.Analyzer},
	FactTypes:  []analysis.Fact{new(needs), new(starts)},
	ResultType: reflect.TypeFor[*finding.Result](),
}

// reading has the records of a run as one finding, which drivers keep.
var reading = finding.Rule{
	Analyzer: Analyzer,
	Data:     []any{record{}, records{}},
	Finish: func(_ []finding.Located, evidence []finding.Evidence) []finding.Located {
		all := make(records, len(evidence))
		for i, e := range evidence {
			all[i] = e.Data.(record)
		}
		return []finding.Located{{Data: all}}
	},
}

type records []record

// Message counts them.
func (r records) Message() string { return fmt.Sprintf("%d test binaries and packages", len(r)) }

// A record is what the test binary of one package opens.
type record struct {
	Package string
	Binary  bool   // there are tests, so that there is a test binary
	Once    []once // by code that runs before the tests, in the packages that it imports too
	Tests   []test
	Options []option // of testpool
}

// A test is a test, an example, a benchmark, a fuzz test or a spec, with the pools that it opens.
type test struct {
	Package   string // of the variant: external tests may have the same names
	Name      string
	Parallel  bool // it calls t.Parallel
	Benchmark bool // runs only with -bench, and as often as that likes
	Any       bool // runs any number of times
	Demand    demand
}

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Info)
	if config.Dependency(pass) || len(pass.Files) == 0 {
		return report.Result(), nil
	}
	rec := newReader(pass).record()
	if len(rec.Once)+len(rec.Tests)+len(rec.Options) > 0 {
		report.Evidence(pass.Pkg.Path(), pass.Files[0].Package, rec)
	}
	return report.Result(), nil
}

// record reads the package, and exports what others need to know of it.
func (r *reader) record() record {
	rec := record{Package: r.pass.Pkg.Path(), Options: r.options()}
	early := r.initialise()
	begins := new(starts)
	for _, pkg := range r.pass.Pkg.Imports() {
		fact := new(starts)
		if r.pass.ImportPackageFact(pkg, fact) {
			begins.Once = append(begins.Once, newOnly(begins.Once, fact.Once)...)
		}
	}
	if !early.empty() {
		begins.Once = append(begins.Once, newOnly(begins.Once, early.Once)...)
		early.Once = nil
		if !early.empty() {
			begins.Once = append(begins.Once, once{Key: lifecycle.Place(r.pass.Pkg.Path() + "/init"), Demand: early})
		}
	}
	begins.Types = r.openings()
	r.pass.ExportPackageFact(begins)
	rec.Binary = slices.ContainsFunc(r.pass.Files, r.isTest)
	rec.Once = begins.Once
	for _, f := range r.code.Funcs() {
		d := r.of(f)
		if f.Obj != nil && !d.empty() {
			r.pass.ExportObjectFact(f.Obj, &needs{*d})
		}
	}
	rec.Tests = r.tests(&rec)
	if r.cut() || len(begins.Types) == maxOpening {
		rec.Once = append(rec.Once, once{Key: lifecycle.Place(r.pass.Pkg.Path() + "/cut"), Demand: &demand{Reasons: []Reason{r.tooLarge()}}})
	}
	return rec
}

// tests returns what the tests open, and adds to the record what TestMain does.
func (r *reader) tests(rec *record) (all []test) {
	add := func(t test) {
		if !t.Demand.empty() {
			all = append(all, t)
		}
	}
	examples := r.examples()
	for _, f := range r.code.Funcs() {
		if f.Obj == nil || f.Sig.Recv() != nil {
			continue
		}
		name := f.Obj.Name()
		switch {
		case f.When&testscope.Once != 0 && name == "TestMain":
			main := new(demand)
			r.join(main, r.of(f))
			if !main.empty() {
				rec.Once = append(rec.Once, newOnly(rec.Once, main.Once)...)
				main.Once = nil
				rec.Once = append(rec.Once, once{Key: r.place(f.Decl), Demand: main})
			}
		case f.When&testscope.PerTest != 0:
			add(test{
				Name: name, Parallel: r.parallel.CallsParallel(f), Demand: *r.of(f),
				Benchmark: strings.HasPrefix(name, "Benchmark"),
			})
		case examples[name]:
			add(test{Name: name, Demand: *r.of(f)})
		}
	}
	for _, t := range r.gocheckSuites() {
		b := &builder{reader: r, f: new(flow.Func), out: new(demand)}
		b.suite(nil, t)
		add(test{Name: t.String(), Demand: *b.out})
	}
	for _, t := range r.specs() {
		add(t)
	}
	return all
}

func (r *reader) isTest(file *ast.File) bool {
	return testscope.InTestFile(r.pass.Fset.PositionFor(file.Package, false).Filename)
}

// examples returns the examples that run: those with an output.
func (r *reader) examples() map[string]bool {
	all := map[string]bool{}
	for _, file := range r.pass.Files {
		if !r.isTest(file) {
			continue
		}
		for _, e := range doc.Examples(file) {
			all["Example"+e.Name] = e.Output != "" || e.EmptyOutput
		}
	}
	return all
}
