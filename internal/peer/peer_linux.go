package peer

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Finder finds processes. The zero value is ready for use.
type Finder struct {
	recent []int // processes that had connections, which are asked first
}

// Find returns the process that is connected from client to server, both as this machine sees them; false
// if no process is, or it may not be looked at. Addresses of the machine itself count as the same.
func (f *Finder) Find(client, server netip.AddrPort) (process int, ok bool) {
	socket := socketOf(client, server)
	if socket == "" {
		return 0, false
	}
	for _, process := range slices.Concat(f.recent, processes()) {
		if hasSocket(process, socket) {
			if !slices.Contains(f.recent, process) {
				f.recent = append(f.recent, process)
			}
			return process, true
		}
	}
	return 0, false
}

// socketOf returns how the file descriptors of a connection are shown, "" if there is none.
func socketOf(client, server netip.AddrPort) string {
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		file, err := os.Open(table)
		if err != nil {
			continue
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			const local, remote, inode = 1, 2, 9
			words := strings.Fields(lines.Text())
			if len(words) <= inode {
				continue
			}
			from, ok := parseAddress(words[local])
			if !ok || from != client {
				continue
			}
			if to, ok := parseAddress(words[remote]); ok && sameServer(to, server) {
				return "socket:[" + words[inode] + "]"
			}
		}
	}
	return ""
}

func sameServer(a, b netip.AddrPort) bool {
	return a == b || a.Port() == b.Port() && a.Addr().IsLoopback() && b.Addr().IsLoopback()
}

// parseAddress reads an address as the kernel shows it: words of four bytes, in the
// machine's order, and the port.
func parseAddress(text string) (netip.AddrPort, bool) {
	address, port, _ := strings.Cut(text, ":")
	bytes, err := hex.DecodeString(address)
	number, errPort := strconv.ParseUint(port, 16, 16)
	if err != nil || errPort != nil || len(bytes)%4 != 0 {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(bytes); i += 4 {
		binary.BigEndian.PutUint32(bytes[i:], binary.NativeEndian.Uint32(bytes[i:]))
	}
	parsed, ok := netip.AddrFromSlice(bytes)
	return netip.AddrPortFrom(parsed.Unmap(), uint16(number)), ok
}

// processes returns the ids of all processes, the newest first as far as ids tell.
func processes() []int {
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var ids []int
	for _, name := range names {
		if id, err := strconv.Atoi(filepath.Base(name)); err == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids
}

func hasSocket(process int, socket string) bool {
	dir := "/proc/" + strconv.Itoa(process) + "/fd"
	open, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer open.Close()
	names, err := open.Readdirnames(-1)
	if err != nil {
		return false
	}
	for _, name := range names {
		if link, err := os.Readlink(dir + "/" + name); err == nil && link == socket {
			return true
		}
	}
	return false
}

// Program returns the name of the file that a process runs, "" if it may not be looked at.
func Program(process int) string {
	file, err := os.Readlink("/proc/" + strconv.Itoa(process) + "/exe")
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(filepath.Base(file), " (deleted)")
}

// Ancestors returns a process and those that it descends from, itself first.
func Ancestors(process int) []int {
	const most = 64
	var all []int
	for process > 0 && len(all) < most {
		all = append(all, process)
		process = parent(process)
	}
	return all
}

// parent returns 0 if a process has none or is gone.
func parent(process int) int {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(process) + "/stat")
	if err != nil {
		return 0
	}
	// The name of the program, in parentheses, may have any character.
	rest := string(stat[strings.LastIndexByte(string(stat), ')')+1:])
	words := strings.Fields(rest)
	if len(words) < 2 {
		return 0
	}
	id, err := strconv.Atoi(words[1])
	if err != nil {
		return 0
	}
	return id
}
