//go:build !linux

package peer

import "net/netip"

// Find returns nil: processes are not found on this system.
func (*Finder) Find(_, _ netip.AddrPort) []int { return nil }

// Program returns "".
func Program(int) string { return "" }
