package peer

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"127.0.0.1:0", "[::1]:0"} {
		listener, err := net.Listen("tcp", network)
		if err != nil {
			t.Logf("%s: %v", network, err)
			continue
		}
		defer listener.Close()
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		client, server := netip.MustParseAddrPort(conn.LocalAddr().String()), netip.MustParseAddrPort(listener.Addr().String())
		var finder Finder
		for range 2 { // the second time from memory
			if process, ok := finder.Find(client, server); !ok || process != os.Getpid() {
				t.Errorf("%s: process %d, %v; want this one, %d", network, process, ok, os.Getpid())
			}
		}
		for _, other := range []netip.AddrPort{
			netip.AddrPortFrom(server.Addr(), server.Port()-1),
			netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), server.Port()),
		} {
			if process, ok := finder.Find(client, other); ok {
				t.Errorf("%s: process %d is said to be connected to %s", network, process, other)
			}
		}
	}
}

func TestAncestors(t *testing.T) {
	t.Parallel()
	got := Ancestors(os.Getpid())
	if want := []int{os.Getpid(), os.Getppid()}; len(got) < 2 || !slices.Equal(got[:2], want) {
		t.Errorf("ancestors %v, want %v first", got, want)
	}
	if got := Ancestors(0); got != nil {
		t.Errorf("of no process: %v", got)
	}
}
