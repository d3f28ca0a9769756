package peer

import (
	"bufio"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestMain makes the test binary a program that connects to the address in its argument, and
// one that starts that program.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 2 && os.Args[1] == "connect":
		conn, err := net.Dial("tcp", os.Args[2])
		if err != nil {
			panic(err)
		}
		os.Stdout.WriteString(conn.LocalAddr().String() + "\n")
		os.Stdin.Read(make([]byte, 1))
	case len(os.Args) > 2 && os.Args[1] == "start":
		cmd := exec.Command(os.Args[0], "connect", os.Args[2])
		cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
		if err := cmd.Run(); err != nil {
			panic(err)
		}
	default:
		os.Exit(m.Run())
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"127.0.0.1:0", "[::1]:0"} {
		for program, between := range map[string]int{"connect": 1, "start": 2} {
			listener, err := net.Listen("tcp", network)
			if err != nil {
				t.Logf("%s: %v", network, err)
				continue
			}
			defer listener.Close()
			cmd := exec.Command(os.Args[0], program, listener.Addr().String())
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			client, server := netip.MustParseAddrPort(line[:len(line)-1]), netip.MustParseAddrPort(listener.Addr().String())
			finder := NewFinder(os.Getpid())
			found := finder.Find(client, server)
			if len(found) != between || !slices.Contains(found, cmd.Process.Pid) || Program(found[0]) != filepath.Base(os.Args[0]) {
				t.Errorf("%s, %s: found %v, want %d processes up to %d", network, program, found, between, cmd.Process.Pid)
			}
			for _, other := range []netip.AddrPort{
				netip.AddrPortFrom(server.Addr(), server.Port()-1),
				netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), server.Port()),
			} {
				if found := finder.Find(client, other); found != nil {
					t.Errorf("%s: processes %v are said to be connected to %s", network, found, other)
				}
			}
			if again := finder.Find(client, server); !slices.Equal(again, found) || len(found) > 0 && !slices.Equal(finder.Line(found[0]), found) {
				t.Errorf("%s: found %v first, then %v", network, found, again)
			}
			if found := finder.Find(netip.AddrPortFrom(client.Addr(), 1), server); found != nil {
				t.Errorf("%s: processes %v are said to have a connection that there is not", network, found)
			}
			in.Close()
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		}
	}
}
