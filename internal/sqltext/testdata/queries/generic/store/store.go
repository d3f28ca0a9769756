// Package store has the repositories of whatever types are stored.
package store

import (
	"github.com/uptrace/bun"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

type Repo[M any] struct{ db *gorm.DB }

func New[M any](db *gorm.DB) *Repo[M] { return &Repo[M]{db} }

func (r *Repo[M]) All() (all []M) {
	r.db.Find(&all) // unread: the table is a parameter of a function that no call in its package reaches
	return all
}

func (r *Repo[M]) Named(name string) (m M) {
	r.db.Where("name = ?", name).First(&m) // unread: the table is a parameter of a function that no call in its package reaches
	return m
}

func (r *Repo[M]) By(column string, value any) *M {
	m := new(M)
	r.db.Where(column+" = ?", value).Take(m) // unread: the table is a parameter of a function that no call in its package reaches
	return m
}

func (r *Repo[M]) Change(m *M) { r.db.Save(m) } // unread: the table is a parameter of a function that no call in its package reaches

func (r *Repo[M]) Query() *gorm.DB { return r.db.Model(new(M)) }

func (r *Repo[M]) Counted() (n int64) {
	r.Query().Count(&n) // unread: the table is a parameter of a function that no call in its package reaches
	return n
}

// Keys comes first, so that the model is the second type.
type Keyed[K comparable, M any] struct{ db bun.IDB }

func (r Keyed[K, M]) Get(key K) (m M) {
	r.db.NewSelect().Model(&m).Where("key = ?", key).Scan(nil) // unread: the table is a parameter of a function that no call in its package reaches
	return m
}

func Fetch[M any](e *xorm.Engine, tenant int64) (all []M, err error) {
	err = e.Where("tenant_id = ?", tenant).Find(&all) // unread: the table is a parameter of a function that no call in its package reaches
	return all, err
}

type Keeper[M any] interface {
	All() []M
	In(tenant int64) []M
	Remove(id int64)
}

type keeper[M any] struct{ db *gorm.DB }

func NewKeeper[M any](db *gorm.DB) Keeper[M] { return &keeper[M]{db} }

func (k *keeper[M]) All() (all []M) {
	k.db.Find(&all) // unread: the table is a parameter of a function that no call in its package reaches
	return all
}

func (k *keeper[M]) In(tenant int64) (all []M) {
	k.db.Where("tenant_id = ?", tenant).Find(&all) // unread: the table is a parameter of a function that no call in its package reaches
	return all
}

func (k *keeper[M]) Remove(id int64) {
	k.db.Delete(new(M), id) // unread: the table is a parameter of a function that no call in its package reaches
}

type Lister[M any] interface{ List() []M }

type lists[M any] struct{ db *gorm.DB }

func (l lists[M]) List() (all []M) {
	l.db.Find(&all) // unread: the table is a parameter of a function that no call in its package reaches
	return all
}

type cached[M any] struct{ lists[M] }
