package texts

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/Masterminds/squirrel"
)

// prefixed puts a prefix before the names of its tables.
type prefixed struct {
	db     *sql.DB
	prefix string
}

func (p *prefixed) text(ctx context.Context, tenant, number string) {
	p.db.QueryContext(ctx, "SELECT * FROM "+p.prefix+"invoices WHERE number = $1", number) // want `query on "invoices" is not limited to a tenant`
	p.db.QueryContext(ctx, "SELECT * FROM "+p.prefix+"invoices WHERE number = $1 AND tenant_id = $2", number, tenant)
	p.db.ExecContext(ctx, fmt.Sprintf("DELETE FROM %s_invoices WHERE number = $1", p.prefix), number) // want `delete on "invoices" is not limited to a tenant`
	p.db.ExecContext(ctx, fmt.Sprintf("DELETE FROM %sinvoices WHERE %[1]sinvoices.tenant_id = $1", p.prefix), tenant)
}

func (p *prefixed) builder(tenant, number string) {
	from := squirrel.Select("*").From(p.prefix + "invoices AS i").RunWith(p.db) // want `query on "invoices" is not limited to a tenant`
	from.Where(squirrel.Eq{"i.number": number}).Query()
	from.Where(squirrel.Eq{"i.tenant_id": tenant}).Query()
}

// object keeps a text for each dialect.
type object struct{ ID, Text, SQLite string }

type objects interface {
	Execute(o object, args ...any) (int64, error)
}

var (
	drop   = object{ID: "1", Text: "DELETE FROM invoices WHERE number = $1"} // want `delete on "invoices" is not limited to a tenant`
	pinned = object{ID: "2", Text: "DELETE FROM invoices WHERE number = $1 AND tenant_id = $2"}
	mixed  = object{
		ID:     "3",
		Text:   "DELETE FROM invoices WHERE number = $1 AND tenant_id = $2",
		SQLite: "DELETE FROM invoices WHERE number = ?", // want `delete on "invoices" is not limited to a tenant`
	}
)

func inObjects(o objects, tenant, number string) {
	o.Execute(drop, number)
	o.Execute(pinned, number, tenant)
	o.Execute(mixed, number, tenant)
}

func (p *prefixed) joined(name string) {
	squirrel.Select("*").From(p.prefix+"invoices"). // want `add "invoices.tenant_id = `
							LeftJoin("notes AS n ON n.name = ?", name).RunWith(p.db).Query()
}
