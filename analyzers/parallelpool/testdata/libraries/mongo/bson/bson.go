// Package bson stands in for the library's.
package bson

type (
	M map[string]any
	E struct {
		Key   string
		Value any
	}
	D []E
)
