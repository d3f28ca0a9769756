package main

import (
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"poollint": main, "stuck": stuck})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	env := map[string]string{"GOPROXY": "off", "GOFLAGS": os.Getenv("GOFLAGS"), "GOWORK": "", "NO_COLOR": "", "GITHUB_WORKSPACE": "", "CI_PROJECT_DIR": "", "POOLLINT_CACHE": "off"}
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	env["GOCACHE"], env["GOMODCACHE"], _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for name, value := range env {
				e.Setenv(name, value)
			}
			path, err := exec.LookPath("poollint") // as testscript.Main made it
			e.Setenv("POOLLINT", path)
			testpool, abs := filepath.Abs("../../testpool")
			e.Setenv("TESTPOOL", testpool)
			return errors.Join(err, abs)
		},
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "agree": agree},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// exits runs a command and checks its exit status: exits STATUS COMMAND ARGS.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// agree runs poollint without the cache and twice with it, and checks that the
// three tell the same: agree STATUS ARGS.
func agree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: agree STATUS ARGS...")
	}
	time.Sleep(100 * time.Millisecond) // else what was written just now is too young to be kept
	want := ""
	for _, mode := range []string{"off", "on", "on"} {
		exits(ts, false, append([]string{args[0], "poollint", "-format=json", "-cache=" + mode}, args[1:]...))
		got := ts.ReadFile("stdout") + ts.ReadFile("stderr")
		if mode == "off" {
			want = got
		}
		if got != want {
			ts.Fatalf("with the cache:\n%s\nwithout:\n%s", got, want)
		}
	}
}

// Of a command line nothing makes the command panic, and what is wrong is one line.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"-format json ./...", "-format=sarif=x.sarif -rules=directive", "-load source -progress off -v -- a", "-write-baseline", "-fromat x", "./... -v", "-rules ,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		var o options
		flags := flag.NewFlagSet("poollint", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		o.declare(flags)
		err := flags.Parse(strings.Fields(line))
		if err == nil {
			err = o.check(flags.Args())
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q", err)
			}
			return
		}
		if len(o.patterns) == 0 {
			t.Errorf("%+v", o)
		}
		if _, err := chosen(o.rules); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q", err)
		}
	})
}

// A signal ends a visit to a server that does not answer.
func TestInterruptedDoctor(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	cmd := exec.Command("poollint", "doctor", "-dsn", "postgres://u@"+silent.Addr().String()+"/db?sslmode=disable")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	conn, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Skip(err) // this system has no signals
	}
	cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 130 || stderr.String() != "poollint: interrupted\n" {
		t.Errorf("status %d, %q", status, &stderr)
	}
}
