//go:build !linux

package interrupt

// A process is unknown on this system: what a command has started gets the
// signal from the terminal, or from who has started it.
type process struct{}

func descendants() []process { return nil }
func (process) runs() bool   { return false }
func (process) kill()        {}
