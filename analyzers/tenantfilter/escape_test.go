package tenantfilter_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/ruletest"
)

// A thing is what queries are made of: how it is made in a variable q, what leads to it,
// of which type, and the query that it makes.
type thing struct{ name, decl, make, ref, typ, run string }

var things = []thing{
	{"text", "", `q := "SELECT id FROM invoices WHERE total > 0"`, "&q", "*string", `sqlDB.Query(q)`},
	{"strbuilder", "", "var q strings.Builder; q.WriteString(`SELECT id FROM invoices WHERE total > 0`)", "&q", "*strings.Builder", `sqlDB.Query(q.String())`},
	{"conditions", "", `q := []string{"total > 0"}`, "&q", "*[]string", `sqlDB.Query("SELECT id FROM invoices WHERE " + strings.Join(q, " AND "))`},
	{"holder", "type holder struct{ cond string }", `q := &holder{cond: "total > 0"}`, "q", "*holder", `sqlDB.Query("SELECT id FROM invoices WHERE " + q.cond)`},
	{"value", "type holder struct{ cond string }", `q := holder{cond: "total > 0"}`, "&q", "*holder", `sqlDB.Query("SELECT id FROM invoices WHERE " + q.cond)`},
	{"alias", "type holder struct{ cond string }", "q := &holder{cond: `total > 0`}; r := q; _ = r", "r", "*holder", `sqlDB.Query("SELECT id FROM invoices WHERE " + q.cond)`},
	{"outer", "type holder struct{ cond string }; type outer struct{ h *holder }", `q := &holder{cond: "total > 0"}`, "&outer{h: q}", "*outer", `sqlDB.Query("SELECT id FROM invoices WHERE " + q.cond)`},
	{"squirrel", "", `q := sq.Select("id").From("invoices").Where("total > 0")`, "&q", "*sq.SelectBuilder", `q.RunWith(sqlDB).Query()`},
	{"squirreleq", "", `q := sq.Eq{"total": 1}`, "q", "sq.Eq", `sq.Select("id").From("invoices").Where(q).RunWith(sqlDB).Query()`},
	{"squirrelheld", "type holder struct{ b sq.SelectBuilder }", `q := &holder{b: sq.Select("id").From("invoices")}`, "q", "*holder", `q.b.RunWith(sqlDB).Query()`},
	{"gorm", "", `q := gormDB.Table("invoices").Where("total > ?", 0)`, "q", "*gorm.DB", `q.Find(&out)`},
	{"gormmap", "", `q := map[string]any{"total": 1}`, "q", "map[string]any", `gormDB.Table("invoices").Where(q).Find(&out)`},
	{"gormheld", "type holder struct{ tx *gorm.DB }", `q := &holder{tx: gormDB.Table("invoices").Where("total > 0")}`, "q", "*holder", `q.tx.Find(&out)`},
	{"bun", "", `q := bunDB.NewSelect().Table("invoices").Where("total > 0")`, "q", "*bun.SelectQuery", `q.Scan(ctx)`},
	{"bunheld", "type holder struct{ query *bun.SelectQuery }", `q := &holder{query: bunDB.NewSelect().Table("invoices")}`, "q", "*holder", `q.query.Scan(ctx)`},
}

// ways lead from REF, of type TYPE, to code that cannot be followed; p is a parameter of
// the function around.
var ways = []struct{ name, param, stmts string }{
	{"function", "p func(TYPE)", "p(REF)"},
	{"answer", "p func(TYPE) error", "if p(REF) != nil { return }"},
	{"variable", "", "hook(REF)"},
	{"optional", "p func(TYPE)", "if p != nil { p(REF) }"},
	{"implemented", "p scoper", "if p != nil { p.scope(REF) }"},
	{"counted", "p ...func(TYPE)", "if len(p) > 0 { for _, o := range p { o(REF) } }"},
	{"field", "p struct{ f func(TYPE) }", "p.f(REF)"},
	{"table", "p string", "hooks[p](REF)"},
	{"method", "p scoper", "p.scope(REF)"},
	{"options", "p ...func(TYPE)", "for _, o := range p { o(REF) }"},
	{"scopers", "p ...scoper", "for _, o := range p { o.scope(REF) }"},
	{"context", "p func(context.Context)", "ctx = context.WithValue(ctx, key{}, REF); p(ctx)"},
	{"callback", "p func(func(func(TYPE)))", "p(func(f func(TYPE)) { f(REF) })"},
	{"transaction", "p func(func() error, func(TYPE))", "p(func() error { hook(REF); return nil }, nil)"},
	{"decoder", "p []byte", "_ = json.Unmarshal(p, REF)"},
	{"channel", "p chan TYPE", "p <- REF; <-p"},
	{"global", "p func()", "global = REF; p()"},
	{"store", "p *sync.Map", "p.Store(1, REF)"},
	{"helper", "p func(TYPE)", "help(REF, p)"},
	{"goroutine", "p func(TYPE)", "done := make(chan bool); go func() { p(REF); close(done) }(); <-done"},
}

// tellers make no difference to what they are given.
var tellers = []struct{ name, stmts string }{
	{"nobody", ""},
	{"logged", `log.Println("query", REF)`},
	{"structured", `slog.Info("query", "by", REF)`},
	{"printed", `_ = fmt.Sprintf("%v", REF)`},
	{"marshalled", `_, _ = json.Marshal(REF)`},
	{"failed", `if err := fmt.Errorf("%v", REF); err == nil { return }`},
	{"logger", `logger.Debugf("query %v", REF)`},
	{"reader", `look(REF)`},
}

const escapeFrame = `package %s

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"sync"

	sq "github.com/Masterminds/squirrel"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

var (
	_ = strings.Join
	_ sq.Eq
	_ bun.Ident
	_ gorm.DB
	_ = fmt.Sprint
	_ = log.Println
	_ = slog.Info
	_ = json.Marshal
	_ sync.Map

	ctx = context.Background()
	out []struct{ ID string }

	sqlDB  *sql.DB
	gormDB *gorm.DB
	bunDB  *bun.DB

	hook   func(TYPE)
	hooks  map[string]func(TYPE)
	global TYPE
	logger interface{ Debugf(string, ...any) }
)

type key struct{}

type scoper interface{ scope(TYPE) }

func help(q TYPE, f func(TYPE)) { f(q) }

func look(q TYPE) { _ = q }

DECL
`

// TestEscape holds a query to what may have become of what it is made of: where code that
// cannot be followed had hold of that before, nobody can say that the tenant is missing.
func TestEscape(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	const wrong, open = "// want `is not limited to a tenant`", "// want info:`shows no tenant`"
	programs := ruletest.Programs{"schema.sql": string(schema)}
	for _, th := range things {
		var text strings.Builder
		fmt.Fprintf(&text, escapeFrame, th.name)
		function := func(want, name, param string, stmts ...string) { // on one line, wherever the finding stands
			fmt.Fprintf(&text, "func %s(%s) { %s } %s\n", name, param, strings.Join(stmts, "; "), want)
		}
		for _, w := range ways {
			function(open, w.name+"Before", w.param, th.make, w.stmts, th.run)
			function(wrong, w.name+"After", w.param, th.make, th.run, w.stmts)
		}
		for _, w := range tellers {
			function(wrong, w.name+"Told", "", th.make, w.stmts, th.run)
		}
		programs[th.name+"/"+th.name+".go"] = strings.NewReplacer("DECL", th.decl, "TYPE", th.typ, "REF", th.ref).Replace(text.String())
	}
	programs.Run(t, tenantfilter.Rule, "testdata")
}

// conditions take p, which is not known, for a condition.
var conditions = []struct{ typ, run string }{
	{"any", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"map[string]any", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"struct{ conds map[string]any }", `gormDB.Table("invoices").Where(p.conds).Find(&out)`},
	{"struct{ cond any }", `gormDB.Table("invoices").Where(p.cond).Find(&out)`},
	{"*Invoice", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"Invoice", `gormDB.Table("invoices").Where(&p).Find(&out)`},
	{"clause.Expression", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"clause.Eq", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"*gorm.DB", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"string", `gormDB.Table("invoices").Where(p).Find(&out)`},
	{"func() any", `gormDB.Table("invoices").Where(p()).Find(&out)`},
	{"clause.Expression", `gormDB.Table("invoices").Clauses(p).Find(&out)`},
	{"[]clause.Expression", `gormDB.Table("invoices").Clauses(p...).Find(&out)`},
	{"clause.Where", `gormDB.Table("invoices").Clauses(p).Find(&out)`},
	{"struct{ c clause.Expression }", `gormDB.Table("invoices").Clauses(p.c).Find(&out)`},
	{"func(*gorm.DB) *gorm.DB", `gormDB.Table("invoices").Scopes(p).Find(&out)`},
	{"...func(*gorm.DB) *gorm.DB", `gormDB.Table("invoices").Scopes(p...).Find(&out)`},
	{"struct{ f func(*gorm.DB) *gorm.DB }", `gormDB.Table("invoices").Scopes(p.f).Find(&out)`},
	{"string", `gormDB.Table("invoices").Joins(p).Find(&out)`},
	{"any", `gormDB.Table("invoices").Find(&out, p)`},
	{"map[string]any", `gormDB.Table("invoices").Find(&out, p)`},
	{"...any", `gormDB.Table("invoices").Find(&out, p...)`},
	{"any", `sq.Select("id").From("invoices").Where(p).RunWith(sqlDB).Query()`},
	{"sq.Sqlizer", `sq.Select("id").From("invoices").Where(p).RunWith(sqlDB).Query()`},
	{"sq.Eq", `sq.Select("id").From("invoices").Where(p).RunWith(sqlDB).Query()`},
	{"[]sq.Sqlizer", `sq.Select("id").From("invoices").Where(sq.And(p)).RunWith(sqlDB).Query()`},
	{"map[string]any", `sq.Select("id").From("invoices").Where(p).RunWith(sqlDB).Query()`},
	{"struct{ pred sq.Sqlizer }", `sq.Select("id").From("invoices").Where(p.pred).RunWith(sqlDB).Query()`},
	{"sq.Sqlizer", `sq.Select("id").From("invoices").Where(sq.And{p, sq.Gt{"total": 0}}).RunWith(sqlDB).Query()`},
	{"string", `sq.Select("id").From("invoices").JoinClause(p).RunWith(sqlDB).Query()`},
	{"func(sq.SelectBuilder) sq.SelectBuilder", `p(sq.Select("id").From("invoices")).RunWith(sqlDB).Query()`},
	{"func(*bun.SelectQuery) *bun.SelectQuery", `bunDB.NewSelect().Table("invoices").Apply(p).Scan(ctx)`},
	{"...func(*bun.SelectQuery) *bun.SelectQuery", `bunDB.NewSelect().Table("invoices").Apply(p...).Scan(ctx)`},
	{"struct{ f func(*bun.SelectQuery) *bun.SelectQuery }", `bunDB.NewSelect().Table("invoices").Apply(p.f).Scan(ctx)`},
	{"func(*bun.SelectQuery) *bun.SelectQuery", `bunDB.NewSelect().Table("invoices").WhereGroup(" AND ", p).Scan(ctx)`},
	{"func(bun.QueryBuilder) bun.QueryBuilder", `bunDB.NewSelect().Table("invoices").ApplyQueryBuilder(p).Scan(ctx)`},
	{"string", `bunDB.NewSelect().Table("invoices").Where(p).Scan(ctx)`},
	{"string", `bunDB.NewSelect().Table("invoices").Join(p).Scan(ctx)`},
	{"goqu.Expression", `goquDB.From("invoices").Where(p).ScanVals(&out)`},
	{"...goqu.Expression", `goquDB.From("invoices").Where(p...).ScanVals(&out)`},
	{"goqu.Ex", `goquDB.From("invoices").Where(p).ScanVals(&out)`},
	{"string", `goquDB.From("invoices").Where(goqu.L(p)).ScanVals(&out)`},
	{"string", `sqlDB.Query("SELECT id FROM invoices WHERE " + p)`},
	{"[]string", `sqlDB.Query("SELECT id FROM invoices WHERE " + strings.Join(p, " AND "))`},
	{"fmt.Stringer", `sqlDB.Query("SELECT id FROM invoices WHERE " + p.String())`},
	{"any", `sqlDB.Query(fmt.Sprintf("SELECT id FROM invoices WHERE %v", p))`},
}

// TestUnknownCondition holds conditions that are not known to be holes: they are not the
// primary key, and not nothing.
func TestUnknownCondition(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(`package conditions

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	sq "github.com/Masterminds/squirrel"
	"github.com/doug-martin/goqu/v9"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type Invoice struct { ID, TenantID string; Total int }

var (
	ctx    = context.Background()
	out    []string
	sqlDB  *sql.DB
	gormDB *gorm.DB
	bunDB  *bun.DB
	goquDB *goqu.Database
)

`)
	for i, c := range conditions {
		fmt.Fprintf(&text, "func Given%d(p %s) { %s } // want info:`shows no tenant`\n", i, c.typ, c.run)
	}
	schema, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	ruletest.Programs{"schema.sql": string(schema), "conditions/conditions.go": text.String()}.Run(t, tenantfilter.Rule, "testdata")
}
