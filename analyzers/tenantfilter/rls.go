package tenantfilter

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

// setters finds the settings that code sets within transactions. Its result has those of
// the package and of its imports. It is an analyzer of its own since rules have no facts.
var setters = &analysis.Analyzer{
	Name:             "poollintsetters",
	Doc:              "find the settings that code sets within transactions",
	Run:              findSetters,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, sqltext.Analyzer},
	FactTypes:        []analysis.Fact{new(settersFact)},
	ResultType:       reflect.TypeFor[map[string]bool](),
}

// settersFact holds the settings that a package sets within transactions.
type settersFact struct{ Settings []string }

func (*settersFact) AFact() {}

func (f *settersFact) String() string { return "sets " + strings.Join(f.Settings, " ") }

func findSetters(pass *analysis.Pass) (any, error) {
	all := map[string]bool{}
	if config.Of(pass).Tenant.RLS != "trust" {
		return all, nil
	}
	for _, f := range pass.AllPackageFacts() {
		if fact, ok := f.Fact.(*settersFact); ok {
			for _, name := range fact.Settings {
				all[name] = true
			}
		}
	}
	var own []string
	for _, site := range pass.ResultOf[sqltext.Analyzer].(*sqltext.Result).Sites {
		if site.Handle != dbapi.Tx {
			continue
		}
		for _, text := range site.Texts {
			for _, stmt := range sqlast.Read(text.SQL, sqlast.Options{}).Stmts {
				for _, s := range settings(stmt) {
					all[s.name] = true
					own = append(own, s.name)
				}
			}
		}
	}
	if len(own) > 0 {
		slices.Sort(own)
		pass.ExportPackageFact(&settersFact{slices.Compact(own)})
	}
	return all, nil
}

// A setting is one SET or set_config in a statement.
type setting struct {
	name  string
	until scope
}

// A scope says how long a setting holds.
type scope uint8

const (
	unknown     scope = iota
	transaction       // to the end of the transaction
	session           // as long as the connection lives
)

// settings returns what the statement sets.
func settings(stmt sqlast.Stmt) []setting {
	if s, ok := stmt.(*sqlast.Set); ok {
		until := session
		if s.Local {
			until = transaction
		}
		return []setting{{s.Name, until}}
	}
	var all []setting
	sqlast.Inspect(stmt, func(n sqlast.Node) bool {
		call, ok := n.(*sqlast.FuncCall)
		if !ok || call.Name.Last().Text != "set_config" || len(call.Args) != 3 {
			return true
		}
		if name, ok := call.Args[0].(*sqlast.Literal); ok {
			until := unknown
			if local, ok := call.Args[2].(*sqlast.Literal); ok && local.Kind == sqlast.TrueLit {
				until = transaction
			} else if ok && local.Kind == sqlast.FalseLit {
				until = session
			}
			all = append(all, setting{strings.ToLower(name.Value), until})
		}
		return true
	})
	return all
}

// guard describes the policy that limits the table to the tenant of a setting which code
// sets within transactions; "" if there is none or policies are not trusted.
func (c *checker) guard(t *schema.Table) string {
	if c.config.Tenant.RLS != "trust" || !t.RLS.Enabled {
		return ""
	}
	for _, p := range t.RLS.Policies {
		if slices.ContainsFunc(p.Columns, t.HasTenant) &&
			slices.ContainsFunc(p.Settings, func(s string) bool { return c.setters[strings.ToLower(s)] }) {
			return fmt.Sprintf("row-level security: policy %q on %q", p.Name, t.Name)
		}
	}
	return ""
}

// settingsOnPool reports settings such as app.tenant that are set through a pool: the
// queries that need them may run on another connection.
func (c *checker) settingsOnPool(text *sqltext.Text, stmt sqlast.Stmt) {
	for _, s := range settings(stmt) {
		if s.until == unknown || !strings.Contains(s.name, ".") {
			continue
		}
		pos := text.Pos(stmt.Bounds().Start)
		if _, ok := c.seen[place{pos, s.name}]; ok {
			continue
		}
		c.seen[place{pos, s.name}] = -1
		c.report.Report(finding.Finding{Diagnostic: analysis.Diagnostic{Pos: pos}, Data: misplaced{s.name, s.until}})
	}
}

// onPool reports whether a pool runs the site's query, and surely no transaction.
func onPool(site *sqltext.Site) bool { return site.Handle == dbapi.Pool && !site.Method.Chains() }

// opensTransaction reports whether the text has a transaction of its own.
func opensTransaction(file *sqlast.File) bool {
	return slices.ContainsFunc(file.Stmts, func(stmt sqlast.Stmt) bool {
		other, ok := stmt.(*sqlast.Other)
		return ok && (strings.HasPrefix(other.Keywords, "BEGIN") || strings.HasPrefix(other.Keywords, "START"))
	})
}
