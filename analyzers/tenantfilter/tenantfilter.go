package tenantfilter

import (
	_ "embed"
	"go/token"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/enthook"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/optional"
	"github.com/poollint/poollint/internal/routes"
	"github.com/poollint/poollint/internal/rule"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenantmap"
	"github.com/poollint/poollint/internal/upkeep"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Error,
		Requires: []*analysis.Analyzer{byid.Analyzer, flow.Analyzer, optional.Analyzer, routes.Analyzer, schema.Analyzer, setters, sqltext.Analyzer, upkeep.Analyzer},
		Run:      run,
		Data:     []any{unpinned{}, misplaced{}, outlook{}, asking{}, calls{}, served{}, sets{}, enthook.Package{}, tenantmap.Package{}},
		Finish:   finish,
		Notes:    notesOf,
	})
	Analyzer = Rule.Analyzer
)

func run(pass *analysis.Pass, report *finding.Reporter) {
	queries := pass.ResultOf[sqltext.Analyzer].(*sqltext.Result)
	byID := pass.ResultOf[byid.Analyzer].(*byid.Package)
	choices := pass.ResultOf[optional.Analyzer].(*optional.Package)
	recordCalls(pass, report)
	recordRoutes(pass, report)
	db := sync.OnceValue(func() *schema.Database { return databaseOf(pass, queries) })
	recordHooks(pass, report, db)
	if len(queries.Sites)+len(queries.Unread)+len(byID.Steps)+len(choices.Steps) == 0 {
		return
	}
	newChecker(pass, report, queries, db()).queries(queries)
}

func databaseOf(pass *analysis.Pass, queries *sqltext.Result) *schema.Database {
	return pass.ResultOf[schema.Analyzer].(*schema.Database).With(queries.Definitions(), config.Of(pass).Tenant)
}

func newChecker(pass *analysis.Pass, report *finding.Reporter, queries *sqltext.Result, db *schema.Database) *checker {
	settings := config.Of(pass)
	db.Match(settings)
	return &checker{
		pass:       pass,
		report:     report,
		directives: pass.ResultOf[directive.Analyzer].(*directive.Index),
		db:         db,
		config:     settings,
		setters:    pass.ResultOf[setters].(map[string]bool),
		habits:     sync.OnceValue(func() habits { return habitsOf(pass.TypesInfo, queries.Sites) }),
		byID:       pass.ResultOf[byid.Analyzer].(*byid.Package),
		optional:   pass.ResultOf[optional.Analyzer].(*optional.Package),
		upkeep:     pass.ResultOf[upkeep.Analyzer].(*upkeep.Package),
		helpers:    sync.OnceValue(func() map[string]bool { return helpersOfTests(pass) }),
		seen:       map[place]int{},
		noteAt:     map[token.Pos]*note{},
		work:       maxWork,
		unread:     map[*sqltext.Site]bool{},
		usage:      usageOf(tenantmap.Package{Path: pass.Pkg.Path()}),
	}
}

// queries judges the queries that serve tenants, counts them, and records the outlook.
func (c *checker) queries(queries *sqltext.Result) {
	o := c.outlook()
	for _, site := range queries.Sites {
		if pattern := c.exemptPath(site.Pos); pattern != "" {
			c.usage.Queries++
			c.count(site, "in "+pattern)
			continue
		}
		if c.leftOut(site.Pos) {
			continue
		}
		o.Queries++
		if o.Judged {
			c.site(site)
		}
	}
	c.flush()
	c.report.Read(o.Queries - len(c.unread))
	for _, u := range queries.Unread {
		if !c.leftOut(u.Pos) && (u.SQL == "" || c.namesTable(u.SQL)) {
			o.Queries++
			c.report.Unread(u.Pos, u.Why)
			if u.Cut {
				c.report.Note(c.pass.Fset.Position(u.Pos), notJudged+u.Why)
			}
		}
	}
	c.recordOutlook(o)
	c.recordUsage()
	c.recordSetters()
}
