package parallel

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

func seed(t *testing.T) {
	tenantID := "00000000-0000-0000-0000-000000000001" // want `generic tenantID "00000000-0000-0000-0000-000000000001" is shared by the parallel tests TestOne and TestTwo; make it unique: a new UUID`
	_, _ = store.Invoices(t.Context(), pool.Shared(t), tenantID)
}

func TestOne(t *testing.T) {
	t.Parallel()
	seed(t)
}

func TestTwo(t *testing.T) {
	t.Parallel()
	seed(t)
}

func TestTable(t *testing.T) {
	for _, test := range []struct {
		name   string
		tenant string
	}{
		{name: "default", tenant: "foo"}, // want `generic tenant "foo" is used on a shared database`
		{"unkeyed", "bar"},               // want `generic tenant "bar" is used on a shared database`
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, _ = store.Invoices(t.Context(), pool.Shared(t), test.tenant)
		})
	}
}
