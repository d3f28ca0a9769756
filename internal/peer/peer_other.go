//go:build !linux

package peer

import "net/netip"

// A Finder finds processes: none, on this system.
type Finder struct{}

// Find returns false.
func (*Finder) Find(_, _ netip.AddrPort) (process int, ok bool) { return 0, false }

// Program returns "".
func Program(int) string { return "" }

// Ancestors returns the process alone.
func Ancestors(process int) []int { return []int{process} }
