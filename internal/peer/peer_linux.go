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

// Find returns the process that is connected from client to server, both as this machine sees them, and the
// processes by which the ancestor has started it, itself first. It returns nil if there is
// none, or it may not be looked at. Loopback addresses count as the same.
func (f *Finder) Find(client, server netip.AddrPort) []int {
	socket := socketOf(client, server)
	if socket == "" {
		return nil
	}
	for process, line := range f.found {
		if hasSocket(process, socket) {
			return line
		}
	}
	line := find([]int{f.ancestor}, socket)
	if line != nil {
		f.found[line[0]] = line
	}
	return line
}

// find looks at what the first process of a line has started.
func find(line []int, socket string) []int {
	const deepest = 64
	for _, child := range children(line[0]) {
		longer := slices.Concat([]int{child}, line)
		if hasSocket(child, socket) {
			return longer[:len(line)]
		}
		if len(line) < deepest {
			if found := find(longer, socket); found != nil {
				return found
			}
		}
	}
	return nil
}

// children returns the processes that a process has started.
func children(process int) []int {
	files, err := filepath.Glob("/proc/" + strconv.Itoa(process) + "/task/*/children")
	if err != nil {
		return nil
	}
	var ids []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		for word := range strings.FieldsSeq(string(text)) {
			if id, err := strconv.Atoi(word); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
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
