package sqlast

import "testing"

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
