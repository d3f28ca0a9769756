package constants

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

const testTenant = "acme" // want `generic testTenant "acme" is shared by tests in constants_test.go and other_test.go`

var orgID = "org1" // want `generic orgID "org1" is used on a shared database`

const role = "test"

func TestConstant(t *testing.T) {
	_, _ = store.Invoices(t.Context(), pool.Shared(t), testTenant)
}

func TestVariable(t *testing.T) {
	_, _ = store.Invoices(t.Context(), pool.Shared(t), orgID)
	_ = role
}
