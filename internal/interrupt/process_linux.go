package interrupt

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A process identifies a process, also after its end: its number may be used again, but
// not with the same start time.
type process struct {
	pid   int
	start string
}

// descendants returns the processes that this one has started, and those that
// they have.
func descendants() (all []process) {
	children := map[int][]process{}
	proc, _ := os.ReadDir("/proc")
	for _, entry := range proc {
		if pid, err := strconv.Atoi(entry.Name()); err == nil {
			if parent, start, ok := stat(pid); ok {
				children[parent] = append(children[parent], process{pid, start})
			}
		}
	}
	for parents := children[os.Getpid()]; len(parents) > 0; parents = parents[1:] {
		all = append(all, parents[0])
		parents = slices.Concat(parents, children[parents[0].pid])
	}
	return all
}

// stat returns the parent of a process and when it was started; false if it has
// ended.
func stat(pid int) (parent int, start string, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, "", false
	}
	name := bytes.LastIndexByte(text, ')') // the name may have any characters
	fields := strings.Fields(string(text[name+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return 0, "", false
	}
	parent, err = strconv.Atoi(fields[1])
	return parent, fields[19], err == nil
}

func (p process) runs() bool {
	_, start, ok := stat(p.pid)
	return ok && start == p.start
}

func (p process) kill() {
	if p.runs() {
		syscall.Kill(p.pid, syscall.SIGKILL)
	}
}
