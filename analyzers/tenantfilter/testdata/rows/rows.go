// Package rows has rows that the code makes, loads and hands on, and what is done with them.
package rows

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

type Base struct {
	ID string `gorm:"primaryKey"`
}

type Entry struct {
	Base
	TenantID string
	Text     string
	Author   *Author `gorm:"-"`
}

type Author struct{ Name string }

func entryOf(tenant, text string) *Entry {
	var e Entry
	e.TenantID = tenant
	e.Text = text
	return &e
}

func copyOf(id, tenant string) *Entry {
	e := &Entry{TenantID: tenant}
	e.ID = id
	return e
}

func (e *Entry) fill(id string) { e.ID = id }
func setID(e *Entry, id string) { e.ID = id }
func decode(data []byte, v any) {}

// What has just been made has no key yet: Save inserts it.
func made(db *gorm.DB, tenant, id string, data []byte) error {
	if err := db.Save(entryOf(tenant, "x")).Error; err != nil {
		return err
	}
	e := entryOf(tenant, "y")
	e.Text = "z"
	if err := db.Save(e).Error; err != nil {
		return err
	}
	literal := Entry{TenantID: tenant}
	db.Save(&literal)
	db.Save(&Entry{TenantID: tenant})
	var all []*Entry
	all = append(all, entryOf(tenant, "x"), entryOf(tenant, "y"))
	for _, one := range all {
		db.Save(one)
	}
	db.Save(&Entry{Text: "x"}) // an owner would see that at once: the column is the whole row's

	keyed := entryOf(tenant, "x")
	keyed.ID = id
	db.Save(keyed)                                        // want `update on "entries" is not limited to a tenant.*by-id`
	db.Save(copyOf(id, tenant))                           // want `update on "entries" is not limited to a tenant.*by-id`
	db.Save(&Entry{Base: Base{ID: id}, TenantID: tenant}) // want `update on "entries" is not limited to a tenant.*by-id`
	filled := &Entry{TenantID: tenant}
	filled.fill(id)
	db.Save(filled) // want `update on "entries" is not limited to a tenant.*by-id`
	given := &Entry{TenantID: tenant}
	setID(given, id)
	db.Save(given) // want `update on "entries" is not limited to a tenant.*by-id`
	read := new(Entry)
	decode(data, read)
	db.Save(read) // want `update on "entries" is not limited to a tenant.*by-id`
	found := &Entry{}
	db.First(found, "id = ?", id) // want `query on "entries" .*by-id`
	db.Save(found)                // want `update on "entries" is not limited to a tenant.*by-id`
	return nil
}

// A key in the value is a condition.
func keys(db *gorm.DB, tenant, id string) error {
	row := &Entry{Base: Base{ID: id}}
	db.First(row)                                                        // want `query on "entries" is not limited to a tenant.*by-id`
	db.Updates(&Entry{Base: Base{ID: id}, Text: "x"})                    // want `update on "entries" is not limited to a tenant.*by-id`
	db.UpdateColumns(Entry{Base: Base{ID: id}})                          // want `update on "entries" is not limited to a tenant.*by-id`
	db.Model(&Entry{Base: Base{ID: id}}).Update("text", "x")             // want `update on "entries" is not limited to a tenant.*by-id`
	db.Model(&Entry{Text: id}).Where("text = ?", "").Update("text", "x") // want `update on "entries" is not limited to a tenant.*unrestricted`
	db.Where("tenant_id = ?", tenant).Updates(&Entry{Base: Base{ID: id}})
	return errors.New("none")
}

// A row as a condition is one by what it holds.
func conditions(db *gorm.DB, tenant, id string) error {
	found := &Entry{}
	if err := db.Where(&Entry{TenantID: tenant}).First(found, "id = ?", id).Error; err != nil {
		return err
	}
	cond := &Entry{TenantID: tenant}
	db.Where(cond).Find(&[]Entry{})
	db.Where(cond).Find(&[]Entry{})
	db.Where(&Entry{Base: Base{ID: id}}).Find(&[]Entry{}) // want `query on "entries" is not limited to a tenant.*by-id`
	return db.Delete(&Entry{}, found).Error               // want info:`delete on "entries" shows no tenant.*unseen`
}

type entryKey struct{}

func current(ctx context.Context) *Entry {
	e, _ := ctx.Value(entryKey{}).(*Entry)
	return e
}

// Who loads what a context holds is out of sight.
func held(ctx context.Context, db *gorm.DB, id string) {
	e := current(ctx)
	e.Text = "x"
	db.Save(e)                                  // want info:`update on "entries" is limited by the row that current returns alone.*by-id`
	db.Where("id = ?", e.ID).Delete(&Entry{})   // want info:`delete on "entries" is limited by the row that current returns alone.*by-id`
	db.Where("id = ?", id).Delete(&Entry{})     // want `delete on "entries" is not limited to a tenant.*by-id`
	db.Where("id = ?", e.Text).Delete(&Entry{}) // want `delete on "entries" is not limited to a tenant.*by-id`
}
