//go:build !linux

package interrupt

// A process is not known on this system: the processes that a command has started get the
// signal from the terminal.
type process struct{}

func descendants() []process { return nil }
func (process) runs() bool   { return false }
func (process) kill()        {}
