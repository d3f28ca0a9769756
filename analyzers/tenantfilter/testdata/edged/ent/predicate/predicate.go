package predicate

type (
	Letter func(any)
	Tenant func(any)
)
