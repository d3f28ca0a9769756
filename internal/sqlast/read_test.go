package sqlast

import (
	"fmt"
	"strings"
	"testing"
)

// reading is a text, with {} for a hole, and what it is read as: see printStmt.
// Problems stand at the end, after "!!".
type reading struct{ src, want string }

func testReadings(t *testing.T, dialect Dialect, tests []reading) {
	t.Helper()
	for _, tt := range tests {
		f := Read(strings.ReplaceAll(tt.src, "{}", HoleMark), Options{Dialect: dialect})
		var got []string
		for _, s := range f.Stmts {
			got = append(got, printStmt(s))
		}
		for _, p := range f.Problems {
			got = append(got, fmt.Sprintf("!! %s: %q", p.Msg, holed(f.Src[p.Start:p.End])))
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.src, s, tt.want)
		}
	}
}

func TestReadExpressions(t *testing.T) {
	t.Parallel()
	testReadings(t, Postgres, []reading{
		{`SELECT a OR b AND NOT c = d + e * -f::int`,
			`select (or a (and b (not (= c (+ d (* e (- f::int)))))))`},
		{`SELECT (a OR b) AND (c AND (d AND e)) OR f`,
			`select (or (and (or a b) c d e) f)`},
		{`SELECT a = 1 AND b = 2 AND c = 3`,
			`select (and (= a 1) (= b 2) (= c 3))`},
		{`SELECT NOT a AND NOT (b OR c)`,
			`select (and (not a) (not (or b c)))`},
		{`SELECT a IS NULL = b, c = d IS NOT NULL, e ISNULL, f NOTNULL`,
			`select (= (is-null a) b) (is-not-null (= c d)) (is-null e) (is-not-null f)`},
		{`SELECT a IS DISTINCT FROM b, c IS NOT DISTINCT FROM $1`,
			`select (distinct a b) (not-distinct c $1)`},
		{`SELECT a IN (1, $2), (a, b) NOT IN (SELECT c, d FROM t), a IN ((1, 2)), a IN ((SELECT 1))`,
			`select (in a (1 $2)) (not-in (row a b) () [select c d from t]) (in a ((row 1 2))) (in a () [select 1])`},
		{`SELECT a = ANY($1), b <> ALL (SELECT c FROM t), d LIKE ANY (ARRAY['x']), e NOT ILIKE ALL ($2)`,
			`select (=-any a $1) (<>-all b [select c from t]) (like-any d (array 'x')) (not ilike-all e $2)`},
		{`SELECT a BETWEEN 1 AND 2 AND b, c NOT BETWEEN SYMMETRIC d + 1 AND e`,
			`select (and (between a 1 2) b) (not-between c (+ d 1) e)`},
		{`SELECT a LIKE 'x' ESCAPE '!' AND b NOT SIMILAR TO 'y', c ~* 'z'`,
			`select (and (like a 'x' '!') (not-similar to b 'y')) (~* c 'z')`},
		{`SELECT (a, b) = ($1, $2), ROW(a) < ROW(b), ROW()`,
			`select (= (row a b) (row $1 $2)) (< (row a) (row b)) (row)`},
		{`SELECT a || b || c, d - e - f, g ^ h ^ i, j -> 'k' ->> 'l', -m ^ 2`,
			`select (|| (|| a b) c) (- (- d e) f) (^ (^ g h) i) (->> (-> j 'k') 'l') (^ (- m) 2)`},
		{`SELECT a::text::varchar(10)[], CAST(b AS numeric(10, 2)), date '2020-01-01', interval '1 day', timestamp with time zone 'x'`,
			`select a::text::varchar(10)[] b::numeric(10, 2) '2020-01-01'::date '1 day'::interval 'x'::timestamp with time zone`},
		{`SELECT a[1], b[1:2], (c).d.e, (f).*, g[h][i], $1[1]`,
			`select (index a 1) (index b 1 2) (field-e (field-d c)) (field- f) (index (index g h) i) (index $1 1)`},
		{`SELECT a AT TIME ZONE 'UTC' > b, c COLLATE "C" < d`,
			`select (> (at time zone a 'UTC') b) (< (collate-C c) d)`},
		{`SELECT CASE WHEN a THEN 1 ELSE 2 END, CASE b WHEN 1 THEN c END`,
			`select (case a:1 else:2) (case b 1:c)`},
		{`SELECT count(*), count(DISTINCT a), string_agg(b, ',' ORDER BY c DESC), sum(d) FILTER (WHERE e), mode() WITHIN GROUP (ORDER BY f)`,
			`select count(*) count(distinct a) string_agg(b ',' order c↓) sum(d) filter e mode() within f`},
		{`SELECT rank() OVER (PARTITION BY a ORDER BY b DESC), lag(c) OVER w, sum(d) OVER (w ROWS 2 PRECEDING) FROM t WINDOW w AS (ORDER BY e)`,
			`select rank() over < by a order b↓> lag(c) over <w> sum(d) over <w frame 2> from t window <w order e>`},
		{`SELECT extract(epoch FROM a), trim(BOTH 'x' FROM b), substring(c FROM 1 FOR 2), position('x' IN d), f(a => 1)`,
			`select extract('epoch' a) trim('x' b) substring(c 1 2) position((in 'x' (d))) f((=> a 1))`},
		{`SELECT ARRAY[1, 2], ARRAY[[1], [2]], ARRAY(SELECT a FROM t), EXISTS (SELECT 1), (SELECT 2), NOT EXISTS (SELECT FROM t)`,
			`select (array 1 2) (array (array 1) (array 2)) (array  [select a from t]) (exists [select 1]) [select 2] (not (exists [from t]))`},
		{`SELECT $1, ?, :name, @name, $name, :1, sqlc.arg(a), sqlc.narg('b'), sqlc.slice(c), sqlc.embed(t)`,
			`select $1 $ $name $name $name $1 $a $b? $c… t.*`},
		{`SELECT a ? 'b', c ?| $1, d ?& e, f = ?`,
			`select (? a 'b') (?| c $1) (?& d e) (= f $)`},
		{`SELECT data->>'a' = ?, b=@b, c<@d, e @> $1, a[:n]`,
			`select (= (->> data 'a') $) (= b $b) (<@ c d) (@> e $1) (index a $n)`},
		{`SELECT 'it''s', E'a\'b', $$x'y$$, $t$z$t$, U&'d', 'one'`,
			`select 'it's' 'a'b' 'x'y' 'z' 'd' 'one'`},
		{`SELECT current_date, current_user, now(), current_timestamp(3), "user"`,
			`select current_date() current_user() now() current_timestamp(3) user`},
		{`SELECT T.Id, "T"."Id", t.*, library.f(a).b`,
			`select t.id T.Id t.* (field-b library.f(a))`},
		{`SELECT {{.Columns}} FROM {{ .Table }} WHERE a = {{ .A }}`,
			`select {0} from {} where (= a {2})`},
		{`SELECT f(VARIADIC a), coalesce((SELECT b FROM t), 0), nullif(a, '')`,
			`select f(a) coalesce([select b from t] 0) nullif(a '')`},
		{`SELECT json_object('a': b, 'c': d), json_object('a' VALUE b), xmlelement(name x, y)`,
			`select json_object('a' b 'c' d) json_object('a' b) xmlelement(x y)`},
		{`SELECT a OPERATOR(s.=) b, a OPERATOR(=) ANY($1)`,
			`select (= a b) (=-any a $1)`},
	})
}

func TestReadStatements(t *testing.T) {
	t.Parallel()
	testReadings(t, Postgres, []reading{
		{`SELECT DISTINCT ON (a, b) a AS x, b y, c "Z" FROM t`,
			`distinct a b select a→x b→y c→Z from t`},
		{`SELECT a FROM s.t x (p, q), ONLY u, LATERAL f(x.p) AS g(r), ROWS FROM (h(), i()) WITH ORDINALITY`,
			`select a from s.t→x(p q) only u lateral f(x.p)→g(r) h() i()`},
		{`SELECT a FROM t JOIN u ON t.a = u.a LEFT JOIN v USING (b, c) CROSS JOIN w NATURAL FULL JOIN z`,
			`select a from (natural-full (cross (left (join t u on (= t.a u.a)) v using b c) w) z)`},
		{`SELECT a FROM t JOIN u JOIN v ON u.b = v.b ON t.a = u.a`,
			`select a from (join t (join u v on (= u.b v.b)) on (= t.a u.a))`},
		{`SELECT a FROM t LEFT JOIN (u JOIN v ON u.b = v.b) ON t.a = u.a, (x CROSS JOIN y) AS xy`,
			`select a from (left t (join u v on (= u.b v.b)) on (= t.a u.a)) (cross x y)→xy`},
		{`SELECT a FROM (SELECT b FROM u) AS q (c), ((SELECT 1) UNION (SELECT 2)) r, (VALUES (1, 2)) v`,
			`select a from [select b from u]→q(c) [union [select 1] [select 2]]→r [values (1 2)]→v`},
		{`SELECT a FROM t WHERE b = 1 GROUP BY c, ROLLUP (d), GROUPING SETS ((e), ()) HAVING count(*) > 1 ORDER BY f DESC NULLS LAST, 2 LIMIT $1 OFFSET $2 FOR UPDATE OF t SKIP LOCKED`,
			`select a from t where (= b 1) group c rollup(d) grouping sets(e (row)) having (> count(*) 1) order f↓ 2 limit $1 offset $2 for update t skip locked`},
		{`SELECT a FROM t UNION ALL SELECT b FROM u INTERSECT SELECT c FROM v ORDER BY 1 LIMIT 2`,
			`union-all [select a from t] [intersect [select b from u] [select c from v]] order 1 limit 2`},
		{`(SELECT a FROM t ORDER BY b LIMIT 1) EXCEPT SELECT c FROM u`,
			`except [select a from t order b limit 1] [select c from u]`},
		{`WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x), y AS MATERIALIZED (DELETE FROM t RETURNING *) SELECT n FROM x, y`,
			`with x(n) [union-all [select 1] [select (+ n 1) from x]] with y [delete t returning *] select n from x y`},
		{`WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x`,
			`with x [select 1] insert t() [select * from x]`},
		{`TABLE t`,
			`select * from t`},
		{`VALUES (1, 2), (3, DEFAULT)`,
			`values (1 2) (3 default)`},
		{`SELECT a INTO TEMP u FROM t`,
			`select a into u from t`},
		{`INSERT INTO s.t AS x (a, b) VALUES ($1, $2), (3, DEFAULT) RETURNING x.a, b AS c`,
			`insert s.t→x(a b) [values ($1 $2) (3 default)] returning x.a b→c`},
		{`INSERT INTO t DEFAULT VALUES`,
			`insert t()`},
		{`INSERT INTO t (a) SELECT b FROM u WHERE c = $1 ON CONFLICT (a, lower(b)) WHERE d DO UPDATE SET a = EXCLUDED.a, (b, c) = (1, 2) WHERE t.d = 3`,
			`insert t(a) [select b from u where (= c $1)] conflict (a lower(b)) where d set (= a excluded.a) (= b c (row 1 2)) where (= t.d 3)`},
		{`INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING`,
			`insert t(a) [values (1)] conflict (t_pkey)`},
		{`UPDATE t AS x SET a = 1, (b, c) = (SELECT d, e FROM u), f[1].g = 2 FROM v, w JOIN z ON true WHERE x.a = v.a RETURNING *`,
			`update t→x set (= a 1) (= b c [select d e from u]) (= f 2) from v (join w z on true) where (= x.a v.a) returning *`},
		{`UPDATE t SET a = 1 WHERE CURRENT OF cur`,
			`update t set (= a 1) current cur`},
		{`DELETE FROM ONLY t x USING u, v WHERE x.a = u.a RETURNING x.a`,
			`delete only t→x from u v where (= x.a u.a) returning x.a`},
		{`MERGE INTO t USING (SELECT 1) AS s ON t.a = s.a WHEN MATCHED AND s.b THEN UPDATE SET c = 1 WHEN NOT MATCHED THEN INSERT (a, b) VALUES (1, 2) WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING RETURNING t.a`,
			`merge t using [select 1]→s on (= t.a s.a) when matched and s.b update (= c 1)  () when not-matched insert a b (1 2) when not-matched-by-source delete () when matched nothing () returning t.a`},
		{`TRUNCATE TABLE ONLY t, s.u RESTART IDENTITY CASCADE`,
			`truncate only t s.u`},
		{`COPY t (a, b) FROM STDIN; COPY (SELECT a FROM t) TO STDOUT`,
			`copy t(a b) from true; copy –() from false select a from t`},
		{`SET LOCAL app.tenant = 'x'; SET search_path TO a, public; RESET role; SET TIME ZONE 'UTC'`,
			`local set app.tenant 'x'; set search_path a public; set role; set time zone 'UTC'`},
		{`EXPLAIN (ANALYZE, COSTS off) SELECT a FROM t; PREPARE p (int) AS DELETE FROM t; DECLARE c CURSOR FOR SELECT 1`,
			`other EXPLAIN [select a from t]; other PREPARE [delete t]; other DECLARE [select 1]`},
		{`BEGIN; COMMIT; LISTEN x; DO $$ BEGIN END $$; CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql; SELECT 1`,
			`other BEGIN; other COMMIT; other LISTEN; other DO; other CREATE FUNCTION; select 1`},
		{`CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END; SELECT 2`,
			`other CREATE FUNCTION; select 2`},
		{`CREATE RULE r AS ON INSERT TO t DO (DELETE FROM u; DELETE FROM v); SELECT 3`,
			`other CREATE RULE; select 3`},
		{`SELECT 1 -- a; b`,
			`select 1`},
		{`SELECT/*c*/1;/* d /* e */ ; */SELECT 2`,
			`select 1; select 2`},
		{`;;SELECT 1;`,
			`select 1`},
	})
}

func TestReadMySQL(t *testing.T) {
	t.Parallel()
	testReadings(t, MySQL, []reading{
		{"SELECT `a`.`B``c`, \"it's\", 'x\\'y' FROM `T` WHERE A = \"b\" -- c",
			"select a.b`c 'it's' 'x'y' from t where (= a 'b')"},
		{`SELECT a || b && c XOR d OR NOT e`,
			`select (or a (xor (and b c) d) (not e))`},
		{`SELECT a <=> b, !c, a DIV 2 MOD 3, b REGEXP 'x', c NOT RLIKE 'y', d SOUNDS LIKE e`,
			`select (not-distinct a b) (! c) (mod (div a 2) 3) (regexp b 'x') (not-rlike c 'y') (like d e)`},
		{`SELECT NOW() - INTERVAL 1 DAY, DATE_ADD(a, INTERVAL ? HOUR), MATCH (a, b) AGAINST (? IN BOOLEAN MODE)`,
			`select (- now() (interval-day 1)) date_add(a (interval-hour $)) match(a b $)`},
		{`SELECT a->'$.b', c->>'$.d', 1 MEMBER OF (e), BINARY f = g, CONVERT(h USING utf8mb4), CAST(i AS UNSIGNED)`,
			`select (-> a '$.b') (->> c '$.d') (member of 1 e) (= f g) convert(h utf8mb4) i::unsigned`},
		{`SELECT COUNT(DISTINCT a, b), GROUP_CONCAT(DISTINCT c ORDER BY d SEPARATOR ', '), IF(e, 1, 2), VALUES(f)`,
			`select count(distinct a b) group_concat(distinct c ', ' order d) if(e 1 2) values(f)`},
		{`SELECT a 'x', b "y" FROM t USE INDEX (i) FORCE KEY FOR JOIN (j) JOIN u PARTITION (p0) v LIMIT 1, 2`,
			`select a→x b→y from (join t u→v) limit 2 offset 1`},
		{`SELECT a FROM t JOIN u JOIN v LEFT JOIN (w, x) ON true LOCK IN SHARE MODE`,
			`select a from (left (join (join t u) v) (cross w x) on true) for share`},
		{`SELECT @a, @@session.b, @c := 1, LEFT(d, 1), REPLACE(e, 'a', 'b') FROM DUAL`,
			`select $a (field-b $session) (:= $c 1) left(d 1) replace(e 'a' 'b')`},
		{`SELECT user, offset, any, end, full, 2fa FROM 3d WHERE authorization = ? # comment`,
			`select user offset any end full 2fa from 3d where (= authorization $)`},
		{`INSERT IGNORE INTO t (a) VALUES (1), (2) AS new ON DUPLICATE KEY UPDATE a = VALUES(a), b = new.b + (VALUES(c) + 1)`,
			`insert t(a) [values (1) (2)] duplicate (= a values(a)) (= b (+ new.b (+ values(c) 1)))`},
		{`INSERT INTO t SET a = 1, b = DEFAULT`,
			`insert t() set (= a 1) (= b default)`},
		{`INSERT INTO t (a) SELECT b FROM u JOIN v ON DUPLICATE KEY UPDATE a = 1`,
			`insert t(a) [select b from (join u v)] duplicate (= a 1)`},
		{`REPLACE INTO t VALUE (1)`,
			`insert t() [values (1)]`},
		{`UPDATE t x JOIN u ON x.a = u.a SET x.b = u.b, u.c = 1 WHERE x.d = ? ORDER BY x.e LIMIT 3`,
			`update (join t→x u on (= x.a u.a)) set (= x.b u.b) (= u.c 1) where (= x.d $) order x.e limit 3`},
		{`DELETE t, u.* FROM t JOIN u ON t.a = u.a WHERE t.b = 1`,
			`delete t u from (join t u on (= t.a u.a)) where (= t.b 1)`},
		{`DELETE FROM t USING t JOIN u ON t.a = u.a`,
			`delete t from (join t u on (= t.a u.a))`},
		{`DELETE FROM t WHERE a = ? ORDER BY b LIMIT 1`,
			`delete t where (= a $) order b limit 1`},
		{`SELECT 1 /* a /* b */; SELECT 2 --x`,
			`select 1; select (- 2 (- x))`},
		{`SELECT a FROM t WHERE b IN (?,?) AND c = ?`,
			`select a from t where (and (in b ($ $)) (= c $))`},
		{`SELECT id FROM t WHERE a = CASE WHEN b THEN {} END`,
			`select id from t where (= a (case b:{0}))`},
	})
}

func TestReadSQLite(t *testing.T) {
	t.Parallel()
	testReadings(t, SQLite, []reading{
		{"SELECT [a b], `c`, \"d\" FROM [T] WHERE a IS ? AND b IS NOT 1 AND c GLOB 'x*' AND d MATCH 'y'",
			`select a b c d from t where (and (not-distinct a $) (distinct b 1) (glob c 'x*') (match d 'y'))`},
		{`SELECT a FROM t INDEXED BY i JOIN u NOT INDEXED ON true WHERE a == ?1 AND b = :b AND c = $c AND d = @d`,
			`select a from (join t u on true) where (and (= a $1) (= b $b) (= c $c) (= d $d))`},
		{`SELECT a FROM t FULL JOIN u LEFT JOIN v`,
			`select a from (left (full t u) v)`},
		{`INSERT OR REPLACE INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1 ON CONFLICT DO NOTHING RETURNING a`,
			`insert t(a) [values (1)] conflict (a) set (= b 1) conflict () returning a`},
		{`INSERT OR IGNORE INTO t VALUES (1)`,
			`insert t() [values (1)]`},
		{`UPDATE OR ABORT t SET a = 1 WHERE b NOT NULL`,
			`update t set (= a 1) where (is-not-null b)`},
		{`PRAGMA foreign_keys = ON`,
			`other PRAGMA`},
		{`CREATE TRIGGER a AFTER INSERT ON t BEGIN UPDATE u SET b = 1; SELECT CASE WHEN c THEN 1 END; END; SELECT 1`,
			`other CREATE TRIGGER; select 1`},
		{`SELECT a ISNULL, b NOTNULL, c || d, e -> '$.f' FROM json_each(?) WHERE value IN (SELECT g FROM h)`,
			`select (is-null a) (is-not-null b) (|| c d) (-> e '$.f') from json_each($) where (in value () [select g from h])`},
	})
}

// TestReadDump: what pg_dump writes between the statements is skipped.
func TestReadDump(t *testing.T) {
	t.Parallel()
	testReadings(t, Postgres, []reading{
		{"\\restrict x'y\nSELECT 1;\n\\unrestrict x'y\n", "select 1"},
		{"COPY t (a) FROM stdin;\nit's\t1\n\\N\t(\n\\.\nSELECT 1;", "copy t(a) from true; select 1"},
		{"COPY t FROM STDIN; SELECT 1", "copy t() from true; select 1"},
	})
}
