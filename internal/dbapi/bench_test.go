package dbapi

import "testing"

// BenchmarkNewCatalogue makes what each package looks its calls up in.
func BenchmarkNewCatalogue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NewCatalogue(nil)
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
