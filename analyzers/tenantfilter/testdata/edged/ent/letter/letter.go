package letter

import "example.test/shop/edged/ent/predicate"

const (
	FieldID            = "id"
	FieldTitle         = "title"
	Table              = "letters"
	TenantTable        = "letters"
	TenantInverseTable = "tenants"
	TenantColumn       = "tenant_letters"
)

var ForeignKeys = []string{"tenant_letters"}

func ValidColumn(string) bool { return false }

func ID(string) predicate.Letter                         { return nil }
func Title(string) predicate.Letter                      { return nil }
func HasTenant() predicate.Letter                        { return nil }
func HasTenantWith(...predicate.Tenant) predicate.Letter { return nil }
