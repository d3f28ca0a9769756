// Package compose stands in for a library that runs the services of a file.
package compose

import "testing"

type Stack struct{}

func New(file string) *Stack                   { return &Stack{} }
func Of(t testing.TB, file string) *Stack      { return &Stack{} }
func (*Stack) Up() error                       { return nil }
func (*Stack) Down() error                     { return nil }
func (*Stack) Port(service string, of int) int { return of }
