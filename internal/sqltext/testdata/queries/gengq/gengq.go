// Package gengq has statements that gorm/gen generates.
package gengq

import (
	"context"

	"gorm.io/gen"
	"gorm.io/gen/field"

	"example.com/queries/gengq/model"
	"example.com/queries/gengq/query"
)

func queries(ctx context.Context, q *query.Query, t, id int64, in *model.Person) {
	query.Person.Where(query.Person.TenantID.Eq(t)).First()
	// builder: SELECT * FROM people WHERE people.tenant_id = ?
	query.Person.Count()
	// builder: SELECT count(*) FROM people
	q.Person.WithContext(ctx).Where(q.Person.ID.Eq(id), q.Person.Name.Like("a")).Find()
	// builder: SELECT * FROM people WHERE (people.id = ?) AND (people.full_name LIKE ?)
	q.Team.WithContext(ctx).Where(q.Team.TenantID.In(t, id)).Find()
	// builder: SELECT * FROM teams WHERE teams.tenant_id IN (_)
	p := q.Person
	p.WithContext(ctx).Where(p.TenantID.Eq(t)).Or(p.TeamID.IsNull()).FindByPage(0, 10)
	// builder: SELECT * FROM people WHERE (people.tenant_id = ?) OR ((people.team_id IS NULL))
	p.WithContext(ctx).Where(p.TenantID.Eq(t), p.Where(p.ID.Eq(id)).Or(p.Name.Eq("a"))).Find()
	// builder: SELECT * FROM people WHERE (people.tenant_id = ?) AND ((people.id = ?) OR ((people.full_name = ?)))
	p.WithContext(ctx).Where(field.Or(p.ID.Eq(id), p.TenantID.Eq(t))).Not(p.Name.Eq("a")).Find()
	// builder: SELECT * FROM people WHERE ((people.id = ? OR people.tenant_id = ?)) AND NOT ((people.full_name = ?))
	p.WithContext(ctx).Select(p.ID).LeftJoin(&q.Team, q.Team.ID.EqCol(p.TeamID)).Where(q.Team.TenantID.Eq(t)).Scan(nil)
	// builder: SELECT people.id FROM people LEFT JOIN teams ON teams.id = people.team_id WHERE teams.tenant_id = ?
	o := q.Person.As("o")
	o.WithContext(ctx).Where(o.TenantID.Eq(t)).Find()
	// builder: SELECT * FROM people AS o WHERE o.tenant_id = ?
	p.Create(in)
	// builder: INSERT INTO people (id, tenant_id, full_name, team_id) VALUES (?, ?, ?, ?)
	p.Where(p.ID.Eq(id)).Delete()
	// builder: DELETE FROM people WHERE people.id = ?
	p.Delete(in)
	// builder: DELETE FROM people WHERE id = ?
	p.Where(p.TenantID.Eq(t)).Update(p.Name, "b")
	// builder: UPDATE people SET people.full_name = ? WHERE people.tenant_id = ?
	p.Where(p.TenantID.Eq(t)).UpdateSimple(p.Name.Value("b"), p.TeamID.Null())
	// builder: UPDATE people SET people.full_name = ?, people.team_id = NULL WHERE people.tenant_id = ?
	p.Updates(in)
	// builder: UPDATE people SET tenant_id = ?, full_name = ?, team_id = ? WHERE id = ?
	q.Team.WithContext(ctx).Where(q.Team.ID.Eq(id)).Updates(map[string]any{"tenant_id": t})
	// builder: UPDATE teams SET tenant_id = ? WHERE teams.id = ?
	p.WithContext(ctx).Scopes(func(d gen.Dao) gen.Dao { return d.Where(p.TenantID.Eq(t)) }).Find()
	// builder: SELECT * FROM people WHERE people.tenant_id = ?
	p.Where(field.NewInt64("people", "tenant_id").Eq(t)).Find()
	// builder: SELECT * FROM people WHERE people.tenant_id = ?
}

func pieces(ctx context.Context, tx *query.Query, t int64, named bool) {
	do := tx.Team.WithContext(ctx).Where(tx.Team.TenantID.Eq(t))
	if named {
		do = do.Where(tx.Team.ID.Gt(1))
	}
	do.Find()
	// builder: SELECT * FROM teams WHERE (teams.tenant_id = ?) AND (teams.id > ?)
	// builder: SELECT * FROM teams WHERE teams.tenant_id = ?
	conds := []gen.Condition{tx.Person.TenantID.Eq(t)}
	if named {
		conds = append(conds, tx.Person.Name.Neq(""))
	}
	tx.Person.Where(conds...).Find()
	// builder: SELECT * FROM people WHERE (people.tenant_id = ?) AND (people.full_name <> ?)
	// builder: SELECT * FROM people WHERE people.tenant_id = ?
	tx.Transaction(func(tx *query.Query) error {
		first(ctx, tx.Person.ID.Eq(t))
		return nil
	})
}

func first(ctx context.Context, conds ...gen.Condition) (*model.Person, error) {
	return query.Person.WithContext(ctx).Where(conds...).First()
	// builder: SELECT * FROM people WHERE people.id = ?
}
