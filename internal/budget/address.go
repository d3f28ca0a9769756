package budget

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// address returns the address of a pool's server; empty if it is not certain which it is: a
// variable may name any.
func (o *open) address() string {
	if len(o.Servers) != 1 || strings.HasPrefix(o.Servers[0], "$") {
		return ""
	}
	host, port := split(o.Servers[0])
	if ownHost(host) {
		host = "localhost"
	}
	return host + ":" + cmp.Or(port, "5432")
}

// split cuts what a connection string says of a server: an IPv6 address has brackets where a
// port follows.
func split(server string) (host, port string) {
	if at := strings.LastIndexByte(server, ':'); at >= 0 && (strings.Count(server, ":") == 1 || server[at-1] == ']') {
		host, port = server[:at], server[at+1:]
	} else {
		host = server
	}
	return strings.ToLower(strings.Trim(host, "[]")), port
}

// ownNames are the names that machines have for themselves.
var ownNames = []string{"", "localhost", "localhost.localdomain", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback"}

// ownHost reports whether a host is the machine that asks, by a name, an address or the directory of
// a Unix socket.
func ownHost(host string) bool {
	if slices.Contains(ownNames, host) || strings.HasSuffix(host, ".localhost") || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.Unmap().IsLoopback() || ip.IsUnspecified())
}
