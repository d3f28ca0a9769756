package gormq

import (
	"database/sql"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.com/queries/models"
)

type Person struct {
	gorm.Model
	TenantID  int64
	Name      string
	Age       int
	CompanyID uint
	Company   Company
	ManagerID *uint
	Manager   *Person
	Cards     []Card
}

type Company struct {
	ID       uint
	TenantID int64
	Name     string
}

type Card struct {
	ID       uint
	TenantID int64
	PersonID uint
	Number   string
}

func (r *repo) single(id uint, t int64) {
	var p Person
	var all []Person
	r.db.First(&p)
	// builder: SELECT * FROM people
	r.db.Take(&p, 10)
	// builder: SELECT * FROM people WHERE id = ?
	r.db.Last(&p, "10")
	// builder: SELECT * FROM people WHERE id = ?
	r.db.Find(&all, []int{1, 2, 3})
	// builder: SELECT * FROM people WHERE id = ?
	r.db.First(&p, "tenant_id = ? AND id = ?", t, id)
	// builder: SELECT * FROM people WHERE tenant_id = ? AND id = ?
	r.db.Model(&Person{}).First(&all)
	// builder: SELECT * FROM people
	r.db.Table("people").Take(&map[string]any{})
	// builder: SELECT * FROM people
	p = Person{TenantID: 10}
	r.db.First(&p)
	// builder: SELECT * FROM people
	r.db.Model(Person{Model: gorm.Model{ID: 10}}).First(&all)
	// builder: SELECT * FROM people
	r.db.Limit(10).Offset(5).Order("age desc, name").Find(&all)
	// builder: SELECT * FROM people ORDER BY age desc, name
}

func (r *repo) where(id uint, t int64, names []string) {
	var p Person
	var all []Person
	r.db.Where("name = ?", "a").Where("tenant_id = ?", t).First(&p)
	// builder: SELECT * FROM people WHERE (name = ?) AND (tenant_id = ?)
	r.db.Where("name <> ?", "a").Find(&all)
	// builder: SELECT * FROM people WHERE name <> ?
	r.db.Where("name IN ?", names).Find(&all)
	// builder: SELECT * FROM people WHERE name IN ?
	r.db.Where("name LIKE ?", "%a%").Find(&all)
	// builder: SELECT * FROM people WHERE name LIKE ?
	r.db.Where("age BETWEEN ? AND ?", 1, 2).Find(&all)
	// builder: SELECT * FROM people WHERE age BETWEEN ? AND ?
	r.db.Where(&Person{Name: "a", Age: 0}).First(&p)
	// builder: SELECT * FROM people WHERE name = ?
	r.db.Where(map[string]any{"name": "a", "age": 0}).Find(&all)
	// builder: SELECT * FROM people WHERE (name = ? AND age = ?)
	r.db.Where([]int64{20, 21}).Find(&all)
	// builder: SELECT * FROM people WHERE id = ?
	r.db.Where(&Person{Name: "a"}, "name", "Age").Find(&all)
	// builder: SELECT * FROM people WHERE (name = ? AND age = ?)
	r.db.Find(&all, Person{Age: 20})
	// builder: SELECT * FROM people WHERE age = ?
	r.db.First(&p, Person{Name: "a", Age: 20}, "name", "Age")
	// builder: SELECT * FROM people WHERE (name = ? AND age = ?)
	r.db.Find(&all, &Person{Name: "a", Age: 20}, "Age")
	// builder: SELECT * FROM people WHERE age = ?
	r.db.Find(&all, map[string]any{"age": 20})
	// builder: SELECT * FROM people WHERE age = ?
	r.db.Not("name = ?", "a").First(&p)
	// builder: SELECT * FROM people WHERE NOT (name = ?)
	r.db.Not(map[string]any{"name": []string{"a", "b"}}).Find(&all)
	// builder: SELECT * FROM people WHERE NOT (name IN (_))
	r.db.Not(Person{Name: "a", Age: 18}).First(&p)
	// builder: SELECT * FROM people WHERE NOT ((name = ? AND age = ?))
	r.db.Not([]int64{1, 2, 3}).First(&p)
	// builder: SELECT * FROM people WHERE NOT (id = ?)
	r.db.Where("tenant_id = ?", t).Or("age = ?", 1).Find(&all)
	// builder: SELECT * FROM people WHERE (tenant_id = ?) OR (age = ?)
	r.db.Where("name = 'a'").Or(Person{Name: "b", Age: 18}).Find(&all)
	// builder: SELECT * FROM people WHERE (name = 'a') OR ((name = ? AND age = ?))
	r.db.Where("name = 'a'").Or(map[string]any{"name": "b"}).Find(&all)
	// builder: SELECT * FROM people WHERE (name = 'a') OR (name = ?)
	r.db.Where("name = @name OR age = @age", sql.Named("name", "a"), sql.Named("age", 1)).Find(&all)
	// builder: SELECT * FROM people WHERE name = @name OR age = @age
	r.db.Where("(name, age) IN ?", [][]any{{"a", 1}}).Find(&all)
	// builder: SELECT * FROM people WHERE (name, age) IN ?
	r.db.Unscoped().Where("tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM people WHERE tenant_id = ?
	r.db.Where(r.db.Where("name = ?", "a").Where(r.db.Where("age = ?", 1).Or("age = ?", 2))).Or(r.db.Where("tenant_id = ?", t)).Find(&all)
	// builder: SELECT * FROM people WHERE ((name = ?) AND ((age = ?) OR (age = ?))) OR ((tenant_id = ?))
}

func (r *repo) clauses(t int64) {
	var all []Person
	r.db.Where(clause.Eq{Column: "tenant_id", Value: t}).Find(&all)
	r.db.Clauses(clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: "tenant_id"}, Value: t}).Find(&all)
	r.db.Clauses(clause.Where{Exprs: []clause.Expression{clause.Eq{Column: "tenant_id", Value: t}, clause.Gt{Column: "age", Value: 1}}}).Find(&all)
	r.db.Where(clause.Or(clause.Eq{Column: "age", Value: 1}, clause.And(clause.Lt{Column: "age", Value: 2}, clause.Neq{Column: "name", Value: nil}))).Find(&all)
	r.db.Where("tenant_id = ?", t).Where(clause.Or(clause.Like{Column: "name", Value: "a%"})).Find(&all)
	r.db.Where(clause.Not(clause.IN{Column: "name", Values: []any{"a"}})).Find(&all)
	r.db.Where(clause.Expr{SQL: "tenant_id = ? AND age > ?", Vars: []any{t, 1}}).Find(&all)
	r.db.Where(clause.NamedExpr{SQL: "tenant_id = @t", Vars: []any{sql.Named("t", t)}}).Find(&all)
	r.db.Clauses(clause.Locking{Strength: "UPDATE"}).Where("tenant_id = ?", t).Find(&all)
	r.db.Clauses(clause.OrderBy{Expression: clause.Expr{SQL: "FIELD(id,?)", Vars: []any{1}}}).Find(&all)
	conds := []clause.Expression{clause.Eq{Column: "name", Value: "a"}}
	if t != 0 {
		conds = append(conds, clause.Eq{Column: "tenant_id", Value: t})
	}
	r.db.Clauses(conds...).Find(&all)
	r.db.Clauses(clause.Where{Exprs: conds}).Find(&all)
	// builder: SELECT * FROM people WHERE tenant_id = ?
	// builder: SELECT * FROM people WHERE tenant_id = ?
	// builder: SELECT * FROM people WHERE (tenant_id = ? AND age > ?)
	// builder: SELECT * FROM people WHERE (age = ? OR (age < ? AND name IS NOT NULL))
	// builder: SELECT * FROM people WHERE (tenant_id = ?) OR (name LIKE ?)
	// builder: SELECT * FROM people WHERE NOT (name IN (_))
	// builder: SELECT * FROM people WHERE tenant_id = ? AND age > ?
	// builder: SELECT * FROM people WHERE tenant_id = @t
	// builder: SELECT * FROM people WHERE tenant_id = ?
	// builder: SELECT * FROM people
	// builder: SELECT * FROM people WHERE (name = ?) AND (tenant_id = ?)
	// builder: SELECT * FROM people WHERE name = ?
	// builder: SELECT * FROM people WHERE (name = ? AND tenant_id = ?)
	// builder: SELECT * FROM people WHERE name = ?
}

func (r *repo) joins(t int64) {
	var all []Person
	r.db.Joins("Company").Where("Company.tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM people LEFT JOIN companies AS "Company" ON people.company_id = "Company".id WHERE Company.tenant_id = ?
	r.db.InnerJoins("Company", r.db.Where(&Company{TenantID: t})).Find(&all)
	// builder: SELECT * FROM people JOIN companies AS "Company" ON people.company_id = "Company".id AND ("Company".tenant_id = ?)
	r.db.Joins("Company", r.db.Where("Company.tenant_id = ?", t)).Find(&all)
	// builder: SELECT * FROM people LEFT JOIN companies AS "Company" ON people.company_id = "Company".id AND (Company.tenant_id = ?)
	r.db.Joins("Manager").Joins("Manager.Company").Find(&all)
	// builder: SELECT * FROM people LEFT JOIN people AS "Manager" ON people.manager_id = "Manager".id LEFT JOIN companies AS "Manager__Company" ON "Manager".company_id = "Manager__Company".id
	r.db.Model(&Person{}).Select("people.name, cards.number").Joins("left join cards on cards.person_id = people.id").Scan(&all)
	// builder: SELECT people.name, cards.number FROM people left join cards on cards.person_id = people.id
	r.db.Joins("JOIN cards ON cards.person_id = people.id AND cards.number = ?", "1").Where("cards.tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM people JOIN cards ON cards.person_id = people.id AND cards.number = ? WHERE cards.tenant_id = ?
	r.db.Table("people as p").Joins("LEFT JOIN (?) c ON c.person_id = p.id", r.db.Model(&Card{}).Select("person_id").Where("tenant_id = ?", t)).Find(&all)
	// builder: SELECT * FROM people as p LEFT JOIN (SELECT person_id FROM cards WHERE tenant_id = ?) c ON c.person_id = p.id
	r.db.Preload("Cards", "number = ?", "1").Preload(clause.Associations).Where("tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM people WHERE tenant_id = ?
	r.db.Joins("Cards").Find(&all)
	// builder: SELECT * FROM people
}

func (r *repo) associations(p *Person) {
	var cards []Card
	r.db.Model(p).Association("Cards").Find(&cards)
	r.db.Model(p).Where("number = ?", "1").Association("Cards").Find(&cards)
	r.db.Model(p).Association("Company").Find(&p.Company)
	r.db.Model(p).Association("Cards").Count()
	r.db.Model(p).Association("Cards").Clear()
	r.db.Model(p).Association("Cards").Delete(cards)
	r.db.Model(p).Association("Cards").Append(&Card{Number: "1"}) // unread: Association.Append of gorm.io/gorm is not modelled
	// builder: SELECT * FROM cards WHERE person_id = ?
	// builder: SELECT * FROM cards WHERE (number = ?) AND person_id = ?
	// builder: SELECT * FROM companies WHERE id = ?
	// builder: SELECT count(*) FROM cards WHERE person_id = ?
	// builder: UPDATE cards SET _ WHERE person_id = ?
	// builder: DELETE FROM cards WHERE person_id = ? AND id IN (_)
}

func (r *repo) subqueries(t int64) {
	var all []Person
	r.db.Where("age > (?)", r.db.Table("people").Select("AVG(age)").Where("tenant_id = ?", t)).Find(&all)
	// builder: SELECT * FROM people WHERE age > (SELECT AVG(age) FROM people WHERE tenant_id = ?)
	r.db.Table("(?) as u", r.db.Model(&Person{}).Select("name", "age").Where("tenant_id = ?", t)).Where("age = ?", 18).Find(&all)
	// builder: SELECT * FROM (SELECT name, age FROM people WHERE tenant_id = ?) as u WHERE age = ?
	r.db.Table("(?) as u, (?) as p", r.db.Model(&Person{}).Select("name"), r.db.Model(&Card{}).Select("number")).Find(&all)
	// builder: SELECT * FROM (SELECT name FROM people) as u, (SELECT number FROM cards) as p
	r.db.Model(&Person{}).Select("name, sum(age) as total").Group("name").Having("name = ?", "a").Find(&all)
	// builder: SELECT name, sum(age) as total FROM people GROUP BY name HAVING name = ?
	r.db.Model(&Person{}).Distinct("name", "age").Order("name").Find(&all)
	// builder: SELECT DISTINCT name, age FROM people ORDER BY name
	r.db.Where("EXISTS (?)", r.db.Model(&Card{}).Select("1").Where("cards.person_id = people.id")).Find(&all)
	// builder: SELECT * FROM people WHERE EXISTS (SELECT 1 FROM cards WHERE cards.person_id = people.id)
}

func (r *repo) runs(t int64) {
	var p Person
	var all []Person
	var n int64
	var names []string
	r.db.Where(Person{Name: "a"}).Attrs(Person{Age: 20}).FirstOrInit(&p)
	// builder: SELECT * FROM people WHERE name = ?
	r.db.Where(Person{Name: "a", TenantID: t}).Assign(Person{Age: 20}).FirstOrCreate(&p)
	// builder: SELECT * FROM people WHERE (name = ? AND tenant_id = ?)
	r.db.FirstOrCreate(&p, Person{Name: "b"})
	// builder: SELECT * FROM people WHERE name = ?
	r.db.Where("tenant_id = ?", t).FindInBatches(&all, 100, func(*gorm.DB, int) error { return nil })
	// builder: SELECT * FROM people WHERE tenant_id = ?
	r.db.Model(&Person{}).Where("tenant_id = ?", t).Pluck("name", &names)
	// builder: SELECT name FROM people WHERE tenant_id = ?
	r.db.Model(&Person{}).Where("name = ?", "a").Count(&n)
	// builder: SELECT count(*) FROM people WHERE name = ?
	r.db.Model(&Person{}).Where("name = ?", "a").Rows()
	// builder: SELECT * FROM people WHERE name = ?
	r.db.Table("people").Select("name").Where("name = ?", "a").Row()
	// builder: SELECT name FROM people WHERE name = ?
	r.db.Raw("SELECT id FROM people WHERE id = ?", 3).Scan(&p)
	// literal: SELECT id FROM people WHERE id = ?
}

func (r *repo) creates(p *Person, t int64) {
	r.db.Create(p)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	r.db.Create([]*Person{{Name: "a"}})
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	r.db.Select("Name", "Age").Create(p)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	r.db.Omit("TenantID").Create(p)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	r.db.CreateInBatches([]Person{}, 100)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
	r.db.Model(&Person{}).Create(map[string]any{"name": "a", "tenant_id": t})
	// builder: INSERT INTO people (name, tenant_id) VALUES (?, ?)
	r.db.Model(&Person{}).Create([]map[string]any{{"name": "a"}})
	// builder: INSERT INTO people VALUES (_)
	r.db.Clauses(clause.OnConflict{DoNothing: true}).Create(p)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
	r.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.Assignments(map[string]any{"age": 1})}).Create(p)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET age = ?
	r.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "tenant_id"}, {Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"age"})}).Create(p)
	// builder: INSERT INTO people (id, created_at, updated_at, deleted_at, tenant_id, name, age, company_id, manager_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, name) DO UPDATE SET age = EXCLUDED.age
	r.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&Card{})
	// builder: INSERT INTO cards (id, tenant_id, person_id, number) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET tenant_id = EXCLUDED.tenant_id, person_id = EXCLUDED.person_id, number = EXCLUDED.number
	r.db.Clauses(clause.OnConflict{OnConstraint: "cards_number_key", DoUpdates: clause.Set{{Column: clause.Column{Name: "number"}, Value: 1}}}).Create(&Card{})
	// builder: INSERT INTO cards (id, tenant_id, person_id, number) VALUES (?, ?, ?, ?) ON CONFLICT ON CONSTRAINT cards_number_key DO UPDATE SET number = ?
	r.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "number"}}, DoUpdates: clause.AssignmentColumns([]string{"number"}), Where: clause.Where{Exprs: []clause.Expression{gorm.Expr("cards.tenant_id = ?", t)}}}).Create(&Card{})
	// builder: INSERT INTO cards (id, tenant_id, person_id, number) VALUES (?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET number = EXCLUDED.number WHERE cards.tenant_id = ?
}

func (r *repo) updates(p *Person, t int64) {
	r.db.Save(p)
	// builder: UPDATE people SET created_at = ?, updated_at = ?, deleted_at = ?, tenant_id = ?, name = ?, age = ?, company_id = ?, manager_id = ? WHERE id = ?
	r.db.Model(&Person{}).Where("active = ?", true).Update("name", "a")
	// builder: UPDATE people SET name = ? WHERE active = TRUE
	r.db.Model(p).Where("tenant_id = ?", t).Update("name", "a")
	// builder: UPDATE people SET name = ? WHERE (tenant_id = ?) AND id = ?
	r.db.Model(p).Updates(Person{Name: "a", Age: 18})
	// builder: UPDATE people SET created_at = ?, updated_at = ?, deleted_at = ?, tenant_id = ?, name = ?, age = ?, company_id = ?, manager_id = ? WHERE id = ?
	r.db.Model(p).Select("name").Updates(map[string]any{"name": "a", "age": 18})
	// builder: UPDATE people SET name = ?, age = ? WHERE id = ?
	r.db.Model(Person{}).Where("tenant_id = ?", t).Updates(Person{Name: "a"})
	// builder: UPDATE people SET created_at = ?, updated_at = ?, deleted_at = ?, tenant_id = ?, name = ?, age = ?, company_id = ?, manager_id = ? WHERE tenant_id = ?
	r.db.Table("people").Where("id IN ?", []int{1}).Updates(map[string]any{"name": "a"})
	// builder: UPDATE people SET name = ? WHERE id IN ?
	r.db.Session(&gorm.Session{AllowGlobalUpdate: true}).Model(&Person{}).Update("name", "a")
	// builder: UPDATE people SET name = ?
	r.db.Model(&Person{}).Where("active = ?", true).Update("age", r.db.Raw("age + 1"))
	// builder: UPDATE people SET age = ? WHERE active = TRUE
	// literal: age + 1
	r.db.Model(&Person{}).Where("active = ?", true).UpdateColumn("age", r.db.Raw("age + ?", 1))
	// builder: UPDATE people SET age = ? WHERE active = TRUE
	// literal: age + ?
	r.db.Model(&Person{}).Where("active = ?", true).Updates(map[string]any{"age": r.db.Raw("age + 1")})
	// builder: UPDATE people SET age = ? WHERE active = TRUE
	// literal: age + 1
	r.db.Where("active = ? AND id IN (?)", true, r.db.Raw("SELECT 1")).Find(&[]Person{})
	// builder: SELECT * FROM people WHERE active = TRUE AND id IN (?)
	// literal: SELECT 1
	r.db.Model(p).Update("age", gorm.Expr("age * ? + ?", 2, 1))
	// builder: UPDATE people SET age = age * ? + ? WHERE id = ?
	r.db.Model(p).UpdateColumn("age", 1)
	// builder: UPDATE people SET age = ? WHERE id = ?
	r.db.Model(p).Update("name", r.db.Model(&Company{}).Select("name").Where("companies.id = people.company_id"))
	// builder: UPDATE people SET name = (SELECT name FROM companies WHERE companies.id = people.company_id) WHERE id = ?
	r.db.Model(&Person{}).Clauses(clause.Returning{}).Where("name = ?", "a").Update("age", 1)
	// builder: UPDATE people SET age = ? WHERE name = ?
	r.db.Updates(&Person{Name: "a"})
	// builder: UPDATE people SET created_at = ?, updated_at = ?, deleted_at = ?, tenant_id = ?, name = ?, age = ?, company_id = ?, manager_id = ?
}

func (r *repo) deletes(p *Person, t int64) {
	r.db.Delete(p)
	// builder: DELETE FROM people WHERE id = ?
	r.db.Where("name = ?", "a").Delete(p)
	// builder: DELETE FROM people WHERE (name = ?) AND id = ?
	r.db.Delete(&Person{}, 10)
	// builder: DELETE FROM people WHERE id = ?
	r.db.Delete(&Person{}, "10")
	// builder: DELETE FROM people WHERE id = ?
	r.db.Delete(&[]Person{}, []int{1, 2, 3})
	// builder: DELETE FROM people WHERE id IN (_) AND (id = ?)
	r.db.Where("email LIKE ?", "%a%").Delete(&Person{})
	// builder: DELETE FROM people WHERE email LIKE ?
	r.db.Delete(&Person{}, "name LIKE ? AND tenant_id = ?", "%a%", t)
	// builder: DELETE FROM people WHERE name LIKE ? AND tenant_id = ?
	r.db.Unscoped().Delete(p)
	// builder: DELETE FROM people WHERE id = ?
	r.db.Clauses(clause.Returning{}).Where("name = ?", "a").Delete(&[]Person{})
	// builder: DELETE FROM people WHERE (name = ?) AND id IN (_)
	r.db.Select("Cards").Delete(p)
	// builder: DELETE FROM people WHERE id = ?
	r.db.Where("1 = 1").Delete(&models.User{})
	// builder: DELETE FROM users WHERE 1 = 1
}

func (r *repo) sessions(t int64) {
	var all []Person
	tx := r.db.Where("name = ?", "a").Session(&gorm.Session{})
	tx.Where("age = ?", 1).Find(&all)
	// builder: SELECT * FROM people WHERE (name = ?) AND (age = ?)
	tx.Where("tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM people WHERE (name = ?) AND (tenant_id = ?)
	tx.Session(&gorm.Session{NewDB: true}).Find(&all)
	// builder: SELECT * FROM people
}
