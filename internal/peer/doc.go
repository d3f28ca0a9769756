// Package peer finds the process on this machine that has the other end of a server's connection.
package peer

// A Finder looks among the processes that one process has started, itself or through others.
type Finder struct {
	ancestor int
	found    map[int][]int // of the processes that had connections: what Find has returned
}

// NewFinder returns a Finder for the processes that a process starts.
func NewFinder(ancestor int) *Finder { return &Finder{ancestor, map[int][]int{}} }

// Line returns what Find has returned for a process.
func (f *Finder) Line(process int) []int { return f.found[process] }
