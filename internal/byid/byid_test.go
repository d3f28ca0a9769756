package byid_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/ruletest"
)

// says tells, at a call that changes a row by id, what is known of it.
func says(_ *analysis.Pass, result any, say ruletest.Say) {
	for _, s := range result.(*byid.Package).Steps {
		switch {
		case s.Implements != "": // at the name of a method
		case s.Loaded:
			say(s.Pos, "step", strings.TrimSpace("loaded "+s.Load))
		case s.On != "":
			say(s.Pos, "step", "asked for by callers")
		case s.Holder != "":
			say(s.Pos, "step", "not loaded, held by "+s.Holder)
		default:
			say(s.Pos, "step", "not loaded")
		}
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(byid.Analyzer, nil, says), "../../analyzers/tenantfilter/testdata", "testdata/*.txtar")
}

// The queries of these mappers have the key as an argument of a method of its own.
func TestKeySteps(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(byid.Analyzer, nil, says), "../sqltext/testdata/queries", "testdata/steps/*.txtar")
}

// A way is how a load and a change are written with a library. COND stands for the condition,
// by tenant or not, GIVEN for the id that is loaded, KEY for the one that is changed.
type way struct{ load, tenant, anybody, change string }

var libraries = map[string]way{
	"sql": {
		`err := p.sql.QueryRow("SELECT id FROM invoices WHERE COND", GIVEN, tenant).Scan(&row.ID)`, `id = $1 AND tenant_id = $2`, `id = $1 AND number = $2`,
		`p.sql.Exec("DELETE FROM invoices WHERE id = $1", KEY)`,
	},
	"marks": {
		`err := p.sql.QueryRowContext(ctx, "SELECT id FROM invoices WHERE COND", tenant, GIVEN).Scan(&row.ID)`, `tenant_id = ? AND id = ?`, `number = ? AND id = ?`,
		`p.sql.ExecContext(ctx, "UPDATE invoices SET total = ? WHERE id = ?", 1, KEY)`,
	},
	"pgx": {
		`err := p.pgx.QueryRow(ctx, "SELECT id FROM invoices WHERE COND FOR UPDATE", GIVEN, tenant).Scan(&row.ID)`, `id = $1 AND tenant_id = $2`, `id = $1 AND number = $2`,
		`p.pgx.Exec(ctx, "DELETE FROM invoices WHERE id = @id", pgx.NamedArgs{"id": KEY})`,
	},
	"sqlx": {
		`err := p.sqlx.Get(&row, "SELECT * FROM invoices WHERE COND", GIVEN, tenant)`, `id = $1 AND tenant_id = $2`, `id = $1 AND number = $2`,
		`p.sqlx.NamedExec("DELETE FROM invoices WHERE id = :id", map[string]any{"id": KEY})`,
	},
	"gorm": {
		`err := p.gorm.Where("COND", GIVEN, tenant).First(&row).Error`, `id = ? AND tenant_id = ?`, `id = ? AND number = ?`,
		`p.gorm.Where("id = ?", KEY).Delete(&Invoice{})`,
	},
	"bun": {
		`err := p.bun.NewSelect().Model(&row).Where("COND", GIVEN, tenant).Scan(ctx)`, `id = ? AND tenant_id = ?`, `id = ? AND number = ?`,
		`p.bun.NewDelete().Model((*Invoice)(nil)).Where("id = ?", KEY).Exec(ctx)`,
	},
	"methods": {
		`row, err := p.COND(tenant, GIVEN)`, `load`, `loadAny`, `p.remove(KEY)`,
	},
}

// An order is how the load and the change stand in the function.
type order struct {
	text   string
	given  bool // the row is loaded, if the change gets the id that the load got
	inside bool // the change stands where the load is in scope; where it is not made, the row has no id
}

var orders = map[string]order{
	"checked":   {"LOAD\nif err != nil { return err }\nCHANGE", true, true},
	"switch":    {"LOAD\nswitch { case errors.Is(err, sql.ErrNoRows): return nil; case err != nil: return err }\nCHANGE", true, true},
	"within":    {"LOAD\nif err == nil {\nCHANGE\n}", true, true},
	"deep":      {"LOAD\nif err != nil { return err }\nfor range 3 {\nif sure {\nCHANGE\n}\n}", true, true},
	"literal":   {"LOAD\nif err != nil { return err }\nin(func() {\nCHANGE\n})", true, true},
	"continue":  {"for range 3 {\nLOAD\nif err != nil { continue }\nCHANGE\n}", true, true},
	"again":     {"for range 3 {\nLOAD\nif err != nil { println(err) }\nCHANGE\n}", false, true},
	"unchecked": {"LOAD\n_ = err\nCHANGE", false, true},
	"logged":    {"LOAD\nif err != nil { println(err) }\nCHANGE", false, true},
	"branch":    {"if sure {\nLOAD\nif err != nil { return err }\n}\nCHANGE", false, false},
	"other":     {"if sure {\nLOAD\nif err != nil { return err }\nreturn nil\n}\nCHANGE", false, false},
	"after":     {"CHANGE\nLOAD\nif err != nil { return err }", false, false},
}

// Every library, order and id gives a function, of which the change is judged.
func TestForms(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	code.WriteString(frame)
	n := 0
	for library, w := range libraries {
		for name, o := range orders {
			for _, id := range []struct {
				load, cond, key string
				loaded          bool
			}{
				{"id", w.tenant, "id", o.given},
				{"id", w.tenant, "string(id)", o.given},
				{"id", w.tenant, "same", o.given},
				{"id", w.tenant, "row.ID", true},
				{"id", w.tenant, "req.ID", false},
				{"req.ID", w.tenant, "req.ID", o.given},
				{"req.GetID()", w.tenant, "req.GetID()", o.given},
				{"id", w.tenant, "row.Parent", false},
				{"id", w.anybody, "id", false},
				{"id", w.anybody, "row.ID", false},
			} {
				if library == "methods" && !o.inside {
					continue // the load declares the row
				}
				n++
				want := "^loaded"
				if !id.loaded {
					want = "^(not loaded|asked for by callers)$"
				}
				load := strings.NewReplacer("COND", id.cond, "GIVEN", id.load).Replace(w.load)
				change := fmt.Sprintf("%s // want step:`%s`", strings.ReplaceAll(w.change, "KEY", id.key), want)
				text := strings.NewReplacer("LOAD", load, "CHANGE", change).Replace(o.text)
				row := "var row Invoice"
				if library == "methods" {
					row = "var _ Invoice"
					if !strings.HasPrefix(id.key, "row") {
						text = strings.ReplaceAll(text, "row, err :=", "_, err :=")
					}
				}
				fmt.Fprintf(&code, "func (p P) f%d(ctx context.Context, tenant, id string, req *Req, sure bool) error { // %s, %s\nsame := id\n%s\n_ = same\n%s\nreturn nil\n}\n\n", n, library, name, row, text)
			}
		}
	}
	archive := filepath.Join(t.TempDir(), "forms.txtar")
	if err := os.WriteFile(archive, []byte(code.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ruletest.Run(t, ruletest.Facts(byid.Analyzer, nil, says), "../../analyzers/tenantfilter/testdata", archive)
}

const frame = `
-- schema.sql --
CREATE TABLE tenants (id text PRIMARY KEY);
CREATE TABLE invoices (id text PRIMARY KEY, tenant_id text NOT NULL REFERENCES tenants, number text, parent text, total int);
-- forms.go --
package forms

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

type P struct {
	sql  *sql.DB
	pgx  *pgx.Conn
	sqlx *sqlx.DB
	gorm *gorm.DB
	bun  *bun.DB
}

type Invoice struct{ ID, TenantID, Parent string }

func (Invoice) TableName() string { return "invoices" }

type Req struct{ ID string }

func (r *Req) GetID() string { return r.ID }

func in(f func()) { f() }

func (p P) load(tenant, id string) (Invoice, error) {
	var row Invoice
	err := p.sql.QueryRow("SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2", id, tenant).Scan(&row.ID)
	if err != nil {
		return row, errors.Join(err)
	}
	return row, nil
}

func (p P) loadAny(number, id string) (Invoice, error) {
	var row Invoice
	err := p.sql.QueryRow("SELECT id FROM invoices WHERE id = $1 AND number = $2", id, number).Scan(&row.ID)
	return row, err
}

func (p P) remove(id string) {
	p.sql.Exec("DELETE FROM invoices WHERE id = $1", id) // want step:"asked"
}

`
