package testtrace

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// variable names the file that test binaries append to. The file's name is that of the run.
const variable = "POOLLINT_TESTS"

// A Trace is where the test binaries of one run say what they do.
type Trace struct {
	dir  string
	file string

	news *os.File // the file, for News
	from int64    // what News has read
}

// New begins the trace of a run, in a temporary directory.
func New(run string) (*Trace, error) {
	dir, err := os.MkdirTemp("", "poollint-watch-")
	if err != nil {
		return nil, err
	}
	t := &Trace{dir: dir, file: filepath.Join(dir, run)}
	if t.news, err = os.OpenFile(t.file, os.O_RDONLY|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	return t, errors.Join(os.WriteFile(t.script(), []byte(script), 0o600), knowLast(dir))
}

// Close removes the directory. Processes that are left can say nothing more.
func (t *Trace) Close() error { return errors.Join(t.news.Close(), os.RemoveAll(t.dir)) }

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

// News is what test binaries have said since it was asked for last.
type News struct {
	Any   bool      // they have said something
	Began bool      // one has been started
	Ended []Process // their tests have ended, and they wait to be let go if they have connections
}

// News reads what is new.
func (t *Trace) News() (news News) {
	var text [4096]byte
	for {
		n, err := t.news.ReadAt(text[:], t.from)
		whole := bytes.LastIndexByte(text[:n], '\n') + 1
		for line := range bytes.Lines(text[:whole]) {
			news.Any = true
			news.Began = news.Began || bytes.HasPrefix(line, []byte("start "))
			if p, ok := parseDone(string(line)); ok {
				news.Ended = append(news.Ended, p)
			}
		}
		if t.from += int64(whole); err != nil || whole == 0 {
			return news // the end of the file is an error too
		}
	}
}

// LetGo has a process end that waits.
func (t *Trace) LetGo(process int) error {
	return os.WriteFile(t.file+"."+strconv.Itoa(process), nil, 0o600)
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

// script starts a tool: the linker, with a test binary, through the program, or once that has noted which
// archive is to stand for which, in the file "known", as the program would start it. A shell
// starts faster than that.
const script = `program=$1
shift
dir=${0%/*}
case "$1 $2" in
*/link\ -V=full) ;;
*/link\ *)
	case " $* " in
	*' -w '*' testing.testBinary=1 '* | *' testing.testBinary=1 '*' -w '*)
		config= before=
		for arg; do
			[ "$before" = -importcfg ] && config=$arg
			before=$arg
		done
		traced=$dir/importcfg-$$
		found=
		[ -f "$dir/known" ] && found=$(sed -f "$dir/known" "$config" 2>&1 >"$traced")
		case $found in
		packagefile\ *)
			(
				for arg; do
					shift
					[ "$arg" = "$config" ] && arg=$traced
					set -- "$@" "$arg"
				done
				exec "$@" >"$traced.out" 2>&1
			) && if [ -s "$traced.out" ]; then exec cat "$traced.out"; else exit 0; fi
			;;
		esac
		exec "$program" watch ` + Argument + ` "$@"
		;;
	esac
	;;
esac
exec "$@"
`

// plain matches paths that mean themselves in the script.
var plain = regexp.MustCompile(`^[\w./+@-]+$`)

// know notes for the script which archive of package testing is to stand for another. sed says where it
// has put it.
func know(dir, original, archive string) error {
	if !plain.MatchString(original + archive) {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(dir, "known"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "s|^%stesting=%s$|%stesting=%s|w /dev/stderr\n", packageFile, strings.ReplaceAll(original, ".", `\.`), packageFile, archive)
	return errors.Join(err, f.Close())
}
