package tenant

import "example.test/shop/edged/ent/predicate"

const (
	FieldID             = "id"
	FieldSlug           = "slug"
	Table               = "tenants"
	LettersTable        = "letters"
	LettersInverseTable = "letters"
	LettersColumn       = "tenant_letters"
)

func ValidColumn(string) bool { return false }

func ID(string) predicate.Tenant { return nil }
