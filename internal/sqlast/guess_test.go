package sqlast

import (
	"strings"
	"testing"
)

func TestMakesDatabase(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"CREATE DATABASE %s WITH TEMPLATE base":             true,
		"create schema ":                                    true,
		"CREATE SCHEMA IF NOT EXISTS \"":                    true,
		"DROP SCHEMA public CASCADE; CREATE SCHEMA public;": false,
		"CREATE TABLE schema_versions (id int)":             false,
	} {
		if got := MakesDatabase(sql); got != want {
			t.Errorf("MakesDatabase(%q) = %t, want %t", sql, got, want)
		}
	}
}

func BenchmarkChangesTables(b *testing.B) {
	const text = `SELECT id, tenant_id, customer_id, number, total FROM invoices WHERE tenant_id = $1 AND id = $2`
	b.ReportAllocs()
	for b.Loop() {
		if ChangesTables(text) {
			b.Fatal("it does not")
		}
	}
}

func TestGuesses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		guess   func(string) bool
		yes, no []string
	}{
		"IsStatement": {
			IsStatement,
			[]string{"select 1", "-- all\n(SELECT 1)", "/* x */ WITH x AS (SELECT 1) SELECT", "TRUNCATE t"},
			[]string{"selected", "no SQL", "", "the SELECT"},
		},
		"Explains":     {Explains, []string{" explain ANALYZE SELECT 1"}, []string{"SELECT 1", "explained"}},
		"MayHold":      {MayHold, []string{`"x AND y"`, "` select`"}, []string{`"this and that"`, `"SELECTION"`}},
		"DefinesTable": {DefinesTable, []string{"create\n table t (id int)", "ALTER TABLE t"}, []string{"DROP TABLE t", "CREATE INDEX"}},
		"BuildsTables": {BuildsTables, []string{"EXECUTE format('CREATE TABLE %s', x)"}, []string{"CREATE TABLE t (id int);", "EXECUTE x"}},
		"Bare": {
			func(text string) bool { return strings.Contains(Bare(text), "`") },
			[]string{"SELECT `a`", "/*!40101 SET `a` */", "# it's\nCREATE TABLE `a`", "CREATE TABLE `a` (b int COMMENT 'it\\'s')"},
			[]string{"-- `a`\nSELECT 1", "/* `a` /* */ ` */ SELECT 1", "SELECT '`'", "SELECT $$ ` $$"},
		},
		"TableChanges": {
			func(body string) bool { return len(TableChanges(body)) == 2 },
			[]string{"BEGIN CREATE TABLE t (c text DEFAULT ';'); IF x THEN DROP TABLE u; END IF; END"}, []string{"CREATE TABLE t (id int);"},
		},
	} {
		for _, text := range test.yes {
			if !test.guess(text) {
				t.Errorf("%s(%q) is false", name, text)
			}
		}
		for _, text := range test.no {
			if test.guess(text) {
				t.Errorf("%s(%q) is true", name, text)
			}
		}
	}
}

func TestKeepsExisting(t *testing.T) {
	for sql, want := range map[string]bool{"CREATE SCHEMA IF NOT\n EXISTS ": true, "create schema if not exists x": true, "CREATE SCHEMA x": false, "DROP SCHEMA IF EXISTS x": false} {
		if got := KeepsExisting(sql); got != want {
			t.Errorf("KeepsExisting(%q) = %t, want %t", sql, got, want)
		}
	}
}
