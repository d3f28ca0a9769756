package sqlast

import (
	"fmt"
	"slices"
	"testing"
)

func TestTables(t *testing.T) {
	t.Parallel()
	tests := []struct {
		dialect Dialect
		src     string
		want    []string // depth, name, alias
	}{
		{Postgres, "SELECT a FROM t, s.u AS x JOIN v ON true", []string{"0 t", "0 s.u x", "0 v"}},
		{Postgres, "SELECT (SELECT 1 FROM a) FROM b WHERE c IN (SELECT 1 FROM d WHERE EXISTS (SELECT 1 FROM e)) OR f = ANY (SELECT 1 FROM g)",
			[]string{"1 a", "0 b", "1 d", "2 e", "1 g"}},
		{Postgres, "SELECT a FROM (SELECT b FROM t) q, LATERAL (SELECT c FROM u) r", []string{"1 t", "1 u"}},
		{Postgres, "SELECT a FROM t UNION SELECT b FROM u", []string{"0 t", "0 u"}},
		{Postgres, "WITH x AS (SELECT 1 FROM t) SELECT 1 FROM x, y, s.x", []string{"1 t", "0 y", "0 s.x"}},
		{Postgres, "WITH t AS (SELECT 1 FROM t) SELECT 1 FROM t", []string{"1 t"}},
		{Postgres, "WITH RECURSIVE t AS (SELECT 1 FROM u UNION SELECT 1 FROM t) SELECT 1 FROM t", []string{"1 u"}},
		{Postgres, "WITH a AS (SELECT 1 FROM b), b AS (SELECT 1 FROM a) SELECT 1 FROM b", []string{"1 b"}},
		{Postgres, "SELECT (WITH x AS (SELECT 1) SELECT 1 FROM x) FROM x", []string{"0 x"}},
		{Postgres, "WITH x AS (DELETE FROM t USING u RETURNING *) INSERT INTO v SELECT 1 FROM x", []string{"1 t", "1 u", "0 v"}},
		{Postgres, "INSERT INTO t SELECT 1 FROM u ON CONFLICT (a) DO UPDATE SET b = (SELECT 1 FROM v)", []string{"0 t", "0 u", "1 v"}},
		{Postgres, "UPDATE t x SET a = 1 FROM u WHERE b IN (SELECT 1 FROM t)", []string{"0 t x", "0 u", "1 t"}},
		{Postgres, "MERGE INTO t USING u ON true WHEN MATCHED AND EXISTS (SELECT 1 FROM v) THEN DELETE", []string{"0 t", "0 u", "1 v"}},
		{Postgres, "SELECT 1 FROM f((SELECT 1 FROM t)) g", []string{"1 t"}},
		{Postgres, "CREATE VIEW v AS SELECT 1 FROM t; CREATE RECURSIVE VIEW r (n) AS SELECT 1 UNION SELECT n FROM r", []string{"0 t"}},
		{Postgres, "EXPLAIN SELECT 1 FROM t; TRUNCATE u; COPY v TO STDOUT", []string{"0 t", "0 u", "0 v"}},
		{Postgres, "SELECT 1 FROM \x00 JOIN a_\x00 x ON true", []string{"0 {}", "0 a_{} x"}},
		{Postgres, "SELECT 1 FROM WHERE a", nil},
		{MySQL, "DELETE x, y FROM t x JOIN u y ON true", []string{"0 t x", "0 u y"}},
		{MySQL, "UPDATE t, u SET t.a = u.a", []string{"0 t", "0 u"}},
		{MySQL, "SELECT 1 FROM DUAL", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range Read(tt.src, Options{Dialect: tt.dialect}).Stmts {
			for _, u := range Tables(s) {
				line := fmt.Sprintf("%d %s", u.Depth, holed(u.Ref.Name.String()))
				if u.Ref.Alias.Text != "" {
					line += " " + u.Ref.Alias.Text
				}
				got = append(got, line)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s\n got %q\nwant %q", tt.src, got, tt.want)
		}
	}
}
