package testtrace

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// variable names the file that test binaries append to. The file's name is that of the run.
const variable = "POOLLINT_TESTS"

// A Trace is where the test binaries of one run say what they do.
type Trace struct {
	dir  string
	file string
}

// New begins the trace of a run, in a temporary directory.
func New(run string) (*Trace, error) {
	dir, err := os.MkdirTemp("", "poollint-watch-")
	if err != nil {
		return nil, err
	}
	t := &Trace{dir: dir, file: filepath.Join(dir, run)}
	if err := os.WriteFile(t.file, nil, 0o600); err != nil {
		return nil, err
	}
	return t, os.WriteFile(t.script(), []byte(script), 0o600)
}

// Close removes the directory. Processes that are left can say nothing more.
func (t *Trace) Close() error { return os.RemoveAll(t.dir) }

// Environ is what a go command needs in its environment, beside the flag.
func (t *Trace) Environ() string { return variable + "=" + t.file }

// Read returns what has been said so far.
func (t *Trace) Read() (*Log, error) {
	data, err := os.ReadFile(t.file)
	if err != nil {
		return nil, err
	}
	return parse(string(data)), nil
}

// Argument is what the go command starts the program with, behind "watch"; what follows it is for Tool.
const Argument = "-toolexec"

// Flag returns the -toolexec flag for GOFLAGS, which has the go command start the program.
func (t *Trace) Flag(program string) (string, error) {
	if strings.ContainsAny(program+t.dir, `'"`) {
		return "", fmt.Errorf("quotation marks in the path of %s or %s", program, t.dir)
	}
	if runtime.GOOS == "windows" {
		return fmt.Sprintf(`'-toolexec="%s" watch %s'`, program, Argument), nil
	}
	return fmt.Sprintf(`'-toolexec=sh "%s" "%s"'`, t.script(), program), nil
}

func (t *Trace) script() string { return filepath.Join(t.dir, "tool.sh") }

// script starts a tool, the linker through the program. A shell starts faster than that.
const script = `program=$1
shift
case "$1 $2" in
*/link\ -V=full) ;;
*/link\ *) exec "$program" watch ` + Argument + ` "$@" ;;
esac
exec "$@"
`
