package watch

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/pgtest"
)

// outputs are commands whose output must be the same under the watch. What follows the
// name runs in testdata/output.
var outputs = []struct{ name, command string }{
	{"plain", "go test -count=1 ./pass"},
	{"verbose", "go test -count=1 -v ./pass"},
	{"events", "go test -count=1 -json ./pass"},
	{"verbose events", "go test -count=1 -v -json ./mixed"},
	{"failing", "go test -count=1 ./mixed"},
	{"failing, verbose", "go test -count=1 -v ./mixed"},
	{"failing fast", "go test -count=1 -failfast ./mixed ./examples"},
	{"some", "go test -count=1 -v -run TestFails/deep ./mixed"},
	{"all but some", "go test -count=1 -v -skip TestFails ./mixed"},
	{"none of them", "go test -count=1 -run NoSuchTest ./pass"},
	{"list", "go test -list . ./pass ./fuzz"},
	{"full paths", "go test -count=1 -fullpath ./mixed"},
	{"short", "go test -count=1 -short -v -run TestStreams ./pass"},
	{"twice", "go test -count=2 -v -run TestQuiet ./pass"},
	{"shuffled", "go test -count=1 -shuffle=7 -v ./mixed"},
	{"bench", "go test -run=^$ -bench=. -benchtime=10x ./pass"},
	{"bench with memory", "go test -run=^$ -bench=. -benchmem -benchtime=10x ./pass"},
	{"cover", "go test -count=1 -cover ./pass"},
	{"cover profile", "go test -count=1 -coverprofile=$OUT/cover ./pass && cat $OUT/cover"},
	{"compiled", "go test -c -o $OUT/pass.test ./pass && $OUT/pass.test -test.v -test.run=TestQuiet"},
	{"cpu profile", "go test -count=1 -o $OUT/pass.test -cpuprofile=$OUT/cpu ./pass"},
	{"no test files", "go test -count=1 ./none"},
	{"does not build", "go test -count=1 ./broken ./none"},
	{"does not vet", "go test -count=1 ./vet"},
	{"not vetted", "go test -count=1 -vet=off ./vet"},
	{"panic", "go test -count=1 ./panics"},
	{"panic, events", "go test -count=1 -json ./panics"},
	{"exit", "go test -count=1 ./exits"},
	{"exit without a failure", "go test -count=1 -run=TestExits -json ./exits"},
	{"killed", "go test -count=1 -run=TestKilled ./hangs"},
	{"too slow", "go test -count=1 -run=TestHangs -timeout=300ms ./hangs"},
	{"examples", "go test -count=1 ./examples"},
	{"fuzz seeds", "go test -count=1 -v ./fuzz"},
	{"fuzzing", "go test -run=^$ -fuzz=FuzzSeeds -fuzztime=2x ./fuzz"},
	{"race", "CGO_ENABLED=0 go test -count=1 -race ./pass"},
	{"unknown flag", "go test -nosuchflag ./pass"},
	{"no such package", "go test ./nosuch"},
	{"in the directory", "cd pass && go test -count=1"},
	{"another directory", "go -C pass test -count=1"},
	{"flags of the environment", "GOFLAGS='-v -run=TestQuiet' go test -count=1 ./pass"},
	{"several packages", "go test -count=1 -p=1 ./pass ./none ./mixed ./examples"},
	{"cached", "go test -cover ./pass ./none"},
	{"cached, verbose", "go test -v ./pass"},
	{"cached, events", "go test -json ./pass"},
	{"cached in part", "go test ./pass ./mixed"},
	{"make", "make -s -f $OUT/Makefile"},
	{"both streams as one", "go test -count=1 -p=1 -v ./pass ./broken 2>&1"},
	{"another program", "echo out; echo err >&2; exit 5"},
	{"killed itself", "kill -TERM $$"},
}

func TestOutputIsTheCommands(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	for _, test := range outputs {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(test.command, "make") {
				if _, err := exec.LookPath("make"); err != nil {
					t.Skip(err)
				}
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte("test:\n\tgo test -count=1 -v ./mixed\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			env := environ(server, "OUT="+dir, "PGAPPNAME=")
			shell := []string{"sh", "-c", test.command}
			if strings.HasPrefix(test.name, "cached") {
				outcome(t, env, shell) // go test keeps the result
			}
			want := outcome(t, env, shell)
			got := outcome(t, env, append([]string{os.Args[0], "watch", "-max=99", "-format=json=" + filepath.Join(dir, "report"), "--"}, shell...))
			for i, part := range []string{"exit status", "standard output", "standard error"} {
				if got[i] != want[i] {
					t.Errorf("%s: %s\n\nwithout the watch: %s", part, got[i], want[i])
				}
			}
		})
	}
}

// differ matches what differs from run to run.
var differ = regexp.MustCompile(`\d+(\.\d+)?(s|ms|µs|/sec| ns/op)\b|"(Time|Elapsed)":[^,}]*|0x[0-9a-f]+|goroutine \d+|/b\d+/|go-build\d+|elapsed: .*| {2,}`)

// outcome returns the exit status, the output and the errors of a command.
func outcome(t *testing.T, env, command []string) (parts [3]string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = "testdata/output", env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return [3]string{status(cmd.ProcessState), differ.ReplaceAllString(stdout.String(), "~"), differ.ReplaceAllString(stderr.String(), "~")}
}

// status returns the exit status as a shell sees it.
func status(state *os.ProcessState) string {
	if signal, ok := strings.CutPrefix(state.String(), "signal: "); ok {
		return map[string]string{"terminated": "exit status 143", "interrupt": "exit status 130"}[strings.TrimSuffix(signal, " (core dumped)")]
	}
	return state.String()
}
