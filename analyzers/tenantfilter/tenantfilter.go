package tenantfilter

import (
	_ "embed"
	"go/ast"
	"go/token"
	"reflect"
	"regexp"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruledoc"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqltext"
)

//go:embed doc.go
var doc string

// Analyzer is the rule.
var Analyzer = &analysis.Analyzer{
	Name:             "tenantfilter",
	Doc:              ruledoc.MustExtract(doc),
	URL:              ruledoc.URL("tenantfilter"),
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, directive.Analyzer, schema.Analyzer, setters, sqltext.Analyzer},
	ResultType:       reflect.TypeFor[*finding.Result](),
	Flags: config.Flags(map[string]string{
		"column": "tenant.column", "level": "tenant.level", "rls": "tenant.rls", "scopers": "tenant.scopers",
		"shared-tables": "tenant.shared_tables", "strict-joins": "tenant.strict_joins",
	}),
}

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Error)
	queries := pass.ResultOf[sqltext.Analyzer].(*sqltext.Result)
	if len(queries.Sites)+len(queries.Unread) == 0 {
		return report.Result(), nil
	}
	settings := config.Of(pass)
	c := &checker{
		pass:       pass,
		report:     report,
		directives: pass.ResultOf[directive.Analyzer].(*directive.Index),
		db:         pass.ResultOf[schema.Analyzer].(*schema.Database).With(definitions(queries.Sites), settings.Tenant),
		config:     settings,
		setters:    pass.ResultOf[setters].(map[string]bool),
		seen:       map[place]int{},
		noteAt:     map[token.Pos]*note{},
		work:       maxWork,
		looks:      maxLooks,
		pinned:     map[*ast.FuncDecl][]lookup{},
	}
	if !c.db.HasTenants() {
		return report.Result(), nil
	}
	for _, site := range queries.Sites {
		if !c.leftOut(site.Pos) {
			c.site(site)
		}
	}
	c.flush()
	for _, u := range queries.Unread {
		if !c.leftOut(u.Pos) {
			report.Unread(u.Pos, u.Why)
			if u.Cut {
				report.Note(pass.Fset.Position(u.Pos), "a query is not judged: "+u.Why)
			}
		}
	}
	return report.Result(), nil
}

// definitions returns the texts that define tables.
func definitions(sites []*sqltext.Site) []string {
	var texts []string
	for _, site := range sites {
		if text := site.Texts[0].SQL; createsTable.MatchString(text) {
			texts = append(texts, text)
		}
	}
	return texts
}

var createsTable = regexp.MustCompile(`(?i)\b(create|alter)\s+table\b`)
