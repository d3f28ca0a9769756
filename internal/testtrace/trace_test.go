package testtrace

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestMain makes the test binary the program that the go command starts, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[2] == Argument {
		if err := Tool(os.Args[3:], os.Environ()); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}

// goTest tests the suite under a trace.
func goTest(t *testing.T, args ...string) (log *Log, out string) {
	t.Helper()
	trace, err := New("run")
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	flag, err := trace.Flag(program)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), "go", append([]string{"test"}, args...)...)
	cmd.Dir = "testdata/suite"
	cmd.Env = append(os.Environ(), "GOFLAGS="+flag, trace.Environ(), "PGAPPNAME=")
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("go test: %v\n%s", err, text)
	}
	if log, err = trace.Read(); err != nil {
		t.Fatal(err)
	}
	return log, string(text)
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	log, out := goTest(t, "-count=1", "-v", "-bench=.", "-benchtime=1x", "./all")
	if len(log.Untraced) > 0 || len(log.Processes) != 1 {
		t.Fatalf("%+v\n%s", log, out)
	}
	p := log.Processes[0]
	if p.Package != "example.com/suite/all" || p.Start.IsZero() || p.Done.Before(p.Start) {
		t.Errorf("process %+v", p)
	}
	var names []string
	for _, s := range log.Spans {
		if s.To.Before(s.From) {
			t.Errorf("%s has not ended", s.Test)
		}
		if !slices.Contains(names, s.Test) {
			names = append(names, s.Test)
		}
	}
	slices.Sort(names)
	want := "BenchmarkAll BenchmarkAll/sub Example FuzzSeeds TestParallel TestParallel/a TestParallel/b_c TestRefused TestSerial TestSerial/sub TestSessionName"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("tests %s\nwant  %s", got, want)
	}
	if want := []Refusal{{"example.com/suite/all", "TestRefused"}}; !slices.Equal(log.Refused, want) {
		t.Errorf("refused: %v", log.Refused)
	}
	_, name, _ := strings.Cut(out, "\nname ")
	name, _, _ = strings.Cut(name, "\n")
	if session, ok := ParseSession(name); !ok || session != (Session{"run", p.ID}) {
		t.Errorf("the name of sessions is %q, which is %+v", name, session)
	}
}

func TestBuildFlags(t *testing.T) {
	t.Parallel()
	for flag, wantTraced := range map[string]bool{
		"-trimpath": true, "-cover": true, "-buildmode=pie": true, "-gcflags=testing=-l": false, "-o=" + os.DevNull: false,
	} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			log, out := goTest(t, "-count=1", "-v", "-run=TestSerial", flag, "./all")
			if traced := len(log.Spans) > 0; traced != wantTraced || !strings.Contains(out, "--- PASS: TestSerial/sub") {
				t.Errorf("traced: %v, because %v; want %v\n%s", traced, log.Untraced, wantTraced, out)
			}
		})
	}
}
