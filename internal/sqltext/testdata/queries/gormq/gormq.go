// Package gormq queries with GORM.
package gormq

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.com/queries/models"
)

type repo struct{ db *gorm.DB }

func (r *repo) find(ctx context.Context, id int64) {
	var users []models.User
	r.db.WithContext(ctx).Where("tenant_id = ? AND id = ?", 1, id).Find(&users)
	// builder: SELECT * FROM users WHERE tenant_id = ? AND id = ?
	var order models.Order
	r.db.First(&order, "id = ?", id)
	// builder: SELECT * FROM app_orders WHERE id = ?
	r.db.First(&order, id)
	// builder: SELECT * FROM app_orders WHERE id = ?
}

func (r *repo) conditions(ctx context.Context, id int64) {
	var users []models.User
	r.db.Where(&models.User{TenantID: id}).Or("a = 1 OR b = 2").Find(&users)
	// builder: SELECT * FROM users WHERE (tenant_id = ?) OR (a = 1 OR b = 2)
	r.db.Where(map[string]any{"tenant_id": id}).Not("a = ?", 1).Find(&users)
	// builder: SELECT * FROM users WHERE (tenant_id = ?) AND NOT (a = ?)
	r.db.Where(r.db.Where("a = 1").Or("b = 2")).Where("tenant_id = ?", id).Find(&users)
	// builder: SELECT * FROM users WHERE ((a = 1) OR (b = 2)) AND (tenant_id = ?)
	r.db.Where("id IN (?)", r.db.Model(&models.Order{}).Select("user_id").Where("tenant_id = ?", 1)).Find(&users)
	// builder: SELECT * FROM users WHERE id IN (SELECT user_id FROM app_orders WHERE tenant_id = ?)
}

func (r *repo) split(ctx context.Context, tenant *int64) (total int64) {
	q := r.db.Model(&models.User{}).Where("active")
	if tenant != nil {
		q = q.Where("tenant_id = ?", *tenant)
	}
	q.Count(&total)
	// builder: SELECT count(*) FROM users WHERE (active) AND (tenant_id = ?)
	// builder: SELECT count(*) FROM users WHERE active
	var users []models.User
	q.Order("id").Find(&users)
	// builder: SELECT * FROM users WHERE (active) AND (tenant_id = ?) ORDER BY id
	// builder: SELECT * FROM users WHERE active ORDER BY id
	return total
}

func (r *repo) inPlace(tenant int64) {
	q := r.db.Table("messages AS m").Joins("JOIN users u ON u.id = m.user_id")
	q.Where("u.tenant_id = ?", tenant)
	var ids []int64
	q.Pluck("m.id", &ids)
	// builder: SELECT m.id FROM messages AS m JOIN users u ON u.id = m.user_id WHERE u.tenant_id = ?
}

func (r *repo) write(u *models.User, id int64) {
	r.db.Create(u)
	// builder: INSERT INTO users (id, tenant_id, name, api_key) VALUES (?, ?, ?, ?)
	r.db.Save(u)
	// builder: UPDATE users SET tenant_id = ?, name = ?, api_key = ? WHERE id = ?
	r.db.Model(&models.User{}).Where("id = ?", id).Update("name", "x")
	// builder: UPDATE users SET name = ? WHERE id = ?
	r.db.Model(u).Updates(map[string]any{"name": gorm.Expr("upper(name)")})
	// builder: UPDATE users SET name = upper(name) WHERE id = ?
	r.db.Where("id = ?", id).Delete(&models.User{})
	// builder: DELETE FROM users WHERE id = ?
	r.db.Delete(&models.User{}, "tenant_id = ?", id)
	// builder: DELETE FROM users WHERE tenant_id = ?
	r.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}).Create(&models.Order{})
	// builder: INSERT INTO app_orders (id, tenant_id, user_id) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET tenant_id = EXCLUDED.tenant_id, user_id = EXCLUDED.user_id
}

func ofTenant(id int64) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB { return db.Where("tenant_id = ?", id) }
}

func (r *repo) scopes(id int64) {
	var users []models.User
	r.db.Scopes(ofTenant(id)).Find(&users)
	// builder: SELECT * FROM users WHERE tenant_id = ?
	scope := func(db *gorm.DB) *gorm.DB { return db.Where("a = ?", 1) }
	scope(r.db.Model(&models.User{})).Find(&users)
	// builder: SELECT * FROM users WHERE a = ?
}

func (r *repo) raw(ctx context.Context) {
	var users []models.User
	r.db.Raw("SELECT * FROM users WHERE id = ?", 1).Scan(&users)
	// literal: SELECT * FROM users WHERE id = ?
	r.db.Exec("DELETE FROM users")
	// literal: DELETE FROM users
	r.db.Transaction(func(tx *gorm.DB) error {
		return tx.Where("id = ?", 1).Delete(&models.User{}).Error
		// builder: DELETE FROM users WHERE id = ?
	})
}

func (r *repo) conn(ctx context.Context, tenant int64) *gorm.DB {
	return r.db.WithContext(ctx).Where("tenant_id = ?", tenant)
}

func (r *repo) scoped(ctx context.Context) {
	var users []models.User
	r.conn(ctx, 1).Find(&users)
	// builder: SELECT * FROM users WHERE tenant_id = ?
}

func apply(q *gorm.DB, kind string) *gorm.DB {
	typed := func(q *gorm.DB, kind string) *gorm.DB {
		switch kind {
		case "":
			return q
		case "manual":
			return q.Where("type = ?", kind)
		default:
			return q.Where("file_type = ?", kind)
		}
	}
	return typed(q, kind)
}

func (r *repo) nestedScopes(tenant int64, kind string) {
	scope := func(q *gorm.DB) *gorm.DB { return apply(q.Where("tenant_id = ?", tenant), kind) }
	var total int64
	scope(r.db.Model(&models.User{})).Count(&total)
	// builder: SELECT count(*) FROM users WHERE (tenant_id = ?) AND (type = ?)
	// builder: SELECT count(*) FROM users WHERE tenant_id = ?
	// builder: SELECT count(*) FROM users WHERE (tenant_id = ?) AND (file_type = ?)
}

// A row that a query has filled is found by its key.
func (r *repo) loaded(tenant, id int64, changes map[string]any) {
	var user models.User
	r.db.Model(&user).Updates(changes)
	// builder: UPDATE users SET _
	r.db.Where("tenant_id = ? AND id = ?", tenant, id).First(&user)
	// builder: SELECT * FROM users WHERE tenant_id = ? AND id = ?
	r.db.Model(&user).Updates(changes)
	// builder: UPDATE users SET _ WHERE id = ?
}

func (r *repo) assigned(user *models.User) {
	user.TenantID = 1
	r.db.Model(user).Update("active", true)
	// builder: UPDATE users SET active = TRUE WHERE id = ?
}

type scopes []func(*gorm.DB) *gorm.DB

type narrower interface {
	Narrow(*gorm.DB) *gorm.DB
}

type handles struct{ open func() *gorm.DB }

// A handle that goes through whatever function is given may come back with conditions.
func (r *repo) scopedByOthers(all scopes, n narrower, h handles) {
	var users []models.User
	db := r.db
	for _, scope := range all {
		db = scope(db)
	}
	db.Find(&users)
	// builder: SELECT * FROM users WHERE _
	n.Narrow(r.db).Where("active").Find(&users)
	// builder: SELECT * FROM users WHERE _ AND (active)
	h.open().Find(&users)
	// builder: SELECT * FROM users
	tx := r.handle(context.Background())
	for _, scope := range all {
		tx = scope(tx)
	}
	tx.Model(&users).Find(&users)
	// builder: SELECT * FROM users WHERE _
}

func begun(ctx context.Context) *gorm.DB {
	tx, _ := ctx.Value("tx").(*gorm.DB)
	return tx
}

func (r *repo) handle(ctx context.Context) *gorm.DB {
	if tx := begun(ctx); tx != nil {
		return tx
	}
	return r.db
}

// A row that is given, and by nothing else, is read again by its key.
func (r *repo) again(user *models.User, users *[]models.User) {
	r.db.Preload("Orders").Find(&user)
	// builder: SELECT * FROM users WHERE id = ?
	r.db.First(user)
	// builder: SELECT * FROM users WHERE id = ?
	r.db.Where("name = ?", "a").First(user)
	// builder: SELECT * FROM users WHERE name = ?
	r.db.First(user, "name = ?", "a")
	// builder: SELECT * FROM users WHERE name = ?
	r.db.Model(&models.Order{}).First(user)
	// builder: SELECT * FROM app_orders
	r.db.Find(users)
	// builder: SELECT * FROM users
	var fresh models.User
	r.db.First(&fresh)
	// builder: SELECT * FROM users
}

// A row that comes with an error is nobody's: what loads it decides what is removed.
func (r *repo) early(name string, tenant uint) (models.User, error) {
	var u models.User
	if name == "" {
		return u, errors.New("no name")
	}
	if err := r.db.Where("name = ? AND tenant_id = ?", name, tenant).First(&u).Error; err != nil {
		return u, err
	}
	// builder: SELECT * FROM users WHERE name = ? AND tenant_id = ?
	return u, nil
}

func (r *repo) removeEarly(name string, tenant uint) error {
	u, err := r.early(name, tenant)
	if err != nil {
		return err
	}
	return r.db.Delete(&u).Error
	// builder: DELETE FROM users WHERE id = ?
}

// GORM gives a literal its key when it creates the row, and refuses to update everything.
func changesMade(db *gorm.DB) {
	u := &models.User{Name: "x"}
	db.Create(u)
	// builder: INSERT INTO users (id, tenant_id, name, api_key) VALUES (?, ?, ?, ?)
	db.Model(u).Update("name", "y")
	// builder: UPDATE users SET name = ? WHERE id = ?
	db.Model(u).Updates(map[string]any{"name": "z"})
	// builder: UPDATE users SET name = ? WHERE id = ?
	db.Model(u).Where("age > 3").Update("name", "y")
	// builder: UPDATE users SET name = ? WHERE age > 3
	db.Model(&models.User{Name: "x"}).Update("name", "y")
	// builder: UPDATE users SET name = ?
}

// A helper that has no query to scope gives none back; nobody goes on with that.
func scoped(tenant int64, db *gorm.DB, table string) *gorm.DB {
	if db == nil {
		return nil
	}
	column := "tenant_id"
	if table != "" {
		column = table + "." + column
	}
	switch column {
	case "":
		return nil
	}
	return db.Where("("+column+" = ?)", tenant)
}

func throughScoped(tenant int64, db *gorm.DB, users []models.User) {
	scoped(tenant, db, "").Find(&users)
	// builder: SELECT * FROM users WHERE (tenant_id = ?)
	scoped(tenant, db, "users").Where("active").Find(&users)
	// builder: SELECT * FROM users WHERE ((users.tenant_id = ?)) AND (active)
}

// No scope is one that is not wanted.
func maybe(tenant int64) func(*gorm.DB) *gorm.DB {
	if tenant == 0 {
		return nil
	}
	return func(db *gorm.DB) *gorm.DB { return db.Where("tenant_id = ?", tenant) }
}
