package sqlast

import "testing"

func TestHoles(t *testing.T) {
	t.Parallel()
	testReadings(t, Postgres, []reading{
		{`SELECT {} FROM t WHERE a = $1`,
			`select {0} from t where (= a $1)`},
		{`SELECT a, {} FROM t`,
			`select a {0} from t`},
		{`SELECT {}, a FROM t`,
			`select {0} a from t`},
		{`SELECT a {} FROM t`,
			`select a {0} from t`},
		{`SELECT {} a FROM t`,
			`select {0} a from t`},
		{`SELECT {}`,
			`select {0}`},
		{`SELECT count(*) FROM {} WHERE a = 1`,
			`select count(*) from {} where (= a 1)`},
		{`SELECT * FROM {}.orders o WHERE o.a = 1`,
			`select * from {}.orders→o where (= o.a 1)`},
		{`SELECT * FROM orders_{} WHERE a = 1`,
			`select * from orders_{} where (= a 1)`},
		{`SELECT * FROM {}orders WHERE a = 1`,
			`select * from {}orders where (= a 1)`},
		{`SELECT * FROM {}_orders WHERE a = 1`,
			`select * from {}_orders where (= a 1)`},
		{`SELECT * FROM "{}" WHERE a = 1`,
			`select * from {} where (= a 1)`},
		{`SELECT * FROM "pre_{}"."t" WHERE a = 1`,
			`select * from pre_{}.t where (= a 1)`},
		{`SELECT * FROM orders{}`,
			`select * from orders after-from {0}`},
		{`SELECT * FROM orders {}`,
			`select * from orders after-from {0}`},
		{`SELECT * FROM orders {} WHERE a = 1`,
			`select * from orders where (= a 1) after-from {0}`},
		{`SELECT * FROM orders o {} JOIN b ON b.x = o.x WHERE a = 1`,
			`select * from (join orders→o b on (= b.x o.x)) where (= a 1) after-from {0}`},
		{`SELECT * FROM orders o, {} WHERE a = 1`,
			`select * from orders→o {} where (= a 1)`},
		{`SELECT * FROM a JOIN {} ON x = y WHERE c = 1`,
			`select * from (join a {} on (= x y)) where (= c 1)`},
		{`SELECT * FROM a JOIN b ON {} WHERE c = 1`,
			`select * from (join a b on {0}) where (= c 1)`},
		{`SELECT * FROM a JOIN b {} WHERE c = 1`,
			`select * from (join a b) where (= c 1) after-from {0}`},
		{`SELECT * FROM ({}) AS q WHERE q.a = $1`,
			`select * from [after- {0}]→q where (= q.a $1)`},
		{`SELECT * FROM a WHERE {}`,
			`select * from a where {0}`},
		{`SELECT * FROM a WHERE {} AND b = $1`,
			`select * from a where (and {0} (= b $1))`},
		{`SELECT * FROM a WHERE b = $1 AND {}`,
			`select * from a where (and (= b $1) {0})`},
		{`SELECT * FROM a WHERE b = $1 {}`,
			`select * from a where (= b $1) after-where {0}`},
		{`SELECT * FROM a WHERE b = $1{} ORDER BY c`,
			`select * from a where (= b $1) order c after-where {0}`},
		{`SELECT * FROM a WHERE b = $1 {} AND c = $2`,
			`select * from a where (and (= b $1) {0} (= c $2))`},
		{`SELECT * FROM a WHERE (b = $1 {})`,
			`select * from a where (and (= b $1) {0})`},
		{`SELECT * FROM a WHERE (b = $1 OR c = 2 {}) AND d = 3`,
			`select * from a where (and (or (= b $1) (and (= c 2) {0})) (= d 3))`},
		{`SELECT * FROM a WHERE {} b = $1`,
			`select * from a where (unknown {0} (= b $1))`},
		{`SELECT * FROM a WHERE b {} $1`,
			`select * from a where ({} b $1)`},
		{`SELECT * FROM a WHERE b {} $1 AND c = 2`,
			`select * from a where (and ({} b $1) (= c 2))`},
		{`SELECT * FROM a WHERE b {} ? AND c = ?`,
			`select * from a where (and ({} b $) (= c $))`},
		{`SELECT * FROM a WHERE b = 1 {} c = 2`,
			`select * from a where (unknown (= b 1) {0} (= c 2))`},
		{`SELECT * FROM a WHERE {} = $1`,
			`select * from a where (= {0} $1)`},
		{`SELECT * FROM a WHERE {}.b = $1`,
			`select * from a where (= {}.b $1)`},
		{`SELECT * FROM a WHERE a.{} = $1`,
			`select * from a where (= a.{} $1)`},
		{`SELECT * FROM a WHERE {} {} $1`,
			`select * from a where (unknown {0} {1} $1)`},
		{`SELECT * FROM a WHERE b = ${}`,
			`select * from a where (= b ${})`},
		{`SELECT * FROM a WHERE b = ${} AND c = ${}`,
			`select * from a where (and (= b ${}) (= c ${}))`},
		{`SELECT * FROM a WHERE b = ${}::uuid`,
			`select * from a where (= b ${}::uuid)`},
		{`SELECT * FROM a WHERE b = :{}`,
			`select * from a where (= b ${})`},
		{`SELECT * FROM a WHERE b = @p_{}`,
			`select * from a where (= b $p_{})`},
		{`SELECT * FROM a WHERE b IN ({})`,
			`select * from a where (in b ({0}))`},
		{`SELECT * FROM a WHERE b IN ($1{})`,
			`select * from a where (in b ($1 {0}))`},
		{`SELECT * FROM a WHERE b IN {}`,
			`select * from a where (in b ({0}))`},
		{`SELECT * FROM a WHERE b IN ({}) AND c = 1`,
			`select * from a where (and (in b ({0})) (= c 1))`},
		{`SELECT * FROM a WHERE b = ANY({})`,
			`select * from a where (=-any b {0})`},
		{`SELECT * FROM a WHERE EXISTS ({})`,
			`select * from a where (exists [after- {0}])`},
		{`SELECT * FROM a WHERE b LIKE '%{}%'`,
			`select * from a where (like b '%{}%')`},
		{`SELECT * FROM a WHERE b = '{}'`,
			`select * from a where (= b '{}')`},
		{`SELECT * FROM a WHERE b = {} AND c = {} ORDER BY {} {}`,
			`select * from a where (and (= b {0}) (= c {1})) order {2} after-order {3}`},
		{`SELECT * FROM a ORDER BY b {}`,
			`select * from a order b after-order {0}`},
		{`SELECT * FROM a ORDER BY b {}, c`,
			`select * from a order b c`},
		{`SELECT * FROM a ORDER BY {}, c LIMIT {} OFFSET {}`,
			`select * from a order {0} c limit {1} offset {2}`},
		{`SELECT * FROM a ORDER BY b LIMIT 1 {}`,
			`select * from a order b limit 1 after-limit {0}`},
		{`SELECT * FROM a GROUP BY {}`,
			`select * from a group {0}`},
		{`SELECT * FROM a WHERE b = 1 {} GROUP BY c {} HAVING d > 1 {}`,
			`select * from a where (= b 1) group c having (> d 1) after-where {0} after-group {1} after-having {2}`},
		{`{}`,
			`after- {0}`},
		{`{} WHERE a = $1`,
			`where (= a $1) after- {0}`},
		{`{} SELECT a FROM t WHERE b = 1`,
			`select a from t where (= b 1) after- {0}`},
		{`WITH {} SELECT a FROM t`,
			`with {} [after- {0}] select a from t`},
		{`WITH x AS ({}) SELECT a FROM x`,
			`with x [after- {0}] select a from x`},
		{`WITH x AS (SELECT 1), {} SELECT a FROM x`,
			`with x [select 1] with {} [after- {0}] select a from x`},
		{`WITH x AS (SELECT 1) {} SELECT a FROM x`,
			`with x [select 1] select a from x after- {0}`},
		{`SELECT a FROM b UNION {}`,
			`union [select a from b] [after- {0}]`},
		{`SELECT a FROM b {} SELECT a FROM c`,
			`union [select a from b] [select a from c]`},
		{`INSERT INTO {} (a, b) VALUES ($1, $2)`,
			`insert {}(a b) [values ($1 $2)]`},
		{`INSERT INTO t ({}) VALUES ({})`,
			`insert t({}) [values ({1})]`},
		{`INSERT INTO t (a, {}) VALUES ($1, {})`,
			`insert t(a {}) [values ($1 {1})]`},
		{`INSERT INTO t (a, b) VALUES {}`,
			`insert t(a b) [values ({0})]`},
		{`INSERT INTO t (a, b) VALUES ($1, $2){}`,
			`insert t(a b) [values ($1 $2)] after-set {0}`},
		{`INSERT INTO t (a, b) VALUES ($1, $2), {} ON CONFLICT DO NOTHING`,
			`insert t(a b) [values ($1 $2) ({0})] conflict ()`},
		{`INSERT INTO t (a, b) {}`,
			`insert t(a b) after-targets {0}`},
		{`INSERT INTO t {}`,
			`insert t() after-targets {0}`},
		{`INSERT INTO t (a, b) VALUES ($1, $2) {} RETURNING id`,
			`insert t(a b) [values ($1 $2)] returning id after-set {0}`},
		{`INSERT INTO t (a) VALUES ($1) ON CONFLICT ({}) DO UPDATE SET {}`,
			`insert t(a) [values ($1)] conflict ({0}) set {1}`},
		{`INSERT INTO t (a) VALUES ($1) ON CONFLICT {}`,
			`insert t(a) [values ($1)] conflict ({0})`},
		{`UPDATE t SET {} WHERE id = $1`,
			`update t set {0} where (= id $1)`},
		{`UPDATE t SET a = $1, {} WHERE id = $2`,
			`update t set (= a $1) {0} where (= id $2)`},
		{`UPDATE t SET {}, a = $1 WHERE id = $2`,
			`update t set {0} (= a $1) where (= id $2)`},
		{`UPDATE t SET {} = $1 WHERE id = $2`,
			`update t set (= {} $1) where (= id $2)`},
		{`UPDATE t SET a = $1 {} WHERE id = $2`,
			`update t set (= a $1) where (= id $2) after-set {0}`},
		{`UPDATE t SET a = $1{}, b = 2 WHERE id = $2`,
			`update t set (= a $1) {0} (= b 2) where (= id $2)`},
		{`UPDATE {} SET a = 1 WHERE id = $1`,
			`update {} set (= a 1) where (= id $1)`},
		{`UPDATE t SET a = 1 {}`,
			`update t set (= a 1) after-set {0}`},
		{`DELETE FROM t {}`,
			`delete t after-from {0}`},
		{`DELETE FROM {} WHERE id = $1`,
			`delete {} where (= id $1)`},
		{`DELETE FROM t WHERE {}`,
			`delete t where {0}`},
		{`DELETE FROM t WHERE id = $1 {} RETURNING *`,
			`delete t where (= id $1) returning * after-where {0}`},
		{`SELECT f({}, a), {}(b) FROM t`,
			`select f({0} a) {}(b) from t`},
		{`SELECT a FROM t WHERE CASE {} END`,
			`select a from t where (case {0})`},
		{`SELECT a FROM t WHERE a BETWEEN {} AND {}`,
			`select a from t where (between a {0} {1})`},
		{`SELECT a FROM t WHERE a IS {}`,
			`select a from t where (unknown a {0})`},
		{`SELECT a FROM t WHERE NOT {}`,
			`select a from t where (not {0})`},
		{`SELECT a FROM t WHERE a = 1 {} {} ORDER BY b`,
			`select a from t where (= a 1) order b after-where {0} after-where {1}`},
		{`SELECT a FROM t WHERE a = 1 AND ({} OR b = 2)`,
			`select a from t where (and (= a 1) (or {0} (= b 2)))`},
		{`SELECT a FROM {{.Table}} WHERE {{.Where}} AND b = $1`,
			`select a from {} where (and {1} (= b $1))`},
		{`SELECT a FROM t WHERE {}_id = $1`,
			`select a from t where (= {}_id $1)`},
		{`SELECT t.{} FROM t LIMIT {}0`,
			`select t.{} from t limit {}0`},
		{`SELECT * FROM a WHERE b->>'{}' = $1`,
			`select * from a where (= (->> b '{}') $1)`},
		{`SELECT * FROM a WHERE x = $1 -- {}`,
			`select * from a where (= x $1)`},
		{`AND b = {}`,
			`other AND; !! statement expected: "AND"`},
		{`SELECT * FROM a WHERE b = $1::{}`,
			`select * from a where (= b $1::{})`},
		{`SELECT a FROM t FOR {}`,
			`select a from t`},
		{`SET search_path TO {}`,
			`set search_path {0}`},
		{`SET LOCAL app.tenant = '{}'`,
			`local set app.tenant '{}'`},
		{`TRUNCATE {}`,
			`truncate {}`},
		{`CREATE TABLE {} (id int, {})`,
			`*sqlast.CreateTable`},
		{`SELECT * FROM a AS {} WHERE {}.b = 1`,
			`select * from a→{} where (= {}.b 1)`},
		{`SELECT * FROM a WHERE b IN (SELECT c FROM d WHERE e = 1 {})`,
			`select * from a where (in b () [select c from d where (= e 1) after-where {0}])`},
		{`SELECT ({}) FROM t`,
			`select {0} from t`},
		{`SELECT a FROM t WHERE {}(a) = 1`,
			`select a from t where (= {}(a) 1)`},
		{`UPDATE t {} SET a = 1 WHERE b = 2`,
			`update t set (= a 1) where (= b 2) after-from {0}`},
		{`SELECT a FROM t JOIN u {} USING (b) ORDER BY {} NULLS LAST FOR UPDATE SKIP {}`,
			`select a from (join t u using b) order {1} for update after-from {0} after-order {2}`},
		{`WITH x AS {} (SELECT a FROM t) SELECT a FROM x`,
			`with x [select a from t] select a from x`},
	})
}

// TestHoleForEveryPart puts a hole in the place of each expression and each table of our
// own queries, one at a time: all is read but for a few texts of odd form, and no table
// is lost but those within the hole.
func TestHoleForEveryPart(t *testing.T) {
	t.Parallel()
	texts, unread := 0, 0
	for _, src := range ownStatements(t) {
		f := Read(src, Options{})
		if len(f.Stmts) != 1 || len(f.Problems) > 0 || isDDL(f.Stmts[0]) {
			continue
		}
		tables := Tables(f.Stmts[0])
		for _, part := range parts(f.Stmts[0]) {
			texts++
			text := src[:part.Start] + HoleMark + src[part.End:]
			f := Read(text, Options{})
			if len(f.Problems) > 0 {
				unread++
				t.Logf("%s\n%v", holed(text), f.Problems)
				continue
			}
			want := 0
			for _, u := range tables {
				if u.Ref.Start < part.Start || u.Ref.Start >= part.End {
					want++
				}
			}
			if got := len(Tables(f.Stmts[0])); got < want {
				t.Errorf("%d tables of %d left in %s", got, want, holed(text))
			}
		}
	}
	if texts < 1500 || unread*200 > texts {
		t.Errorf("%d of %d texts are not read", unread, texts)
	}
}

func isDDL(s Stmt) bool {
	switch s.(type) {
	case *Select, *Insert, *Update, *Delete, *Merge:
		return false
	}
	return true
}

// parts returns the spans of the expressions and the tables in s.
func parts(s Stmt) []Span {
	var spans []Span
	Inspect(s, func(n Node) bool {
		switch n := n.(type) {
		case *Star:
		case *TableRef:
			spans = append(spans, n.Name.Bounds(), n.Name.Last().Span)
			if n.Alias.Text != "" {
				spans = append(spans, n.Alias.Span)
			}
		case Expr:
			spans = append(spans, n.Bounds())
		}
		return true
	})
	return spans
}
