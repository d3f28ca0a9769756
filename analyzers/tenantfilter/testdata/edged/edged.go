// Package edged asks ent for rows that have their tenant by an edge without a field.
package edged

import (
	"context"

	"example.test/shop/edged/ent"
	"example.test/shop/edged/ent/letter"
	"example.test/shop/edged/ent/tenant"
)

func All(ctx context.Context, c *ent.Client) ([]*ent.Letter, error) {
	return c.Letter.Query().All(ctx) // want `query on "letters" is not limited to a tenant: add "tenant_letters = `
}

func Having(ctx context.Context, c *ent.Client) ([]*ent.Letter, error) {
	return c.Letter.Query().Where(letter.HasTenant()).All(ctx) // want `query on "letters" is not limited to a tenant`
}

func Titled(ctx context.Context, c *ent.Client, title string) error {
	return c.Letter.Update().Where(letter.Title(title)).SetTitle("").Exec(ctx) // want `update on "letters" is not limited to a tenant`
}

func Write(ctx context.Context, c *ent.Client, title string) (*ent.Letter, error) {
	return c.Letter.Create().SetTitle(title).Save(ctx) // want `insert on "letters" leaves the tenant out: set "tenant_letters"`
}

func Of(ctx context.Context, c *ent.Client, id string) ([]*ent.Letter, error) {
	return c.Letter.Query().Where(letter.HasTenantWith(tenant.ID(id))).All(ctx)
}

func Behind(ctx context.Context, c *ent.Client, t *ent.Tenant) ([]*ent.Letter, error) {
	return c.Tenant.QueryLetters(t).All(ctx)
}

func Delete(ctx context.Context, c *ent.Client, id, tenantID string) error {
	_, err := c.Letter.Delete().Where(letter.ID(id), letter.HasTenantWith(tenant.ID(tenantID))).Exec(ctx)
	return err
}

func WriteFor(ctx context.Context, c *ent.Client, t *ent.Tenant, title string) (*ent.Letter, error) {
	return c.Letter.Create().SetTitle(title).SetTenant(t).Save(ctx)
}

func WriteForID(ctx context.Context, c *ent.Client, tenantID, title string) (*ent.Letter, error) {
	return c.Letter.Create().SetTitle(title).SetTenantID(tenantID).Save(ctx)
}
