package adopt

import (
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/regular"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/share"
)

// Rule finds the calls in tests that open a pool, and how each takes a shared one instead, or
// why it does not.
var Rule = finding.Rule{
	Analyzer: &analysis.Analyzer{
		Name:             "poollintadopt",
		Doc:              "find out how tests that open a pool take a shared one",
		Requires:         []*analysis.Analyzer{config.Analyzer, directive.Analyzer, flow.Analyzer, lifecycle.Analyzer, ownership.Analyzer},
		Run:              run,
		RunDespiteErrors: true,
		ResultType:       reflect.TypeFor[*finding.Result](),
	},
	Data:   []any{opening{}, caller{}},
	Finish: finish,
}

// An opening is a call that opens a pool for each test.
type opening struct {
	Opener  string
	Why     string // it keeps its pool; the fields below are empty then
	Helper  string // the file of the module's helper; "" if there is no place for one
	Source  share.Source
	Bound   bool // the pool is declared in the package
	DDL     bool
	Skips   bool
	Handing []dbapi.Name // functions that hand the pool to tests of other packages
}

// Message says what becomes of the call.
func (o opening) Message() string {
	if o.Why != "" {
		return o.Opener + " keeps its pool: " + o.Why
	}
	return o.Opener + " takes the shared pool"
}

// A caller is what a test of another package does with a pool that a function, the key of the
// evidence, hands out.
type caller struct {
	Why   string
	Edits []finding.Edit
}

// taken stands for the name of the helper's function until all sources are known.
const taken = "poollintTakes"

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Info)
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	settings := config.Of(pass)
	if !pkg.Reaches() || settings.Pool.SelfTest || len(settings.Pool.Helpers) > 0 {
		return report.Result(), nil // newpool's own fixes know the team's helpers
	}
	silence := pass.ResultOf[directive.Analyzer].(*directive.Index)
	sharer := share.New(pass)
	place := homeOf(pass.Module)
	for _, site := range pkg.Sites {
		if site.Verdict != lifecycle.PerTest && site.Verdict != lifecycle.Private || !sql(site) || silence.Silence("newpool", site.Call.Pos()) != nil {
			continue
		}
		o := opening{Opener: site.Opens[0].Opener.Short(), Helper: place.file}
		if site.Verdict == lifecycle.Private {
			o.Why = "it is on a database, schema or server of the test's own"
			report.Report(finding.At(site.Call, o))
			continue
		}
		adoption, why := sharer.Adopt(site, share.Taker{Path: place.path, Name: packageName, Func: taken}, settings.Pool)
		if why != "" {
			o.Why = why
			report.Report(finding.At(site.Call, o))
			continue
		}
		o.Source, o.Bound, o.DDL, o.Skips, o.Handing = adoption.Source, adoption.Bound, adoption.DDL, adoption.Skips, adoption.Handing
		fixes := rewrite.Fix("take the shared pool", adoption.Call...)
		if adoption.Test != nil {
			fixes = append(fixes, rewrite.Fix("take the shared pool from the test", adoption.Test...)...)
		}
		report.Report(finding.At(site.Call, o, fixes...))
	}
	for _, c := range sharer.Callers() {
		e := caller{Why: c.Why}
		for _, edit := range c.Edits {
			start, end := pass.Fset.PositionFor(edit.Pos, false), pass.Fset.PositionFor(edit.End, false)
			e.Edits = append(e.Edits, finding.Edit{Path: start.Filename, Start: start.Offset, End: end.Offset, New: string(edit.NewText)})
		}
		report.Evidence(string(c.Of), token.NoPos, e)
	}
	return report.Result(), nil
}

// sql reports whether all that a site opens speaks SQL.
func sql(site *lifecycle.Site) bool {
	return !slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool { return !o.Opener.SQL() })
}

// finish has the callers in other packages release nothing that is shared now, and leaves alone
// what one of them may release in another way.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	callers := map[dbapi.Name][]caller{}
	for _, e := range evidence {
		callers[dbapi.Name(e.Key)] = append(callers[dbapi.Name(e.Key)], e.Data.(caller))
	}
	for i, f := range findings {
		o := f.Data.(opening)
		for _, name := range o.Handing {
			for _, c := range callers[name] {
				if c.Why != "" {
					findings[i].Data, findings[i].Fixes = opening{Opener: o.Opener, Why: c.Why}, nil
					break
				}
				for k := range findings[i].Fixes {
					findings[i].Fixes[k].Edits = append(findings[i].Fixes[k].Edits, c.Edits...)
				}
			}
		}
	}
	return findings
}

// A home is where the helper of a module stands.
type home struct{ file, path string }

// packageName is the name of the helper's package and directory.
const packageName = "dbtest"

// mark tells a helper that this package has written.
const mark = "poollint adopt"

// homeOf returns the place for the module's helper: the one that stands already, or a directory
// that is free.
func homeOf(module *analysis.Module) home {
	if module == nil || module.Dir == "" {
		return home{}
	}
	for _, under := range []string{"internal/" + packageName, "internal/shared/" + packageName} {
		dir := filepath.Join(module.Dir, filepath.FromSlash(under))
		file := filepath.Join(dir, packageName+".go")
		text, err := regular.ReadFile(file)
		if _, gone := os.Lstat(dir); gone != nil || err == nil && strings.Contains(string(text), mark) {
			return home{file, module.Path + "/" + under}
		}
	}
	return home{}
}
