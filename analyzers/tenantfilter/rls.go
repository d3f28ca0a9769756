package tenantfilter

import (
	"fmt"
	"go/constant"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

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

// settings returns what the statement sets; putting a default or nothing in place of a value
// is no setting.
func settings(stmt sqlast.Stmt, given parameters) []setting {
	if s, ok := stmt.(*sqlast.Set); ok {
		switch {
		case len(s.Values) == 0:
			return nil
		case s.Local:
			return []setting{{s.Name, transaction}}
		}
		return []setting{{s.Name, session}}
	}
	var all []setting
	eachConfig(stmt, given, func(name string, value sqlast.Expr, until scope) {
		if !isEmpty(value) {
			all = append(all, setting{name, until})
		}
	})
	return all
}

// parameters returns the constant that a query is given for a parameter, as a literal, else
// the expression as it is.
type parameters func(sqlast.Expr) sqlast.Expr

// constants returns the parameters that a call gives its query as constants of Go, one by one.
func constants(info *types.Info, site *sqltext.Site) parameters {
	return func(e sqlast.Expr) sqlast.Expr {
		p, ok := e.(*sqlast.Param)
		if !ok {
			return e
		}
		n, err := strconv.Atoi(p.Name)
		if err != nil || n < 1 || n > len(site.Args) {
			return e
		}
		if v := info.Types[site.Args[n-1]].Value; v != nil && v.Kind() == constant.String {
			return &sqlast.Literal{Kind: sqlast.StringLit, Value: constant.StringVal(v)}
		}
		return e
	}
}

// eachConfig visits the calls of set_config in the statement.
func eachConfig(stmt sqlast.Stmt, given parameters, visit func(name string, value sqlast.Expr, until scope)) {
	sqlast.Inspect(stmt, func(n sqlast.Node) bool {
		call, ok := n.(*sqlast.FuncCall)
		if !ok || call.Name.Last().Text != "set_config" || len(call.Args) != 3 {
			return true
		}
		if name, ok := given(call.Args[0]).(*sqlast.Literal); ok {
			until := unknown
			if local, ok := call.Args[2].(*sqlast.Literal); ok && local.Kind == sqlast.TrueLit {
				until = transaction
			} else if ok && local.Kind == sqlast.FalseLit {
				until = session
			}
			visit(strings.ToLower(name.Value), given(call.Args[1]), until)
		}
		return true
	})
}

// isEmpty reports whether the value of a setting is that of none.
func isEmpty(value sqlast.Expr) bool {
	l, ok := value.(*sqlast.Literal)
	return ok && (l.Kind == sqlast.NullLit || l.Value == "")
}

// habits are what the texts of a package do to connections, wherever.
type habits struct {
	begins bool            // they begin transactions
	resets map[string]bool // settings that they take back; "all" for all of them
}

func habitsOf(info *types.Info, sites []*sqltext.Site) habits {
	h := habits{resets: map[string]bool{}}
	for _, site := range sites {
		for _, text := range site.Texts {
			if mayBeHabit(text.SQL) {
				h.read(sqlast.Read(text.SQL, sqlast.Options{}), constants(info, site))
			}
		}
	}
	return h
}

// takesBack reports whether the package takes a setting back.
func (h habits) takesBack(name string) bool { return h.resets[name] || h.resets["all"] }

func mayBeHabit(sql string) bool {
	upper := strings.ToUpper(sql)
	return slices.ContainsFunc([]string{"BEGIN", "START", "SET", "DISCARD"}, func(word string) bool { return strings.Contains(upper, word) })
}

func (h *habits) read(file *sqlast.File, given parameters) {
	h.begins = h.begins || opensTransaction(file)
	for _, stmt := range file.Stmts {
		switch s := stmt.(type) {
		case *sqlast.Set:
			if len(s.Values) == 0 {
				h.resets[s.Name] = true
			}
		case *sqlast.Other:
			if strings.HasPrefix(s.Keywords, "DISCARD") {
				h.resets["all"] = true
			}
		}
		eachConfig(stmt, given, func(name string, value sqlast.Expr, _ scope) {
			if isEmpty(value) {
				h.resets[name] = true
			}
		})
	}
}

// A guard is a policy that limits a table to the tenant of settings, for code that sets one of
// them within transactions.
type guard struct {
	Policy, Table string
	Settings      []string
}

// guards returns the guards of the table for what a statement does with it; none if policies are
// not trusted.
func (c *checker) guards(t *schema.Table, verb string) guards {
	if c.config.Tenant.RLS != "trust" {
		return nil
	}
	return guardsOf(t, verb)
}

// commands are what policies call what a statement does; others need a policy for all.
var commands = map[string]string{"query": "select", "insert": "insert", "update": "update", "delete": "delete"}

func guardsOf(t *schema.Table, verb string) (all guards) {
	if !t.RLS.Enabled {
		return nil
	}
	for _, p := range t.RLS.Policies {
		switch {
		case p.Command != "all" && p.Command != commands[verb]:
		case len(p.Settings) > 0 && slices.ContainsFunc(p.Columns, func(column string) bool { return t.HasTenant(column) || isOwnersKey(t, column) }):
			all = append(all, guard{p.Name, t.Name, p.Settings})
		case p.Open: // whatever another policy says
			return nil
		}
	}
	return all
}

// isOwnersKey reports whether a column is the key by which rows without a tenant belong to those of another table.
func isOwnersKey(t *schema.Table, column string) bool {
	return slices.ContainsFunc(t.Owners, func(o schema.Owner) bool {
		return slices.ContainsFunc(o.Key.Columns, func(key string) bool { return strings.EqualFold(key, column) })
	})
}

// lacksGuard reports whether some command reaches rows of a table that no policy limits.
func lacksGuard(t *schema.Table) bool {
	for verb := range commands {
		if len(guardsOf(t, verb)) == 0 {
			return true
		}
	}
	return false
}

type guards []guard

// held describes the guard that is in force with these settings; "" for none.
func (all guards) held(set map[string]bool) string {
	for _, g := range all {
		if slices.ContainsFunc(g.Settings, func(s string) bool { return set[strings.ToLower(s)] }) {
			return fmt.Sprintf("row-level security: policy %q on %q", g.Policy, g.Table)
		}
	}
	return ""
}

// sets is the evidence of the settings that a package sets, or one that it imports: the queries
// may stand in a package that imports neither, such as a generated one.
type sets struct{ Settings []string }

func (c *checker) recordSetters() {
	if len(c.setters) > 0 {
		c.report.Evidence("settings", c.pass.Files[0].Pos(), sets{slices.Sorted(maps.Keys(c.setters))})
	}
}

// guarded silences findings on tables with a policy for what some package sets.
func guarded(findings []finding.Located, evidence []finding.Evidence) {
	set := map[string]bool{}
	for _, e := range evidence {
		if own, ok := e.Data.(sets); ok {
			for _, name := range own.Settings {
				set[name] = true
			}
		}
	}
	for i, f := range findings {
		if u, ok := f.Data.(unpinned); ok && f.Suppressed == "" {
			findings[i].Suppressed = u.Guards.held(set)
		}
	}
}

// settingsOf reports settings such as app.tenant that do not hold for the queries that need
// them, or longer.
func (c *checker) settingsOf(site *sqltext.Site, text *sqltext.Text, stmt sqlast.Stmt) {
	for _, s := range settings(stmt, constants(c.pass.TypesInfo, site)) {
		if !strings.Contains(s.name, ".") || !c.misplaces(site, s) {
			continue
		}
		pos := text.Pos(stmt.Bounds().Start)
		if _, ok := c.seen[place{pos, s.name}]; ok {
			continue
		}
		c.seen[place{pos, s.name}] = -1
		c.report.Report(finding.Finding{Diagnostic: analysis.Diagnostic{Pos: pos}, Data: misplaced{s.name, s.until, site.Handle}})
	}
}

// misplaces reports whether what the site runs on is wrong for the setting.
func (c *checker) misplaces(site *sqltext.Site, s setting) bool {
	if s.until == unknown || site.Method.Chains() {
		return false
	}
	switch site.Handle {
	case dbapi.Pool:
		return true
	case dbapi.Conn: // nobody else's
		return s.until == transaction && !c.habits().begins
	case dbapi.Acquired:
		if s.until == transaction {
			return !c.habits().begins
		}
	case dbapi.Tx:
		if s.until == transaction {
			return false
		}
	default:
		return false
	}
	return !c.habits().takesBack(s.name)
}

// opensTransaction reports whether the text has a transaction of its own.
func opensTransaction(file *sqlast.File) bool {
	return slices.ContainsFunc(file.Stmts, func(stmt sqlast.Stmt) bool {
		other, ok := stmt.(*sqlast.Other)
		return ok && (strings.HasPrefix(other.Keywords, "BEGIN") || strings.HasPrefix(other.Keywords, "START"))
	})
}
