package predicate

type (
	User func(any)
	Post func(any)
	Tag  func(any)
)
