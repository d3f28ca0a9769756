// Package dbr has statements that dbr puts together.
package dbr

import "github.com/gocraft/dbr/v2"

type invoice struct{ ID string }

func selects(sess *dbr.Session, tenant, id string) {
	var all []invoice
	sess.Select("*").From("invoices").Where("tenant_id = ?", tenant).Load(&all)
	sess.Select("*").From("invoices").Where(dbr.Eq("tenant_id", tenant)).Where("number = ? OR total = 0", id).Load(&all)
	sess.Select("*").From("invoices").Where(dbr.And(dbr.Eq("id", id), dbr.Eq("tenant_id", []string{tenant}))).Load(&all)
	sess.Select("*").From("invoices").Where("tenant_id IN ?", []string{tenant}).Load(&all)
	sess.Select("*").From("invoices").Where("id = ?", id).LoadOne(&invoice{})                                     // want `query on "invoices" is not limited to a tenant`
	sess.Select("*").From("invoices").Load(&all)                                                                  // want `query on "invoices" is not limited to a tenant`
	sess.Select("*").From("invoices").Where(dbr.Neq("tenant_id", tenant)).Load(&all)                              // want `query on "invoices" is not limited to a tenant`
	sess.Select("*").From("invoices").Where(dbr.Or(dbr.Eq("tenant_id", tenant), dbr.Eq("number", id))).Load(&all) // want `query on "invoices" leaves the tenant out in a branch of OR`
	sess.SelectBySql("SELECT * FROM invoices WHERE number = ?", id).Load(&all)                                    // want `query on "invoices" is not limited to a tenant`
	sess.SelectBySql("SELECT * FROM invoices WHERE tenant_id = ?", tenant).Load(&all)
}

func conditional(sess *dbr.Session, tenant, number string) {
	stmt := sess.Select("*").From("invoices") // want `query on "invoices" is limited to a tenant only on a condition`
	if tenant != "" {
		stmt.Where("tenant_id = ?", tenant)
	}
	stmt.Load(&[]invoice{})

	pinned := dbr.Select("*").From("invoices").Where(dbr.Eq("tenant_id", tenant))
	if number != "" {
		pinned = pinned.Where("number = ?", number)
	}
	pinned.Load(&[]invoice{})
}

func joins(sess *dbr.Session, tenant, id string) {
	sess.Select("i.id").From(dbr.I("invoices").As("i")).Join(dbr.I("customers").As("c"), "c.id = i.customer_id").Where("c.tenant_id = ?", tenant).Load(&[]invoice{})
	sess.Select("i.id").From(dbr.I("invoices").As("i")).LeftJoin(dbr.I("customers").As("c"), "c.id = i.customer_id").Where("i.id = ?", id).Load(&[]invoice{}) // want `query on "invoices" is not limited to a tenant`
	own := dbr.Select("id").From("customers").Where(dbr.Eq("tenant_id", tenant))
	sess.Select("id").From("invoices").Where("customer_id IN ?", own).Load(&[]invoice{})
}

func changes(tx *dbr.Tx, tenant, id string) {
	tx.InsertInto("invoices").Columns("id", "tenant_id").Values(id, tenant).Exec()
	tx.InsertInto("invoices").Pair("tenant_id", tenant).Pair("id", id).Exec()
	tx.InsertInto("invoices").Columns("id", "number").Values(id, "1").Exec() // want `insert on "invoices" leaves the tenant out`
	tx.Update("invoices").Set("total", 1).Where(dbr.And(dbr.Eq("id", id), dbr.Eq("tenant_id", tenant))).Exec()
	tx.Update("invoices").Set("tenant_id", tenant).Where("number = ?", id).Exec() // want `update on "invoices" is not limited to a tenant`
	tx.DeleteFrom("invoices").Where("id = ? AND tenant_id = ?", id, tenant).Exec()
	tx.DeleteFrom("invoices").Where("number = ?", id).Exec() // want `delete on "invoices" is not limited to a tenant`
}

// given conditions may pin what they are added to.
func given(sess *dbr.Session, where dbr.Builder) {
	sess.Select("*").From("invoices").Where(where).Load(&[]invoice{}) // want info:`query on "invoices" shows no tenant`
}
