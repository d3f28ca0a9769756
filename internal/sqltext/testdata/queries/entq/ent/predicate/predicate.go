package predicate

type User func(any)
