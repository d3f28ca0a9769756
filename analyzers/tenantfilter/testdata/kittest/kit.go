// Package kittest helps tests.
package kittest

import "testing"

type Kit struct{ tb testing.TB }

func New(tb testing.TB) *Kit { return &Kit{tb} }
